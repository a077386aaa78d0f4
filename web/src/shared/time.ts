const ZONE = "Asia/Shanghai";
const DAY_MS = 86_400_000;

function parts(at: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { timeZone: ZONE, hourCycle: "h23", ...options }).format(at);
}

function day(at: Date): string {
  return parts(at, "en-CA", { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** Says when, as short as it stays clear: the hour today, else the day too. */
export function moment(at: string, locale: string, now = new Date()): string {
  const then = new Date(at);
  const time = parts(then, locale, { hour: "2-digit", minute: "2-digit" });
  if (day(then) === day(now)) return time;
  const sameYear = day(then).slice(0, 4) === day(now).slice(0, 4);
  const date = parts(then, locale, sameYear ? { month: "numeric", day: "numeric" } : { year: "numeric", month: "numeric", day: "numeric" });
  return `${date} ${time}`;
}

/** Says when with all that belongs to it, for titles and print. */
export function instant(at: string, locale: string): string {
  return parts(new Date(at), locale, { dateStyle: "long", timeStyle: "short" });
}

/** Says when a limit ends: midnight is the end of the day before (D5). */
export function limit(at: string, locale: string): string {
  const then = new Date(at);
  if (parts(then, "en-GB", { hour: "2-digit", minute: "2-digit" }) !== "00:00") return instant(at, locale);
  return `${parts(new Date(then.getTime() - 1), locale, { dateStyle: "long" })} 24:00`;
}

/** How near a limit is. */
export type Nearness = "late" | "soon" | "later";

/** Tells how near a limit is: past, within two hours, or later. */
export function nearness(due: string, now = new Date()): Nearness {
  const left = Date.parse(due) - now.getTime();
  if (left <= 0) return "late";
  return left <= 2 * 3_600_000 ? "soon" : "later";
}

/** A span of time as its two largest units, for a text to name. */
export interface Span {
  days: number;
  hours: number;
  minutes: number;
}

/** Gives the time between two instants, whichever comes first. */
export function span(from: Date, to: Date): Span {
  const ms = Math.abs(to.getTime() - from.getTime());
  return {
    days: Math.floor(ms / DAY_MS),
    hours: Math.floor((ms % DAY_MS) / 3_600_000),
    minutes: Math.floor((ms % 3_600_000) / 60_000),
  };
}
