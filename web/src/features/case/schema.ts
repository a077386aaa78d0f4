/** The shape of an action's body, as the server's document has it. */
export interface Shape {
  type?: string;
  name?: string;
  format?: string;
  enum?: string[];
  optional?: boolean;
  maxLength?: number;
  properties?: Record<string, Shape>;
  required?: string[];
  items?: Shape;
  values?: Shape;
}

/** How one field is asked for. */
export type Asking =
  | "text" | "line" | "choice" | "number" | "flag" | "time" | "date" | "money" | "person" | "unit" | "list" | "map"
  | "category" | "finalCategory" | "cause" | "option" | "approval" | "promise" | "task" | "clock" | "slot" | "case" | "party"
  | "form" | "attachment" | "attachments" | "agreement" | "people" | "units" | "choices" | "month";

const NUMBERED = ["option", "approval", "promise", "task", "clock", "slot", "agreement"] as const;

/** Decides how several of something are asked for. */
function manyOf(items: Shape | undefined): Asking {
  if (items?.enum) return "choices";
  switch (items?.name) {
    case "AttachmentId": return "attachments";
    case "PersonId": return "people";
    case "UnitId": return "units";
    default: return "list";
  }
}

/** Decides how a field is asked for, by its name and shape. */
export function askingOf(name: string, shape: Shape): Asking {
  if (shape.enum) return "choice";
  if (shape.name === "Money") return "money";
  if (shape.name === "PersonId") return "person";
  if (shape.name === "UnitId") return "unit";
  if (shape.name === "CaseId") return "case";
  if (shape.name === "PartyId") return "party";
  if (shape.name === "AttachmentId") return "attachment";
  if (name === "form" && !shape.properties) return "form";
  if (name === "month") return "month";
  if (shape.name === "Timestamp" || shape.format === "date-time") return "time";
  if (shape.name === "Date" || shape.format === "date") return "date";
  if (shape.type === "boolean") return "flag";
  if (shape.type === "integer") return (NUMBERED as readonly string[]).includes(name) ? (name as Asking) : "number";
  if (shape.type === "array") return manyOf(shape.items);
  if (shape.values) return "map";
  if (name === "category") return "category";
  if (name === "final_category") return "finalCategory";
  if (name === "cause") return "cause";
  return shape.name === "Text" || (shape.maxLength ?? 0) > 1000 ? "text" : "line";
}

/** What is asked before the rest: about which thing, then what it is. */
const FIRST = ["case", "unit", "matter"];

/** Lists the fields of a body: its heading, what must be said, the rest. */
export function fieldsOf(shape: Shape): [string, Shape, boolean][] {
  const required = new Set(shape.required ?? []);
  const all = Object.entries(shape.properties ?? {}).map(
    ([name, field]): [string, Shape, boolean] => [name, field, required.has(name)],
  );
  const place = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  const heads = (name: string): number => Number(name === "title");
  return all.sort(
    ([a, , one], [b, , other]) => heads(b) - heads(a) || Number(other) - Number(one) || place(a) - place(b),
  );
}

/** Drops what was left empty, so that the server sees what was said only. */
export function said(values: Record<string, unknown>): Record<string, unknown> {
  const kept = Object.entries(values).filter(([, value]) => {
    if (value === undefined || value === null || value === "") return false;
    if (Array.isArray(value)) return value.length > 0;
    return !(typeof value === "object" && Object.keys(value as object).length === 0);
  });
  return Object.fromEntries(kept);
}
