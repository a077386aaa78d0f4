import { computed, ref, shallowRef } from "vue";
import { api, got, type Schemas } from "@/api/client";
import type { Filter } from "./views";

export type Line = Schemas["CaseLine"];

const PAGE = 50;
/** Rows kept at most; older pages are dropped from the top of the memory. */
const MOST = 1000;

/** A list that reads on by cursor and never moves what is shown. */
export function useList() {
  const lines = shallowRef<Line[]>([]);
  const loading = ref(false);
  const error = ref<unknown>();
  const cursor = ref<string | null>();
  const waiting = shallowRef<Line[]>([]);
  let question: Filter = {};
  let turn = 0;

  const ended = computed(() => cursor.value === null);
  /** How many rows are new since the list was read. */
  const fresh = computed(() => waiting.value.length);

  async function read(after?: string): Promise<Schemas["CasePage"]> {
    const query = { ...question, limit: PAGE, ...(after ? { cursor: after } : {}) };
    return got(api.GET("/api/v1/cases", { params: { query } }));
  }

  async function run(work: (mine: () => boolean) => Promise<void>): Promise<void> {
    const own = ++turn;
    loading.value = true;
    error.value = undefined;
    try {
      await work(() => own === turn);
    } catch (caught) {
      if (own === turn) error.value = caught;
    } finally {
      if (own === turn) loading.value = false;
    }
  }

  /** Asks anew. */
  function ask(next: Filter): Promise<void> {
    question = next;
    return run(async (mine) => {
      const page = await read();
      if (!mine()) return;
      lines.value = page.items;
      waiting.value = [];
      cursor.value = page.next_cursor ?? null;
    });
  }

  /** Reads on where the list ends. */
  async function more(): Promise<void> {
    const after = cursor.value;
    if (loading.value || !after) return;
    await run(async (mine) => {
      const page = await read(after);
      if (!mine()) return;
      lines.value = [...lines.value, ...page.items].slice(-MOST);
      cursor.value = page.next_cursor ?? null;
    });
  }

  /** Looks for news without moving anything: rows shown are renewed in place. */
  async function look(): Promise<void> {
    if (loading.value) return;
    const own = turn;
    const page = await read().catch(() => undefined);
    if (!page || own !== turn) return;
    const known = new Map(lines.value.map((line) => [line.id, line]));
    const newer = new Map(page.items.map((line) => [line.id, line]));
    lines.value = lines.value.map((line) => newer.get(line.id) ?? line);
    waiting.value = page.items.filter((line) => !known.has(line.id));
  }

  /** Puts what is new on top, when the reader asks for it. */
  function renew(): void {
    lines.value = [...waiting.value, ...lines.value];
    waiting.value = [];
  }

  return { lines, loading, error, ended, fresh, ask, more, look, renew };
}
