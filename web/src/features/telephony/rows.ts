import { onMounted, ref, shallowRef, toRaw, type Ref, type ShallowRef } from "vue";
import { useWork, type Work } from "@/shared/work";

/** Settings of one kind, of which one is written at a time. */
export interface Rows<Row, Draft> extends Pick<Work, "busy" | "error"> {
  items: ShallowRef<readonly Row[] | undefined>;
  draft: Ref<Draft | undefined>;
  /** Whether what is written is new. */
  isNew: Ref<boolean>;
  edit: (row?: Row) => void;
  save: () => Promise<void>;
  close: () => void;
}

/** Reads settings, and writes one: what was refused stays open with its faults. */
export function useRows<Row, Draft>(read: () => Promise<readonly Row[]>, draftOf: (row?: Row) => Draft, keep: (draft: Draft) => Promise<unknown>): Rows<Row, Draft> {
  const { busy, error, run } = useWork();
  const items = shallowRef<readonly Row[]>();
  const draft = ref<Draft>() as Ref<Draft | undefined>;
  const isNew = ref(false);
  const load = async (): Promise<void> => void (items.value = await read());

  function edit(row?: Row): void {
    error.value = undefined;
    isNew.value = row === undefined;
    draft.value = draftOf(structuredClone(toRaw(row)));
  }
  function close(): void {
    draft.value = undefined;
    error.value = undefined;
  }
  async function save(): Promise<void> {
    const written = draft.value;
    if (written === undefined) return;
    const went = await run(async () => {
      await keep(toRaw(written));
      await load();
    });
    if (went) close();
  }
  onMounted(() => run(load));
  return { busy, error, items, draft, isNew, edit, save, close };
}
