import { describe, expect, it } from "vitest";
import { dayBegin, weekBegin } from "./week";

describe("weeks", () => {
  it("begin on Monday at midnight in Shanghai", () => {
    // Sunday 2026-03-08 07:30 in Shanghai is still Saturday in UTC
    expect(weekBegin(new Date("2026-03-07T23:30:00Z")).toISOString()).toBe("2026-03-01T16:00:00.000Z");
    expect(weekBegin(new Date("2026-03-02T01:00:00Z"), 1).toISOString()).toBe("2026-03-08T16:00:00.000Z");
    expect(dayBegin(new Date("2026-03-07T23:30:00Z")).toISOString()).toBe("2026-03-07T16:00:00.000Z");
  });
});
