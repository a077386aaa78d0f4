import type { ActionState, Case, Entry, Guide } from "./api";

/** A stage in the drawing of the process. */
export interface Step {
  stage: string;
  state: "passed" | "here" | "ahead";
}

/** A way that leads on from where the case stands. */
export interface Way {
  to: string;
  action: string;
  by: string[];
  open: boolean;
  reasons: ActionState["reasons"];
}

/** Lists the stages of the case's own process with where it has been and is. */
export function stepsOf(guide: Pick<Guide, "stages">, about: Pick<Case, "stage">, entries: Entry[]): Step[] {
  const been = new Set(["received"]);
  for (const entry of entries) {
    if (entry.event === "stage_changed") been.add(String((entry.data as { to?: string }).to));
  }
  return guide.stages.map((stage) => {
    if (stage === about.stage) return { stage, state: "here" };
    return { stage, state: been.has(stage) ? "passed" : "ahead" };
  });
}

/** Lists the ways on from the present stage, the open ones first. */
export function waysFrom(guide: Pick<Guide, "moves">, stage: string, actions: ActionState[]): Way[] {
  const known = new Map(actions.map((action) => [action.action, action]));
  const ways = new Map<string, Way>();
  for (const move of guide.moves) {
    if (move.from !== stage) continue;
    const before = ways.get(move.action);
    const state = known.get(move.action);
    ways.set(move.action, {
      to: move.to,
      action: move.action,
      by: [...new Set([...(before?.by ?? []), ...move.by])],
      open: state?.open ?? false,
      reasons: state?.reasons ?? [],
    });
  }
  return [...ways.values()].sort((a, b) => Number(b.open) - Number(a.open) || a.reasons.length - b.reasons.length);
}

/** The line of an arc between two places of the drawing, over it or under it. */
export function arcOf(from: number, to: number, step: number, middle: number): string {
  const x1 = from * step + step / 2;
  const x2 = to * step + step / 2;
  const lift = Math.min(10 + Math.abs(to - from) * 4, middle - 2) * (to > from ? -1 : 1);
  const near = middle + Math.sign(lift) * 12;
  return `M ${x1} ${near} Q ${(x1 + x2) / 2} ${near + lift} ${x2} ${near}`;
}
