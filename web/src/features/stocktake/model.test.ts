import { describe, expect, it } from "vitest";
import { isOpen, maySpeak, progressOf, whyClosed } from "./model";

const about = {
  actions: [
    { action: "word", open: true, reasons: [] },
    { action: "sign", open: false, reasons: [{ detail: "3 missing" }] },
  ],
} as unknown as Parameters<typeof isOpen>[0];

describe("stock-take", () => {
  it("opens what the server opens, and says why the rest is closed (PROP-16)", () => {
    expect(isOpen(about, "word")).toBe(true);
    expect(isOpen(about, "sign")).toBe(false);
    expect(whyClosed(about, "sign")).toEqual(["3 missing"]);
    expect(whyClosed(about, "word")).toEqual([]);
  });

  it("lets owners speak for their own and the desk for all", () => {
    expect(maySpeak({ owner: "a" }, "a", false)).toBe(true);
    expect(maySpeak({ owner: "a" }, "b", false)).toBe(false);
    expect(maySpeak({ owner: "a" }, "b", true)).toBe(true);
  });

  it("counts what was said", () => {
    expect(progressOf([{ text: "x" }, { text: null }])).toEqual({ said: 1, all: 2 });
  });
});
