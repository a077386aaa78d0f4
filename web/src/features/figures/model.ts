import type { paths } from "@/api/schema";
import type { Schemas } from "@/api/client";
import { day } from "@/shared/time";

export type Line = Schemas["FigureLine"];
export type Metric = Schemas["MetricOut"];
export type By = NonNullable<NonNullable<paths["/api/v1/metrics/{name}"]["get"]["parameters"]["query"]>["by"]>;

/** The months of a year up to now, as the API names them, oldest first. */
export function lastMonths(count: number, until: string): string[] {
  const [year, month] = until.split("-").map(Number) as [number, number];
  return Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.UTC(year, month - 1 - (count - 1 - index), 1));
    return at.toISOString().slice(0, 7);
  });
}

/** A period as people read it: its first and last day, each on one line. */
export function spanOf(period: string): string {
  // no line ends inside a day
  return period.replaceAll("-", "\u2011").replace("..", " – ");
}

/** The month that it is now, in the house's zone. */
export function thisMonth(now: Date): string {
  return day(now).slice(0, 7);
}

/** The address of the list behind a figure. */
export function rowsOf(
  metric: string, period: string, more: { unit?: string | undefined; by?: string; group?: string | null | undefined } = {},
): { path: string; query: Record<string, string> } {
  const query: Record<string, string> = { metric, period };
  if (more.unit) query["unit"] = more.unit;
  if (more.by) query["by"] = more.by;
  if (more.by && more.group != null) query["group"] = more.group;
  return { path: "/figures/rows", query };
}

/** A cause with what is counted below it. */
export interface CauseNode {
  code: string;
  title: string;
  value: number;
  /** True when nothing lies below it: its list is one query. */
  leaf: boolean;
}

/** Sums causes up to the children of a node of the tree (PROP-97). */
export function causesBelow(
  causes: readonly { code: string; title: string; parent?: string | null }[], lines: readonly Line[], at: string | undefined,
): CauseNode[] {
  const children = causes.filter((cause) => (cause.parent ?? undefined) === at);
  const sum = (code: string): number => {
    const own = lines.find((line) => line.group === code)?.part ?? 0;
    return causes.filter((cause) => cause.parent === code).reduce((all, below) => all + sum(below.code), own);
  };
  return children.map((cause) => ({
    code: cause.code,
    title: cause.title,
    value: sum(cause.code),
    leaf: !causes.some((other) => other.parent === cause.code),
  }));
}

/** Puts figures of several months into one table, largest rows first. */
export interface Grid {
  groups: { group: string | null; total: number }[];
  at: (group: string | null, period: string) => Line | undefined;
}

export function gridOf(months: readonly { period: string; lines: readonly Line[] }[]): Grid {
  const totals = new Map<string | null, number>();
  const cells = new Map<string, Line>();
  for (const { period, lines } of months) {
    for (const line of lines) {
      const group = line.group ?? null;
      totals.set(group, (totals.get(group) ?? 0) + line.part);
      cells.set(`${period}/${group ?? ""}`, line);
    }
  }
  const groups = [...totals].map(([group, total]) => ({ group, total })).sort((a, b) => b.total - a.total);
  return { groups, at: (group, period) => cells.get(`${period}/${group ?? ""}`) };
}
