import { computed, onMounted, ref, shallowRef, watch, type Ref } from "vue";

/** One page of a list as the server gives it. */
export interface Page<T> {
  items: readonly T[];
  next_cursor?: string | null | undefined;
}

/** Rows kept at most; a list that goes on beyond says so. */
const MOST = 2000;

/** Rows of a page. */
const PAGE = 50;

/** What is asked for a page of a list behind filters. */
export type Asked<F> = F & { limit: number; cursor?: string };

/** A list read page by page, with what went wrong. */
export interface Pages<T> {
  items: Ref<readonly T[]>;
  loading: Ref<boolean>;
  error: Ref<unknown>;
  ended: Ref<boolean>;
  ask: () => Promise<void>;
  more: () => Promise<void>;
}

/** Reads a list page by page; an answer that came too late is dropped. */
export function usePages<T>(read: (cursor?: string) => Promise<Page<T>>): Pages<T> {
  const items = shallowRef<readonly T[]>([]);
  const loading = ref(false);
  const error = ref<unknown>();
  const cursor = ref<string | null>();
  let turn = 0;

  async function run(after?: string): Promise<void> {
    const own = ++turn;
    loading.value = true;
    error.value = undefined;
    try {
      const page = await read(after);
      if (own !== turn) return;
      items.value = after ? [...items.value, ...page.items].slice(0, MOST) : page.items;
      cursor.value = items.value.length >= MOST ? null : (page.next_cursor ?? null);
    } catch (caught) {
      if (own === turn) error.value = caught;
    } finally {
      if (own === turn) loading.value = false;
    }
  }

  return {
    items,
    loading,
    error,
    ended: computed(() => cursor.value === null),
    ask: () => run(),
    more: async () => {
      if (!loading.value && cursor.value) await run(cursor.value);
    },
  };
}

/** Reads a list behind filters when its page opens, and anew whenever they change. */
export function useFiltered<T, F extends object>(filters: Ref<F>, read: (asked: Asked<F>) => Promise<Page<T>>): Pages<T> {
  const pages = usePages<T>((cursor) => read({ ...filters.value, limit: PAGE, ...(cursor ? { cursor } : {}) }));
  watch(filters, pages.ask);
  onMounted(() => void pages.ask());
  return pages;
}
