import type { Schemas } from "@/api/client";
import { day, dayBegin, fromWall, wallOf } from "@/shared/time";

export type NewCase = Schemas["NewCase"];
export type Kind = Schemas["Kind"];
export type Channel = Schemas["Channel"];
export type Party = Schemas["Party"];

export const KINDS: readonly Kind[] = ["complaint", "repair", "enquiry", "suggestion", "praise", "media", "fault", "other"];
export const CHANNELS: readonly Channel[] = [
  "phone", "visit", "letter", "email", "fax", "web", "chat", "online", "press", "passed_on", "employee", "other",
];

/** What stands in the form of the intake. */
export interface Draft {
  text: string;
  kind: Kind;
  channel: Channel;
  unit: string;
  category: string;
  /** A known incident that the case joins when it is recorded. */
  incident: string;
  /** A known customer, and what the form shows of them. */
  party: string;
  known: string;
  name: string;
  phone: string;
  building: string;
  room: string;
  anonymous: boolean;
  feedbackAt: string;
  /** Fields of the pack: 5W1H, feeling, wish. */
  fields: Record<string, string>;
}

/** Gives the empty form; a call about a complaint is the usual case. */
export function emptyDraft(): Draft {
  return {
    text: "", kind: "complaint", channel: "phone", unit: "", category: "", incident: "", party: "", known: "", name: "", phone: "", building: "",
    room: "", anonymous: false, feedbackAt: "", fields: {},
  };
}

/** Tells whether anything was written that would be missed. */
export function isWorthKeeping(draft: Draft): boolean {
  const { text, category, party, name, phone, building, room, feedbackAt, fields } = draft;
  return [text, category, party, name, phone, building, room, feedbackAt, ...Object.values(fields)].some((value) => value.trim() !== "");
}

function filled(pairs: Record<string, string>): Record<string, string> {
  const kept = Object.entries(pairs).map(([name, value]) => [name, (value ?? "").trim()] as const);
  return Object.fromEntries(kept.filter(([, value]) => value !== ""));
}

/** What was suggested is told with what was chosen, so that agreement can be counted. */
function suggestionOf(shown: Schemas["CategoryGuess"]): Schemas["SuggestionShown"] {
  const { code: category, confidence, model } = shown;
  return { category, model, ...(confidence == null ? {} : { confidence }) };
}

/** Makes what is sent of the form; what was left empty is not sent. */
export function caseOf(draft: Draft, known?: ReadonlySet<string>, shown?: Schemas["CategoryGuess"]): NewCase {
  const told = filled({ name: draft.name, phone: draft.phone });
  const room = filled({ building: draft.building, room: draft.room });
  const reporter = room["building"] && room["room"] ? { ...told, household: room } : told;
  const said = filled(draft.fields);
  const fields = known ? Object.fromEntries(Object.entries(said).filter(([name]) => known.has(name))) : said;
  const who = draft.party ? { party: draft.party } : Object.keys(reporter).length > 0 ? { reporter } : {};
  return {
    kind: draft.kind,
    channel: draft.channel,
    text: draft.text.trim(),
    ...filled({ unit: draft.unit, category: draft.category }),
    ...(draft.anonymous ? { anonymous: true } : who),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
    ...(shown ? { suggested: suggestionOf(shown) } : {}),
  } as NewCase;
}

/** What somebody typed to find a customer by. */
export type Wanted = { phone: string } | { building: string; room: string } | undefined;

/** Reads a phone number, its last four digits, or building and room (PROP-46). */
export function wantedOf(words: string): Wanted {
  const text = words.trim();
  const home = /^(\S{1,10})[-－—栋座 ](\S{1,10})$/u.exec(text.replace(/[室号]$/u, ""));
  const digits = text.replace(/[\s-]/g, "");
  if (/^\d{4}$/.test(digits) || /^\+?\d{7,15}$/.test(digits)) return { phone: digits };
  return home?.[1] && home[2] ? { building: home[1], room: home[2] } : undefined;
}

/** Says who a customer is in one line. */
export function nameOf(party: Party): string {
  const home = party.residences[0];
  return [party.name, party.phones[0], home && `${home.building}-${home.room}`].filter(Boolean).join(" ");
}

/** A promised time that is chosen by one key. */
export interface Promised {
  key: "hours" | "today" | "tomorrow";
  at: string;
}

/** Lists the usual times of a feedback that lie ahead: soon, today, tomorrow. */
export function promisable(now: Date): Promised[] {
  const soon = new Date(Math.ceil((now.getTime() + 2 * 3_600_000) / 300_000) * 300_000);
  const all: Promised[] = [
    { key: "hours", at: fromWall(wallOf(soon)) },
    { key: "today", at: fromWall(`${day(now)}T17:30:00`) },
    { key: "tomorrow", at: fromWall(`${day(dayBegin(now, 1))}T10:00:00`) },
  ];
  return all.filter((one) => Date.parse(one.at) > now.getTime());
}
