import { describe, expect, it } from "vitest";
import { addressesOf, leadsOf, overflowOf, skillsOf, skillText, spansOf } from "./model";

describe("skills as people type them", () => {
  it("TEL-32: have a level from 1 to 9 each, a dialect is one", () => {
    expect(skillsOf("cantonese 7, complaints=5;  shanghai:1\nenglish 9")).toEqual({ cantonese: 7, complaints: 5, shanghai: 1, english: 9 });
    expect(skillsOf("")).toEqual({});
    for (const wrong of ["cantonese", "cantonese 0", "cantonese 10", "7", "a 5, b"]) expect(skillsOf(wrong)).toBeUndefined();
  });
  it("are written as they are read", () => {
    const skills = { cantonese: 7, english: 3 };
    expect(skillsOf(skillText(skills, ", "))).toEqual(skills);
  });
});

describe("where a queue leads its calls", () => {
  it("CALL-2: comes back as it was kept, and is nothing while it is not said whither", () => {
    for (const one of ["voicemail", "release", { queue: "q" }, { number: "02012345678" }] as const) expect(overflowOf(leadsOf(one))).toEqual(one);
    expect(overflowOf({ kind: "queue", queue: undefined, number: "1" })).toBeUndefined();
    expect(overflowOf({ kind: "number", queue: "q", number: " " })).toBeUndefined();
  });
});

it("addresses are read by line or comma", () => expect(addressesOf(" 10.0.0.1,10.0.0.2\n::1 ")).toEqual(["10.0.0.1", "10.0.0.2", "::1"]));

describe("spans of hours", () => {
  it("are read however people write them (TEL-3)", () => {
    expect(spansOf("12:00-14:00，18：00 – 19：00")).toEqual(["12:00-14:00", "18:00-19:00"]);
    expect(spansOf("  ")).toEqual([]);
  });
});

describe("levels of customers", () => {
  it("may be ahead of nobody", () => {
    expect(skillsOf("VIP 3，普通 0", 0)).toEqual({ VIP: 3, 普通: 0 });
    expect(skillsOf("普通 0")).toBeUndefined();
  });
});
