import { describe, expect, it } from "vitest";
import { questionOf, tableOf } from "./model";

const [one, three, seven] = ["2026-03-09T00:00:00Z", "2026-03-07T00:00:00Z", "2026-03-03T00:00:00Z"];
const cells = [
  { stage: "received", cases: 2, received_from: one, received_before: null },
  { stage: "received", cases: 1, received_from: seven, received_before: three },
  { stage: "visiting", cases: 4, received_from: null, received_before: seven },
  { stage: "visiting", cases: 3, received_from: three, received_before: one },
];

describe("supervision", () => {
  it("puts each count where its stage and age meet, and adds up", () => {
    const table = tableOf(cells);
    expect(table.map((row) => [row.stage, row.total])).toEqual([["received", 3], ["visiting", 7]]);
    expect(table[0]?.cells.map((cell) => cell?.cases)).toEqual([2, undefined, 1, undefined]);
    expect(table[1]?.cells.map((cell) => cell?.cases)).toEqual([undefined, 3, undefined, 4]);
  });

  it("asks for the list that was counted, no wider and no narrower", () => {
    expect(questionOf(cells[1] as (typeof cells)[0])).toEqual({ status: "received", received_from: seven, received_before: three });
    expect(questionOf(cells[2] as (typeof cells)[0])).toEqual({ status: "visiting", received_before: seven });
  });
});
