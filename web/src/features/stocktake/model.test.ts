import { describe, expect, it } from "vitest";
import { isOpen, progressOf, whyClosed } from "./model";

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

  it("says nothing of a step that is not the reader's at all", () => {
    const others = { actions: [{ action: "sign", open: false, reasons: [{ code: "not_permitted", detail: "no" }] }] };
    expect(whyClosed(others as unknown as Parameters<typeof isOpen>[0], "sign")).toEqual([]);
  });

  it("counts what was said", () => {
    expect(progressOf([{ text: "x" }, { text: null }])).toEqual({ said: 1, all: 2 });
  });
});
