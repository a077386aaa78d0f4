import { describe, expect, it } from "vitest";
import { compare } from "./diff";

const said = (before: string, after: string): string[] =>
  compare(before, after).map((line) => `${{ same: " ", added: "+", removed: "-" }[line.kind]}${line.text}`);

describe("versions", () => {
  it("are compared line by line", () => {
    expect(said("a\nb\nc", "a\nx\nc\nd")).toEqual([" a", "-b", "+x", " c", "+d"]);
    expect(said("a", "a")).toEqual([" a"]);
    expect(said("", "a")).toEqual(["-", "+a"]);
  });

  it("that are endless are compared as a whole", () => {
    const long = "a\n".repeat(500);
    expect(compare(long, long).every((line) => line.kind === "same")).toBe(true);
    expect(compare(long, "b").filter((line) => line.kind === "added")).toHaveLength(1);
  });
});
