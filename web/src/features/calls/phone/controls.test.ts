import { describe, expect, it } from "vitest";
import { controlsOf, digitsOf, otherOf, talkTone, wordsOf } from "./controls";

describe("the phone bar", () => {
  it("warns before three minutes are over, and says when they are (TEL-8)", () => {
    expect([149, 150, 179, 180].map(talkTone)).toEqual(["fine", "near", "near", "over"]);
  });

  it("offers nothing that a call as it is cannot do", () => {
    expect(controlsOf("held")).not.toContain("hold");
    expect(controlsOf("offering")).toEqual(["answer"]);
    expect(controlsOf("consulting")).toContain("conference");
    expect(controlsOf("ended")).toEqual([]);
  });

  it("says the greeting, excuses a late answer, and ends with thanks (TEL-16, TEL-17, TEL-27)", () => {
    const said = { first: "您好。", late: "久等了。", who: "贵姓？", offer: "能帮您什么？", last: "谢谢您的来电。", outgoing: "这里是星澜。" };
    const at = (second: number): Date => new Date(Date.UTC(2026, 10, 27, 9, 0, second));
    const rings = { direction: "in", rang_at: at(0).toISOString() };
    expect([wordsOf(said, rings, at(14)), wordsOf(said, rings, at(15))]).toEqual(["您好。", "久等了。您好。"]);
    const talks = { ...rings, answered_at: at(5).toISOString() };
    expect([wordsOf(said, talks, at(20)), wordsOf(said, talks, at(35))]).toEqual(["贵姓？ 能帮您什么？", "谢谢您的来电。"]);
    expect(wordsOf(said, { direction: "out" }, at(1))).toBe("这里是星澜。");
  });

  it("names the other side, whoever called", () => {
    expect(otherOf({ direction: "in", caller: "139", called: "4001" })).toBe("139");
    expect(otherOf({ direction: "out", caller: null, called: "139" })).toBe("139");
    expect(otherOf({ direction: "in", caller: null, called: "4001" })).toBeUndefined();
  });

  it("dials a number however it is written", () => {
    expect(digitsOf("+86 139-1234 5678")).toBe("+8613912345678");
    expect(digitsOf("（025）８６５４ ３２１０")).toBe("02586543210");
  });
});
