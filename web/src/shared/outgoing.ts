import type { Schemas } from "@/api/client";

/** Actions whose text reaches a customer, so that its phrases are looked at (PHRASE-8). */
const OUTGOING = ["reply", "promise", "offer_option", "write_message", "draw_up_agreement"];

/** Who reads what an action says; nobody outside for most of them. */
export function audienceOf(action: string, values: Record<string, unknown>): Schemas["PhraseAudience"] | undefined {
  if (!OUTGOING.includes(action)) return undefined;
  if (action === "write_message" && values["direction"] !== "outbound") return undefined;
  const isPublic = action === "reply" && ["post", "public_page"].includes(String(values["carrier"] ?? ""));
  return isPublic ? "public" : "private";
}

/** The field in which the writer names what is sent all the same; the page fills it in. */
export const ACKNOWLEDGED = "acknowledged_phrases";

/** A text that goes out, and the id of the text area that holds exactly it, where one does. */
export interface Said {
  text: string;
  field?: string | undefined;
}

const texts = (name: string, value: unknown): Said[] => (typeof value === "string" ? [{ text: value, field: `field-${name}` }] : []);

/** Lists what an action says to a customer, field by field. */
export function saidWords(action: string, values: Record<string, unknown>): Said[] {
  if (action !== "draw_up_agreement") return texts("text", values["text"]);
  const items = (values["items"] as Record<string, unknown>[] | undefined) ?? [];
  return [...texts("terms", values["terms"]), ...items.flatMap((item, at) => texts(`items-${at}-what`, item["what"]))];
}

/** Lists what an article says to customers; nothing of what is for agents. */
export function articleWords(content: Schemas["ArticleContent"]): Said[] {
  if (content.audience !== "customers") return [];
  return [content.title, content.body, content.english?.title, content.english?.body].flatMap((text) => (text ? [{ text }] : []));
}

/** Lists what a step of a house paper says to everybody, field by field; nothing where it says nothing outside. */
export function publicWords(list: string, step: string, values: Record<string, unknown>): Said[] {
  const isDraft = list === "publications" && step === "draft";
  const isNotice = list === "authority-files" && step === "publish";
  if (isNotice) return texts("text", values["text"]);
  if (!isDraft) return [];
  const items = (values["items"] as Record<string, unknown>[] | undefined) ?? [];
  const entries = items.flatMap((item, at) => ["matter", "handling"].flatMap((part) => texts(`items-${at}-${part}`, item[part])));
  return [...texts("title", values["title"]), ...entries, ...texts("remark", values["remark"])];
}
