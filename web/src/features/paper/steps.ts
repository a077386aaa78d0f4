import { isOpen, whyClosed } from "@/shared/paper";
import { proposals, type Paper } from "./api";
import { documentOf, type List } from "./kinds";

/** A step as its reader can take it. */
export interface Standing {
  step: string;
  open: boolean;
  /** Why it is closed. */
  why: string[];
}

/** Fields that the page fills in, not the reader. */
export const SILENT = new Set(["digest", "item"]);

/** Steps that are about one row of the paper, which is where they are offered. */
const asksItem = (list: List, step: string): boolean => documentOf(list).steps[step]?.properties?.["item"]?.type === "integer";

/** Lists what the reader can do, and what closes the rest; what is nothing of theirs, or of now, is left out. */
export function standing(list: List, about: Pick<Paper, "actions">): Standing[] {
  return about.actions.flatMap(({ action: step }) => {
    if (asksItem(list, step)) return [];
    const open = isOpen(about, step);
    const why = whyClosed(about, step, ["not_permitted", "paper_state"]);
    return open || why.length ? [{ step, open, why }] : [];
  });
}

/** Names the steps on one row: an opinion is decided on first, then the resident is answered (DESK-10). */
export function ofRows(list: List, fact: string, holds: Record<string, unknown>): string[] {
  if (list !== "visit-records" || fact !== "items" || holds["answered"]) return [];
  return holds["result"] ? ["answer", "resolve"] : ["resolve"];
}

/** Nobody means the milliseconds of a moment that is proposed. */
const toTheSecond = (at: Date): string => at.toISOString().replace(/\.\d+Z$/, "+00:00");

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
