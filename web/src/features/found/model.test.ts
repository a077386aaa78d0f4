import { describe, expect, it } from "vitest";
import { questionOf } from "./model";

describe("cases behind a number", () => {
  it("asks for what the address names and nothing else", () => {
    expect(questionOf({ owner: "a", status: "open", view: "mine", q: "" })).toEqual([["status", "open"], ["owner", "a"]]);
  });
});
