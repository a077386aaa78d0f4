import { computed, ref, shallowRef, triggerRef } from "vue";

/** Something that stands in a list. */
export interface Row {
  id: string;
}

/** A page of a list as the server gives it. */
export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** Reads a page of what was asked, after a cursor. */
export type Reader<T> = (cursor?: string) => Promise<Page<T>>;

export const PAGE = 50;
/** Pages held in memory; others are read again when somebody scrolls back. */
const MOST = 12;

/**
 * A list without end by cursor, that holds a bounded part of what it showed and
 * keeps the place of everything: a page that was dropped leaves its room.
 */
export function useList<T extends Row>() {
  const pages = shallowRef(new Map<number, T[]>());
  const sizes = ref<number[]>([]);
  const loading = ref(false);
  const error = ref<unknown>();
  const fresh = ref(0);
  const ended = ref(false);
  /** Where each page begins; the first one begins at the beginning. */
  let starts: (string | undefined)[] = [undefined];
  let reader: Reader<T> | undefined;
  let turn = 0;
  const asked = new Set<number>();

  const total = computed(() => sizes.value.reduce((sum, size) => sum + size, 0));

  /** The row at a place, unless it is not in memory at the moment. */
  function rowAt(index: number): T | undefined {
    const page = Math.floor(index / PAGE);
    return pages.value.get(page)?.[index - page * PAGE];
  }

  function put(page: number, found: Page<T>): void {
    pages.value.set(page, found.items);
    sizes.value[page] = found.items.length;
    if (found.next_cursor) starts[page + 1] = found.next_cursor;
    else ended.value = true;
    triggerRef(pages);
  }

  async function load(page: number): Promise<void> {
    if (!reader || asked.has(page) || page >= starts.length) return;
    const own = turn;
    asked.add(page);
    loading.value = true;
    try {
      const found = await reader(starts[page]);
      if (own !== turn) return;
      put(page, found);
      error.value = undefined;
    } catch (caught) {
      if (own === turn) error.value = caught;
    } finally {
      asked.delete(page);
      if (own === turn) loading.value = false;
    }
  }

  /** Drops what lies farthest from what is looked at. */
  function bound(near: number): void {
    if (pages.value.size <= MOST) return;
    const far = [...pages.value.keys()].sort((a, b) => Math.abs(b - near) - Math.abs(a - near));
    for (const page of far.slice(0, pages.value.size - MOST)) pages.value.delete(page);
    triggerRef(pages);
  }

  /** Asks something new, from the beginning. */
  async function ask(read: Reader<T>): Promise<void> {
    turn += 1;
    reader = read;
    starts = [undefined];
    asked.clear();
    pages.value = new Map();
    sizes.value = [];
    ended.value = false;
    fresh.value = 0;
    error.value = undefined;
    await load(0);
  }

  /** Makes sure that these rows are there, and reads on where they touch the end. */
  async function need(first: number, last: number): Promise<void> {
    const from = Math.max(Math.floor(first / PAGE), 0);
    const to = Math.floor(last / PAGE);
    const wanted: number[] = [];
    for (let page = from; page <= to; page += 1) {
      if (page < starts.length && !pages.value.has(page)) wanted.push(page);
    }
    const next = sizes.value.length;
    if (!ended.value && last >= total.value - 10 && next < starts.length && !wanted.includes(next)) wanted.push(next);
    await Promise.all(wanted.map(load));
    bound(from);
  }

  /** Looks for news: rows in sight are renewed in place, new ones are only counted. */
  async function look(first: number, last: number): Promise<void> {
    if (!reader || loading.value) return;
    const own = turn;
    const known = new Set((pages.value.get(0) ?? []).map((row) => row.id));
    const newest = await reader().catch(() => undefined);
    if (!newest || own !== turn) return;
    if (pages.value.has(0)) {
      // what stands behind the last row that was there has only moved up
      const edge = newest.items.findLastIndex((row) => known.has(row.id));
      const before = edge < 0 ? newest.items : newest.items.slice(0, edge);
      fresh.value = before.filter((row) => !known.has(row.id)).length;
    }
    const renewed = new Map(newest.items.map((row) => [row.id, row]));
    for (let page = Math.max(Math.floor(first / PAGE), 1); page <= Math.floor(last / PAGE); page += 1) {
      if (!pages.value.has(page)) continue;
      const again = await reader(starts[page]).catch(() => undefined);
      if (own !== turn) return;
      for (const row of again?.items ?? []) renewed.set(row.id, row);
    }
    for (const [page, rows] of pages.value) pages.value.set(page, rows.map((row) => renewed.get(row.id) ?? row));
    triggerRef(pages);
  }

  /** Every row that is in memory. */
  function held(): T[] {
    return [...pages.value.values()].flat();
  }

  return { pages, total, loading, error, ended, fresh, rowAt, ask, need, look, held };
}
