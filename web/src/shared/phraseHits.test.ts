import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createApp, h, nextTick, reactive, type App } from "vue";
import { createI18n } from "vue-i18n";
import PhraseHits from "./PhraseHits.vue";
import type { Said } from "./outgoing";

const asked: string[] = [];
vi.mock("@/api/client", () => ({
  api: { POST: (_: string, { body }: { body: { text: string } }) => Promise.resolve(body.text) },
  got: async (answer: Promise<string>) => {
    const text = await answer;
    asked.push(text);
    const hits = [...text.matchAll(/公司的规定|定\n电/gu)].map(({ index, 0: written }) => {
      const start = Array.from(text.slice(0, index)).length;
      return { number: 1, level: "block", origin: "handbook", written, start, end: start + Array.from(written).length, feeling: "", better: "" };
    });
    return { verdict: hits.length ? "stop" : "send", hits };
  },
}));

vi.mock("element-plus/es/components/base/style/css", () => ({}));
vi.mock("element-plus/es/components/checkbox/style/css", () => ({}));

let app: App | undefined;
const said = reactive<{ texts: Said[] }>({ texts: [] });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("ResizeObserver", class { observe(): void {} disconnect(): void {} });
  vi.stubGlobal("requestAnimationFrame", (done: () => void) => setTimeout(done, 0));
  document.body.innerHTML = '<div id="host"></div>' + ["one", "two", "three"].map((id) => `<div><textarea id="${id}"></textarea></div>`).join("");
});
afterEach(() => {
  app?.unmount();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function look(): Promise<void> {
  await nextTick();
  await vi.advanceTimersByTimeAsync(500);
  await nextTick();
}
const lines = (): string[] =>
  [...document.querySelectorAll(".mirror .stop")].map((line) => `${line.closest("div:has(textarea)")?.querySelector("textarea")?.id}: ${line.textContent}`);

test("many fields are asked about once, and each shows its own hits (PHRASE-8)", async () => {
  said.texts = [
    { text: "😀这是公司的规定，一定", field: "one" },
    { text: "电梯已修", field: "two" },
    { text: "按公司的规定，公司的规定", field: "three" },
  ];
  app = createApp(() => h(PhraseHits, { said: said.texts, audience: "public" }));
  app.use(createI18n({ legacy: false, locale: "zh", messages: { zh: {} }, missingWarn: false, fallbackWarn: false })).mount("#host");
  await look();
  expect(asked).toHaveLength(1);
  expect(lines()).toEqual(["one: 公司的规定", "three: 公司的规定", "three: 公司的规定"]);
  // what only two fields together would say is told of neither
  expect(document.querySelectorAll(".hits li")).toHaveLength(3);
  said.texts = [{ text: "电梯已修", field: "two" }, { text: "公司的规定", field: "three" }];
  await nextTick();
  expect(lines()).toEqual([]);
  await look();
  expect(lines()).toEqual(["three: 公司的规定"]);
});
