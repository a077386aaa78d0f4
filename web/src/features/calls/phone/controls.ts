import type { Desk, Order } from "../api";
import { secondsTo } from "../model";

export type Control = "answer" | "hold" | "resume" | "mute" | "transfer" | "consult" | "complete" | "conference" | "cancel_consult" | "keypad" | "pause" | "hang_up";

const CONTROLS: Readonly<Record<string, readonly Control[]>> = {
  offering: ["answer"],
  talking: ["hold", "mute", "transfer", "consult", "keypad", "pause", "hang_up"],
  held: ["resume", "transfer", "hang_up"],
  consulting: ["complete", "conference", "cancel_consult", "mute", "hang_up"],
  conference: ["complete", "mute", "keypad", "pause", "hang_up"],
  dialling: ["hang_up"],
};

/** What its agent can do with a call now, in the order of the bar. */
export function controlsOf(state: string): readonly Control[] {
  return CONTROLS[state] ?? [];
}

const PLAIN: Readonly<Partial<Record<Control, Order>>> = {
  hold: { do: "hold" }, resume: { do: "resume" }, complete: { do: "complete" }, conference: { do: "conference" }, cancel_consult: { do: "cancel_consult" },
};

/** The order that a button without a question gives. */
export const plainOrder = (control: Control): Order | undefined => PLAIN[control];

/** Writes a key of the telephone: with Alt and Shift, so that it is no letter and no browser's own. */
export const phoneKey = (sign: string): string => `Alt+Shift+${sign}`;

/** Key of a control, as the help sheet and the button's title name it. */
export const KEYS: Readonly<Record<Control, string>> = {
  answer: phoneKey("a"), hang_up: phoneKey("a"), hold: phoneKey("h"), resume: phoneKey("h"), mute: phoneKey("m"), transfer: phoneKey("t"), consult: phoneKey("c"),
  complete: phoneKey("g"), conference: phoneKey("j"), cancel_consult: phoneKey("z"), keypad: phoneKey("k"), pause: phoneKey("p"),
};

/** Whom one speaks with. */
export function otherOf(call: { direction: string; caller?: string | null | undefined; called: string }): string | undefined {
  return (call.direction === "out" ? call.called : call.caller) ?? undefined;
}

/** Takes what is no digit out of a number as people write it. */
export function digitsOf(text: string): string {
  return text.normalize("NFKC").replace(/[^\d+*#]/g, "");
}

/** A call is to last three minutes at most (TEL-8); half a minute before, the clock says so. */
export function talkTone(seconds: number): "fine" | "near" | "over" {
  if (seconds >= 180) return "over";
  return seconds >= 150 ? "near" : "fine";
}

const GREETED_S = 30;
/** The fourth ring begins then. */
const LATE_S = 15;

interface Said {
  direction: string;
  rang_at?: string | null | undefined;
  answered_at?: string | null | undefined;
}

/** What is said now: the greeting, an excuse before it when it rang too long, the end (TEL-16, TEL-17, TEL-27). */
export function wordsOf(greeting: Desk["greeting"], call: Said, now: Date): string {
  const talked = call.answered_at ? secondsTo(new Date(call.answered_at), now) : 0;
  if (talked >= GREETED_S) return greeting.last;
  if (call.direction === "out") return greeting.outgoing;
  if (call.answered_at) return `${greeting.who} ${greeting.offer}`;
  const late = call.rang_at && secondsTo(new Date(call.rang_at), now) >= LATE_S;
  return late ? `${greeting.late}${greeting.first}` : greeting.first;
}
