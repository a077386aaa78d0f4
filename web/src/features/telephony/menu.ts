import { Refusal, type Schemas } from "@/api/client";

export type Fault = Schemas["CallMenuFault"];

/** Where something stands in a text. */
export interface Place {
  line: number;
  column: number;
}

/** Gives how many letters stand before a line and column, both counted from 1. */
export function offsetOf(text: string, { line, column }: Place): number {
  const before = text.split("\n").slice(0, Math.max(0, line - 1));
  const start = before.reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(text.length, start + Math.max(0, column - 1));
}

/** Gives the text of a menu under another name, to begin a new one with it. */
export function renamed(text: string, name: string): string {
  return text.replace(/^(\s*menu\s*=\s*)"[^"]*"/m, `$1"${name}"`);
}

/** Gives the faults for which a text was not kept, each with its place, as checking it gives them. */
export function faultsOf(error: unknown, text: string): Fault[] | undefined {
  if (!(error instanceof Refusal) || error.code !== "menu_faulty") return undefined;
  // the name is said once, and has no other place
  const named = Math.max(0, text.split("\n").findIndex((line) => /^\s*menu\s*=/.test(line))) + 1;
  return error.problem.fields.map(({ code, detail, params }) => {
    const { line = named, column = 1, near = [] } = (params ?? {}) as Partial<Fault>;
    return { line, column, code, detail: detail ?? code, near };
  });
}
