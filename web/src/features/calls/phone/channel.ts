import type { Phone, PhoneState } from "./phone";

const NAME = "huiyin.phone";

/** What the workbench asks of the phone window. */
export type Asked = "answer" | "decline" | "hangUp" | "mute" | "unmute" | "signOut";
type Said = { ask: Asked } | { state: PhoneState } | { who: true } | { gone: true };

/** A channel between windows, as the browser and tests give it. */
export interface Wire {
  postMessage: (message: unknown) => void;
  onmessage: ((event: MessageEvent<Said>) => void) | null;
  close: () => void;
}

const open = (): Wire => new BroadcastChannel(NAME) as unknown as Wire;

function carryOut(phone: Phone, ask: Asked): void {
  if (ask === "mute" || ask === "unmute") phone.mute(ask === "mute");
  else if (ask === "signOut") phone.stop("signed_out");
  else phone[ask]();
}

/** The phone's end: does what is asked and tells how it stands. */
export function serve(phone: Phone, wire: Wire = open()): () => void {
  const tell = (state: PhoneState): void => wire.postMessage({ state } satisfies Said);
  wire.onmessage = ({ data }) => {
    if ("ask" in data) carryOut(phone, data.ask);
    else if ("who" in data) tell(phone.state);
  };
  const forget = phone.onChange(tell);
  tell(phone.state);
  return () => {
    forget();
    wire.postMessage({ gone: true } satisfies Said);
    wire.close();
  };
}

/** The workbench's end; a window that reloads asks who is there and finds the phone as it is. */
export function attend(heard: (state: PhoneState | undefined) => void, wire: Wire = open()): { ask: (what: Asked) => void; close: () => void } {
  wire.onmessage = ({ data }) => {
    if ("state" in data) heard(data.state);
    else if ("gone" in data) heard(undefined);
  };
  wire.postMessage({ who: true } satisfies Said);
  return { ask: (what) => wire.postMessage({ ask: what } satisfies Said), close: () => wire.close() };
}
