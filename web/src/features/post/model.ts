import { toTheSecond } from "@/shared/time";
import type { Post } from "./api";

/** The steps in the order in which the house goes through them. */
export const STEPS = [
  "pass_on", "find", "decide_measures", "review_measures", "report_group", "draft", "decide", "publish", "close",
  "add_point", "mark_wide", "measure_heat", "follow_up",
] as const;

/** Counts the points that the reply answers. */
export function answered(points: readonly { ticked?: unknown }[]): { done: number; all: number } {
  return { done: points.filter((point) => point.ticked).length, all: points.length };
}

/** What is known before a step is filled in: a decision names the content that was read. */
export function presetOf(step: string, paper: Post["paper"], now = new Date()): Record<string, unknown> {
  switch (step) {
    case "publish":
    case "measure_heat": return { at: toTheSecond(now) };
    case "decide": return paper.draft ? { digest: paper.draft.digest } : {};
    case "draft": return paper.draft ? { text: paper.draft.text, attachments: paper.draft.attachments } : {};
    case "mark_wide": return { wide: !paper.wide };
    case "find": return paper.finding ? { facts: paper.finding.facts, measures: paper.finding.measures } : {};
    default: return {};
  }
}

/** Fields that the page fills in, not the reader. */
export const SILENT = new Set(["digest", "case", "point"]);

/** Makes points of lines, without blank ones. */
export function pointsOf(text: string): string[] {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

/** The points that were read out of a post and that nobody listed yet. */
export function unlisted(proposed: readonly string[], listed: readonly { text: string }[]): string[] {
  return proposed.filter((text) => !listed.some((point) => point.text.includes(text) || text.includes(point.text)));
}
