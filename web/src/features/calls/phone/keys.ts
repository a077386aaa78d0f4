import type { Key } from "@/app/keys";
import { KEYS, phoneKey, type Control } from "./controls";

/** Heading of the telephone's keys in the help sheet. */
const OF = "phone.keys";

/** What the keys work on: the call's controls, what is known of the caller, and the work after the call. */
export interface Doing {
  /** What can be done with the call now. */
  controls: () => readonly Control[];
  act: (control: Control) => void;
  /** Whether what is known of a caller can be shown. */
  known: () => boolean;
  fold: () => void;
  tell: () => void;
  make: (place: number) => void;
  proceed: () => void;
  message: () => void;
  promise: () => void;
  dial: () => void;
  /** Whether the work after a call is under way. */
  wrapping: () => boolean;
  wrapDone: () => void;
  prolong: () => void;
}

const CONTROLS: readonly (readonly [text: string, ...does: Control[]])[] = [
  ["phone.keyAnswer", "answer", "hang_up"], ["phone.keyHold", "hold", "resume"], ["phone.keyMute", "mute"], ["phone.keyTransfer", "transfer"],
  ["phone.keyConsult", "consult"], ["phone.keyComplete", "complete"], ["phone.keyConference", "conference"], ["phone.keyBack", "cancel_consult"],
  ["phone.keyPad", "keypad"], ["phone.keyPause", "pause"],
];

/** A key of the telephone, as the help sheet lists it. */
export const keyOf = (sign: string, text: string, run: () => void, when?: () => boolean): Key => ({ keys: phoneKey(sign), text, of: OF, typing: true, run, ...(when ? { when } : {}) });

/** Keys of whatever an agent does all day in a call, in the order of a call. */
export function deskKeys(doing: Doing): Key[] {
  const controls = CONTROLS.map(([text, ...does]): Key => {
    const now = (): Control | undefined => does.find((one) => doing.controls().includes(one));
    return {
      keys: KEYS[does[0] as Control], text, of: OF, typing: true, when: () => now() !== undefined,
      run: () => {
        const found = now();
        if (found) doing.act(found);
      },
    };
  });
  const { known, wrapping } = doing;
  return [
    ...controls,
    keyOf("i", "phone.keyOpen", doing.fold, known),
    keyOf("q", "phone.keyMatter", doing.tell, known),
    keyOf("1", "phone.keyComplaint", () => doing.make(0), known),
    keyOf("2", "phone.keyRepair", () => doing.make(1), known),
    keyOf("3", "phone.keyEnquiry", () => doing.make(2), known),
    keyOf("u", "phone.keyContinue", doing.proceed, known),
    keyOf("l", "phone.keyMessage", doing.message, known),
    keyOf("b", "phone.keyPromise", doing.promise, known),
    keyOf("w", "phone.keyDone", doing.wrapDone, wrapping),
    keyOf("e", "phone.keyProlong", doing.prolong, wrapping),
    keyOf("d", "phone.keyDial", doing.dial),
  ];
}
