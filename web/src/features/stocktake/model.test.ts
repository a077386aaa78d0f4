import { describe, expect, it } from "vitest";
import { progressOf } from "./model";

describe("stock-take", () => {
  it("counts what was said", () => {
    expect(progressOf([{ text: "x" }, { text: null }])).toEqual({ said: 1, all: 2 });
  });
});
