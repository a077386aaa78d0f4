import { describe, expect, it } from "vitest";
import type { Agent, Call } from "./api";
import { agentsBy, isSpoken, phoneOf, waitingBy } from "./floor";

const call = (id: string, state: string, queue: string, queued_at: string): Call => ({ id, state, queue, queued_at }) as unknown as Call;

describe("who waits", () => {
  it("CALL-10: stands by queue in the order of coming, the longest wait first", () => {
    const found = waitingBy([
      call("late", "waiting", "b", "2026-11-27T09:03:00Z"),
      call("first", "waiting", "b", "2026-11-27T09:01:00Z"),
      call("talks", "talking", "b", "2026-11-27T09:00:00Z"),
      call("other", "waiting", "a", "2026-11-27T09:02:00Z"),
    ]);
    expect(found.map((one) => [one.queue, one.calls.map((each) => each.id)])).toEqual([["b", ["first", "late"]], ["a", ["other"]]]);
    expect(waitingBy([])).toEqual([]);
  });
});

describe("agents", () => {
  it("stand by what they do, who does it longest first", () => {
    const agent = (name: string, state: string, since: string): Agent => ({ name, state, since }) as unknown as Agent;
    const found = agentsBy([agent("c", "ready", "2"), agent("b", "ready", "1"), agent("a", "talking", "3")]);
    expect(found.map((one) => [one.state, one.agents.map((each) => each.name)])).toEqual([["talking", ["a"]], ["ready", ["b", "c"]]]);
  });
});

describe("a supervisor's telephone", () => {
  it("is there, switched off, or not given", () => {
    expect(phoneOf({ extensions: ["8001"], agent: { device: true } })).toBe("there");
    expect(phoneOf({ extensions: ["8001"], agent: { device: false } })).toBe("away");
    expect(phoneOf({ extensions: [], agent: { device: false } })).toBe("none");
    expect(phoneOf(undefined)).toBe("none");
  });
  it("gets into calls in which people speak", () => {
    expect(isSpoken({ state: "held" })).toBe(true);
    expect(isSpoken({ state: "waiting" })).toBe(false);
  });
});
