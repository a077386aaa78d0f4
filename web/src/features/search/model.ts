import type { paths } from "@/api/schema";
import type { Schemas } from "@/api/client";

export type Hit = Schemas["SearchHit"];
export type Group = Schemas["SearchGroup"];
export type Subject = Group["subject"];
export type Question = NonNullable<paths["/api/v1/search"]["get"]["parameters"]["query"]>;

/** What can be looked for, in the order in which it is shown. */
export const SUBJECTS: readonly Subject[] = ["case", "customer", "article", "fact"];

/** Filters of the results page, as they stand in the address bar. */
export const FILTERS = ["status", "kind", "channel", "unit", "owner", "received_from", "received_before", "sort"] as const;

/** Where a thing that was found is looked at. */
export function placeOf(subject: Subject, hit: Pick<Hit, "id">): string {
  switch (subject) {
    case "case":
      return `/cases/${hit.id}`;
    case "customer":
      return `/queue?view=all&party=${hit.id}`;
    case "article":
      return `/knowledge/${hit.id}`;
    case "fact":
      // a sheet of facts bears the id of its unit
      return `/knowledge/facts/${hit.id}`;
  }
}

/** Says whether something is typed as telephone numbers are; such a search is kept, so nobody guesses while typing. */
export function isPhone(words: string): boolean {
  return /^[+\d\s-]+$/.test(words);
}

/** Makes the question of the results page out of the address bar. */
export function questionOf(query: Record<string, unknown>): Question {
  const said: Record<string, string> = {};
  for (const name of ["q", ...FILTERS]) {
    const value = query[name];
    if (typeof value === "string" && value !== "") said[name] = value;
  }
  return { q: "", ...said } as Question;
}
