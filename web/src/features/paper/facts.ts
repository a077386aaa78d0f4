import type { Shape } from "@/features/case/schema";
import { inOrder } from "./kinds";

/** How a fact is shown. */
export type Showing = "person" | "unit" | "case" | "time" | "date" | "flag" | "mark" | "word" | "words" | "line" | "list" | "rows" | "part";

/** One fact of a paper with its name, its shape and how it is shown. */
export interface Fact {
  name: string;
  value: unknown;
  shape: Shape;
  showing: Showing;
}

/** What the head of the page says already, and what only programs need. */
const SAID = new Set(["state", "unit", "digest", "id"]);

/** Decides how a value is shown, by its shape. */
export function showingOf(shape: Shape): Showing {
  switch (shape.name) {
    case "PersonId": return "person";
    case "UnitId": return "unit";
    case "CaseId": return "case";
    case "Timestamp": return "time";
    case "Date": return "date";
    case "PaperMark": return "mark";
    case "Text": return "words";
    default:
  }
  if (shape.enum) return "word";
  if (shape.type === "boolean") return "flag";
  if (shape.type === "array") return shape.items?.properties ? "rows" : "list";
  if (shape.values) return "rows";
  return shape.properties ? "part" : "line";
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);

/** Lists what a thing holds, in the order of reading; what is not there is left out. */
export function factsOf(shape: Shape, holds: Record<string, unknown>, order: readonly string[] = []): Fact[] {
  const all = Object.entries(shape.properties ?? {}).flatMap(([name, inner]): Fact[] => {
    const value = holds[name];
    // what identifies a household or a file is not read by people
    if (SAID.has(name) || isNothing(value) || ["HouseholdId", "PartyId", "AttachmentId"].includes(inner.name ?? "")) return [];
    if (name === "month") return [{ name, value: (value as string).slice(0, 7), shape: inner, showing: "line" }];
    return [{ name, value, shape: inner, showing: showingOf(inner) }];
  });
  return inOrder(all, order, (fact) => fact.name);
}

/** One row of a list or of a table by person or item. */
export interface Row {
  key: string;
  /** What it is the row of: a person, an item that is scored. */
  of?: string;
  holds: Record<string, unknown>;
}

/** Gives the rows of a list or a table; a row whose value is missing says so by holding nothing. */
export function rowsOf(fact: Fact): { rows: Row[]; shape: Shape } {
  if (Array.isArray(fact.value)) {
    const rows = fact.value.map((holds, at) => ({ key: String(at), holds: holds as Record<string, unknown> }));
    return { rows, shape: fact.shape.items ?? {} };
  }
  const inner = fact.shape.values ?? {};
  const rows = Object.entries((fact.value ?? {}) as Record<string, unknown>).map(([of, value]) => ({
    key: of, of, holds: inner.properties ? ((value ?? {}) as Record<string, unknown>) : isNothing(value) ? {} : { at: value },
  }));
  return { rows, shape: inner.properties ? inner : { properties: { at: inner } } };
}

/** A row is read as it came about: what was said, what was decided, what was answered. */
export const ROW_ORDER = [
  "text", "matter", "handling", "score", "unit", "work", "due", "leads", "result", "refused", "decided", "answer", "carrier", "answered", "place", "at", "mark",
] as const;

/** Facts that fit on a line stand in a table of their own, above the longer ones. */
export const isShort = (fact: Fact): boolean => !["words", "rows", "part"].includes(fact.showing);
