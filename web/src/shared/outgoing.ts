import type { Schemas } from "@/api/client";

/** Actions whose text reaches a customer, so that its phrases are looked at (PHRASE-8). */
const OUTGOING = ["reply", "promise", "offer_option", "write_message"];

/** Who reads what an action says; nobody outside for most of them. */
export function audienceOf(action: string, values: Record<string, unknown>): Schemas["PhraseAudience"] | undefined {
  if (!OUTGOING.includes(action)) return undefined;
  if (action === "write_message" && values["direction"] !== "outbound") return undefined;
  const isPublic = action === "reply" && ["post", "public_page"].includes(String(values["carrier"] ?? ""));
  return isPublic ? "public" : "private";
}

/** The field in which the writer names what is sent all the same; the page fills it in. */
export const ACKNOWLEDGED = "acknowledged_phrases";

/** Gives what a step of a house paper says to everybody; empty where it says nothing outside. */
export function publicWords(list: string, step: string, values: Record<string, unknown>): string {
  const isDraft = list === "publications" && step === "draft";
  const isNotice = list === "authority-files" && step === "publish";
  if (isNotice) return String(values["text"] ?? "");
  if (!isDraft) return "";
  const items = (values["items"] as Record<string, unknown>[] | undefined) ?? [];
  const texts = [values["title"], ...items.flatMap((item) => [item["matter"], item["handling"]]), values["remark"]];
  return texts.filter((text): text is string => typeof text === "string").join("\n");
}
