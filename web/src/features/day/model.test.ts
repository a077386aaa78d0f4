import { describe, expect, it } from "vitest";
import { parted, partOf, settling, type ToDo } from "./model";

const now = new Date("2026-03-02T10:00:00+08:00");

describe("my day", () => {
  it("parts by due time; midnight still belongs to the day (D5)", () => {
    expect(partOf("2026-03-02T10:00:00+08:00", now)).toBe("late");
    expect(partOf("2026-03-02T23:00:00+08:00", now)).toBe("today");
    expect(partOf("2026-03-03T00:00:00+08:00", now)).toBe("today");
    expect(partOf("2026-03-03T00:00:01+08:00", now)).toBe("later");
    expect(partOf(null, now)).toBe("undated");
  });

  it("leaves out parts without anything and keeps the order", () => {
    const items = [{ id: 1, due_at: "2026-03-01T00:00:00Z" }, { id: 2, due_at: null }] as unknown as ToDo[];
    expect(parted(items, now).map((one) => [one.part, one.items.length])).toEqual([["late", 1], ["undated", 1]]);
  });

  it("settles a promise by keeping it and a task by its result", () => {
    expect(settling({ what: "promise", id: 3 }, "x")).toEqual(["keep_promise", { promise: 3, note: "x" }]);
    expect(settling({ what: "task", id: 4 }, "x")).toEqual(["complete_task", { task: 4, result: "x" }]);
  });
});
