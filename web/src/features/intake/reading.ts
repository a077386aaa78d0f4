import { ref, watch, type Ref } from "vue";
import { api, got, type Schemas } from "@/api/client";

export type Suggested = Schemas["Suggested"];

const LOOK_AFTER_MS = 600;
const LEAST = 4;
const LONGEST = 5_000;

/** What is being written, as far as its reading depends on it. */
export interface Written {
  text: string;
  unit: string;
  kind: Schemas["Kind"];
}

/** Reads a message while it is written: what it says by itself, never more. */
export function useReading(written: () => Written): Ref<Suggested | undefined> {
  const read = ref<Suggested>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let turn = 0;
  watch(
    () => Object.values(written()),
    () => {
      clearTimeout(timer);
      const own = ++turn;
      const { text, unit, kind } = written();
      if (text.trim().length < LEAST) {
        read.value = undefined;
        return;
      }
      timer = setTimeout(() => {
        const body = { text: text.trim().slice(0, LONGEST), kind, ...(unit ? { unit } : {}) };
        void got(api.POST("/api/v1/text/suggest", { body })).then(
          (found) => own === turn && (read.value = found),
          () => undefined,
        );
      }, LOOK_AFTER_MS);
    },
    { immediate: true },
  );
  return read;
}

/** The cases that a message is like and that no incident holds yet. */
export function loose(read: Suggested | undefined): Schemas["AlikeCase"][] {
  return (read?.alike ?? []).filter((one) => !one.incident && one.probability >= 0.5).slice(0, 3);
}
