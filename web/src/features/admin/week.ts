const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;

/** Begin of the day, in the house's zone, so many days from now. */
export function dayBegin(now: Date, days = 0): Date {
  const local = now.getTime() + SHANGHAI_MS;
  return new Date(Math.floor(local / DAY_MS) * DAY_MS - SHANGHAI_MS + days * DAY_MS);
}

/** Begin of the week, on Monday, so many weeks from now. */
export function weekBegin(now: Date, weeks = 0): Date {
  const begin = dayBegin(now);
  const weekday = (new Date(begin.getTime() + SHANGHAI_MS).getUTCDay() + 6) % 7;
  return dayBegin(now, weeks * 7 - weekday);
}
