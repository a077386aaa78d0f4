import { expect, it } from "vitest";
import { controlsOf, KEYS, type Control } from "./controls";
import { deskKeys, type Doing } from "./keys";

const nothing = (): void => undefined;
const doing = (about: Partial<Doing>): Doing => ({
  controls: () => [], act: nothing, known: () => false, fold: nothing, tell: nothing, make: nothing, proceed: nothing, message: nothing, promise: nothing,
  dial: nothing, wrapping: () => false, wrapDone: nothing, prolong: nothing, ...about,
});
const STATES = ["offering", "talking", "held", "consulting", "conference", "dialling"];

it("everything that can be done with a call has a key of its own, listed once", () => {
  const listed = deskKeys(doing({})).map((key) => key.keys);
  expect(new Set(listed).size).toBe(listed.length);
  for (const state of STATES) {
    const keys = controlsOf(state).map((control) => KEYS[control]);
    expect(new Set(keys).size, state).toBe(keys.length);
    expect(listed).toEqual(expect.arrayContaining(keys));
  }
});

it("a key does what can be done now, and nothing otherwise", () => {
  const done: Control[] = [];
  let state = "talking";
  const keys = deskKeys(doing({ controls: () => controlsOf(state), act: (control) => done.push(control) }));
  const lift = keys.find((key) => key.keys === KEYS.answer);
  lift?.run(new KeyboardEvent("keydown"));
  state = "offering";
  lift?.run(new KeyboardEvent("keydown"));
  expect(done).toEqual(["hang_up", "answer"]);
  state = "ended";
  expect(lift?.when?.()).toBe(false);
});
