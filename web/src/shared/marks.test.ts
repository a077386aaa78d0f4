import { describe, expect, it } from "vitest";
import { pieces, spread } from "./marks";

const told = (text: string, marks: { from: number; to: number }[]): string =>
  pieces(text, marks).map((piece) => (piece.mark ? `[${piece.text}]` : piece.text)).join("");

describe("marks", () => {
  it("cuts by characters, not by units of UTF-16", () => {
    expect(told("😀电梯坏了", [{ from: 1, to: 3 }])).toBe("😀[电梯]坏了");
  });

  it("takes marks in any order, over each other and beyond the end", () => {
    expect(told("这是公司的规定", [{ from: 5, to: 99 }, { from: 0, to: 2 }, { from: 1, to: 4 }])).toBe("[这是][公司]的[规定]");
    expect(told("", [{ from: 0, to: 2 }])).toBe("");
  });

  it("are shared out among the fields whose texts were read as one", () => {
    const marks = [{ from: 1, to: 3 }, { from: 4, to: 6 }, { from: 2, to: 5 }, { from: 7, to: 8 }];
    expect(spread(["😀电梯", "坏了", "", "修"], marks)).toEqual([[{ from: 1, to: 3 }], [{ from: 0, to: 2 }], [], []]);
    expect(spread(["😀电梯", "坏了", "", "修"], [{ from: 8, to: 9 }])).toEqual([[], [], [], [{ from: 0, to: 1 }]]);
    expect(spread([], marks)).toEqual([]);
  });
});
