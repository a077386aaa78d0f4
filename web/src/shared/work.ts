import { ref, type Ref } from "vue";

/** Something under way: whether it is, and why it failed. */
export interface Work {
  busy: Ref<boolean>;
  error: Ref<unknown>;
  /** Does it once at a time; gives true when it went well. */
  run: (what: () => Promise<unknown>) => Promise<boolean>;
}

/** Keeps a button from being pressed twice and its failure in sight. */
export function useWork(): Work {
  const busy = ref(false);
  const error = ref<unknown>();
  async function run(what: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false;
    busy.value = true;
    error.value = undefined;
    try {
      await what();
      return true;
    } catch (caught) {
      error.value = caught;
      return false;
    } finally {
      busy.value = false;
    }
  }
  return { busy, error, run };
}
