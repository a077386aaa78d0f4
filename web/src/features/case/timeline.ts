import type { Entry } from "./api";

/** What rules write down; shown when the reader asks for it. */
export const RULE_EVENTS: ReadonlySet<string> = new Set([
  "clock_started", "clock_warned", "clock_paused", "clock_resumed", "clock_moved", "clock_cancelled", "notified",
  "approval_routed", "pack_rebound",
]);

const TEXTS = ["text", "finding", "opinion", "reason", "note", "comment", "result_opinion"];
const SHOWN = [
  "from", "to", "closure", "kind", "carrier", "channel", "direction", "category", "final_category", "cause", "due", "next",
  "result", "decision", "of", "flag", "level", "answer", "person", "post", "title", "in_order",
];

/** Gives the words of an entry, where it has any. */
export function textOf(entry: Entry): string | undefined {
  const data = entry.data as Record<string, unknown>;
  const found = TEXTS.map((name) => data[name]).filter((text): text is string => typeof text === "string" && text !== "");
  return found.length > 0 ? found.join("\n") : undefined;
}

/** Gives the short facts of an entry as name and raw value. */
export function factsOf(entry: Entry): [string, string][] {
  if (entry.event === "received") return [];
  const data = entry.data as Record<string, unknown>;
  return SHOWN.flatMap((name): [string, string][] => {
    const value = data[name];
    if (typeof value === "string" && value !== "") return [[name, value]];
    return typeof value === "boolean" || typeof value === "number" ? [[name, String(value)]] : [];
  });
}
