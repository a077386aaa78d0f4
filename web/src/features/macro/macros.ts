import { ref } from "vue";
import type { Schemas } from "@/api/client";
import { keep, kept } from "@/shared/shelf";

/** A text prepared once and used often. */
export interface Macro {
  title: string;
  text: string;
}

/** A text as it is offered. */
export interface Offer extends Macro {
  /** Whether it fits how the case stands. */
  fits: boolean;
  /** Where it comes from. */
  source: string;
  /** The person's own text, where it is one. */
  own?: Macro;
}

/** What a text can name; each stands in braces in the text. */
export const VARIABLES = ["customer", "number", "me", "unit", "date", "time"] as const;
export type Variable = (typeof VARIABLES)[number];

/** Puts values in place of the names in braces; what is not known stays as it is. */
export function fill(text: string, values: Partial<Record<Variable, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name as Variable] ?? whole);
}

/** What can be put in: the person's own texts first, then sentences of the house, those that fit before the rest. */
export function offered(mine: readonly Macro[], classes: readonly Schemas["SentenceClass"][], words: string): Offer[] {
  const wanted = words.trim().toLowerCase();
  const said = classes.flatMap(({ title, sentences, fits, sources }) => sentences.map((text) => ({ title, text, fits, source: sources.join(" ") })));
  const all = [...mine.map((macro) => ({ ...macro, fits: false, source: "", own: macro })), ...said];
  return all.filter((one) => !wanted || `${one.title} ${one.text}`.toLowerCase().includes(wanted));
}

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
