import { inject, provide, ref, type InjectionKey, type Ref } from "vue";
import type { ActionState, Attachment, Case, Form, Guide } from "./api";

/** What every part of the page of a case knows and can ask for. */
export interface Desk {
  about: Ref<Case | undefined>;
  actions: Ref<ActionState[]>;
  guide: Ref<Guide | undefined>;
  forms: Ref<Form[]>;
  files: Ref<Attachment[]>;
  /** Whether an action is open now. */
  isOpen: (action: string) => boolean;
  /** Opens the dialogue of an action, filled in as far as is known. */
  begin: (action: string, preset?: Record<string, unknown>) => void | Promise<void>;
  /** Reads everything anew. */
  reload: () => Promise<void>;
}

const KEY: InjectionKey<Desk> = Symbol("desk");

export function provideDesk(desk: Desk): void {
  provide(KEY, desk);
}

/** Gives the page's desk to one of its parts. */
export function useDesk(): Desk {
  const desk = inject(KEY);
  if (!desk) throw new Error("a part of a case stands outside of its page");
  return desk;
}

/** No case in particular: what is chosen from facts of one has nothing here. */
export const NO_CASE = {
  parties: [], promises: [], tasks: [], clocks: [], slots: [], fields: {}, round: { options: [], approvals: [], agreements: [] },
} as unknown as Case;

/** Lets fields be asked for where no case is at hand, at most files and the words of a pack. */
export function provideNoDesk(files: Ref<Attachment[]> = ref([]), guide: Ref<Guide | undefined> = ref()): void {
  provideDesk({
    about: ref(undefined), actions: ref([]), guide, forms: ref([]), files, isOpen: () => false,
    begin: () => undefined, reload: () => Promise.resolve(),
  });
}
