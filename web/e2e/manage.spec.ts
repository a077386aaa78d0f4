import { expect, type Page } from "@playwright/test";
import { accessible, ask, settled, signIn, test } from "./people";

/** The pages of those who manage, and whom the demo has for each. */
const PAGES = ["/day", "/approvals", "/stocktakes", "/supervision", "/dispatch", "/figures", "/reports", "/posts", "/papers/line-reports", "/papers/visit-records", "/incidents", "/calls", "/wallboard", "/calls/figures"] as const;
const ADMIN = [
  "organisation", "units", "people", "matrix", "duty", "packs", "rules", "phrases", "models", "calendar", "public", "telephony", "tokens", "webhooks", "machine", "audit",
];

/** No text that is cut off and cannot be scrolled to. */
async function unclipped(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wide = document.documentElement.scrollWidth > innerWidth + 1 ? [`page ${document.documentElement.scrollWidth}`] : [];
    const scrolls = (element: Element | null): boolean => {
      for (let at = element; at; at = at.parentElement) {
        if (/auto|scroll/.test(getComputedStyle(at).overflowX)) return true;
      }
      return false;
    };
    const cut = [...document.querySelectorAll("h1, h2, label, button, a, td, th, p")].filter((element) => {
      const style = getComputedStyle(element);
      if (!element.textContent?.trim() || element.closest(".read-aloud, .el-select, .el-date-editor")) return false;
      if (/ellipsis/.test(style.textOverflow) || element.closest(".one-line")) return false;
      const box = element.getBoundingClientRect();
      const outside = box.width > 0 && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(element.parentElement);
      const hidden = /hidden|clip/.test(style.overflowX) && element.scrollWidth > element.clientWidth + 1;
      return outside || hidden;
    });
    return [...wide, ...cut.map((element) => `${element.tagName} ${element.textContent?.trim().slice(0, 40)}`)];
  });
}

test("whoever approves reads the exact content, says why not, and decides (X-14)", async ({ page, people }) => {
  await signIn(page, people, "cheng.wangshu");
  await page.goto("/approvals");
  const first = page.getByRole("article").first();
  await expect(first).toBeVisible();
  await accessible(page);
  const name = await first.getAttribute("aria-label");
  const before = await page.getByRole("article").count();
  await first.getByRole("button", { name: "退回修改" }).click();
  await expect(first.getByRole("alert")).toBeVisible();
  await first.locator("textarea").fill("请补充依据");
  await first.getByRole("button", { name: "退回修改" }).click();
  await expect(page.getByRole("article")).toHaveCount(before - 1);
  expect(name).toBeTruthy();
});

test("a promise stands in my day until it is kept (PROP-37)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/intake");
  // what is kept of an earlier intake gives way to what is typed
  const words = page.locator("textarea").first();
  await expect(words).toBeFocused();
  await words.fill(`路灯不亮 ${Date.now()}`);
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/cases\//);
  const id = page.url().split("/").pop() ?? "";
  const text = `回电 ${Date.now()}`;
  const due = new Date(Date.now() + 3_600_000).toISOString();
  const made = await page.evaluate(async ([id, text, due]) => {
    const found = (await (await fetch(`/api/v1/cases/${id}`)).json()) as { version: number };
    const body = JSON.stringify({ kind: "call_back", text, due, version: found.version });
    return (await fetch(`/api/v1/cases/${id}/actions/promise`, { method: "POST", headers: { "content-type": "application/json" }, body })).status;
  }, [id, text, due] as const);
  expect(made).toBe(200);
  await page.goto("/day");
  const line = page.locator("li").filter({ hasText: text });
  await expect(line).toBeVisible();
  await accessible(page);
  await line.getByRole("button").click();
  await page.getByRole("dialog").locator("textarea").fill("已回电，客户知悉");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(line).toHaveCount(0);
});

