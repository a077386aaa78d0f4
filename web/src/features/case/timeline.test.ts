import { expect, it } from "vitest";
import type { Entry } from "./api";
import { merged } from "./timeline";

it("CALL-7: calls stand in the history by their time", () => {
  const entry = (seq: number, occurred_at: string): Entry => ({ seq, occurred_at, event: "note_added", data: {} }) as unknown as Entry;
  const call = (id: string, arrived_at: string): { id: string; arrived_at: string } => ({ id, arrived_at });
  const found = merged([entry(1, "2026-11-27T09:00:00Z"), entry(2, "2026-11-27T09:10:00Z")], [call("late", "2026-11-27T10:00:00Z"), call("between", "2026-11-27T09:05:00Z")]);
  expect(found.map((row) => row.call?.id ?? row.entry?.seq)).toEqual([1, "between", 2, "late"]);
  expect(merged([], [])).toEqual([]);
});
