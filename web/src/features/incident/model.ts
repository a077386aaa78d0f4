import incidents from "@/api/incidents.json";
import { ACKNOWLEDGED } from "@/shared/outgoing";
import { fieldsOf, said, type Shape } from "@/features/case/schema";

/** Actions in the order of a lead's work. */
export const ACTIONS = ["add_measure", "reply_members", "close_members", "file_report", "close", "reopen", "withdraw_hot"] as const;
export type Action = (typeof ACTIONS)[number] | "end_measure" | "join" | "split";

/** What is done in many cases at once, by each one's own rules. */
export const MANY: readonly string[] = ["reply_members", "close_members"];

const JOINING: Shape = {
  properties: { case: { name: "CaseId", type: "string" }, reason: { name: "Text", type: "string" } }, required: ["case", "reason"],
};
const SPLITTING: Shape = { properties: { reason: { name: "Text", type: "string" } }, required: ["reason"] };

/** Fields that the page fills in, or that belong to one case alone. */
const SILENT = new Set(["members", "measure", "addressee", "proof", ACKNOWLEDGED]);

/** Lists what an action asks for; a reply to all asks for what a reply to one does. */
export function asks(action: Action): ReturnType<typeof fieldsOf> {
  const own = (incidents as unknown as Record<string, Shape>)[action];
  const shape = action === "join" ? JOINING : action === "split" ? SPLITTING : action === "reply_members" ? own?.properties?.["reply"] : own;
  return fieldsOf(shape ?? {}).filter(([name]) => !SILENT.has(name));
}

/** Makes the body of an action of what was filled in, for the chosen members or all. */
export function bodyOf(action: Action, values: Record<string, unknown>, chosen: readonly string[]): object {
  const members = chosen.length > 0 ? { members: [...chosen] } : {};
  if (action === "reply_members") return { reply: said(values), ...members };
  return { ...said(values), ...(action === "close_members" ? members : {}) };
}
