import { ref } from "vue";
import { keep, kept } from "@/shared/shelf";

/** A column that the queue can show. */
export const COLUMNS = [
  "number", "matter", "stage", "due", "owner", "handler", "unit", "received", "kind", "channel", "category", "changed",
] as const;
export type Column = (typeof COLUMNS)[number];

export const DENSITIES = { compact: 36, normal: 56, relaxed: 68 } as const;
export type Density = keyof typeof DENSITIES;

/** How the queue looks for a person. */
export interface Look {
  columns: Column[];
  density: Density;
}

const SHELF = "queue";
const USUAL: readonly Column[] = ["number", "matter", "stage", "due", "owner", "handler", "unit", "received"];

export function usualLook(): Look {
  return { columns: [...USUAL], density: "normal" };
}

/** Makes a look of what was kept, whatever that is; the matter is always shown. */
export function lookOf(found: Partial<Record<keyof Look, unknown>> | undefined): Look {
  const usual = usualLook();
  const listed = Array.isArray(found?.columns) ? found.columns.filter((one): one is Column => COLUMNS.includes(one as Column)) : [];
  const columns = [...new Set(listed)];
  if (!columns.includes("matter")) columns.unshift("matter");
  const density = Object.keys(DENSITIES).includes(String(found?.density)) ? (found?.density as Density) : usual.density;
  return { columns: listed.length > 0 ? columns : usual.columns, density };
}

/** Moves a column one place. */
export function moved(columns: Column[], column: Column, step: -1 | 1): Column[] {
  const from = columns.indexOf(column);
  const to = from + step;
  if (from < 0 || to < 0 || to >= columns.length) return columns;
  const out = columns.filter((one) => one !== column);
  out.splice(to, 0, column);
  return out;
}

/** The look of the person's queue, kept on the server. */
export function useLook() {
  const look = ref<Look>(usualLook());
  void kept<Record<keyof Look, unknown>>(SHELF).then((found) => (look.value = lookOf(found)));

  function change(next: Partial<Look>): void {
    look.value = { ...look.value, ...next };
    keep(SHELF, look.value);
  }

  return { look, change };
}
