import { describe, expect, it } from "vitest";
import type { Metric } from "./api";
import { callsOf, drawn, valueOf } from "./traffic";

describe("call figures on the screen", () => {
  const metric = (name: string, unit: Metric["unit"]): Metric => ({ name, unit, zh: name, en: name, source: [] });
  it("CALL-10: only figures of one unit share an axis", () => {
    const all = [metric("answered", "calls"), metric("connect_rate", "share"), metric("abandoned", "calls")];
    expect(drawn(all, ["answered", "connect_rate", "abandoned"]).map((one) => one.name)).toEqual(["answered", "abandoned"]);
    expect(drawn(all, ["connect_rate", "nothing"]).map((one) => one.name)).toEqual(["connect_rate"]);
    expect(drawn(all, [])).toEqual([]);
  });
  it("are drawn in per cent and seconds, and not at all where there is none", () => {
    expect([valueOf("share", { value: 925_000, part: 37 }), valueOf("millis", { value: 1500, part: 1 }), valueOf("calls", { value: 3, part: 3 })]).toEqual([92.5, 1.5, 3]);
    expect([valueOf("share", { value: null, part: 0 }), valueOf("calls", undefined)]).toEqual([null, null]);
  });
  it("CALL-21: lead to the calls behind a group", () => {
    expect(callsOf("queue", "q", ["2026-11-01", "2026-11-02"])).toEqual({ path: "/calls", query: { from: "2026-11-01", to: "2026-11-02", queue: "q" } });
    expect(callsOf("day", "2026-11-02", ["2026-11-01", "2026-11-30"])).toEqual({ path: "/calls", query: { from: "2026-11-02", to: "2026-11-02" } });
    expect(callsOf("interval", "2026-11-02T09:00", ["a", "b"])).toBeUndefined();
  });
});
