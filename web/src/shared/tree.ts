import type { Schemas } from "@/api/client";

export type Unit = Schemas["Unit"];

/** A unit at its depth in the tree. */
export interface Placed {
  unit: Unit;
  depth: number;
  parent: string | undefined;
}

/** Finds where a unit stands at a moment. */
function placeAt(unit: Unit, at: number): Unit["placements"][number] | undefined {
  return unit.placements.find((one) => Date.parse(one.valid_from) <= at && (!one.valid_to || Date.parse(one.valid_to) > at));
}

/** Lays the tree out, each unit below the one above it; what ended is left out. */
export function laidOut(units: readonly Unit[], at: number): Placed[] {
  const standing = units.flatMap((unit) => {
    const place = placeAt(unit, at);
    return place ? [{ unit, parent: place.parent ?? undefined }] : [];
  });
  const known = new Set(standing.map((one) => one.unit.id));
  const below = new Map<string | undefined, typeof standing>();
  for (const one of standing) {
    const parent = one.parent && known.has(one.parent) ? one.parent : undefined;
    below.set(parent, [...(below.get(parent) ?? []), one]);
  }
  const walk = (parent: string | undefined, depth: number): Placed[] =>
    (below.get(parent) ?? [])
      .sort((a, b) => a.unit.code.localeCompare(b.unit.code))
      .flatMap((one) => [{ ...one, depth }, ...walk(one.unit.id, depth + 1)]);
  return walk(undefined, 0);
}
