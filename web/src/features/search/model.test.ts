import { describe, expect, it } from "vitest";
import { isPhone, placeOf, questionOf } from "./model";

describe("what was found (issue 6)", () => {
  it("knows where a thing is looked at", () => {
    expect(placeOf("case", { id: "1" })).toBe("/cases/1");
    expect(placeOf("customer", { id: "2" })).toBe("/queue?view=all&party=2");
    expect(placeOf("article", { id: "3" })).toBe("/knowledge/3");
    expect(placeOf("fact", { id: "4" })).toBe("/knowledge/facts/4");
  });

  it("asks by number only when that is asked for", () => {
    expect(isPhone("138 0000-0001")).toBe(true);
    expect(isPhone("3号楼")).toBe(false);
  });

  it("takes filters out of the address bar and nothing else", () => {
    expect(questionOf({ q: "电梯", kind: "repair", owner: "", other: "x" })).toEqual({ q: "电梯", kind: "repair" });
  });
});
