import type { Schemas } from "@/api/client";

export type Board = Schemas["Board"];
export type BoardPerson = Schemas["BoardPerson"];

/** The hours that a day of the board shows. */
export const FIRST_HOUR = 8;
export const LAST_HOUR = 20;

/** Where a stretch lies on the bar of a day, in per cent; nothing when outside. */
export function placed(from: string, to: string, begin: Date): { left: number; width: number } | undefined {
  const first = begin.getTime() + FIRST_HOUR * 3_600_000;
  const last = begin.getTime() + LAST_HOUR * 3_600_000;
  const left = Math.max(Date.parse(from), first);
  const right = Math.min(Date.parse(to), last);
  if (right <= left) return undefined;
  const whole = last - first;
  return { left: ((left - first) / whole) * 100, width: ((right - left) / whole) * 100 };
}

/** PROP-21: who can come then: available in all of it, not away, not elsewhere. */
export function canCome(person: BoardPerson, from: string, to: string): boolean {
  const [begin, end] = [Date.parse(from), Date.parse(to)];
  if (!(end > begin)) return false;
  const touches = (one: { from: string; to: string }): boolean => Date.parse(one.from) < end && Date.parse(one.to) > begin;
  const covers = (one: { from: string; to: string }): boolean => Date.parse(one.from) <= begin && Date.parse(one.to) >= end;
  const away = person.stretches.some((one) => one.kind === "absent" && touches(one));
  const there = person.stretches.some((one) => one.kind === "available" && covers(one));
  return !away && there && !person.slots.some(touches);
}
