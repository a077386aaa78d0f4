import { describe, expect, it } from "vitest";
import { fill, offered } from "./macros";

describe("macros", () => {
  it("puts in what is known and leaves the rest to be seen", () => {
    expect(fill("{customer}, {number} {nobody}", { customer: "Li", number: "TS-1" })).toBe("Li, TS-1 {nobody}");
  });

  it("offers one's own texts, then each sentence of the house (PHRASE-10…12)", () => {
    const classes = [
      { article: null, title: "致歉语", sentences: ["对不起！", "请原谅！"], fits: true, sources: ["PHRASE-11"] },
      { article: null, title: "挽留用语", sentences: ["我叫{me}"], fits: false, sources: ["PHRASE-12"] },
    ];
    const mine = { title: "结尾", text: "再联系" };
    const told = (words: string): string[] => offered([mine], classes, words).map((one) => one.text);
    expect(told("")).toEqual(["再联系", "对不起！", "请原谅！", "我叫{me}"]);
    expect(told("致歉")).toEqual(["对不起！", "请原谅！"]);
    expect(offered([mine], classes, "")[1]).toMatchObject({ fits: true, source: "PHRASE-11" });
  });
});
