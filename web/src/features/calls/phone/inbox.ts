import { computed, onMounted, onUnmounted, watch, type Ref } from "vue";
import { onHint } from "@/app/live";
import { useMay } from "@/app/may";
import { useFilter } from "@/shared/filter";
import { usePages, type Page, type Pages } from "@/shared/pages";

/** Which of them, and which page. */
export interface Asked<Of extends string> {
  of: Of;
  open?: boolean;
  limit: number;
  cursor?: string;
}

/** What waits for somebody, kept up to date: whose is wanted, and whether what is done, too. */
export interface Inbox<T> extends Pages<T> {
  of: Ref<string>;
  done: Ref<boolean>;
}

export function useInbox<T, Of extends string>(topic: string, mine: Of, read: (asked: Asked<Of>) => Promise<Page<T>>): Inbox<T> {
  const may = useMay();
  const whose = useFilter("of");
  const closed = useFilter("closed");
  const of = computed({ get: () => whose.value || mine, set: (wanted: string) => (whose.value = wanted === mine ? "" : wanted) });
  const done = computed({ get: () => closed.value === "1", set: (wanted: boolean) => (closed.value = wanted ? "1" : "") });
  const pages = usePages<T>((cursor) => read({ of: of.value as Of, limit: 50, ...(done.value ? {} : { open: true }), ...(cursor ? { cursor } : {}) }));
  const stop = onHint((hint) => {
    if (hint === "reset" || hint.topic === topic) void pages.ask();
  });
  watch([of, done], pages.ask);
  onMounted(() => {
    void may.load();
    void pages.ask();
  });
  onUnmounted(stop);
  return { ...pages, of, done };
}
