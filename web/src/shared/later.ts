import { computed, ref } from "vue";
import { api, got } from "@/api/client";
import { now } from "./now";
import { forget, keep } from "./shelf";

/** Something written now and to be sent at a later time, by its writer. */
export interface Prepared {
  name: string;
  case: string;
  number: string;
  action: string;
  values: Record<string, unknown>;
  /** When it is to be sent. */
  at: string;
}

const BEGINS = "later.";

/** What the person prepared, the next one first. */
export const prepared = ref<Prepared[]>([]);
/** What is to be sent by now. */
export const due = computed(() => prepared.value.filter((one) => Date.parse(one.at) <= now.value.getTime()));

function sorted(all: Prepared[]): Prepared[] {
  return [...all].sort((a, b) => a.at.localeCompare(b.at));
}

/** Reads what the person prepared, on whatever machine. */
export async function loadPrepared(): Promise<void> {
  const list = await got(api.GET("/api/v1/shelf", { params: { query: { from: BEGINS } } })).catch(() => undefined);
  if (!list) return;
  prepared.value = sorted(list.items.map((one) => ({ ...(one.content as unknown as Omit<Prepared, "name">), name: one.name })));
}

/** Keeps something to be sent later. */
export function prepare(one: Omit<Prepared, "name">): void {
  const name = `${BEGINS}${crypto.randomUUID()}`;
  keep(name, one);
  prepared.value = sorted([...prepared.value, { ...one, name }]);
}

/** Takes away what was sent or is not wanted any more. */
export function settle(name: string): void {
  forget(name);
  prepared.value = prepared.value.filter((one) => one.name !== name);
}

/** Forgets what was read, for the next person at this desk. */
export function forgetPrepared(): void {
  prepared.value = [];
}
