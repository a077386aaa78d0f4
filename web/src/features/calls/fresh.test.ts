import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { mount } from "@vue/test-utils";
import { defineComponent, h } from "vue";

type Heard = (hint: { topic: string; id: string; version: number } | "reset") => void;
const heard = new Set<Heard>();
vi.mock("@/app/live", () => ({
  listen: () => undefined,
  onHint: (one: Heard) => {
    heard.add(one);
    return () => heard.delete(one);
  },
}));
const { useFresh } = await import("./fresh");

function pageThat(reads: () => Promise<unknown>): ReturnType<typeof mount> {
  return mount(defineComponent({ setup: () => (useFresh(reads), () => h("p")) }));
}

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it("CALL-6: what moves is read within two seconds, and a storm of hints is one reading", async () => {
  const read = vi.fn(() => Promise.resolve());
  const page = pageThat(read);
  const tell = (topic: string): void => heard.forEach((one) => one({ topic, id: "1", version: 1 }));
  await vi.advanceTimersByTimeAsync(0);
  expect(read).toHaveBeenCalledTimes(1);
  for (let i = 0; i < 100; i++) tell("call");
  tell("case");
  await vi.advanceTimersByTimeAsync(2000);
  expect(read).toHaveBeenCalledTimes(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(read).toHaveBeenCalledTimes(3);
  page.unmount();
  expect(heard.size).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read).toHaveBeenCalledTimes(3);
});

it("a hint that comes while it is read leads to another reading", async () => {
  let done: (() => void) | undefined;
  const read = vi.fn(() => new Promise<void>((resolve) => (done = resolve)));
  const page = pageThat(read);
  await vi.advanceTimersByTimeAsync(3000);
  heard.forEach((one) => one("reset"));
  await vi.advanceTimersByTimeAsync(100);
  done?.();
  await vi.advanceTimersByTimeAsync(2000);
  expect(read).toHaveBeenCalledTimes(2);
  page.unmount();
});
