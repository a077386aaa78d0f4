import { computed, type WritableComputedRef } from "vue";
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
