import { computed, ref, type ComputedRef, type Ref } from "vue";
import { useMay } from "@/app/may";
import { readBoard, readFigures, type Board, type Figures } from "./api";
import { useFresh, type Fresh } from "./fresh";
import { daysOf, momentsOf } from "./period";

/** Figures by the hour change slowly. */
const HOURS_MS = 60_000;
/** A wall that shows what was looks like one that shows what is. */
const STALE_MS = 30_000;

/** The wallboard as it was read last, and whether that is long ago. */
export interface BoardRead extends Fresh {
  board: Ref<Board | undefined>;
  hours: Ref<Figures | undefined>;
  stale: ComputedRef<Date | undefined>;
}

/** Reads the wallboard, and the day by the hour for those who may see figures. */
export function useBoard(now: Ref<Date>): BoardRead {
  const may = useMay();
  const board = ref<Board>();
  const hours = ref<Figures>();
  const readAt = ref(new Date());
  let hoursAt = 0;
  const fresh = useFresh(async () => {
    await may.load();
    board.value = await readBoard();
    readAt.value = new Date();
    if (!may.may("view_figures") || Date.now() - hoursAt < HOURS_MS) return;
    hoursAt = Date.now();
    hours.value = await readFigures({ ...momentsOf(daysOf("today", new Date())), by: "interval", minutes: 60 });
  });
  const stale = computed(() => (now.value.getTime() - readAt.value.getTime() > STALE_MS ? readAt.value : undefined));
  return { ...fresh, board, hours, stale };
}
