import { describe, expect, it } from "vitest";
import { asks, bodyOf } from "./model";

describe("what is done for all members of an incident (PROP-90)", () => {
  it("asks for a reply to all what a reply to one asks for, without what belongs to one case", () => {
    const names = asks("reply_members").map(([name]) => name);
    expect(names).toEqual(expect.arrayContaining(["text", "kind", "carrier"]));
    expect(names).not.toContain("addressee");
    expect(names).not.toContain("reply");
  });

  it("goes to the chosen members, to every open one when nobody is chosen", () => {
    const reply = { text: "今晚恢复", kind: "progress", carrier: "message", next: "" };
    expect(bodyOf("reply_members", reply, [])).toEqual({ reply: { text: "今晚恢复", kind: "progress", carrier: "message" } });
    expect(bodyOf("reply_members", reply, ["a"])).toMatchObject({ members: ["a"] });
    expect(bodyOf("close_members", { reason: "" }, ["a", "b"])).toEqual({ members: ["a", "b"] });
  });

  it("sends nothing about members where an action is about the incident", () => {
    expect(bodyOf("add_measure", { text: "换泵" }, ["a"])).toEqual({ text: "换泵" });
  });
});
