import { toTheSecond } from "@/shared/time";
import { proposals, type Paper } from "./api";
import { documentOf, type List } from "./kinds";

/** Fields that the page fills in, not the reader. */
export const SILENT = new Set(["digest", "item"]);

/** Steps that are about one row of the paper, which is where they are offered. */
const asksItem = (list: List, step: string): boolean => documentOf(list).steps[step]?.properties?.["item"]?.type === "integer";

/** Lists the steps that are about the whole paper, in the order of its kind. */
export const wholeSteps = (list: List, about: Pick<Paper, "actions">): string[] =>
  about.actions.map((one) => one.action).filter((step) => !asksItem(list, step));

/** Names the steps on one row: an opinion is decided on first, then the resident is answered (DESK-10). */
export function ofRows(list: List, fact: string, holds: Record<string, unknown>): string[] {
  if (list !== "visit-records" || fact !== "items" || holds["answered"]) return [];
  return holds["result"] ? ["answer", "resolve"] : ["resolve"];
}

/** What is known before a step is filled in: an approval names the content that was read. */
export async function presetOf(list: List, step: string, about: Paper, now = new Date()): Promise<Record<string, unknown>> {
  const { paper } = about;
  const fields = documentOf(list).steps[step]?.properties ?? {};
  const known: Record<string, unknown> = {};
  if (fields["at"]) known["at"] = toTheSecond(now);
  if (fields["digest"] && paper["digest"]) known["digest"] = paper["digest"];
  if (list === "publications" && step === "draft") {
    const items = paper["items"] as unknown[];
    Object.assign(known, { items: items.length ? items : await proposals(about.id), title: paper["title"], remark: paper["remark"] });
  }
  return known;
}
