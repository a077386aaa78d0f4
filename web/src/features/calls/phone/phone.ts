/** Why a phone is not connected; each has its advice (stack.md: softphone). */
export type Trouble = "insecure" | "microphone_refused" | "microphone_missing" | "unreachable" | "refused" | "elsewhere" | "no_lines" | "signed_out";

/** How a phone stands; the server owns the state of agent and call, the browser shows it. */
export interface PhoneState {
  line: "off" | "connecting" | "ready" | "trouble";
  trouble?: Trouble | undefined;
  call: "none" | "ringing" | "dialling" | "talking" | "held";
  /** Who rings or speaks, as the line says. */
  other?: string | undefined;
  /** Since when the call is as it is. */
  since?: number | undefined;
  muted: boolean;
}

export const IDLE: PhoneState = { line: "off", call: "none", muted: false };

/** What a phone needs to register. */
export interface Credentials {
  user: string;
  password: string;
  realm: string;
  /** Where SIP is spoken on this server. */
  path: string;
}

/** A telephone, whatever carries its sound. */
export interface Phone {
  readonly state: PhoneState;
  /** Hears every change until the function it gives is called. */
  onChange: (listener: (state: PhoneState) => void) => () => void;
  start: () => Promise<void>;
  stop: (trouble?: Trouble) => void;
  answer: () => void;
  decline: () => void;
  hangUp: () => void;
  mute: (on: boolean) => void;
}

/** What all phones share: a state and whoever hears of it. */
export abstract class Told {
  private listeners = new Set<(state: PhoneState) => void>();
  state: PhoneState = { ...IDLE };

  onChange(listener: (state: PhoneState) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  protected become(change: Partial<PhoneState>): void {
    const moved = change.call !== undefined && change.call !== this.state.call;
    this.state = { ...this.state, ...change, ...(moved ? { since: Date.now() } : {}) };
    for (const listener of this.listeners) listener(this.state);
  }
}

/** Says why there is no microphone. */
export function troubleOf(failure: unknown, secure: boolean): Trouble {
  if (!secure) return "insecure";
  const name = failure instanceof Error ? failure.name : "";
  return name === "NotFoundError" || name === "OverconstrainedError" ? "microphone_missing" : "microphone_refused";
}
