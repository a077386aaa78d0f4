import type { Schemas } from "@/api/client";

export type Overview = Schemas["Overview"];
export type AgeCell = Schemas["AgeCell"];

export const STAGES = [
  "received", "accepted", "assessing", "investigating", "negotiating", "deciding", "executing", "verifying", "visiting", "settling",
] as const;
export const AGES = ["day", "threeDays", "week", "older"] as const;
export type Age = (typeof AGES)[number];
export const OPEN = "open,waits_for_customer,waits_for_third_party";

export interface AgeRow {
  stage: string;
  cells: (AgeCell | undefined)[];
  total: number;
}

/** Tells the age of a cell by its bounds, which lie 1, 3 and 7 days back. */
function ageOf(cell: AgeCell): number {
  if (!cell.received_before) return 0;
  if (!cell.received_from) return AGES.length - 1;
  const days = (Date.parse(cell.received_before) - Date.parse(cell.received_from)) / 86_400_000;
  return days < 3 ? 1 : 2;
}

/** Makes the table of stages and ages; stages without a case are left out. */
export function tableOf(cells: readonly AgeCell[]): AgeRow[] {
  return STAGES.map((stage) => {
    const own = cells.filter((cell) => cell.stage === stage);
    const row: AgeRow = { stage, cells: AGES.map(() => undefined), total: 0 };
    for (const cell of own) {
      row.cells[ageOf(cell)] = cell;
      row.total += cell.cases;
    }
    return row;
  }).filter((row) => row.total > 0);
}

/** The question whose list a cell counts. */
export function questionOf(cell: AgeCell): Record<string, string> {
  return {
    status: cell.stage,
    ...(cell.received_from ? { received_from: cell.received_from } : {}),
    ...(cell.received_before ? { received_before: cell.received_before } : {}),
  };
}
