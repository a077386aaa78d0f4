import { describe, expect, it } from "vitest";
import { usePages, type Page } from "./pages";

const pages: Record<string, Page<number>> = {
  first: { items: [1, 2], next_cursor: "b" },
  b: { items: [3], next_cursor: null },
};

describe("pages", () => {
  it("reads on until the end and no further", async () => {
    const asked: (string | undefined)[] = [];
    const list = usePages<number>(async (cursor) => {
      asked.push(cursor);
      return pages[cursor ?? "first"] as Page<number>;
    });
    await list.ask();
    expect(list.ended.value).toBe(false);
    await list.more();
    await list.more();
    expect(list.items.value).toEqual([1, 2, 3]);
    expect(list.ended.value).toBe(true);
    expect(asked).toEqual([undefined, "b"]);
  });

  it("drops an answer that was overtaken and keeps what went wrong", async () => {
    const waits: ((page: Page<number>) => void)[] = [];
    const list = usePages<number>(() => new Promise((resolve) => waits.push(resolve)));
    const slow = list.ask();
    const quick = list.ask();
    waits[1]?.({ items: [2], next_cursor: null });
    await quick;
    waits[0]?.({ items: [1], next_cursor: null });
    await slow;
    expect(list.items.value).toEqual([2]);
    const broken = usePages<number>(() => Promise.reject(new Error("no")));
    await broken.ask();
    expect(broken.error.value).toBeInstanceOf(Error);
    expect(broken.loading.value).toBe(false);
  });
});
