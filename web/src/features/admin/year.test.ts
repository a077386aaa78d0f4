import { describe, expect, it } from "vitest";
import { lookOf, monthsOf, type Day } from "./year";

const days: Day[] = Array.from({ length: 365 }, (_, index) => ({
  date: new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10), working: true, name: null,
}));

describe("calendar of a year", () => {
  it("puts each day below its weekday, once", () => {
    const months = monthsOf(days);
    // 2026-01-01 is a Thursday
    expect(months[0]?.weeks[0]?.map((day) => day?.date.slice(8))).toEqual([undefined, undefined, undefined, "01", "02", "03", "04"]);
    expect(months.flatMap((month) => month.weeks.flat()).filter(Boolean)).toHaveLength(365);
  });

  it("tells a holiday from a weekend and a make-up day from an ordinary one", () => {
    expect(lookOf({ date: "x", working: false, name: "National Day" })).toBe("holiday");
    expect(lookOf({ date: "x", working: false, name: null })).toBe("off");
    expect(lookOf({ date: "x", working: true, name: "National Day" })).toBe("madeUp");
    expect(lookOf({ date: "x", working: true, name: null })).toBe("work");
  });
});
