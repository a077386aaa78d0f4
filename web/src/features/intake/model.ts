import type { Schemas } from "@/api/client";

export type NewCase = Schemas["NewCase"];
export type Kind = Schemas["Kind"];
export type Channel = Schemas["Channel"];

/** What stands in the form of the intake. */
export interface Draft {
  text: string;
  kind: Kind;
  channel: Channel;
  unit: string;
  category: string;
  name: string;
  phone: string;
  building: string;
  room: string;
  feeling: string;
  wish: string;
  anonymous: boolean;
  feedbackAt: string;
}

/** Gives the empty form; a call about a complaint is the usual case. */
export function emptyDraft(): Draft {
  return {
    text: "", kind: "complaint", channel: "phone", unit: "", category: "", name: "", phone: "", building: "", room: "",
    feeling: "", wish: "", anonymous: false, feedbackAt: "",
  };
}

function filled(pairs: Record<string, string>): Record<string, string> {
  const kept = Object.entries(pairs).map(([name, value]) => [name, value.trim()] as const);
  return Object.fromEntries(kept.filter(([, value]) => value !== ""));
}

/** Makes what is sent of the form; what was left empty is not sent. */
export function caseOf(draft: Draft): NewCase {
  const told = filled({ name: draft.name, phone: draft.phone });
  const room = filled({ building: draft.building, room: draft.room });
  const reporter = room["building"] && room["room"] ? { ...told, household: room } : told;
  const fields = draft.kind === "complaint" ? filled({ feeling: draft.feeling, wish: draft.wish }) : {};
  return {
    kind: draft.kind,
    channel: draft.channel,
    text: draft.text.trim(),
    ...filled({ unit: draft.unit, category: draft.category }),
    ...(draft.anonymous ? { anonymous: true } : {}),
    ...(!draft.anonymous && Object.keys(reporter).length > 0 ? { reporter } : {}),
    ...(Object.keys(fields).length > 0 ? { fields } : {}),
  } as NewCase;
}

/** Tells whether a number is long enough to look customers up by (PROP-46). */
export function isWholePhone(phone: string): boolean {
  return phone.replace(/[\s-]/g, "").length >= 7;
}
