import { describe, expect, it } from "vitest";
import { hourIn, onDaysOff } from "./api";

const consent = { id: "1", purpose: "calls_on_days_off", given_at: "2026-01-01T00:00:00Z", given_how: "phone" };
const party = (consents: object[]): Parameters<typeof onDaysOff>[0] => ({ consents }) as unknown as Parameters<typeof onDaysOff>[0];

describe("the hour where a customer lives (TEL-6)", () => {
  it("is that of their zone", () => {
    expect(hourIn("Europe/London", new Date("2026-11-24T06:30:00Z"), "zh-CN")).toBe("06:30");
    expect(hourIn("Europe/Atlantis", new Date("2026-11-24T06:30:00Z"), "zh-CN")).toBeUndefined();
  });
});

describe("calls on days off (X-23)", () => {
  it("need a consent that stands", () => {
    expect(onDaysOff(party([consent]))).toBe(true);
    expect(onDaysOff(party([{ ...consent, withdrawn_at: "2026-02-01T00:00:00Z" }]))).toBe(false);
    expect(onDaysOff(party([{ ...consent, purpose: "survey" }]))).toBe(false);
  });
});
