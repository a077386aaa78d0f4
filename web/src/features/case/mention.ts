import type { Schemas } from "@/api/client";

/** A colleague as they are named with @. */
export interface Mentionable {
  id: string;
  /** What stands behind the @; of everybody another. */
  value: string;
  label: string;
}

/** Makes the list of who can be named: everybody active but oneself, each by another word. */
export function mentionable(people: readonly Schemas["Person"][], me: string | undefined): Mentionable[] {
  const there = people.filter((one) => one.active);
  const names = new Map<string, number>();
  for (const one of there) names.set(one.name, (names.get(one.name) ?? 0) + 1);
  return there
    .filter((one) => one.id !== me)
    .map((one) => {
      const value = (names.get(one.name) ?? 0) > 1 ? `${one.name}(${one.login})` : one.name;
      return { id: one.id, value: value.replaceAll(/\s+/g, "_"), label: value };
    });
}

/** Finds who is named in a text, each once, in the order of the list; a longer name is not also a shorter one. */
export function mentioned(text: string, people: readonly Mentionable[]): string[] {
  const found = new Set<string>();
  let rest = text;
  for (const one of [...people].sort((a, b) => b.value.length - a.value.length)) {
    const mark = `@${one.value}`;
    if (!rest.includes(mark)) continue;
    found.add(one.id);
    rest = rest.replaceAll(mark, " ");
  }
  return people.filter((one) => found.has(one.id)).map((one) => one.id);
}
