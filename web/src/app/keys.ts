import { onActivated, onDeactivated, onMounted, onUnmounted, reactive, ref, watch } from "vue";

/** One key that does something now. */
export interface Key {
  /** What is pressed, such as `j`, `Enter`, `g q` or `Ctrl+Enter`. */
  keys: string;
  /** Key of its text in the help sheet. */
  text: string;
  run: (event: KeyboardEvent) => void;
  /** True when it also works while typing. */
  typing?: boolean;
  /** Key of the heading below which the help sheet lists it. */
  of?: string;
  /** Whether it does something now; always when left out. The sheet lists it all the same, to be learnt. */
  when?: () => boolean;
}

/** What can be pressed now, newest first; the help sheet shows it. */
export const keys = reactive<Key[]>([]);
/** Whether the help sheet is shown. */
export const sheetShown = ref(false);

let pending: { key: string; at: number } | undefined;
const PAIR_MS = 1000;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("input, textarea, select, [role='combobox'], [role='textbox']");
}

type Press = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** With Alt some keyboards give another sign: then it is the key that counts. */
function signOf({ key, code, altKey }: Press): string {
  const own = /^(?:Key|Digit)(\w)$/.exec(code)?.[1];
  const sign = altKey && own && !/^[a-z\d]$/i.test(key) ? own : key;
  return sign.length === 1 ? sign.toLowerCase() : sign;
}

/** Names a key press as keys are written here. */
export function nameOf(event: Press): string {
  const sign = signOf(event);
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey && (sign.length > 1 || event.altKey) ? "Shift+" : "";
  return control + alt + shift + sign;
}

/** Writes keys as they stand on a keyboard. */
export const keyText = (written: string): string => written.replace(/\+([a-z])$/, (_, letter: string) => `+${letter.toUpperCase()}`);

function press(event: KeyboardEvent): void {
  // a key that chooses a character of an input method is never a shortcut
  if (event.isComposing || event.defaultPrevented) return;
  const typing = isTyping(event.target);
  const dialog = [...document.querySelectorAll("[role='dialog'][aria-modal='true']")].some((one) => one.checkVisibility());
  const name = nameOf(event);
  const pair = pending && Date.now() - pending.at < PAIR_MS ? `${pending.key} ${name}` : undefined;
  pending = undefined;
  const found = keys.find((key) => (key.keys === pair || key.keys === name) && (!typing || key.typing) && (key.when?.() ?? true));
  if (found && (!dialog || found.typing)) {
    event.preventDefault();
    found.run(event);
  } else if (!typing && keys.some((key) => key.keys.startsWith(`${name} `))) {
    pending = { key: name, at: Date.now() };
  }
}

addEventListener("keydown", press);

/** Makes keys work while the component is there and not put aside, and, where that is said, while they are anybody's. */
export function useKeys(own: Key[], there: () => boolean = () => true): void {
  function remove(): void {
    for (const key of own) {
      const at = keys.findIndex((known) => known.run === key.run && known.keys === key.keys);
      if (at >= 0) keys.splice(at, 1);
    }
  }
  let stands = false;
  function add(): void {
    remove();
    if (stands && there()) keys.unshift(...own);
  }
  function stand(is: boolean): void {
    stands = is;
    add();
  }
  watch(there, add);
  onMounted(() => stand(true));
  onActivated(() => stand(true));
  onDeactivated(() => stand(false));
  onUnmounted(remove);
}
