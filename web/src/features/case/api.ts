import { api, got, type Schemas } from "@/api/client";

export type Case = Schemas["CaseOut"];
export type Entry = Schemas["EntryView"];
export type ActionState = Schemas["ActionOut"];
export type Guide = Schemas["Guide"];
export type ClockLine = Schemas["ClockLine"];
export type Attachment = Schemas["Attachment"];
export type Form = Schemas["FormOut"];

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

/** Reads what the rules that bind a case ask and know. */
export async function readGuide(id: string): Promise<Guide> {
  return got(api.GET("/api/v1/cases/{id}/guide", at(id)));
}

/** Reads why each limit is due when it is due, and the working time left. */
export async function readClocks(id: string): Promise<ClockLine[]> {
  return (await got(api.GET("/api/v1/cases/{id}/clocks", at(id)))).items;
}

/** Reads a page of the history, oldest first, after an entry or from a cursor. */
export async function readTimeline(id: string, from: { cursor?: string; after?: number } = {}): Promise<Schemas["TimelinePage"]> {
  return got(api.GET("/api/v1/cases/{id}/timeline", { params: { path: { id }, query: { limit: 200, ...from } } }));
}

/** Reads the history after an entry, to its end or to as many as a page can show. */
export async function readHistory(id: string, after = 0, most = 1000): Promise<Entry[]> {
  const found: Entry[] = [];
  let from: { cursor?: string; after?: number } = after > 0 ? { after } : {};
  for (;;) {
    const page = await readTimeline(id, from);
    found.push(...page.items);
    if (!page.next_cursor || found.length >= most) return found;
    from = { cursor: page.next_cursor };
  }
}

/** Takes an action; throws a refusal with its reasons. What adds and decides nothing needs no version. */
export async function act(id: string, action: string, version: number | undefined, body: object): Promise<void> {
  const path = `/api/v1/cases/${encodeURIComponent(id)}/actions/${action}`;
  const call = api.POST as unknown as (path: string, init: object) => Promise<unknown>;
  await call(path, { body, headers: version === undefined ? {} : { "If-Match": `"${version}"` } });
}

/** Where the receipt of a case is printed: number and lookup code. */
export function receiptAddress(id: string): string {
  return `/api/v1/cases/${id}/receipt`;
}

/** The address of a paper of a case, to be opened in a tab of its own. */
export function formAddress(id: string, name: string): string {
  return `/api/v1/cases/${encodeURIComponent(id)}/forms/${encodeURIComponent(name)}?format=html`;
}

/** The address of the whole file of a case as an archive. */
export function fileAddress(id: string): string {
  return `/api/v1/cases/${encodeURIComponent(id)}/file`;
}

/** The address of an attached file. */
export function attachmentAddress(id: string, attachment: string): string {
  return `/api/v1/cases/${encodeURIComponent(id)}/attachments/${encodeURIComponent(attachment)}`;
}
