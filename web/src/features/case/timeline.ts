import type { Entry } from "./api";

/** What rules write down; shown when the reader asks for it. */
export const RULE_EVENTS: ReadonlySet<string> = new Set([
  "clock_started", "clock_warned", "clock_paused", "clock_resumed", "clock_moved", "clock_cancelled", "notified",
  "approval_routed", "pack_rebound",
]);

/** What an entry of the history is about. */
export type Group = "customer" | "note" | "work" | "approval" | "change";

export const GROUPS: readonly Group[] = ["customer", "note", "work", "approval", "change"];

const CUSTOMER = new Set([
  "received", "contact_made", "replied", "visited", "option_answered", "customer_word_recorded", "agreement_signed", "promise_made",
  "promise_kept", "promise_withdrawn", "demand_stated", "emotion_noted", "home_visit_planned", "expectations_ranked", "agreement_drawn_up",
]);
const WORK = new Set([
  "transferred", "transfer_accepted", "transfer_rejected", "transfer_returned", "task_added", "task_opened", "task_completed",
  "task_cancelled", "task_accepted", "task_passed", "task_returned", "hand_over_offered", "hand_over_accepted", "hand_over_declined",
  "finding_recorded", "option_offered", "verified", "stage_changed", "work_taken_over", "slot_confirmed", "urged", "supervised",
  "validity_decided", "liability_graded", "responsible_named", "summarised", "corrective_agreed", "basis_stated",
]);
const APPROVAL = new Set(["approval_requested", "approval_decided", "approval_routed", "approval_withdrawn", "opinion_recorded"]);

/** Tells what an entry is about, so that a reader can look for it. */
export function groupOf(entry: Pick<Entry, "event">): Group {
  if (entry.event === "note_added") return "note";
  if (CUSTOMER.has(entry.event)) return "customer";
  if (APPROVAL.has(entry.event)) return "approval";
  return WORK.has(entry.event) ? "work" : "change";
}

const TEXTS = ["text", "finding", "opinion", "reason", "note", "comment", "acceptance", "measures", "result_opinion"];
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

/** An entry of the history, or a call in it. */
export type Row<C> = { at: string; entry: Entry; call?: undefined } | { at: string; entry?: undefined; call: C };

/** Puts calls among the entries by their time; entries stay in the order of the history. */
export function merged<C extends { arrived_at: string }>(entries: readonly Entry[], calls: readonly C[]): Row<C>[] {
  const waiting = calls.map((call) => ({ at: call.arrived_at, call })).sort((one, other) => one.at.localeCompare(other.at));
  const rows: Row<C>[] = [];
  for (const entry of entries) {
    while (waiting[0] && waiting[0].at <= entry.occurred_at) rows.push(...waiting.splice(0, 1));
    rows.push({ at: entry.occurred_at, entry });
  }
  return [...rows, ...waiting];
}
