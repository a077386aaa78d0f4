import { ref } from "vue";

/** A hint that something changed; what it is now is fetched anew. */
export interface Hint {
  topic: string;
  id: string;
  version: number;
}

type Listener = (hint: Hint | "reset") => void;

const listeners = new Set<Listener>();
let source: EventSource | undefined;

/** Whether the server reaches us at the moment. */
export const connected = ref(true);

const TOPICS = ["case", "notification", "incident", "presence", "bulk", "call", "agent", "call_message", "call_back"];

function tell(hint: Hint | "reset"): void {
  for (const listener of listeners) listener(hint);
}

/** Begins to listen; the browser comes back by itself where it stopped. */
export function listen(): void {
  if (source) return;
  source = new EventSource("/api/v1/events");
  source.onopen = () => (connected.value = true);
  source.onerror = () => (connected.value = false);
  source.addEventListener("reset", () => tell("reset"));
  for (const topic of TOPICS) {
    source.addEventListener(topic, (event: MessageEvent<string>) => tell(JSON.parse(event.data) as Hint));
  }
}

export function hush(): void {
  source?.close();
  source = undefined;
}

/** Hears hints until the function it gives is called. */
export function onHint(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
