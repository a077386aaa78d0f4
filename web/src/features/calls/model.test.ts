import { describe, expect, it } from "vitest";
import { isLong, length, measure, pathOf, pressed, said, secondsTo, talked, waited } from "./model";

describe("the length of a call", () => {
  it("has minutes and seconds, and hours when there are some", () => {
    expect([0, 185.9, 3609].map(length)).toEqual(["0:00", "3:05", "1:00:09"]);
    expect(length(-3)).toBe("0:00");
  });
});

describe("the waveform", () => {
  it("goes along the highest samples and back along the lowest", () => {
    expect(pathOf([[-32768, 16384], [0, 0]])).toBe("M0,0.500L1,1.000L1,1.000L0,2.000Z");
    expect(pathOf([])).toBe("");
  });
});

describe("keys of the player", () => {
  it("jump without leaving the recording", () => {
    expect(pressed("ArrowLeft", 3, 60)).toBe(0);
    expect(pressed("ArrowRight", 58, 60)).toBe(60);
    expect(pressed("Home", 9, 60)).toBe(0);
    expect(pressed(" ", 9, 60)).toBe("toggle");
    expect(pressed("x", 9, 60)).toBeUndefined();
  });
});

describe("the agent's countdown and hint", () => {
  const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 9, 0, second));
  it("never counts below nothing", () => {
    expect(secondsTo(at(0), at(42))).toBe(42);
    expect(secondsTo(at(42), at(0))).toBe(0);
  });
  it("TEL-8: hints at three minutes of talking, not of waiting", () => {
    expect(isLong(at(0).toISOString(), at(179))).toBe(false);
    expect(isLong(at(0).toISOString(), at(180))).toBe(true);
    expect(isLong(null, at(900))).toBe(false);
  });
});

describe("the times of a call", () => {
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1, 9, 0, second)).toISOString();
  const now = new Date(at(50));
  it("CALL-10: grow while it goes on, and stay as they were counted once it is over", () => {
    expect(waited({ queued_at: at(10), wait_s: 0, talk_s: 0 }, now)).toBe(40);
    const talks = { queued_at: at(10), answered_at: at(20), wait_s: 10, talk_s: 0 };
    expect([waited(talks, now), talked(talks, now)]).toEqual([10, 30]);
    expect(talked({ ...talks, ended_at: at(40), talk_s: 20 }, now)).toBe(20);
    expect(waited({ wait_s: 0, talk_s: 0 }, now)).toBe(0);
  });
});

describe("an alarm", () => {
  it("CALL-15: is written in its own unit", () => {
    expect(measure("seats", 7)).toBe("7");
    expect(measure("connect_rate", 925_000)).toBe("92.5%");
    expect(measure("waiting", 61_000)).toBe("1:01");
  });
});

describe("a figure", () => {
  it("CALL-10: is written in the unit of its metric, and is nothing where there is none", () => {
    expect([said("calls", { value: 3 }), said("millis", { value: 65_000 }), said("share", { value: 0 })]).toEqual(["3", "1:05", "0%"]);
    expect([said("share", { value: null }), said("share", undefined)]).toEqual([undefined, undefined]);
  });
});
