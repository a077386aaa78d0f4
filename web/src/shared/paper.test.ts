import { describe, expect, it } from "vitest";
import { isOpen, whyClosed } from "./paper";

const about = {
  actions: [
    { action: "word", open: true, reasons: [] },
    { action: "sign", open: false, reasons: [{ detail: "3 missing" }] },
  ],
};

describe("steps of a paper", () => {
  it("opens what the server opens, and says why the rest is closed (PROP-16)", () => {
    expect(isOpen(about, "word")).toBe(true);
    expect(isOpen(about, "sign")).toBe(false);
    expect(whyClosed(about, "sign")).toEqual(["3 missing"]);
    expect(whyClosed(about, "word")).toEqual([]);
  });

  it("says nothing of a step that is not the reader's at all", () => {
    const others = { actions: [{ action: "sign", open: false, reasons: [{ code: "not_permitted", detail: "no" }] }] };
    expect(whyClosed(others, "sign")).toEqual([]);
  });
});
