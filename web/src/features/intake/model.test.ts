import { describe, expect, it } from "vitest";
import { caseOf, emptyDraft, isWorthKeeping, nameOf, promisable, wantedOf, type Party } from "./model";

describe("intake", () => {
  it("sends text and channel alone when nothing else was said (X-38)", () => {
    expect(caseOf({ ...emptyDraft(), text: " leak " })).toEqual({ kind: "complaint", channel: "phone", text: "leak" });
  });

  it("sends no name of somebody who wants to stay unnamed (PROP-60)", () => {
    const draft = { ...emptyDraft(), text: "x", anonymous: true, name: "Li", phone: "13800000000", party: "p" };
    expect(caseOf(draft)).toEqual({ kind: "complaint", channel: "phone", text: "x", anonymous: true });
  });

  it("sends a known customer by id, else what was said of them, and a whole room only (PROP-46)", () => {
    const draft = { ...emptyDraft(), text: "x", building: "5", name: "Li" };
    expect(caseOf(draft).reporter).toEqual({ name: "Li" });
    expect(caseOf({ ...draft, room: "1102" }).reporter).toEqual({ name: "Li", household: { building: "5", room: "1102" } });
    expect(caseOf({ ...draft, party: "p" })).toMatchObject({ party: "p" });
    expect(caseOf({ ...draft, party: "p" }).reporter).toBeUndefined();
  });

  it("sends the fields that the pack of the kind knows (MOB-1, CP8-8)", () => {
    const draft = { ...emptyDraft(), text: "x", fields: { wish: " repair ", feeling: "", where: "lift" } };
    expect(caseOf(draft, new Set(["wish", "feeling"])).fields).toEqual({ wish: "repair" });
  });

  it("finds by whole numbers, last four digits, or building and room", () => {
    expect(wantedOf("138 0013 8000")).toEqual({ phone: "13800138000" });
    expect(wantedOf("1234")).toEqual({ phone: "1234" });
    expect(wantedOf("5-1102")).toEqual({ building: "5", room: "1102" });
    expect(wantedOf("A栋301室")).toEqual({ building: "A", room: "301" });
    expect(wantedOf("138")).toBeUndefined();
  });

  it("keeps what somebody wrote, not the empty form", () => {
    expect(isWorthKeeping({ ...emptyDraft(), unit: "u" })).toBe(false);
    expect(isWorthKeeping({ ...emptyDraft(), fields: { wish: "x" } })).toBe(true);
  });

  it("offers feedback times that lie ahead only (PROP-50)", () => {
    const morning = promisable(new Date("2026-03-02T09:01:00+08:00"));
    expect(morning.map((one) => one.at)).toEqual([
      "2026-03-02T11:05:00+08:00", "2026-03-02T17:30:00+08:00", "2026-03-03T10:00:00+08:00",
    ]);
    expect(promisable(new Date("2026-03-02T18:00:00+08:00")).map((one) => one.key)).toEqual(["hours", "tomorrow"]);
  });

  it("names a customer by name, phone and home", () => {
    const party = { name: "Li", phones: ["138"], residences: [{ building: "5", room: "1102" }] } as unknown as Party;
    expect(nameOf(party)).toBe("Li 138 5-1102");
  });
});
