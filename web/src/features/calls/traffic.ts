import type { Figure, FigureQuery, Metric } from "./api";

export type By = FigureQuery["by"];
export const BY: readonly By[] = ["interval", "day", "queue", "agent", "service", "line", "channel"];
export const MINUTES = [15, 30, 60, 120] as const;
/** The columns that are shown when nobody chose others. */
export const USUAL = ["offered", "answered", "connect_rate", "service_level", "abandoned", "abandon_rate", "speed_of_answer", "talk", "within_rings"] as const;

/** Gives a figure as a chart draws it: shares in per cent, times in seconds. */
export function valueOf(unit: Metric["unit"], figure: Figure | undefined): number | null {
  const value = figure?.value;
  if (value === null || value === undefined) return null;
  if (unit === "share") return value / 10_000;
  return unit === "millis" ? value / 1000 : value;
}

/** Gives the metrics that can be drawn on one axis: those in the unit of the first. */
export function drawn(metrics: readonly Metric[], names: readonly string[]): Metric[] {
  const found = names.flatMap((name) => metrics.filter((metric) => metric.name === name));
  return found.filter((metric) => metric.unit === found[0]?.unit);
}

/** Gives where the calls behind a group are listed, where the list can be asked for them. */
export function callsOf(by: By, group: string, [from, to]: readonly string[]): { path: string; query: Record<string, string> } | undefined {
  const days = { from: from ?? "", to: to ?? "" };
  if (by === "day") return { path: "/calls", query: { from: group, to: group } };
  return by === "queue" || by === "agent" ? { path: "/calls", query: { ...days, [by]: group } } : undefined;
}
