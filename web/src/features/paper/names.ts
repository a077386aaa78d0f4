import { computed, type ComputedRef } from "vue";
import { useI18n } from "vue-i18n";
import { useDirectory } from "@/shared/directory";
import { useWords } from "@/shared/words";
import { KINDS, type List } from "./kinds";

/** How kinds, states, steps and fields of papers are called. */
export interface Names {
  title: (list: string) => string;
  state: (list: string, state: string) => string;
  step: (list: string, step: string) => string;
  field: (list: string, name: string) => string;
  row: (fact: string, of: string) => string;
  missing: string;
}

const BY_PERSON = ["weeks", "acknowledged"];

export function useNames(): Names {
  const { t, te } = useI18n();
  const directory = useDirectory();
  const word = useWords();
  const kind = (list: string): string => KINDS[list as List].kind;
  const missing: ComputedRef<string> = computed(() => t("paper.missing"));
  return {
    title: (list) => t(`paper.kind.${kind(list)}`),
    state: (list, state) => t(`paper.state.${kind(list)}.${state}`),
    step: (list, step) => t(`paper.step.${kind(list)}.${step}`),
    field: (list, name) => {
      const own = `paper.of.${kind(list)}.${name}`;
      if (te(own)) return t(own);
      return te(`paper.field.${name}`) ? t(`paper.field.${name}`) : te(`field.${name}`) ? t(`field.${name}`) : word(name);
    },
    row: (fact, of) => (BY_PERSON.includes(fact) ? directory.person(of) : word(of)),
    get missing() {
      return missing.value;
    },
  };
}
