import { api, got, type Schemas } from "@/api/client";
import type { Filter } from "./views";

export type BulkRun = Schemas["BulkRun"];
export type BulkRefusal = Schemas["BulkRefusal"];

/** Makes the question of a list what the body of a run takes. */
export function questionIn(filter: Filter): Schemas["CaseQuestion"] {
  const { status } = filter;
  const rest = Object.entries(filter).filter(([name]) => !["status", "cursor", "limit", "sort"].includes(name));
  return { ...Object.fromEntries(rest), ...(status ? { status: status.split(",") } : {}) } as Schemas["CaseQuestion"];
}

/** Begins an action on these cases, or on all that the list finds. */
export async function begin(action: string, body: object, cases: string[] | undefined, filter: Filter): Promise<BulkRun> {
  const which = cases ? { cases } : { filter: questionIn(filter) };
  return got(api.POST("/api/v1/bulk-runs", { body: { action, body: body as Record<string, never>, ...which } as Schemas["BulkBody"] }));
}

/** Reads how far a run is. */
export async function read(id: string): Promise<BulkRun> {
  return got(api.GET("/api/v1/bulk-runs/{id}", { params: { path: { id } } }));
}

/** Stops a run; what had its turn stays done. */
export async function stop(id: string): Promise<BulkRun> {
  return got(api.POST("/api/v1/bulk-runs/{id}/stop", { params: { path: { id } } }));
}

/** Reads what a run was refused, at most so many. */
export async function refusals(id: string, cursor?: string): Promise<Schemas["BulkRefusalPage"]> {
  const query = { limit: 100, ...(cursor ? { cursor } : {}) };
  return got(api.GET("/api/v1/bulk-runs/{id}/refusals", { params: { path: { id }, query } }));
}
