import { Refusal } from "@/api/client";

/** Gives what the server says about a field, or about a part of it. */
export function faultOf(error: unknown, name: string): string | undefined {
  if (!(error instanceof Refusal)) return undefined;
  const about = (path: string): boolean => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`);
  return error.problem.fields.find((field) => about(field.path))?.detail;
}
