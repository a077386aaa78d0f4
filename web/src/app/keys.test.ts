import { describe, expect, it } from "vitest";
import { keyText, nameOf } from "./keys";

const press = (key: string, code: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey" | "shiftKey", boolean>> = {}): string =>
  nameOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

describe("names of keys", () => {
  it("are what is typed without Alt, and the shift counts with it", () => {
    expect(press("?", "Slash", { shiftKey: true })).toBe("?");
    expect(press("J", "KeyJ", { shiftKey: true })).toBe("j");
    expect(press("Enter", "Enter", { ctrlKey: true })).toBe("Ctrl+Enter");
    expect(press("c", "KeyC", { altKey: true })).toBe("Alt+c");
    expect(press("C", "KeyC", { altKey: true, shiftKey: true })).toBe("Alt+Shift+c");
  });
  it("are the same on keyboards that write another sign with Alt", () => {
    expect(press("Å", "KeyA", { altKey: true, shiftKey: true })).toBe("Alt+Shift+a");
    expect(press("Dead", "KeyE", { altKey: true, shiftKey: true })).toBe("Alt+Shift+e");
    expect(press("!", "Digit1", { altKey: true, shiftKey: true })).toBe("Alt+Shift+1");
    // where letters lie elsewhere it is the letter that counts
    expect(press("a", "KeyQ", { altKey: true, shiftKey: true })).toBe("Alt+Shift+a");
  });
  it("stand as on the keyboard", () => {
    expect(["Alt+Shift+a", "Ctrl+k", "Ctrl+Enter", "j", "Alt+1"].map(keyText)).toEqual(["Alt+Shift+A", "Ctrl+K", "Ctrl+Enter", "j", "Alt+1"]);
  });
});
