import { afterEach, describe, expect, it } from "vitest";
import { dayBegin, fromWall, keepTime, limit, moment, nearness, span, wallOf, weekBegin } from "./time";

const now = new Date("2026-03-02T10:00:00+08:00");

describe("time", () => {
  it("names the hour today, the day this year, the year before", () => {
    expect(moment("2026-03-02T08:05:00+08:00", "zh-CN", now)).toBe("08:05");
    expect(moment("2026-03-01T23:30:00Z", "zh-CN", now)).toBe("07:30");
    expect(moment("2026-02-27T08:05:00+08:00", "zh-CN", now)).toBe("2/27 08:05");
    expect(moment("2025-12-31T08:05:00+08:00", "zh-CN", now)).toBe("2025/12/31 08:05");
  });

  it("knows what is late from the first instant too late", () => {
    expect(nearness("2026-03-02T10:00:00+08:00", now)).toBe("late");
    expect(nearness("2026-03-02T12:00:00+08:00", now)).toBe("soon");
    expect(nearness("2026-03-02T12:00:01+08:00", now)).toBe("later");
  });

  it("ends a day at 24:00 and not at the next day's 00:00 (D5)", () => {
    expect(limit("2026-10-10T00:00:00+08:00", "en")).toBe("October 9, 2026 24:00");
    expect(limit("2026-10-09T15:30:00+08:00", "zh-CN")).toContain("15:30");
  });

  it("splits a span", () => {
    expect(span(now, new Date("2026-03-03T12:30:00+08:00"))).toEqual({ days: 1, hours: 2, minutes: 30 });
  });
});

describe("days and weeks of the house", () => {
  afterEach(() => keepTime("Asia/Shanghai"));

  it("begin at midnight, weeks on Monday", () => {
    // Sunday 2026-03-08 07:30 in Shanghai is still Saturday in UTC
    expect(weekBegin(new Date("2026-03-07T23:30:00Z")).toISOString()).toBe("2026-03-01T16:00:00.000Z");
    expect(weekBegin(new Date("2026-03-02T01:00:00Z"), 1).toISOString()).toBe("2026-03-08T16:00:00.000Z");
    expect(dayBegin(new Date("2026-03-07T23:30:00Z")).toISOString()).toBe("2026-03-07T16:00:00.000Z");
  });

  it("are those of the organisation's zone, also where clocks are put forward", () => {
    keepTime("Europe/Berlin");
    // the night of 29 March 2026 has an hour less
    expect(dayBegin(new Date("2026-03-29T12:00:00Z")).toISOString()).toBe("2026-03-28T23:00:00.000Z");
    expect(dayBegin(new Date("2026-03-29T12:00:00Z"), 1).toISOString()).toBe("2026-03-29T22:00:00.000Z");
  });

  it("reads what the house's clocks show, whatever those of the machine do", () => {
    expect(fromWall("2026-03-02T10:00:00")).toBe("2026-03-02T10:00:00+08:00");
    expect(wallOf(new Date("2026-03-02T02:00:00Z"))).toBe("2026-03-02T10:00:00");
    keepTime("Europe/Berlin");
    expect([fromWall("2026-03-29T01:30:00"), fromWall("2026-03-29T03:30:00")]).toEqual(["2026-03-29T01:30:00+01:00", "2026-03-29T03:30:00+02:00"]);
    keepTime("America/St_Johns");
    expect(fromWall("2026-01-05T09:00:00")).toBe("2026-01-05T09:00:00-03:30");
    expect(wallOf(new Date(fromWall("2026-07-05T09:15:30")))).toBe("2026-07-05T09:15:30");
  });
});
