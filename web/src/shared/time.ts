const DAY_MS = 86_400_000;

let zone = "Asia/Shanghai";

/** Says in whose time dates are shown from now on: that of the organisation. */
export function keepTime(name: string): void {
  zone = name;
}

function parts(at: Date, locale: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale, { timeZone: zone, hourCycle: "h23", ...options }).format(at);
}

/** Gives the day of an instant in the house, `YYYY-MM-DD`. */
export function day(at: Date): string {
  return parts(at, "en-CA", { year: "numeric", month: "2-digit", day: "2-digit" });
}

/** Gives the hour and minute of an instant in the house. */
export function clock(at: Date, locale: string): string {
  return parts(at, locale, { hour: "2-digit", minute: "2-digit" });
}

/** Gives hour, minute and second of an instant in the house. */
export function stamp(at: string, locale: string): string {
  return parts(new Date(at), locale, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
}

/** Names the day of an instant in the house in full, with its weekday. */
export function fullDay(at: Date, locale: string): string {
  return parts(at, locale, { dateStyle: "full" });
}

/** How far the house's clocks are ahead of UTC at an instant, in milliseconds. */
function ahead(at: Date): number {
  const options = { timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" } as const;
  const found = new Map(new Intl.DateTimeFormat("en-US", options).formatToParts(at).map((part) => [part.type, Number(part.value)]));
  const read = (name: Intl.DateTimeFormatPartTypes): number => found.get(name) ?? 0;
  const local = Date.UTC(read("year"), read("month") - 1, read("day"), read("hour"), read("minute"), read("second"));
  return local - Math.floor(at.getTime() / 1000) * 1000;
}

/** Finds the instant at which the house's clocks show something, both in milliseconds. */
function shownAt(local: number): number {
  // near a change of the clocks the first guess may be an hour off
  return local - ahead(new Date(local - ahead(new Date(local))));
}

/** Gives what the house's clocks show at an instant, `YYYY-MM-DDTHH:mm:ss`. */
export function wallOf(at: Date): string {
  return new Date(at.getTime() + ahead(at)).toISOString().slice(0, 19);
}

/** Gives the instant at which the house's clocks show this, with its offset. */
export function fromWall(wall: string): string {
  const local = Date.parse(`${wall}Z`);
  const minutes = Math.round((local - shownAt(local)) / 60_000);
  const two = (number: number): string => String(Math.abs(number)).padStart(2, "0");
  return `${wall}${minutes < 0 ? "-" : "+"}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

/** Gives the begin of the day in the house, so many days from now. */
export function dayBegin(now: Date, days = 0): Date {
  return new Date(shownAt(Date.parse(`${day(now)}T00:00:00Z`) + days * DAY_MS));
}

/** Gives the begin of the week in the house, on Monday, so many weeks from now. */
export function weekBegin(now: Date, weeks = 0): Date {
  const weekday = (new Date(`${day(now)}T00:00:00Z`).getUTCDay() + 6) % 7;
  return dayBegin(now, weeks * 7 - weekday);
}

/** Says when, as short as it stays clear: the hour today, else the day too. */
export function moment(at: string, locale: string, now = new Date()): string {
  const then = new Date(at);
  const time = clock(then, locale);
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
  if (clock(then, "en-GB") !== "00:00") return instant(at, locale);
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

/** Writes a moment that is proposed: nobody means its milliseconds. */
export function toTheSecond(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "+00:00");
}
