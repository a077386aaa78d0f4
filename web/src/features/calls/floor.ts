import type { Agent, Call, Desk } from "./api";

/** What agents do, who is in a call first. */
export const AGENT_STATES = ["talking", "reserved", "wrap_up", "ready", "not_ready", "offline"] as const;
/** Calls in which somebody can listen. */
const SPOKEN = new Set(["talking", "held", "consulting", "conference"]);

/** Whether one's own telephone can ring: it is there, it is switched off, or one has none. */
export type Phone = "there" | "away" | "none";

/** Tells whether a supervisor's own telephone can ring; every way into a call goes through it. */
export function phoneOf(desk: Pick<Desk, "extensions"> & { agent: Pick<Agent, "device"> } | undefined): Phone {
  if (desk?.agent.device) return "there";
  return desk?.extensions.length ? "away" : "none";
}

/** Tells whether somebody can listen in a call. */
export function isSpoken(call: Pick<Call, "state">): boolean {
  return SPOKEN.has(call.state);
}

/** Those who wait in one queue, who came first before. */
export interface Waiting {
  queue: string;
  calls: Call[];
}

/** Sorts those who wait by queue; the queue with the longest wait comes first. */
export function waitingBy(calls: readonly Call[]): Waiting[] {
  const since = (call: Call | undefined): string => call?.queued_at ?? call?.arrived_at ?? "";
  const found = new Map<string, Call[]>();
  for (const call of calls) {
    if (call.state === "waiting") found.set(call.queue ?? "", [...(found.get(call.queue ?? "") ?? []), call]);
  }
  return [...found]
    .map(([queue, all]) => ({ queue, calls: all.sort((one, other) => since(one).localeCompare(since(other))) }))
    .sort((one, other) => since(one.calls[0]).localeCompare(since(other.calls[0])));
}

/** Sorts agents by what they do, who does it longest first. */
export function agentsBy(agents: readonly Agent[]): { state: string; agents: Agent[] }[] {
  return AGENT_STATES.map((state) => ({
    state,
    agents: agents.filter((agent) => agent.state === state).sort((one, other) => one.since.localeCompare(other.since)),
  })).filter((group) => group.agents.length > 0);
}
