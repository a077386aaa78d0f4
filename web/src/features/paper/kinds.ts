import papers from "@/api/papers.json";
import type { PaperKind } from "@/app/may";
import type { Shape } from "@/features/case/schema";

/** Papers of the house that are opened, stepped through and read in one way. */
export const LISTS = [
  "line-reports", "authority-files", "visit-records", "scorecards", "arbitrations", "digests", "faults", "misconduct", "publications",
] as const;
export type List = (typeof LISTS)[number];

/** How the papers of one kind are asked for and read. */
export interface Kind {
  kind: PaperKind;
  /** What opens one, in the order of asking. */
  asks: readonly string[];
  /** What tells one from another in a list. */
  heads: readonly string[];
  /** What is read in this order; the rest follows as it comes. */
  reads: readonly string[];
}

export const KINDS: Readonly<Record<List, Kind>> = {
  "line-reports": {
    kind: "line_report", asks: ["unit", "due_at"], heads: ["text"], reads: ["due_at", "submitted", "late", "text", "summarised", "summary"],
  },
  "authority-files": {
    kind: "authority_file", asks: ["unit", "case", "authority", "letter"], heads: ["authority", "letter"],
    reads: ["case", "authority", "reference", "sent_at", "next", "letter", "follow_ups", "answers", "publications"],
  },
  "visit-records": {
    kind: "visit_record", asks: ["unit", "visited_at", "form", "case", "opinions"], heads: ["items"],
    reads: ["visited_at", "form", "visitor", "case", "items"],
  },
  scorecards: {
    kind: "scorecard", asks: ["unit", "month", "due_at"], heads: ["scores"], reads: ["due_at", "submitted", "scores", "objection", "answer"],
  },
  arbitrations: {
    kind: "arbitration", asks: ["unit", "case", "matter", "departments"], heads: ["matter"],
    reads: ["case", "departments", "matter", "opinions", "decided", "decision", "assignments", "reports"],
  },
  digests: {
    kind: "digest", asks: ["unit", "day", "due_at", "people"], heads: ["summary"],
    reads: ["day", "due_at", "compiled", "sent", "summary", "analysis", "missing", "weeks"],
  },
  faults: {
    kind: "fault", asks: ["unit", "since", "place", "symptom", "plan", "signer", "people", "case"], heads: ["place", "symptom"],
    reads: ["since", "place", "due_at", "manager", "symptom", "plans", "tracked", "resolved", "informed", "acknowledged"],
  },
  misconduct: {
    kind: "misconduct", asks: ["unit", "person", "ground", "account", "case"], heads: ["person", "ground"],
    reads: ["person", "ground", "case", "prescribed", "opened", "acknowledged", "account", "evidence", "statement", "statement_refused", "verification", "established", "decision", "appeal", "appeal_decision"],
  },
  publications: {
    kind: "publication", asks: ["unit", "of", "month", "case", "due_at"], heads: ["of", "title"],
    reads: ["of", "month", "case", "due_at", "drafted", "submitted", "published_at", "places", "title", "items", "remark"],
  },
};

interface Document {
  opens: Shape;
  holds: Shape;
  steps: Record<string, Shape>;
}

/** Gives the shapes of a kind as the server's document has them. */
export const documentOf = (list: List): Document => (papers as unknown as Record<List, Document>)[list];

export const isList = (name: string): name is List => (LISTS as readonly string[]).includes(name);

/** Finds the list of a kind, as notices name it. */
export const listOf = (kind: string): List | undefined => LISTS.find((list) => KINDS[list].kind === kind);

/** Puts first what is named, in its order, and leaves the rest as it came. */
export function inOrder<T>(all: readonly T[], names: readonly string[], nameOf: (one: T) => string): T[] {
  const place = (one: T): number => {
    const at = names.indexOf(nameOf(one));
    return at < 0 ? names.length : at;
  };
  return all.map((one, at) => ({ one, at })).sort((a, b) => place(a.one) - place(b.one) || a.at - b.at).map(({ one }) => one);
}
