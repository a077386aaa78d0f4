import { api, got, type Schemas } from "@/api/client";
import type { Entry } from "@/features/case/api";
import { readIncident, type WholeIncident } from "@/features/case/panels/incident";

/** What many members were asked to take part in: who did, who refused and why. */
export type ManyDone = Schemas["ManyOut"];
type Kind = Schemas["SpecialKind"];

/** An incident with everything that its page shows. */
export interface Whole extends WholeIncident {
  figures: Schemas["IncidentFigures"];
  actions: Schemas["ActionOut"][];
  entries: Entry[];
}

export async function readWhole(id: string): Promise<Whole> {
  const at = { params: { path: { id } } };
  const [one, figures, actions, timeline] = await Promise.all([
    readIncident(id),
    got(api.GET("/api/v1/incidents/{id}/figures", at)),
    got(api.GET("/api/v1/incidents/{id}/actions", at)),
    got(api.GET("/api/v1/incidents/{id}/timeline", { params: { path: { id }, query: { limit: 200 } } })),
  ]);
  return { ...one, figures, actions: actions.items, entries: timeline.items as Entry[] };
}

/** Takes an action; what is done in many cases at once answers with the refusals. */
export async function act(about: Pick<Schemas["Incident"], "id" | "version">, action: string, body: object): Promise<ManyDone | undefined> {
  const call = api.POST as unknown as (path: string, init: object) => ReturnType<typeof api.POST>;
  const path = `/api/v1/incidents/${encodeURIComponent(about.id)}/actions/${action}`;
  const answer = (await got(call(path, { body, headers: { "If-Match": `"${about.version}"` } }))) as unknown as ManyDone;
  return Array.isArray(answer.refused) ? answer : undefined;
}

/** Joins a case, or takes members out. */
export async function operate(id: string, kind: "join" | "split", cases: string[], reason: string): Promise<void> {
  const body = { kind, reason, members: cases.map((one) => ({ case: one })) };
  await api.POST("/api/v1/incidents/{id}/operations", { params: { path: { id } }, body });
}

/** A report as the file alone would have it; a person completes it. */
export async function draftOf(id: string, kind: Kind): Promise<Schemas["SpecialDraft"]> {
  return got(api.GET("/api/v1/incidents/{id}/special_reports/{kind}", { params: { path: { id, kind } } }));
}
