import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Browser, type Page, type Request } from "@playwright/test";

export interface Login {
  login: string;
  password: string;
  name: string;
  posts: string[];
}

/** What a page did that no page may do. */
export interface Watched {
  faults: string[];
}

/** What each page is asking for at present; the stream of events has no end. */
const asking = new WeakMap<Page, { open: Set<Request>; since: number }>();

function follow(page: Page): void {
  if (asking.has(page)) return;
  const state = { open: new Set<Request>(), since: Date.now() };
  asking.set(page, state);
  const moved = (change: () => void): void => {
    change();
    state.since = Date.now();
  };
  page.on("request", (request) => {
    if (!request.url().includes("/api/v1/events")) moved(() => state.open.add(request));
  });
  const ended = (request: Request): void => moved(() => state.open.delete(request));
  page.on("requestfinished", ended);
  page.on("requestfailed", ended);
  page.on("framenavigated", () => moved(() => state.open.clear()));
}

/** Waits until a page has its heading and asks for nothing any more. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator("h1").first()).toBeVisible();
  await expect.poll(() => {
    const state = asking.get(page);
    return state !== undefined && state.open.size === 0 && Date.now() - state.since > 150;
  }, { intervals: [50] }).toBe(true);
}

/** Takes note of whatever a page must not do. */
export function watch(page: Page, faults: string[]): void {
  follow(page);
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content Security Policy|Refused to/.test(text)) faults.push(`policy: ${text}`);
    if (/Unhandled error|SyntaxError|\[Vue|\[intlify/.test(text)) faults.push(`script: ${text}`);
  });
}

/** Tests in which a violated policy or a script error fails at the end. */
export const test = base.extend<{ watched: Watched; people: Login[] }>({
  people: async ({}, use, info) => {
    const { logins } = info.project.metadata as { logins: string };
    await use((JSON.parse(readFileSync(logins, "utf8")) as { people: Login[] }).people);
  },
  watched: [
    async ({ page }, use) => {
      const faults: string[] = [];
      watch(page, faults);
      await use({ faults });
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

/** Finds the demo's first person with this login or post. */
export function personOf(people: Login[], who: string): Login {
  const person = people.find((one) => one.login === who) ?? people.find((one) => one.posts.includes(who));
  if (!person) throw new Error(`nobody is ${who}`);
  return person;
}

/** Signs in as the demo's first person with this post at an estate's desk, or with this login. */
export async function signIn(page: Page, people: Login[], who: string): Promise<Login> {
  const person = personOf(people, who);
  follow(page);
  await page.goto("/login");
  await page.fill("input[name=username]", person.login);
  await page.fill("input[name=password]", person.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/queue**");
  return person;
}

/** Another person at another machine, watched like the first. */
export async function other(browser: Browser, people: Login[], who: string, watched: Watched): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  watch(page, watched.faults);
  await signIn(page, people, who);
  return page;
}

/** Asks the API as whoever is signed in on a page. */
export async function ask<T>(page: Page, method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: object): Promise<{ status: number; body: T }> {
  return page.evaluate(
    async ([verb, address, content]) => {
      const headers: Record<string, string> = content === undefined ? {} : { "Content-Type": "application/json" };
      const answer = await fetch(`/api/v1${address}`, { method: verb, headers, ...(content === undefined ? {} : { body: JSON.stringify(content) }) });
      const text = await answer.text();
      return { status: answer.status, body: (text ? JSON.parse(text) : undefined) as T };
    },
    [method, path, body] as const,
  );
}

/** The version of a case now. */
export async function versionOf(page: Page, id: string): Promise<number> {
  return (await ask<{ version: number }>(page, "GET", `/cases/${id}`)).body.version;
}

/** Takes an action by the API, which must succeed. */
export async function act(page: Page, id: string, action: string, body: object = {}): Promise<void> {
  const version = await versionOf(page, id);
  const answer = await ask<object>(page, "POST", `/cases/${id}/actions/${action}`, { ...body, version });
  expect(answer.status, `${action}: ${JSON.stringify(answer.body)}`).toBe(200);
}

/** No serious or critical finding of axe on what is shown. */
export async function accessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const grave = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  expect(grave.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 5).join(" | ")}`)).toEqual([]);
}

/** Waits until the server keeps something that contains this text. */
export async function keeps(page: Page, name: string, text: string): Promise<void> {
  await expect.poll(async () => JSON.stringify((await ask<object>(page, "GET", `/shelf?from=${name}`)).body)).toContain(text);
}
