import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import { expect, test as base, type Page } from "@playwright/test";

interface Login {
  login: string;
  password: string;
  name: string;
  posts: string[];
}

/** What a page did that no page may do. */
export interface Watched {
  faults: string[];
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
      page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
      page.on("console", (message) => {
        if (/Content Security Policy|Refused to/.test(message.text())) faults.push(`policy: ${message.text()}`);
      });
      await use({ faults });
      expect(faults).toEqual([]);
    },
    { auto: true },
  ],
});

/** Signs in as the demo's first person with this post at an estate's desk, or with this login. */
export async function signIn(page: Page, people: Login[], who: string): Promise<Login> {
  const person = people.find((one) => one.login === who) ?? people.find((one) => one.posts.includes(who));
  if (!person) throw new Error(`nobody is ${who}`);
  await page.goto("/login");
  await page.fill("input[name=username]", person.login);
  await page.fill("input[name=password]", person.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/queue**");
  return person;
}

/** No serious or critical finding of axe on what is shown. */
export async function accessible(page: Page): Promise<void> {
  const found = await new AxeBuilder({ page }).analyze();
  const grave = found.violations.filter((one) => one.impact === "serious" || one.impact === "critical");
  expect(grave.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 5).join(" | ")}`)).toEqual([]);
}
