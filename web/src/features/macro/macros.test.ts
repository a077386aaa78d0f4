import { describe, expect, it } from "vitest";
import en from "@/locales/en/phrase.json";
import zh from "@/locales/zh-CN/phrase.json";
import { fill, PHRASES } from "./macros";

describe("macros", () => {
  it("puts in what is known and leaves the rest to be seen", () => {
    expect(fill("{customer}, {number} {nobody}", { customer: "Li", number: "TS-1" })).toBe("Li, TS-1 {nobody}");
  });

  it("begins with the eight classes of phrases in both languages (PHRASE-11)", () => {
    expect(Object.keys(PHRASES)).toHaveLength(8);
    for (const catalogue of [zh, en] as { text: Record<string, Record<string, string>> }[]) {
      for (const [name, count] of Object.entries(PHRASES)) {
        expect(Object.keys(catalogue.text[name] ?? {})).toHaveLength(count);
      }
    }
  });
});
