import { expect, type Page } from "@playwright/test";
import { accessible, ask, settled, signIn, test, type Login } from "./people";

/** Everything of the page that is wider than its place and does not say so. */
function clipped(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const out: string[] = [];
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth + 1) out.push(`the page is ${root.scrollWidth} wide at ${root.clientWidth}`);
    for (const node of document.querySelectorAll<HTMLElement>("main *, header *, nav *")) {
      const own = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent?.trim());
      if (!own || !node.checkVisibility() || node.closest(".read-aloud, svg, .el-select-dropdown, [aria-hidden=true]")) continue;
      const style = getComputedStyle(node);
      // for readers only, not to be seen
      if (style.clipPath.startsWith("inset")) continue;
      const cut = node.scrollWidth > node.clientWidth + 1 && style.overflowX !== "visible" && style.overflowX !== "auto";
      if (cut && style.textOverflow !== "ellipsis" && node.clientWidth > 0) out.push(`${node.tagName}.${node.className}: ${node.textContent?.trim().slice(0, 40)}`);
    }
    return out;
  });
}

async function aCase(page: Page): Promise<string> {
  const found = await ask<{ items: { id: string }[] }>(page, "GET", "/cases?limit=1");
  return `/cases/${found.body.items[0]?.id ?? ""}`;
}

test("each page as each post: nothing that is shown answers 403, nothing breaks (SUP-1)", async ({ browser, people, watched }) => {
  test.setTimeout(900_000);
  const posts = [...new Set(people.flatMap((one) => one.posts))];
  const refused: string[] = [];
  for (const post of posts) {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on("pageerror", (error) => watched.faults.push(`${post}: ${error.message}`));
    page.on("response", (answer) => {
      const path = new URL(answer.url()).pathname;
      if (answer.status() === 403) refused.push(`${post} at ${new URL(page.url()).pathname}: ${answer.request().method()} ${path}`);
      if (answer.status() >= 500) refused.push(`${post}: ${answer.status()} ${path}`);
    });
    const person = people.find((one) => one.posts.length === 1 && one.posts[0] === post) ?? people.find((one) => one.posts.includes(post));
    await signIn(page, people, (person as Login).login);
    await settled(page);
    const places = await page.locator("nav.rail a").evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname));
    const seen = async (paths: string[]): Promise<void> => {
      for (const place of paths) {
        await page.goto(place);
        await settled(page);
      }
    };
    await seen(places.filter((place) => place !== "/admin"));
    if (places.includes("/admin")) {
      await seen(["/admin"]);
      await seen(await page.locator("nav.side a").evaluateAll((links) => links.map((link) => new URL((link as HTMLAnchorElement).href).pathname)));
    }
    await seen([await aCase(page)]);
    // every action that the page offers is one that the server would take
    const id = new URL(page.url()).pathname.split("/").pop() ?? "";
    if (id.length === 36) {
      const { body } = await ask<{ items: { action: string; open: boolean }[] }>(page, "GET", `/cases/${id}/actions`);
      const open = body.items.filter((one) => one.open).length;
      const offered = await page.locator("aside.now .buttons button").count();
      expect(offered, `${post} is offered more than is open`).toBeLessThanOrEqual(open);
    }
    await context.close();
  }
  expect(refused).toEqual([]);
});

for (const width of [375, 1280]) {
  test(`no text is cut at ${width} px`, async ({ page, people }) => {
    await page.setViewportSize({ width, height: 800 });
    await signIn(page, people, "su.yingxue");
    for (const path of ["/queue?view=all", "/intake", await aCase(page)]) {
      await page.goto(path);
      await settled(page);
      await expect(page.locator("main h1").first()).toBeVisible();
      expect(await clipped(page), path).toEqual([]);
      await accessible(page);
    }
  });
}

test("at 200 % zoom everything is in reach", async ({ browser, people }) => {
  const context = await browser.newContext({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  const page = await context.newPage();
  await signIn(page, people, "fang.qing");
  for (const path of ["/queue?view=all", "/intake", await aCase(page)]) {
    await page.goto(path);
    await settled(page);
    expect(await clipped(page), path).toEqual([]);
  }
  await page.goto("/intake");
  const send = page.getByRole("button", { name: "登记", exact: true });
  await send.scrollIntoViewIfNeeded();
  await expect(send).toBeInViewport();
  await context.close();
});

test("in English no Han character stands outside what users wrote", async ({ page, people }) => {
  const written: string[] = [];
  const gather = (value: unknown, key = ""): void => {
    if (typeof value === "string") {
      if (!["detail", "explanation", "title_text"].includes(key) && /\p{Script=Han}/u.test(value)) written.push(value);
    } else if (Array.isArray(value)) value.forEach((one) => gather(one, key));
    else if (value && typeof value === "object") for (const [name, one] of Object.entries(value)) gather(one, name);
  };
  page.on("response", (answer) => {
    if (answer.url().includes("/api/") && answer.headers()["content-type"]?.includes("json")) {
      void answer.json().then((body: unknown) => gather(body), () => undefined);
    }
  });
  await page.addInitScript(() => localStorage.setItem("language", "en"));
  await signIn(page, people, "su.yingxue");
  for (const path of ["/queue?view=all", "/intake", await aCase(page)]) {
    await page.goto(path);
    await settled(page);
    const shown = await page.evaluate(() => {
      const out: string[] = [];
      const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const text = node.textContent?.trim() ?? "";
        if (text && node.parentElement?.checkVisibility() && !node.parentElement.closest("script, style, noscript")) out.push(text);
      }
      for (const node of document.querySelectorAll("[placeholder], [aria-label], [title]")) {
        for (const name of ["placeholder", "aria-label", "title"]) out.push(node.getAttribute(name) ?? "");
      }
      return out;
    });
    // a text on the page may be several that users wrote, joined by ours
    const ours = shown.map((text) => [...written].sort((a, b) => b.length - a.length).reduce((left, one) => left.replaceAll(one, ""), text));
    expect(ours.filter((text) => /\p{Script=Han}/u.test(text)), path).toEqual([]);
  }
});

test("the workbench can be installed and opens without the network (PWA)", async ({ page, people, context }) => {
  await signIn(page, people, "fang.qing");
  const manifest = await page.evaluate(async () => (await (await fetch("/manifest.webmanifest")).json()) as { start_url: string; icons: object[] });
  expect(manifest.start_url).toBe("/");
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.reload();
  await expect(page.locator("main")).toBeVisible();
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const all = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((request) => new URL(request.url).pathname)));
    return all.flat();
  });
  expect(kept).toContain("/index.html");
  expect(kept.filter((path) => path.startsWith("/api/"))).toEqual([]);
  await context.setOffline(true);
  await page.reload();
  await expect(page.getByRole("heading", { name: "连不上服务器" })).toBeVisible();
  await context.setOffline(false);
  await page.getByRole("button", { name: "再试一次" }).click();
  await expect(page).toHaveURL(/queue/);
});
