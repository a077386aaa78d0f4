import type { Schemas } from "@/api/client";

type About = Pick<Schemas["Notification"], "case" | "params"> & { why?: string };

/** Where each kind of paper is read. */
const PAGES: Readonly<Record<string, string>> = {
  stocktake: "/stocktakes", online_post: "/posts", line_report: "/papers/line-reports", authority_file: "/papers/authority-files",
  visit_record: "/papers/visit-records", scorecard: "/papers/scorecards", arbitration: "/papers/arbitrations", digest: "/papers/digests",
  fault: "/papers/faults", misconduct: "/papers/misconduct", publication: "/papers/publications", article: "/knowledge",
};

/** Lists in which a notice's matter stands, by why it was sent (TEL-18, TEL-22). */
const LISTED: Readonly<Record<string, string>> = {
  call_message: "/call-messages", call_message_late: "/call-messages", call_back_soon: "/call-backs", call_back_due: "/call-backs",
};

/** Finds the page that a notice is about: its paper, else its case. */
export function pathOf(notice: About): string | undefined {
  const { paper, paper_id: id, facts_of: estate } = notice.params as { paper?: unknown; paper_id?: unknown; facts_of?: unknown };
  if (typeof estate === "string") return `/knowledge/facts/${estate}`;
  const page = typeof paper === "string" ? PAGES[paper] : undefined;
  if (page && typeof id === "string") return `${page}/${id}`;
  const list = LISTED[notice.why ?? ""];
  if (list) return list;
  return notice.case ? `/cases/${notice.case}` : undefined;
}
