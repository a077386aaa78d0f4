import { computed, ref } from "vue";
import { api, got, type Schemas } from "@/api/client";
import { onHint } from "@/app/live";

/** Something written now; the server says it at its time, in its writer's name. */
export type Prepared = Schemas["Prepared"];

/** What the person prepared, the next one first. */
export const prepared = ref<Prepared[]>([]);
/** What could not be said, and waits for its writer. */
export const refused = computed(() => prepared.value.filter((one) => one.refused_at));

function sorted(all: Prepared[]): Prepared[] {
  return [...all].sort((a, b) => a.at.localeCompare(b.at));
}

/** Reads what the person prepared, on whatever machine. */
export async function loadPrepared(): Promise<void> {
  const list = await got(api.GET("/api/v1/prepared")).catch(() => undefined);
  if (list) prepared.value = list.items as Prepared[];
}

/** Keeps something to be said later; throws a refusal with its reasons. */
export async function prepare(about: { id: string; version: number }, action: string, body: object, at: string): Promise<void> {
  const asked = { action, body: body as Record<string, never>, version: about.version, at };
  const made = await got(api.POST("/api/v1/cases/{id}/prepared", { params: { path: { id: about.id } }, body: asked }));
  prepared.value = sorted([...prepared.value, made as Prepared]);
}

/** Takes away what was said by hand or is not wanted any more. */
export async function settle(id: string): Promise<void> {
  await api.DELETE("/api/v1/prepared/{id}", { params: { path: { id } } }).catch(() => undefined);
  prepared.value = prepared.value.filter((one) => one.id !== id);
}

/** Keeps the list up to date while the page is open. */
export function followPrepared(): () => void {
  return onHint((hint) => {
    if (hint === "reset" || hint.topic === "prepared") void loadPrepared();
  });
}

/** Forgets what was read, for the next person at this desk. */
export function forgetPrepared(): void {
  prepared.value = [];
}
