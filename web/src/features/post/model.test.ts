import { describe, expect, it } from "vitest";
import { standing } from "@/shared/paper";
import type { Post } from "./api";
import { answered, pointsOf, presetOf, STEPS } from "./model";

const about = { actions: [
  { action: "close", open: false, reasons: [{ code: "points_unanswered", detail: "1 open" }] },
  { action: "pass_on", open: true, reasons: [] },
  { action: "decide", open: false, reasons: [{ code: "not_permitted", detail: "no" }] },
] } as unknown as Pick<Post, "actions">;

describe("online posts", () => {
  it("shows what can be done and what closes the rest, nothing of others (PROP-71…76)", () => {
    expect(standing(about, STEPS)).toEqual([
      { step: "pass_on", open: true, why: [] },
      { step: "close", open: false, why: ["1 open"] },
    ]);
  });

  it("counts answered points", () => {
    expect(answered([{ ticked: { at: "x" } }, {}])).toEqual({ done: 1, all: 2 });
    expect(pointsOf(" a \n\n b")).toEqual(["a", "b"]);
  });

  it("decides on exactly the content that was read (X-14)", () => {
    const paper = { draft: { digest: "d1", text: "t", attachments: [] }, wide: false } as unknown as Post["paper"];
    expect(presetOf("decide", paper)).toEqual({ digest: "d1" });
    expect(presetOf("draft", paper)).toEqual({ text: "t", attachments: [] });
    expect(presetOf("mark_wide", paper)).toEqual({ wide: true });
    expect(presetOf("publish", paper, new Date("2026-03-02T02:00:07.5Z"))).toEqual({ at: "2026-03-02T02:00:07+00:00" });
  });
});
