import { describe, expect, it } from "vitest";
import { PAGE, useList, type Page } from "./list";

/** A server with so many rows, newest first. */
function server(size: number) {
  const rows = Array.from({ length: size }, (_, index) => ({ id: `r${size - index}` }));
  const asked: (string | undefined)[] = [];
  const read = (cursor?: string): Promise<Page<{ id: string }>> => {
    asked.push(cursor);
    const from = cursor ? rows.findIndex((row) => row.id === cursor) + 1 : 0;
    const items = rows.slice(from, from + PAGE);
    const last = items.at(-1);
    return Promise.resolve({ items, next_cursor: from + PAGE < rows.length && last ? last.id : null });
  };
  return { rows, asked, read };
}

describe("list", () => {
  it("reads on by cursor to the end and no further (issue 5)", async () => {
    const { read } = server(PAGE * 2 + 7);
    const list = useList();
    await list.ask(read);
    expect(list.total.value).toBe(PAGE);
    await list.need(0, PAGE - 1);
    await list.need(PAGE, PAGE * 2 - 1);
    expect(list.ended.value).toBe(true);
    expect(list.total.value).toBe(PAGE * 2 + 7);
    expect(list.rowAt(PAGE * 2 + 6)?.id).toBe("r1");
  });

  it("holds a bounded part and gives a dropped row its place again", async () => {
    const { read, asked } = server(PAGE * 40);
    const list = useList();
    await list.ask(read);
    for (let at = 0; at < PAGE * 40; at += PAGE) await list.need(at, at + PAGE - 1);
    expect(list.total.value).toBe(PAGE * 40);
    expect(list.held().length).toBeLessThanOrEqual(PAGE * 13);
    expect(list.rowAt(3)).toBeUndefined();
    const before = asked.length;
    await list.need(0, 9);
    expect(list.rowAt(3)?.id).toBe(`r${PAGE * 40 - 3}`);
    expect(asked.length).toBe(before + 1);
    expect(list.total.value).toBe(PAGE * 40);
  });

  it("counts what is new and moves nothing", async () => {
    const desk = server(10);
    const list = useList();
    await list.ask(desk.read);
    desk.rows.unshift({ id: "new2" }, { id: "new1" });
    await list.look(0, 9);
    expect(list.fresh.value).toBe(2);
    expect(list.rowAt(0)?.id).toBe("r10");
  });

  it("finds what is new in between where another order than receipt was chosen", async () => {
    const desk = server(10);
    const list = useList();
    await list.ask(desk.read);
    desk.rows.splice(4, 0, { id: "between" });
    // a row that left makes room at the end for one that only moved up
    desk.rows.splice(0, 1);
    desk.rows.push({ id: "moved-up" });
    await list.look(0, 9);
    expect(list.fresh.value).toBe(1);
    expect(list.rowAt(0)?.id).toBe("r10");
  });

  it("forgets an answer to an older question", async () => {
    const list = useList();
    let late: (page: Page<{ id: string }>) => void = () => undefined;
    const first = list.ask(() => new Promise((resolve) => (late = resolve)));
    await list.ask(() => Promise.resolve({ items: [{ id: "b" }] }));
    late({ items: [{ id: "a" }] });
    await first;
    expect(list.rowAt(0)?.id).toBe("b");
  });
});
