import { describe, expect, it } from "vitest";
import { fit, fitting, type Command } from "./commands";

const command = (text: string): Command => ({ id: text, text, run: () => undefined });

describe("palette", () => {
  it("finds by whole words first, then by letters in order", () => {
    const all = [command("Record a message"), command("Cases"), command("Change person")];
    expect(fitting(all, "cha").map((one) => one.text)).toEqual(["Change person"]);
    expect(fitting(all, "rm").map((one) => one.text)).toEqual(["Record a message"]);
    expect(fitting(all, "")).toHaveLength(3);
    expect(fit("案件列表", "列表")).toBe(2);
    expect(fit("案件", "回访")).toBeUndefined();
  });
});
