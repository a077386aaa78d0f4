import { describe, expect, it } from "vitest";
import { caseOf, emptyDraft, isWholePhone } from "./model";

describe("intake", () => {
  it("sends text and channel alone when nothing else was said (X-38)", () => {
    expect(caseOf({ ...emptyDraft(), text: " leak " })).toEqual({ kind: "complaint", channel: "phone", text: "leak" });
  });

  it("sends no name of somebody who wants to stay unnamed (PROP-60)", () => {
    const draft = { ...emptyDraft(), text: "x", anonymous: true, name: "Li", phone: "13800000000" };
    expect(caseOf(draft)).toEqual({ kind: "complaint", channel: "phone", text: "x", anonymous: true });
  });

  it("sends feeling and wish of a complaint, and a whole room only (PROP-46)", () => {
    const draft = { ...emptyDraft(), text: "x", feeling: "angry", wish: "repair", building: "5", room: "", name: "Li" };
    expect(caseOf(draft)).toMatchObject({ fields: { feeling: "angry", wish: "repair" }, reporter: { name: "Li" } });
    expect(caseOf({ ...draft, room: "1102" }).reporter).toEqual({ name: "Li", household: { building: "5", room: "1102" } });
    expect(caseOf({ ...draft, kind: "enquiry" }).fields).toBeUndefined();
  });

  it("looks up whole numbers only", () => {
    expect(isWholePhone("138 0000")).toBe(true);
    expect(isWholePhone("138")).toBe(false);
  });
});
