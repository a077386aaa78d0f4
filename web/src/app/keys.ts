import { onActivated, onDeactivated, onMounted, onUnmounted, reactive, ref } from "vue";

/** One key that does something now. */
export interface Key {
  /** What is pressed, such as `j`, `Enter`, `g q` or `Ctrl+Enter`. */
  keys: string;
  /** Key of its text in the help sheet. */
  text: string;
  run: (event: KeyboardEvent) => void;
  /** True when it also works while typing. */
  typing?: boolean;
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

/** Names a key press as keys are written here. */
export function nameOf(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">): string {
  const control = event.ctrlKey || event.metaKey ? "Ctrl+" : "";
  const alt = event.altKey ? "Alt+" : "";
  const shift = event.shiftKey && event.key.length > 1 ? "Shift+" : "";
  return control + alt + shift + (event.key.length === 1 ? event.key.toLowerCase() : event.key);
}

function press(event: KeyboardEvent): void {
  // a key that chooses a character of an input method is never a shortcut
  if (event.isComposing || event.defaultPrevented) return;
  const typing = isTyping(event.target);
  const dialog = [...document.querySelectorAll("[role='dialog'][aria-modal='true']")].some((one) => one.checkVisibility());
  const name = nameOf(event);
  const pair = pending && Date.now() - pending.at < PAIR_MS ? `${pending.key} ${name}` : undefined;
  pending = undefined;
  const found = keys.find((key) => (key.keys === pair || key.keys === name) && (!typing || key.typing));
  if (found && (!dialog || found.typing)) {
    event.preventDefault();
    found.run(event);
  } else if (!typing && keys.some((key) => key.keys.startsWith(`${name} `))) {
    pending = { key: name, at: Date.now() };
  }
}

addEventListener("keydown", press);

/** Makes keys work while the component is there and not put aside. */
export function useKeys(own: Key[]): void {
  function remove(): void {
    for (const key of own) {
      const at = keys.findIndex((known) => known.run === key.run && known.keys === key.keys);
      if (at >= 0) keys.splice(at, 1);
    }
  }
  function add(): void {
    remove();
    keys.unshift(...own);
  }
  onMounted(add);
  onActivated(add);
  onDeactivated(remove);
  onUnmounted(remove);
}
