import type { Schemas } from "@/api/client";

export type Queue = Schemas["CallQueue"];
export type Line = Schemas["CallLine"];
export type Extension = Schemas["PhoneExtension"];
export type Trunk = Schemas["Trunk"];
export type TrunkNow = Schemas["TrunkNow"];
type Overflow = Schemas["Overflow"];

export const STRATEGIES = ["longest_idle", "least_calls", "round_robin"] as const;
export const OVERFLOWS = ["voicemail", "release", "queue", "number"] as const;
export const TRANSPORTS = ["udp", "tcp", "tls"] as const;

/** Where a queue leads a call that nobody can take, as a form has it. */
export interface Leads {
  kind: (typeof OVERFLOWS)[number];
  queue: string | undefined;
  number: string;
}

/** Reads where a queue leads its calls. */
export function leadsOf(overflow: Overflow): Leads {
  if (typeof overflow === "string") return { kind: overflow, queue: undefined, number: "" };
  if ("queue" in overflow) return { kind: "queue", queue: overflow.queue, number: "" };
  return { kind: "number", queue: undefined, number: overflow.number };
}

/** Writes where a queue leads its calls; nothing where it is not said whither. */
export function overflowOf({ kind, queue, number }: Leads): Overflow | undefined {
  if (kind === "queue") return queue ? { queue } : undefined;
  if (kind === "number") return number.trim() ? { number: number.trim() } : undefined;
  return kind;
}

const LEVELS = { least: 1, most: 9 };

/** Reads skills as people type them, such as cantonese 7, complaints 5; nothing where one has no level from `least` to 9. */
export function skillsOf(text: string, least = LEVELS.least): Record<string, number> | undefined {
  const skills: Record<string, number> = {};
  for (const part of text.split(/[,，、;；\n]+/).map((one) => one.trim()).filter(Boolean)) {
    const [, skill, level] = /^(.*?)[\s=:：]*(\d+)$/.exec(part) ?? [];
    const number = Number(level);
    if (!skill?.trim() || !(number >= least && number <= LEVELS.most)) return undefined;
    skills[skill.trim()] = number;
  }
  return skills;
}

/** Writes skills as people type them. */
export function skillText(skills: Record<string, number> | undefined, comma: string): string {
  return Object.entries(skills ?? {}).map(([skill, level]) => `${skill} ${level}`).join(comma);
}

/** Reads spans of hours, such as 12:00-14:00, by commas or spaces. */
export function spansOf(text: string): string[] {
  return text.replaceAll(/\s*[-–—~至]\s*/g, "-").replaceAll("：", ":").split(/[\s,，、;；]+/).filter(Boolean);
}

/** Reads addresses, one a line or by commas. */
export function addressesOf(text: string): string[] {
  return text.split(/[\s,，、;；]+/).filter(Boolean);
}
