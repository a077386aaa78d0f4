/** What a call's etiquette depends on: when it is another, other tips are told. */
export function momentOf(call: { state: string; answered_at?: string | null | undefined; ended_at?: string | null | undefined }): string {
  if (call.ended_at) return "end";
  return call.answered_at ? call.state : `before:${call.state}`;
}
