import { describe, expect, it } from "vitest";
import { canCome, placed, type BoardPerson } from "./model";

const begin = new Date("2026-03-02T00:00:00+08:00");
const at = (hour: number): string => new Date(begin.getTime() + hour * 3_600_000).toISOString();

describe("dispatch board", () => {
  it("places a stretch on the bar of the day and cuts what is outside", () => {
    expect(placed(at(8), at(14), begin)).toEqual({ left: 0, width: 50 });
    expect(placed(at(2), at(11), begin)).toEqual({ left: 0, width: 25 });
    expect(placed(at(21), at(23), begin)).toBeUndefined();
  });

  it("lets somebody come who is available, not away and not elsewhere (PROP-21)", () => {
    const person = {
      person: "p", skills: [],
      stretches: [{ kind: "available", from: at(9), to: at(18) }, { kind: "absent", from: at(16), to: at(18) }],
      slots: [{ from: at(10), to: at(11) }],
    } as unknown as BoardPerson;
    expect(canCome(person, at(13), at(14))).toBe(true);
    expect(canCome(person, at(8), at(10))).toBe(false);
    expect(canCome(person, at(15), at(17))).toBe(false);
    expect(canCome(person, at(10.5), at(12))).toBe(false);
    expect(canCome(person, at(14), at(13))).toBe(false);
  });
});
