import type { Schemas } from "@/api/client";
import { day } from "@/shared/time";

export type ToDo = Schemas["ToDo"];
export type Part = "late" | "today" | "later" | "undated";

export const PARTS: readonly Part[] = ["late", "today", "later", "undated"];

/** Tells to which part of the day something belongs. */
export function partOf(due: string | null | undefined, now: Date): Part {
  if (!due) return "undated";
  const at = new Date(due);
  if (at <= now) return "late";
  // a limit at midnight ends the day before it (D5)
  return day(new Date(at.getTime() - 1)) === day(now) ? "today" : "later";
}

/** Splits what is to be done, each part in the order in which it came. */
export function parted(items: readonly ToDo[], now: Date): { part: Part; items: ToDo[] }[] {
  return PARTS.map((part) => ({ part, items: items.filter((one) => partOf(one.due_at, now) === part) })).filter(
    (one) => one.items.length > 0,
  );
}

/** The action that settles it, and the name of its text. */
export function settling(one: Pick<ToDo, "what" | "id">, text: string): [action: string, body: object] {
  return one.what === "promise"
    ? ["keep_promise", { promise: one.id, note: text }]
    : ["complete_task", { task: one.id, result: text }];
}
