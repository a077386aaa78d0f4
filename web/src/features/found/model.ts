import type { paths } from "@/api/schema";

export type Question = NonNullable<paths["/api/v1/cases"]["get"]["parameters"]["query"]>;

const NAMES = [
  "status", "kind", "category", "intake_category", "cause", "owner", "handler", "unit", "due_before", "received_from",
  "received_before", "q",
] as const;
export type Name = (typeof NAMES)[number];

/** Takes out of the address what the list of cases can be asked for. */
export function questionOf(query: Record<string, unknown>): [Name, string][] {
  return NAMES.flatMap((name) => {
    const value = query[name];
    return typeof value === "string" && value !== "" ? [[name, value] as [Name, string]] : [];
  });
}
