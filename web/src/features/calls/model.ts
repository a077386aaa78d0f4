export const STATES = ["menu", "waiting", "offering", "talking", "held", "consulting", "conference", "voicemail", "dialling", "outside", "ended"] as const;
export const RESULTS = [
  "answered", "abandoned_in_menu", "abandoned", "overflowed", "voicemail", "call_back", "busy", "no_answer", "failed", "rejected", "lost", "transferred",
] as const;
export const SPEEDS = [0.75, 1, 1.25, 1.5, 2] as const;
const STEP_S = 5;
const HIGHEST = 32_768;

/** Writes a length: `3:05`, `1:00:09`. */
export function length(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number): string => String(part).padStart(2, "0");
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Draws one side of a waveform as a closed path, 1 wide for each point and 2 high. */
export function pathOf(points: readonly (readonly number[])[]): string {
  if (points.length === 0) return "";
  const high = (sample = 0): string => (1 - sample / HIGHEST).toFixed(3);
  const top = points.map(([, most], x) => `${x},${high(most)}`);
  const foot = points.map(([least], x) => `${x},${high(least)}`).reverse();
  return `M${[...top, ...foot].join("L")}Z`;
}

/** What a key does to a player: the new place, or that it begins or pauses. */
export function pressed(key: string, at: number, end: number): number | "toggle" | undefined {
  const within = (place: number): number => Math.min(end, Math.max(0, place));
  switch (key) {
    case " ": return "toggle";
    case "ArrowLeft": return within(at - STEP_S);
    case "ArrowRight": return within(at + STEP_S);
    case "Home": return 0;
    case "End": return end;
    default: return undefined;
  }
}

const LONG_S = 180;
const WHOLE = 1_000_000;

/** Gives the seconds from one moment to another, none when it lies behind. */
export function secondsTo(from: Date, to: Date): number {
  return Math.max(0, Math.floor((to.getTime() - from.getTime()) / 1000));
}

/** What the times of a call are counted from. */
interface Times {
  queued_at?: string | null | undefined;
  answered_at?: string | null | undefined;
  ended_at?: string | null | undefined;
  wait_s: number;
  talk_s: number;
}

/** Gives the seconds that a customer waited, also while they wait. */
export function waited(call: Times, now: Date): number {
  const waits = call.queued_at && !call.answered_at && !call.ended_at;
  return waits ? secondsTo(new Date(call.queued_at ?? ""), now) : call.wait_s;
}

/** Gives the seconds that a conversation took, also while it goes on. */
export function talked(call: Times, now: Date): number {
  const goesOn = call.answered_at && !call.ended_at;
  return goesOn ? secondsTo(new Date(call.answered_at ?? ""), now) : call.talk_s;
}

/** Tells whether a conversation has taken three minutes (TEL-8). */
export function isLong(answered: string | null | undefined, now: Date): boolean {
  return Boolean(answered) && secondsTo(new Date(answered ?? ""), now) >= LONG_S;
}

/** Writes millionths as a share: `92.5%`. */
export function share(millionths: number): string {
  return `${Number(((millionths * 100) / WHOLE).toFixed(1))}%`;
}

/** Writes a figure in its unit; nothing where there is none, such as a share of no calls. */
export function said(unit: string, figure: { value?: number | null | undefined } | undefined): string | undefined {
  const value = figure?.value;
  if (value === null || value === undefined) return undefined;
  if (unit === "share") return share(value);
  return unit === "millis" ? length(value / 1000) : String(value);
}

/** Writes a side of an alarm in the unit of its kind. */
export function measure(kind: string, value: number): string {
  if (kind === "connect_rate") return share(value);
  return kind === "waiting" ? length(value / 1000) : String(value);
}
