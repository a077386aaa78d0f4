import { describe, expect, it } from "vitest";
import { choicesOf } from "./choices";

const category = (code: string, parent?: string) => ({ code, parent, title: code, definition: "d", includes: "in", excludes: "" });
const about = {
  parties: [], promises: [{ id: 1, kind: "feedback", text: null }, { id: 2, kept_at: "x" }], tasks: [], clocks: [], slots: [],
  round: { options: [], approvals: [{ id: 3, of: "option" }, { id: 4, of: "option", decision: ["granted"] }], agreements: [] },
};
const from = {
  about, shape: { enum: ["a", "b"] }, guide: { categories: [category("x1", "x"), category("x"), category("y")], causes: [] }, forms: [],
  files: [{ id: "f", name: "f.png" }, { id: "g", name: "g", erased_at: "x" }], people: [], units: [], word: (name: string) => `<${name}>`,
} as never;

describe("choices", () => {
  it("shows each category below its own with definition and boundaries (PROP-34)", () => {
    const found = choicesOf("category", from);
    expect(found.map((one) => one.value)).toEqual(["x", "x1", "y"]);
    expect(found[1]).toMatchObject({ depth: true, hint: "d\nin" });
  });

  it("offers what is still open, and never what was erased", () => {
    expect(choicesOf("promise", from)).toEqual([{ value: 1, text: "1 <feedback>" }]);
    expect(choicesOf("approval", from).map((one) => one.value)).toEqual([3]);
    expect(choicesOf("attachment", from).map((one) => one.value)).toEqual(["f"]);
    expect(choicesOf("choice", from).map((one) => one.text)).toEqual(["<a>", "<b>"]);
  });
});
