import { computed, type ComputedRef, type WritableComputedRef } from "vue";
import { useRoute, useRouter } from "vue-router";

/** A filter of a list that stands in the address bar, so that it can be sent on and gone back to. */
export function useFilter<T extends string = string>(name: string): WritableComputedRef<T | undefined> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => {
      const value = route.query[name];
      return typeof value === "string" && value !== "" ? (value as T) : undefined;
    },
    set: (value) => void router.replace({ query: { ...route.query, [name]: value || undefined } }),
  });
}

/** The filters of a list of papers. */
export interface OpenFilters {
  unit: WritableComputedRef<string | undefined>;
  all: WritableComputedRef<boolean>;
  filters: ComputedRef<{ open?: true; unit?: string }>;
}

/** The papers of a unit, or of every one: what is open, unless all are wanted. */
export function useOpenFilters(): OpenFilters {
  const unit = useFilter("unit");
  const open = useFilter("open");
  const all = computed({ get: () => open.value === "all", set: (value) => (open.value = value ? "all" : undefined) });
  const filters = computed(() => ({ ...(all.value ? {} : { open: true as const }), ...(unit.value ? { unit: unit.value } : {}) }));
  return { unit, all, filters };
}
