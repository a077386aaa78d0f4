import { onMounted, onUnmounted, ref, watch, type Ref } from "vue";
import { api, got, type Schemas } from "@/api/client";
import { onHint } from "@/app/live";

export type Present = Schemas["Present"];
type Doing = Schemas["Doing"];

/** Half of what the server remembers without another word. */
const AGAIN_MS = 20_000;
/** For how long somebody writes after the last key. */
const TYPING_MS = 5_000;

/** Tells others that the reader is at a case, and who else is there. */
export function usePresence(id: Ref<string>) {
  const people = ref<Present[]>([]);
  let doing: Doing = "viewing";
  let typed: ReturnType<typeof setTimeout> | undefined;

  async function say(at: string, what: Doing): Promise<void> {
    const body = { doing: what };
    await api.PUT("/api/v1/cases/{id}/presence", { params: { path: { id: at } }, body }).catch(() => undefined);
  }

  async function look(): Promise<void> {
    const at = id.value;
    const found = await got(api.GET("/api/v1/cases/{id}/presence", { params: { path: { id: at } } })).catch(() => undefined);
    if (found && at === id.value) people.value = found.items;
  }

  /** Says that the reader writes; it wears off by itself. */
  function typing(): void {
    clearTimeout(typed);
    typed = setTimeout(() => {
      doing = "viewing";
      void say(id.value, doing);
    }, TYPING_MS);
    if (doing === "typing") return;
    doing = "typing";
    void say(id.value, doing);
  }

  function renew(): void {
    if (document.hidden) return;
    void say(id.value, doing);
    void look();
  }

  let timer: ReturnType<typeof setInterval> | undefined;
  let forget: (() => void) | undefined;
  onMounted(() => {
    renew();
    timer = setInterval(renew, AGAIN_MS);
    document.addEventListener("visibilitychange", renew);
    forget = onHint((hint) => {
      if (hint === "reset" || (hint.topic === "presence" && hint.id === id.value)) void look();
    });
  });
  watch(id, (now, before) => {
    doing = "viewing";
    people.value = [];
    void say(before, "gone");
    renew();
    return now;
  });
  onUnmounted(() => {
    clearInterval(timer);
    clearTimeout(typed);
    document.removeEventListener("visibilitychange", renew);
    forget?.();
    void say(id.value, "gone");
  });

  return { people, typing };
}
