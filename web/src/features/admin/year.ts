import type { Schemas } from "@/api/client";

export type Day = Schemas["CalendarDay"];

/** A month as weeks from Monday; nothing where the month does not reach. */
export interface Month {
  month: number;
  weeks: (Day | undefined)[][];
}

/** How a day is to be drawn: an ordinary one, off, or worked in exchange. */
export function lookOf(day: Day): "work" | "off" | "madeUp" | "holiday" {
  if (day.working) return day.name ? "madeUp" : "work";
  return day.name ? "holiday" : "off";
}

/** Cuts a year into months and weeks. */
export function monthsOf(days: readonly Day[]): Month[] {
  return Array.from({ length: 12 }, (_, index) => {
    const own = days.filter((day) => Number(day.date.slice(5, 7)) === index + 1);
    const first = own[0];
    const blank = first ? (new Date(`${first.date}T00:00:00Z`).getUTCDay() + 6) % 7 : 0;
    const cells: (Day | undefined)[] = [...Array.from({ length: blank }, () => undefined), ...own];
    while (cells.length % 7 !== 0) cells.push(undefined);
    return { month: index + 1, weeks: Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7)) };
  });
}
