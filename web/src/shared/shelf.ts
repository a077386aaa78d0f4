import { api, got, Refusal } from "@/api/client";

/** After so long without a key a draft goes to the server. */
const AFTER_MS = 600;
/** After so long it is tried again where the server could not be reached. */
const AGAIN_MS = 5_000;

interface Waiting {
  content: object;
  timer: ReturnType<typeof setTimeout>;
}

let owner: string | undefined;
/** Who was at the desk before the session ended. */
let stopped: string | undefined;
const waiting = new Map<string, Waiting>();
const running = new Map<string, Promise<void>>();

/** One write of a name follows the other, so that the last word stands. */
function queue(name: string, work: () => Promise<void>): Promise<void> {
  const after = (running.get(name) ?? Promise.resolve()).then(work);
  running.set(name, after);
  return after;
}

function hold(name: string, content: object, ms: number): void {
  const held = waiting.get(name);
  if (held) clearTimeout(held.timer);
  waiting.set(name, { content, timer: setTimeout(() => flush(name), ms) });
}

async function put(name: string, content: object): Promise<void> {
  const body = { content: content as Record<string, never> };
  try {
    await api.PUT("/api/v1/shelf/{name}", { params: { path: { name } }, body, keepalive: true });
  } catch (error) {
    // without a session or a server it waits here for the same person
    const later = error instanceof Refusal && [0, 401, 429, 503].includes(error.status);
    if (later && !waiting.has(name)) hold(name, content, AGAIN_MS);
  }
}

function flush(name: string): void {
  const held = waiting.get(name);
  if (!held) return;
  clearTimeout(held.timer);
  if (!owner) {
    hold(name, held.content, AGAIN_MS);
    return;
  }
  waiting.delete(name);
  void queue(name, () => put(name, held.content));
}

/** Says who is at the desk; what another person wrote is not kept for them. */
export function shelfOf(person: string | undefined): void {
  if (person === undefined) {
    stopped = owner ?? stopped;
    owner = undefined;
    return;
  }
  if (stopped !== undefined && stopped !== person) {
    for (const held of waiting.values()) clearTimeout(held.timer);
    waiting.clear();
  }
  owner = person;
  stopped = undefined;
  for (const name of [...waiting.keys()]) flush(name);
}

/** Keeps something on the server for the person, soon; nothing is waited for. */
export function keep(name: string, content: object): void {
  hold(name, JSON.parse(JSON.stringify(content)) as object, AFTER_MS);
}

/** Forgets what was kept. */
export function forget(name: string): void {
  const held = waiting.get(name);
  if (held) clearTimeout(held.timer);
  waiting.delete(name);
  void queue(name, async () => {
    await api.DELETE("/api/v1/shelf/{name}", { params: { path: { name } } }).catch(() => undefined);
  });
}

/** Gives what is kept under a name; nothing where there is none. */
export async function kept<T extends object>(name: string): Promise<T | undefined> {
  const held = waiting.get(name);
  if (held) return held.content as T;
  await running.get(name);
  try {
    // by the list, so that a thing that is not there is no fault
    const list = await got(api.GET("/api/v1/shelf", { params: { query: { from: name } } }));
    return list.items.find((one) => one.name === name)?.content as T | undefined;
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function flushAll(): void {
  for (const name of [...waiting.keys()]) flush(name);
}

// whoever closes the page or looks elsewhere loses nothing
document.addEventListener("visibilitychange", () => document.hidden && flushAll());
addEventListener("pagehide", flushAll);
