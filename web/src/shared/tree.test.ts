import { describe, expect, it } from "vitest";
import { laidOut, type Unit } from "./tree";

const unit = (id: string, parent: string | null, to: string | null = null): Unit => ({
  id, code: id, name: id, level: "estate", posts: [], placements: [{ parent, valid_from: "2020-01-01T00:00:00Z", valid_to: to }],
});

describe("organisation tree", () => {
  it("lays units out below each other and leaves out what ended", () => {
    const units = [unit("b", "a"), unit("a", null), unit("c", "b"), unit("gone", "a", "2021-01-01T00:00:00Z")];
    const laid = laidOut(units, Date.parse("2026-01-01T00:00:00Z"));
    expect(laid.map((one) => [one.unit.id, one.depth])).toEqual([["a", 0], ["b", 1], ["c", 2]]);
  });

  it("shows what hangs below something unseen as a root", () => {
    expect(laidOut([unit("b", "hidden")], Date.parse("2026-01-01T00:00:00Z")).map((one) => one.depth)).toEqual([0]);
  });
});
