import { useI18n } from "vue-i18n";

/** Names wire words in the reader's language; what has no name is shown as it is. */
export function useWords(): (word: string | null | undefined) => string {
  const { t, te } = useI18n();
  return (word) => (word ? (te(`word.${word}`) ? t(`word.${word}`) : word) : "—");
}
