import { describe, expect, it } from "vitest";
import { fateOf, ladderOf, type Waiting } from "./model";

const one = {
  case: "c", approval: 1, digest: "a", text: "600", step: 1,
  steps: [{ posts: ["lead"], joint: false }, { posts: ["head", "manager"], joint: true }, { posts: ["gm"] }],
  signed: [{ step: 0, post: "lead", person: "p", at: "2026-10-01T09:00:00+08:00" }],
} as unknown as Waiting;

describe("approvals", () => {
  it("tells an unchanged approval from a changed and a gone one (X-14)", () => {
    expect(fateOf(one, [{ ...one, version: 9 }]).kind).toBe("same");
    expect(fateOf(one, [{ ...one, digest: "b", text: "900" }])).toMatchObject({ kind: "changed", before: "600" });
    expect(fateOf(one, [{ ...one, approval: 2 }]).kind).toBe("gone");
  });

  it("draws the ladder with what is signed, what waits and what comes later", () => {
    expect(ladderOf(one).map((rung) => [rung.state, rung.joint, rung.signed.length])).toEqual([
      ["signed", false, 1],
      ["waits", true, 0],
      ["later", false, 0],
    ]);
  });
});