test("the desk takes stock: a word on each, a signature, a review by another (PROP-16, DESK-16)", async ({ page, people }) => {
  test.setTimeout(300_000);
  await signIn(page, people, "gu.nanqiao");
  await page.goto("/stocktakes");
  const held = (await ask<{ posts: { post: string; unit: string }[] }>(page, "GET", "/session")).body.posts;
  const desk = held.find((one) => ["lead", "head"].includes(one.post))?.unit;
  const units = (await ask<{ items: { id: string; name: string }[] }>(page, "GET", "/units")).body.items;
  await page.getByRole("button", { name: "补开盘点" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").first().click();
  await page.getByRole("option", { name: units.find((unit) => unit.id === desk)?.name ?? "", exact: true }).click();
  await dialog.getByRole("button", { name: "补开盘点" }).click();
  await Promise.race([page.waitForURL(/stocktakes\/.+/), dialog.getByRole("alert").waitFor()]);
  if (!/stocktakes\/.+/.test(page.url())) {
    await page.goto("/stocktakes");
    await page.locator("tbody a").first().click();
  }
  await expect(page.getByText(/件中已说明/)).toBeVisible();
  await accessible(page);
  const speak = page.getByRole("button", { name: "说明", exact: true });
  await settled(page);
  const before = await speak.count();
  expect(before).toBeGreaterThan(2);
  for (const left of [before, before - 1]) {
    await speak.first().click();
    const form = page.getByRole("dialog");
    await form.locator("textarea").first().fill("已联系维修，等配件");
    await form.locator("textarea").nth(1).fill("明天上门");
    await page.keyboard.press("Control+Enter");
    await expect(form).toHaveCount(0);
    await expect(speak).toHaveCount(left - 1);
  }
  // the words on the rest, by the same interface; a signature before them is refused
  const path = `/stocktakes/${page.url().split("/").pop()}`;
  const version = async (): Promise<number> => (await ask<{ version: number }>(page, "GET", path)).body.version;
  const take = async (action: string, body: object): Promise<number> =>
    (await ask(page, "POST", `${path}/actions/${action}`, { ...body, version: await version() })).status;
  expect(await take("sign", {})).toBe(409);
  for (;;) {
    const lines = await ask<{ items: { case: string; text?: string }[] }>(page, "GET", `${path}/lines?limit=200`);
    const silent = lines.body.items.filter((line) => !line.text);
    if (silent.length === 0) break;
    for (const line of silent) expect(await take("word", { case: line.case, text: "已联系业主", next: "继续跟进" })).toBe(200);
  }
  await page.reload();
  await expect(speak).toHaveCount(0);
  await page.getByRole("button", { name: "签字", exact: true }).click();
  await expect(page.getByText("已签待审")).toBeVisible();
  await expect(page.getByRole("button", { name: "审核通过" })).toHaveCount(0);
});

test("the supervisor's numbers open their lists and equal them (SUP-1)", async ({ page, people }) => {
  await signIn(page, people, "cheng.wangshu");
  await page.goto("/supervision");
  const cell = page.locator(".sheet td.figure a").first();
  await expect(cell).toBeVisible();
  await accessible(page);
  const number = (await cell.innerText()).trim();
  await cell.click();
  await expect(page).toHaveURL(/found/);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(`符合条件的案件 ${number} 件`);
  await expect(page.locator("tbody tr")).toHaveCount(Number(number));
  await accessible(page);
});

test("every figure of the dashboard opens its list and equals it (PROP-87)", async ({ page, people }) => {
  await signIn(page, people, "cheng.wangshu");
  await page.goto("/figures");
  await expect(page.locator("canvas").first()).toBeVisible();
  await settled(page);
  await accessible(page);
  const cells = page.locator("td.figure a:visible").filter({ hasNotText: /%/ });
  await expect(cells.first()).toBeVisible();
  const link = cells.nth(Math.min(3, (await cells.count()) - 1));
  const number = (await link.innerText()).trim();
  await link.click();
  await expect(page.locator("[data-shown]")).toHaveText(number);
  if (number !== "0") await expect(page.locator("[data-count]")).toContainText(number);
  await accessible(page);
});

test("a coming is confirmed before its time is promised (PROP-21)", async ({ page, people }) => {
  await signIn(page, people, "su.yingxue");
  await page.goto("/dispatch");
  await settled(page);
  await accessible(page);
  await page.getByRole("button", { name: "安排" }).first().click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "约定" })).toHaveCount(0);
  await expect(dialog.getByRole("button", { name: "确认有人" })).toBeDisabled();
  await accessible(page);
});

for (const width of [375, 1280]) {
  test(`nothing is cut off at ${width} px`, async ({ page, people }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width, height: 800 });
    await signIn(page, people, "cheng.wangshu");
    const found: Record<string, string[]> = {};
    for (const path of PAGES) {
      await page.goto(path);
      await settled(page);
      found[path] = await unclipped(page);
    }
    expect(Object.entries(found).filter(([, cut]) => cut.length > 0)).toEqual([]);
  });

  test(`nothing of the administration is cut off at ${width} px`, async ({ page, people }) => {
    test.setTimeout(300_000);
    await page.setViewportSize({ width, height: 800 });
    await signIn(page, people, "admin");
    const found: Record<string, string[]> = {};
    for (const name of ADMIN) {
      await page.goto(`/admin/${name}`);
      await settled(page);
      found[name] = await unclipped(page);
    }
    expect(Object.entries(found).filter(([, cut]) => cut.length > 0)).toEqual([]);
  });
}

test("every page of the administration is accessible, in English without a Han character", async ({ page, people }) => {
  test.setTimeout(300_000);
  await page.addInitScript(() => localStorage.setItem("language", "en"));
  await signIn(page, people, "admin");
  for (const name of ADMIN) {
    await page.goto(`/admin/${name}`);
    await settled(page);
    await accessible(page);
    const labels = await page.locator("h1, h2, thead th, label > span, nav a, .tag, .caption, button > span").allInnerTexts();
    const names = people.map((one) => one.name);
    const users = /PROP|CP8|·|临江|望潮|公司|集团|物业|部$/;
    const han = labels.filter((text) => /\p{Script=Han}/u.test(text) && !names.some((one) => text.includes(one)) && !users.test(text));
    expect([name, han]).toEqual([name, []]);
  }
});

test("the manager's pages are accessible, in English without a Han character", async ({ page, people }) => {
  test.setTimeout(300_000);
  await page.addInitScript(() => localStorage.setItem("language", "en"));
  await signIn(page, people, "cheng.wangshu");
  for (const path of PAGES) {
    await page.goto(path);
    await settled(page);
    await accessible(page);
    const labels = await page.locator("h1, h2, thead th, label > span, nav a, button > span").allInnerTexts();
    const names = people.map((one) => one.name);
    const plain = labels.map((text) => names.reduce((rest, name) => rest.replaceAll(name, ""), text));
    expect([path, plain.filter((text) => /\p{Script=Han}/u.test(text))]).toEqual([path, []]);
  }
});
