import { defineStore } from "pinia";
import { computed, ref, watch } from "vue";
import { onHint } from "@/app/live";
import { useMay } from "@/app/may";
import { useSession } from "@/app/session";
import { useWork } from "@/shared/work";
import { askAsAgent, order as passOn, readDesk, type Ask, type Desk, type Order } from "../api";
import { attend, type Asked } from "./channel";
import type { PhoneState } from "./phone";

/** The agent's own place in this window: what the server says of them, and their phone's window. */
export const usePlace = defineStore("place", () => {
  const may = useMay();
  const session = useSession();
  const { busy, error, run } = useWork();
  const desk = ref<Desk>();
  /** The phone of the browser, while its window is open. */
  const phone = ref<PhoneState>();
  /** A number that was dialled here: the own phone that rings for it is lifted by itself. */
  const dialled = ref<string>();
  /** What the dialogue for dialling begins with, while it is open. */
  const dialling = ref<{ number: string; party?: string | undefined; callBack?: string | undefined }>();
  let wire: ReturnType<typeof attend> | undefined;
  let reading = false;
  let again = false;

  const mine = computed(() => (may.may("take_calls") ? desk.value?.agent : undefined));
  const call = computed(() => (mine.value ? desk.value?.call ?? undefined : undefined));

  async function read(): Promise<void> {
    await may.load();
    if (may.may("take_calls")) desk.value = await readDesk();
  }

  /** Reads the desk; hints that come meanwhile let it be read once more. No order waits for it. */
  async function load(): Promise<void> {
    again = true;
    if (reading) return;
    reading = true;
    while (again) {
      again = false;
      await read().catch((caught: unknown) => (error.value = caught));
    }
    reading = false;
  }

  const ask = (what: Ask): Promise<boolean> => run(async () => (desk.value = await askAsAgent(what)));
  /** Wants something done with the call that one has. */
  const order = (what: Order): Promise<boolean> => run(async () => {
    if (call.value) await passOn(call.value.id, what);
  });
  const tellPhone = (what: Asked): void => wire?.ask(what);
  const dial = (number = "", party?: string, callBack?: string): void => void (dialling.value = { number, party, callBack });

  function heard(state: PhoneState | undefined): void {
    phone.value = state;
    if (state?.call === "ringing" && dialled.value) {
      dialled.value = undefined;
      tellPhone("answer");
    }
  }

  /** Listens while the workbench stands. */
  function begin(): () => void {
    wire = attend(heard);
    void load();
    // whoever comes next to this desk has a telephone of their own
    const parting = watch(() => session.me?.person, (_, before) => {
      desk.value = undefined;
      if (before) tellPhone("signOut");
    }, { flush: "sync" });
    const stop = onHint((hint) => {
      if (hint === "reset" || hint.topic === "call" || hint.topic === "agent") void load();
    });
    return () => {
      stop();
      parting();
      wire?.close();
      wire = undefined;
    };
  }

  return { desk, mine, call, phone, busy, error, dialled, dialling, begin, load, ask, order, tellPhone, dial };
});
