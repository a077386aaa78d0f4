const NAME = "huiyin-phone";
const SHAPE = "popup,width=380,height=620";
const LOCK = "huiyin.phone";
/** A window that reloads may find its own lock still held for a moment. */
const TRIES = 4;
const PAUSE_MS = 300;

/** Brings the phone window to the front, or opens it; one that is there is never reloaded. */
export function showPhone(there: boolean): void {
  const shown = window.open(there ? "" : "/phone", NAME, SHAPE);
  // one that another window opened cannot be brought to the front from here
  if (there && shown?.location.href === "about:blank") shown.close();
}

function hold(take: boolean, lost: () => void): Promise<boolean> {
  return new Promise((decided) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      decided(lock !== null);
      return lock ? new Promise<void>(() => undefined) : undefined;
    };
    navigator.locks.request(LOCK, take ? { steal: true } : { ifAvailable: true }, held).catch(lost);
  });
}

/**
 * Becomes the one phone window of this browser; `lost` is called when another takes
 * over. Gives false where there is one already and it is not to be taken over.
 */
export async function beTheOne(take: boolean, lost: () => void): Promise<boolean> {
  for (let left = TRIES; left > 0; left -= 1) {
    if (await hold(take, lost)) return true;
    await new Promise((later) => setTimeout(later, PAUSE_MS));
  }
  return false;
}
