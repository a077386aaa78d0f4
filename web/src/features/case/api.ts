import { api, got, type Schemas } from "@/api/client";

export type Case = Schemas["CaseOut"];
export type Entry = Schemas["EntryView"];
export type ActionState = Schemas["ActionOut"];

export interface Whole {
  case: Case;
  actions: ActionState[];
  /** The version that the actions were listed at. */
  version: number;
}

const at = (id: string) => ({ params: { path: { id } } });

/** Reads a case with what may be done about it. */
export async function readCase(id: string): Promise<Whole> {
  const [found, actions] = await Promise.all([
    got(api.GET("/api/v1/cases/{id}", at(id))),
    got(api.GET("/api/v1/cases/{id}/actions", at(id))),
  ]);
  // the client's reading type widens tuples; the shape is the document's
  return { case: found as Case, actions: actions.items, version: Math.min(found.version, actions.version) };
}

/** Reads the newest entries of the history, or those before a cursor. */
export async function readTimeline(id: string, cursor?: string): Promise<Schemas["TimelinePage"]> {
  const query = { limit: 100, ...(cursor ? { cursor } : {}) };
  return got(api.GET("/api/v1/cases/{id}/timeline", { params: { path: { id }, query } }));
}

/** Takes an action; throws a refusal with its reasons. */
export async function act(id: string, action: string, version: number, body: object): Promise<void> {
  const path = `/api/v1/cases/${encodeURIComponent(id)}/actions/${action}`;
  const call = api.POST as unknown as (path: string, init: object) => Promise<unknown>;
  await call(path, { body, headers: { "If-Match": `"${version}"` } });
}
