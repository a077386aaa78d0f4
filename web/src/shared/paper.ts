import { api } from "@/api/client";

/** A step on a paper of the house, as its reader can take it. */
export interface Step {
  action: string;
  open: boolean;
  reasons: unknown[];
}

interface Reason {
  code?: string;
  detail?: string;
}

/** Tells whether a step is open to the reader. */
export function isOpen(about: { actions: readonly Step[] }, step: string): boolean {
  return about.actions.some((one) => one.action === step && one.open);
}

/** Says why a step is closed; nothing when it is open, or closed by what is none of the reader's business. */
export function whyClosed(about: { actions: readonly Step[] }, step: string, foreign: readonly string[] = ["not_permitted"]): string[] {
  const reasons = (about.actions.find((one) => one.action === step && !one.open)?.reasons ?? []) as Reason[];
  if (reasons.some((reason) => foreign.includes(reason.code ?? ""))) return [];
  return reasons.flatMap((reason) => (reason.detail ? [reason.detail] : []));
}

/** Takes a step on a paper of a list; throws a refusal with its reasons. */
export async function takeStep(list: string, about: { id: string; version: number }, name: string, body: object): Promise<void> {
  // which bodies there are is said by the page's own forms; the address is one of many
  const call = api.POST as unknown as (path: string, init: object) => Promise<unknown>;
  const path = `/api/v1/${list}/${encodeURIComponent(about.id)}/actions/${name}`;
  await call(path, { body, headers: { "If-Match": `"${about.version}"` } });
}

/** A step as its reader can take it. */
export interface Standing {
  step: string;
  open: boolean;
  /** Why it is closed. */
  why: string[];
}

/** Lists what the reader can do of these steps, and what closes the rest; what is nothing of theirs, or of now, is left out. */
export function standing(about: { actions: readonly Step[] }, steps: readonly string[]): Standing[] {
  return steps.flatMap((step) => {
    const open = isOpen(about, step);
    const why = whyClosed(about, step, ["not_permitted", "paper_state"]);
    return open || why.length ? [{ step, open, why }] : [];
  });
}
