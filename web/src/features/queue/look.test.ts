import { describe, expect, it } from "vitest";
import { lookOf, moved, usualLook } from "./look";

describe("look of the queue", () => {
  it("is the usual one where nothing fit was kept, and always shows the matter", () => {
    expect(lookOf(undefined)).toEqual(usualLook());
    expect(lookOf({ columns: "x", density: 7 })).toEqual(usualLook());
    expect(lookOf({ columns: ["due", "due", "nonsense"], density: "compact" })).toEqual({ columns: ["matter", "due"], density: "compact" });
  });

  it("moves a column by one place and not out of the row", () => {
    expect(moved(["number", "matter", "due"], "due", -1)).toEqual(["number", "due", "matter"]);
    expect(moved(["number", "matter"], "number", -1)).toEqual(["number", "matter"]);
  });
});
