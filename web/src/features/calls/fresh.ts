import { onMounted, onUnmounted } from "vue";
import { listen, onHint, type Hint } from "@/app/live";
import { useWork, type Work } from "@/shared/work";

/** On a busy floor a hint comes with every ring; nobody reads faster than this. */
const LEAST_MS = 1500;
/** Waiting grows without any hint. */
const EVERY_MS = 10_000;

/** Something that is read anew: what failed last, and how to ask now. */
export interface Fresh extends Pick<Work, "busy" | "error"> {
  ask: () => Promise<void>;
}

const ofFloor = (hint: Hint): boolean => hint.topic === "call" || hint.topic === "agent";

/** Reads something when the page comes, when the floor moves, and now and then; hints never pile up. */
export function useFresh(read: () => Promise<unknown>, concerns: (hint: Hint) => boolean = ofFloor): Fresh {
  const { busy, error, run } = useWork();
  let last = 0;
  let soon: ReturnType<typeof setTimeout> | undefined;
  let often: ReturnType<typeof setInterval> | undefined;

  async function ask(): Promise<void> {
    // what comes while we read is read afterwards
    if (busy.value) return plan();
    last = Date.now();
    await run(read);
  }
  function plan(): void {
    soon ??= setTimeout(() => {
      soon = undefined;
      void ask();
    }, Math.max(0, last + LEAST_MS - Date.now()));
  }

  const stop = onHint((hint) => {
    if (hint === "reset" || concerns(hint)) plan();
  });
  onMounted(() => {
    listen();
    void ask();
    often = setInterval(plan, EVERY_MS);
  });
  onUnmounted(() => {
    stop();
    clearTimeout(soon);
    clearInterval(often);
  });
  return { busy, error, ask };
}
