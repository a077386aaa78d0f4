import { api, got, type Schemas } from "@/api/client";

export type Incident = Schemas["Incident"];
export type MemberLine = Schemas["MemberLine"];
export type OperationLine = Schemas["OperationLine"];

/** An incident with everything that its panel shows. */
export interface WholeIncident {
  incident: Incident;
  members: MemberLine[];
  operations: OperationLine[];
  /** What may be done with it now. */
  open: Set<string>;
}

/** Reads an incident with members, log and what may be done. */
export async function readIncident(id: string): Promise<WholeIncident> {
  const at = { params: { path: { id } } };
  const [incident, members, operations, actions] = await Promise.all([
    got(api.GET("/api/v1/incidents/{id}", at)),
    got(api.GET("/api/v1/incidents/{id}/members", at)),
    got(api.GET("/api/v1/incidents/{id}/operations", at)),
    got(api.GET("/api/v1/incidents/{id}/actions", at)),
  ]);
  const open = actions.items.filter((action) => action.open).map((action) => action.action);
  return { incident: incident as Incident, members: members.items, operations: operations.items, open: new Set(open) };
}

/** Counts the cases among the members, each once: a contact belongs to its case. */
export function peopleIn(members: MemberLine[]): number {
  return new Set(members.map((member) => member.case)).size;
}

/** Opens an incident about a case. */
export async function openIncident(about: string, title: string, reason: string): Promise<void> {
  await api.POST("/api/v1/incidents", { body: { title, reason, members: [{ case: about }] } });
}

/** Joins a case, takes it out, or makes it the leading one. */
export async function operate(id: string, kind: "join" | "split" | "mark", about: string, reason: string): Promise<void> {
  const body = { kind, reason, members: [{ case: about }] };
  await api.POST("/api/v1/incidents/{id}/operations", { params: { path: { id } }, body });
}

/** Takes an operation back. */
export async function undo(id: string, operation: number, reason: string): Promise<void> {
  await api.POST("/api/v1/incidents/{id}/operations/{operation}/undo", { params: { path: { id, operation } }, body: { reason } });
}

/** Lists incidents that a case of the unit could belong to. */
export async function openIncidents(unit: string): Promise<Schemas["IncidentLine"][]> {
  const query = { unit, stage: "open,measures,answered", limit: 50 };
  return (await got(api.GET("/api/v1/incidents", { params: { query } }))).items;
}
