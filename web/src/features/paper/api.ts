import { api, got } from "@/api/client";
import type { Step } from "@/shared/paper";
import type { Page } from "@/shared/pages";
import type { List } from "./kinds";

/** One line of a list; what the paper itself holds differs by kind. */
export interface Line {
  id: string;
  version: number;
  unit: string;
  case?: string | null;
  period?: string | null;
  state: string;
  opened_at: string;
  opened_by?: string | null;
  due_at?: string | null;
  paper: Record<string, unknown>;
}

export interface Entry {
  seq: number;
  at: string;
  by?: string | null;
  action: string;
}

export interface Paper extends Line {
  actions: Step[];
  entries: Entry[];
}

/** The kinds differ in what they hold only; the address names the kind. */
const calls = api as unknown as Record<"GET" | "POST", (path: string, init: object) => ReturnType<typeof api.GET>>;

export async function listPapers(list: List, query: Record<string, unknown>): Promise<Page<Line>> {
  return (await got(calls.GET(`/api/v1/${list}`, { params: { query } }))) as unknown as Page<Line>;
}

export async function readPaper(list: List, id: string): Promise<Paper> {
  return (await got(calls.GET(`/api/v1/${list}/${encodeURIComponent(id)}`, {}))) as unknown as Paper;
}

export async function openPaper(list: List, body: object): Promise<string> {
  return ((await got(calls.POST(`/api/v1/${list}`, { body }))) as unknown as { id: string }).id;
}

export interface Proposal {
  case: string;
  matter: string;
  handling: string;
}

/** What may go into a publication, with words that tell nobody. */
export async function proposals(id: string): Promise<Proposal[]> {
  const found = await got(api.GET("/api/v1/publications/{id}/proposals", { params: { path: { id } } }));
  return found.items.map((one) => ({ case: one.case, matter: one.matter, handling: one.handling }));
}
