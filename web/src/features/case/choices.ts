import type { Schemas } from "@/api/client";
import type { Attachment, Case, Form, Guide } from "./api";
import type { Asking, Shape } from "./schema";

/** One thing that can be chosen. */
export interface Choice {
  value: string | number;
  text: string;
  /** What should be known before it is chosen, such as a category's boundaries. */
  hint?: string;
  /** True when it stands below another one. */
  depth?: boolean;
}

interface Sources {
  about: Case;
  shape: Shape;
  guide: Guide | undefined;
  forms: Form[];
  files: Attachment[];
  people: Schemas["Person"][];
  units: Schemas["Unit"][];
  word: (name: string) => string;
}

/** Says what belongs to a category and what does not (PROP-34). */
export function boundariesOf(category: Guide["categories"][number]): string {
  return [category.definition, category.includes, category.excludes].filter(Boolean).join("\n");
}

const numbered = (id: number, text: string | null | undefined): Choice => ({ value: id, text: `${id} ${text ?? ""}`.trim() });

/** Puts what stands below something after it. */
function tree<T extends { code: string; parent?: string | null | undefined }>(all: T[]): T[] {
  const tops = all.filter((one) => !one.parent || !all.some((other) => other.code === one.parent));
  return tops.flatMap((top) => [top, ...all.filter((one) => one.parent === top.code)]);
}

/** Lists what can be chosen: words, people, units, or facts of the case and its rules. */
export function choicesOf(asking: Asking, from: Sources): Choice[] {
  const { about, guide, word } = from;
  switch (asking) {
    case "choice":
    case "choices":
      return (from.shape.enum ?? from.shape.items?.enum ?? []).map((value) => ({ value, text: word(value) }));
    case "person":
    case "people":
      return from.people
        .filter((person) => person.active)
        .map((person) => ({ value: person.id, text: `${person.name} · ${[...new Set(person.posts.map((held) => word(held.post)))].join(" ")}` }));
    case "unit":
    case "units":
      return from.units.map((unit) => ({ value: unit.id, text: unit.name }));
    case "category":
    case "finalCategory":
      return tree(guide?.categories ?? []).map((one) => ({ value: one.code, text: one.title, hint: boundariesOf(one), depth: Boolean(one.parent) }));
    case "cause":
      return tree(guide?.causes ?? []).map((one) => ({ value: one.code, text: one.title, depth: Boolean(one.parent) }));
    case "form":
      return from.forms.map((form) => ({ value: form.name, text: form.title }));
    case "attachment":
    case "attachments":
      return from.files.filter((file) => !file.erased_at).map((file) => ({ value: file.id, text: file.name }));
    case "party":
      return about.parties.map((one) => ({ value: one.party, text: word(one.role) }));
    case "option":
      return about.round.options.map((option) => numbered(option.id, option.text));
    case "agreement":
      return (about.round.agreements ?? []).map((agreement) => numbered(agreement.id, agreement.items[0]?.what));
    case "approval":
      return about.round.approvals.filter((one) => !one.decision && !one.withdrawn_at).map((one) => numbered(one.id, word(one.of)));
    case "promise":
      return about.promises.filter((one) => !one.kept_at && !one.withdrawn_at).map((one) => numbered(one.id, one.text ?? word(one.kind)));
    case "task":
      return about.tasks.filter((task) => !task.ended_at).map((task) => numbered(task.id, task.title ?? word(task.kind)));
    case "clock":
      return about.clocks.filter((clock) => !clock.met_at && !clock.cancelled_at).map((clock) => numbered(clock.id, word(clock.kind)));
    case "slot":
      return about.slots.map((slot) => numbered(slot.id, from.people.find((person) => person.id === slot.person)?.name));
    default:
      return [];
  }
}
