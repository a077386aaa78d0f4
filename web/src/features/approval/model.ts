import type { Schemas } from "@/api/client";

export type Waiting = Schemas["Waiting"];

/** What became of an approval while somebody was reading it. */
export type Fate =
  | { kind: "same"; now: Waiting }
  | { kind: "changed"; now: Waiting; before: string | null | undefined }
  | { kind: "gone" };

/** Names one approval among all. */
export function keyOf(one: Pick<Waiting, "case" | "approval">): string {
  return `${one.case}/${one.approval}`;
}

/** Compares what was read with what waits now: a signature counts for one content only. */
export function fateOf(read: Waiting, now: readonly Waiting[]): Fate {
  const found = now.find((one) => keyOf(one) === keyOf(read));
  if (!found) return { kind: "gone" };
  return found.digest === read.digest ? { kind: "same", now: found } : { kind: "changed", now: found, before: read.text };
}

/** How far a step of the ladder is. */
export interface Rung {
  posts: readonly string[];
  joint: boolean;
  state: "signed" | "waits" | "later";
  signed: Waiting["signed"];
}

/** Draws the ladder: what is signed, what waits, what comes later. */
export function ladderOf(one: Waiting): Rung[] {
  return one.steps.map((step, index) => ({
    posts: step.posts,
    joint: step.joint ?? false,
    state: index < one.step ? "signed" : index === one.step ? "waits" : "later",
    signed: one.signed.filter((signature) => signature.step === index),
  }));
}
