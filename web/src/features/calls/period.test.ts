import { describe, expect, it } from "vitest";
import { daysOf, momentsOf } from "./period";

describe("periods", () => {
  // a Friday; in the house it is Saturday already
  const now = new Date("2026-11-27T17:00:00Z");
  it("CALL-10: are the house's days, weeks and months", () => {
    expect(daysOf("today", now)).toEqual(["2026-11-28", "2026-11-28"]);
    expect(daysOf("yesterday", now)).toEqual(["2026-11-27", "2026-11-27"]);
    expect(daysOf("week", now)).toEqual(["2026-11-23", "2026-11-28"]);
    expect(daysOf("lastWeek", now)).toEqual(["2026-11-16", "2026-11-22"]);
    expect(daysOf("month", now)).toEqual(["2026-11-01", "2026-11-28"]);
    expect(daysOf("lastMonth", now)).toEqual(["2026-10-01", "2026-10-31"]);
  });
  it("last from the first day's beginning to the last day's end", () => {
    const { from, to } = momentsOf(["2026-11-27", "2026-11-28"]);
    expect(Date.parse(from)).toBe(Date.parse("2026-11-26T16:00:00Z"));
    expect(to).toBe("2026-11-28T16:00:00.000Z");
  });
});
