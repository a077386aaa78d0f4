import { day, dayBegin, fromWall, weekBegin } from "@/shared/time";

/** First and last day of a period, `YYYY-MM-DD`. */
export type Days = readonly [string, string];

/** Periods that people ask for by name. */
export const PERIODS = ["today", "yesterday", "week", "lastWeek", "month", "lastMonth"] as const;
export type Period = (typeof PERIODS)[number];

const DAY_MS = 86_400_000;
const before = (date: string): string => new Date(Date.parse(`${date}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
const first = (month: string): string => `${month.slice(0, 7)}-01`;

/** Gives the days of a named period as the house counts them; what goes on ends today. */
export function daysOf(period: Period, now: Date): Days {
  const today = day(now);
  switch (period) {
    case "today": return [today, today];
    case "yesterday": return [day(dayBegin(now, -1)), day(dayBegin(now, -1))];
    case "week": return [day(weekBegin(now)), today];
    case "lastWeek": return [day(weekBegin(now, -1)), before(day(weekBegin(now)))];
    case "month": return [first(today), today];
    case "lastMonth": return [first(before(first(today))), before(first(today))];
  }
}

/** Gives the moments of a stretch of days: from the first one's beginning to the last one's end. */
export function momentsOf([from, to]: readonly string[]): { from: string; to: string } {
  const next = dayBegin(new Date(fromWall(`${to ?? ""}T12:00:00`)), 1);
  return { from: fromWall(`${from ?? ""}T00:00:00`), to: next.toISOString() };
}
