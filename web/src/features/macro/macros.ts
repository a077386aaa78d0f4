import { ref } from "vue";
import { keep, kept } from "@/shared/shelf";

/** A text prepared once and used often. */
export interface Macro {
  title: string;
  text: string;
}

/** What a text can name; each stands in braces in the text. */
export const VARIABLES = ["customer", "number", "me", "unit", "date", "time"] as const;
export type Variable = (typeof VARIABLES)[number];

/** Puts values in place of the names in braces; what is not known stays as it is. */
export function fill(text: string, values: Partial<Record<Variable, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name as Variable] ?? whole);
}

/** The eight classes of courtesy phrases (PHRASE-11) and how many each has in the catalogue. */
export const PHRASES: Readonly<Record<string, number>> = {
  greeting: 2, congratulation: 3, welcome: 3, meeting: 3, apology: 3, request: 5, thanks: 3, farewell: 2,
};

const SHELF = "macros";
export const own = ref<Macro[]>([]);
let loading: Promise<void> | undefined;

/** Reads the person's own macros once. */
export function loadMacros(): Promise<void> {
  loading ??= kept<{ items: Macro[] }>(SHELF).then((found) => {
    own.value = found?.items ?? [];
  });
  return loading;
}

/** Keeps the person's own macros. */
export function saveMacros(items: Macro[]): void {
  own.value = items;
  keep(SHELF, { items });
}

/** Forgets what was read, for the next person at this desk. */
export function forgetMacros(): void {
  own.value = [];
  loading = undefined;
}
