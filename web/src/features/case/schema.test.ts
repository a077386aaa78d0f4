import { describe, expect, it } from "vitest";
import actions from "@/api/actions.json";
import { askingOf, fieldsOf, said, type Shape } from "./schema";

describe("forms of actions", () => {
  it("asks for people, times and money as such", () => {
    expect(askingOf("to", { name: "PersonId", type: "string" })).toBe("person");
    expect(askingOf("to", { name: "Timestamp", type: "string" })).toBe("time");
    expect(askingOf("amount", { name: "Money", type: "object" })).toBe("money");
    expect(askingOf("option", { type: "integer" })).toBe("option");
    expect(askingOf("rank", { type: "integer" })).toBe("number");
    expect(askingOf("text", { name: "Text", type: "string" })).toBe("text");
  });

  it("puts what must be said first", () => {
    const shape: Shape = { properties: { note: {}, to: {} }, required: ["to"] };
    expect(fieldsOf(shape).map(([name]) => name)).toEqual(["to", "note"]);
  });

  it("asks for a heading before all, even where it may be left out", () => {
    const shape: Shape = { properties: { items: {}, remark: {}, title: {} }, required: ["items"] };
    expect(fieldsOf(shape).map(([name]) => name)).toEqual(["title", "items", "remark"]);
  });

  it("leaves out what was not said, but keeps a no", () => {
    expect(said({ a: "", b: undefined, c: false, d: [], e: {}, f: 0 })).toEqual({ c: false, f: 0 });
  });

  it("knows every action of the document", () => {
    const names = Object.keys(actions);
    expect(names).toContain("transfer");
    for (const shape of Object.values(actions) as Shape[]) {
      for (const [name, field] of fieldsOf(shape)) expect(askingOf(name, field)).toBeTruthy();
    }
  });
});
