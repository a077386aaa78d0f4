import type { Schemas } from "@/api/client";

/** Says a label of a document in the reader's language. */
export function saidBy(locale: string, word: (wire: string) => string): (label: Schemas["Label"]) => string {
  return (label) => {
    if (typeof label === "string") return label;
    if ("word" in label) return word(label.word);
    return locale === "en" ? label.en : label.zh;
  };
}
