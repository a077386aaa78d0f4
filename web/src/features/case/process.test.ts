import { describe, expect, it } from "vitest";
import type { ActionState, Entry } from "./api";
import { arcOf, stepsOf, waysFrom } from "./process";

const entry = (to: string): Entry => ({ event: "stage_changed", data: { to } }) as unknown as Entry;
const action = (name: string, open: boolean, reasons: number): ActionState =>
  ({ action: name, open, reasons: Array.from({ length: reasons }, () => ({ code: "x" })) }) as unknown as ActionState;

describe("process", () => {
  it("tells where a case has been, is and may still come (issue 5)", () => {
    const stages = ["received", "accepted", "investigating", "closed"] as never;
    const steps = stepsOf({ stages }, { stage: "accepted" }, [entry("accepted"), entry("investigating"), entry("accepted")]);
    expect(steps.map((step) => step.state)).toEqual(["passed", "here", "passed", "ahead"]);
  });

  it("joins the rules of one move and puts open ways first (D2)", () => {
    const moves = [
      { from: "received", to: "closed", action: "void", by: ["lead"] },
      { from: "received", to: "accepted", action: "accept", by: ["agent"] },
      { from: "received", to: "accepted", action: "accept", by: ["lead", "agent"] },
      { from: "accepted", to: "closed", action: "close_done", by: ["owner"] },
    ] as never;
    const ways = waysFrom({ moves }, "received", [action("accept", true, 0), action("void", false, 2)]);
    expect(ways.map((way) => [way.action, way.open, way.by])).toEqual([
      ["accept", true, ["agent", "lead"]],
      ["void", false, ["lead"]],
    ]);
    expect(ways[1]?.reasons).toHaveLength(2);
  });

  it("draws forward over the line and back under it", () => {
    expect(arcOf(0, 2, 80, 40)).toMatch(/^M 40 28 Q 120 10 200 28$/);
    expect(arcOf(2, 0, 80, 40)).toMatch(/^M 200 52 Q 120 70 40 52$/);
  });
});
