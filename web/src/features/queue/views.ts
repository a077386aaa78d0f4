import type { paths } from "@/api/schema";

/** What the list of cases can be asked for. */
export type Filter = NonNullable<paths["/api/v1/cases"]["get"]["parameters"]["query"]>;

/** A saved view: its name in the catalogue and what it asks for. */
export interface View {
  name: string;
  filter: (me: string, now: Date) => Filter;
}

const OPEN = "open,waits_for_customer,waits_for_third_party";
const SOON_MS = 4 * 3_600_000;

/** The views that everybody has, in their order. */
export const VIEWS: readonly View[] = [
  { name: "mine", filter: (me) => ({ owner: me, status: OPEN }) },
  { name: "handling", filter: (me) => ({ handler: me, status: OPEN }) },
  { name: "team", filter: () => ({ team: true, status: OPEN }) },
  { name: "unassigned", filter: () => ({ unassigned: true, status: OPEN }) },
  { name: "open", filter: () => ({ status: OPEN }) },
  { name: "dueSoon", filter: (_, now) => ({ status: OPEN, due_from: now.toISOString(), due_before: new Date(now.getTime() + SOON_MS).toISOString() }) },
  { name: "overdue", filter: (_, now) => ({ status: OPEN, due_before: now.toISOString() }) },
  { name: "received", filter: () => ({ status: "received" }) },
  { name: "waiting", filter: () => ({ status: "waits_for_customer" }) },
  { name: "deciding", filter: () => ({ status: "deciding" }) },
  { name: "verifying", filter: () => ({ status: "verifying" }) },
  { name: "visiting", filter: () => ({ status: "visiting" }) },
  { name: "all", filter: () => ({}) },
];

/** Filters of the address bar that narrow a view down. */
export const NARROWING = ["kind", "category", "unit", "party", "q"] as const;

/** In which order the rows can come; how well they fit is asked of words only. */
export const SORTS = ["received", "due", "changed", "relevance"] as const;
export type Sort = (typeof SORTS)[number];

/** Lists the orders that can be chosen. */
export function sortsOf(query: Record<string, unknown>): readonly Sort[] {
  const words = query["q"];
  return SORTS.filter((sort) => sort !== "relevance" || (typeof words === "string" && words.trim() !== ""));
}

/** The order that a view has while nobody chose one: what presses first where time is the matter. */
export function sortOf(view: View, query: Record<string, unknown>): Sort {
  const asked = sortsOf(query).find((sort) => sort === query["sort"]);
  return asked ?? (["dueSoon", "overdue"].includes(view.name) ? "due" : "received");
}

/** Makes the question to the server of a view and the address bar. */
export function questionOf(view: View, query: Record<string, unknown>, me: string, now: Date): Filter {
  const narrowed: Record<string, string> = {};
  for (const name of NARROWING) {
    const value = query[name];
    if (typeof value === "string" && value !== "") narrowed[name] = value;
  }
  return { ...view.filter(me, now), ...narrowed, sort: sortOf(view, query) } as Filter;
}

/** Finds a view by the name in the address bar; the first one else. */
export function viewNamed(name: unknown): View {
  return VIEWS.find((view) => view.name === name) ?? (VIEWS[0] as View);
}
