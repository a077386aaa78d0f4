import { describe, expect, it } from "vitest";
import { causesBelow, gridOf, lastMonths, rowsOf, spanOf, thisMonth, type Line } from "./model";

const line = (group: string | null, part: number): Line => ({ group, part, period: "p", provisional: 0, undecided: 0, shown: String(part) });

describe("figures", () => {
  it("breaks a period between its days only", () => {
    expect(spanOf("2026-11-01..2026-11-30")).toBe("2026\u201111\u201101 – 2026\u201111\u201130");
  });

  it("names months over the turn of a year", () => {
    expect(lastMonths(3, "2026-02")).toEqual(["2025-12", "2026-01", "2026-02"]);
    expect(thisMonth(new Date("2026-02-28T17:00:00Z"))).toBe("2026-03");
  });

  it("opens the list of a group, and of what has no group", () => {
    expect(rowsOf("counted", "2026-02", { by: "category", group: "noise" }).query).toEqual({
      metric: "counted", period: "2026-02", by: "category", group: "noise",
    });
    expect(rowsOf("counted", "2026-02", { by: "category", group: null }).query).toEqual({
      metric: "counted", period: "2026-02", by: "category",
    });
  });

  it("adds causes up to the node above them (PROP-97)", () => {
    const causes = [
      { code: "man", title: "Man", parent: null }, { code: "man.attitude", title: "Attitude", parent: "man" },
      { code: "machine", title: "Machine", parent: null },
    ];
    const lines = [line("man.attitude", 3), line("man", 1), line("machine", 2), line(null, 9)];
    expect(causesBelow(causes, lines, undefined).map((one) => [one.code, one.value, one.leaf])).toEqual([
      ["man", 4, false], ["machine", 2, true],
    ]);
    expect(causesBelow(causes, lines, "man").map((one) => one.value)).toEqual([3]);
  });

  it("puts months side by side, the largest first", () => {
    const grid = gridOf([
      { period: "2026-01", lines: [line("a", 1), line(null, 1)] },
      { period: "2026-02", lines: [line("b", 5), line("a", 2)] },
    ]);
    expect(grid.groups).toEqual([{ group: "b", total: 5 }, { group: "a", total: 3 }, { group: null, total: 1 }]);
    expect(grid.at("a", "2026-02")?.part).toBe(2);
    expect(grid.at("b", "2026-01")).toBeUndefined();
  });
});
