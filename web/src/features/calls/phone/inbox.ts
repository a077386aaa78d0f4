import { computed, onMounted, onUnmounted, type Ref } from "vue";
import { onHint } from "@/app/live";
import { useMay } from "@/app/may";
import { useFilter } from "@/shared/filter";
import { useFiltered, type Asked, type Page, type Pages } from "@/shared/pages";

/** Whose, and whether what is open alone. */
interface Wanted<Of extends string> {
  of: Of;
  open?: true;
}

/** What waits for somebody, kept up to date: whose is wanted, and whether what is done, too. */
export interface Inbox<T> extends Pages<T> {
  of: Ref<string>;
  done: Ref<boolean>;
}

export function useInbox<T, Of extends string>(topic: string, mine: Of, read: (asked: Asked<Wanted<Of>>) => Promise<Page<T>>): Inbox<T> {
  const may = useMay();
  const whose = useFilter("of");
  const closed = useFilter("closed");
  const of = computed({ get: () => whose.value || mine, set: (wanted: string) => (whose.value = wanted === mine ? "" : wanted) });
  const done = computed({ get: () => closed.value === "1", set: (wanted: boolean) => (closed.value = wanted ? "1" : "") });
  const filters = computed((): Wanted<Of> => ({ of: of.value as Of, ...(done.value ? {} : { open: true }) }));
  const pages = useFiltered<T, Wanted<Of>>(filters, read);
  const stop = onHint((hint) => {
    if (hint === "reset" || hint.topic === topic) void pages.ask();
  });
  onMounted(() => may.load());
  onUnmounted(stop);
  return { ...pages, of, done };
}
