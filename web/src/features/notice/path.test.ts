import { expect, it } from "vitest";
import { KINDS, LISTS } from "@/features/paper/kinds";
import { pathOf } from "./path";

it("leads to the paper that a notice is about, whatever its kind (PROP-15, SUP-12)", () => {
  for (const list of LISTS) {
    expect(pathOf({ case: null, params: { paper: KINDS[list].kind, paper_id: "7" } })).toBe(`/papers/${list}/7`);
  }
  expect(pathOf({ case: "c", params: { paper: "stocktake", paper_id: "7" } })).toBe("/stocktakes/7");
});

it("leads to an article, and to the sheet of an estate whose facts changed (PROP-8)", () => {
  expect(pathOf({ case: null, params: { paper: "article", paper_id: "7" } })).toBe("/knowledge/7");
  expect(pathOf({ case: null, params: { facts_of: "u", unit: "Riverside" } })).toBe("/knowledge/facts/u");
});

it("leads to the case else, and nowhere where there is none", () => {
  expect(pathOf({ case: "c", params: { number: "TS-1" } })).toBe("/cases/c");
  expect(pathOf({ case: "c", params: { paper: "unheard_of", paper_id: "7" } })).toBe("/cases/c");
  expect(pathOf({ params: {} })).toBeUndefined();
});

it("leads to promised calls and messages, which wait in lists (TEL-18, TEL-22)", () => {
  expect(pathOf({ case: "c", params: {}, why: "call_back_due" })).toBe("/call-backs");
  expect(pathOf({ params: {}, why: "call_message_late" })).toBe("/call-messages");
});
