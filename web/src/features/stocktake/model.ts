import type { Matter, Stocktake } from "./api";

/** Tells whether a step is open to the reader. */
export function isOpen(about: Pick<Stocktake, "actions">, step: string): boolean {
  return about.actions.some((one) => one.action === step && one.open);
}

/** Says why a step is closed; empty when it is open or not the reader's at all. */
export function whyClosed(about: Pick<Stocktake, "actions">, step: string): string[] {
  const found = about.actions.find((one) => one.action === step && !one.open);
  const reasons = found?.reasons ?? [];
  if (reasons.some((reason) => (reason as { code?: string }).code === "not_permitted")) return [];
  return reasons.map((reason) => String((reason as { detail?: string }).detail ?? "")).filter(Boolean);
}

export interface Progress {
  said: number;
  all: number;
}

export function progressOf(lines: readonly Pick<Matter, "text">[]): Progress {
  return { said: lines.filter((line) => line.text).length, all: lines.length };
}
