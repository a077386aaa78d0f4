import { expect } from "@playwright/test";
import { accessible, ask, keeps, personOf, signIn, test } from "./people";

/** A customer whose last four digits are known to the demo. */
async function someCustomer(page: import("@playwright/test").Page): Promise<{ last: string; name: string }> {
  const found = await ask<{ items: { name: string; phones: string[]; residences: object[]; masked: boolean }[] }>(page, "GET", "/parties?limit=200");
  const one = found.body.items.find((party) => party.phones[0] && party.residences.length > 0 && !party.masked);
  if (!one) throw new Error("the demo knows no customer");
  return { last: (one.phones[0] ?? "").slice(-4), name: one.name };
}

test("an ordinary call of a known household takes at most 12 keys beside the text (issue 5, PROP-46, 50)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const { last } = await someCustomer(page);
  await page.goto("/queue");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  let keys = 0;
  const press = async (key: string): Promise<void> => {
    keys += key.length > 1 && key.includes("+") ? key.split("+").length : 1;
    await page.keyboard.press(key);
  };
  await press("c");
  await expect(page.locator("textarea").first()).toBeFocused();
  const text = `家里停水 ${Date.now()}`;
  await page.keyboard.type(text);
  await press("Tab");
  await expect(page.locator("input[name=customer]")).toBeFocused();
  for (const digit of last) await press(digit);
  await expect(page.locator(".found button").first()).toBeVisible();
  await press("Enter");
  await expect(page.locator(".taken")).toBeVisible();
  await press("Alt+3");
  await press("Control+Enter");
  await expect(page).toHaveURL(/cases\//);
  await expect(page.getByText(text).first()).toBeVisible();
  await expect(page.getByLabel("对客户的承诺").getByText("反馈时间")).toBeVisible();
  expect(keys).toBeLessThanOrEqual(12);
});

test("killing the browser and ending the session loses nothing of an intake (issue 5)", async ({ page, people, browser }) => {
  await signIn(page, people, "bai.luming");
  await page.goto("/intake");
  const text = `雨水管漏水 ${Date.now()}`;
  await page.locator("textarea").first().fill(text);
  await page.getByLabel(/客户感受/).fill("着急");
  await page.getByLabel(/希望达到的结果/).fill("今天修好");
  await page.getByRole("button", { name: /明天上午/ }).click();
  await keeps(page, "draft.intake", "T10:00");
  await ask(page, "DELETE", "/session");
  await page.context().close();
  const again = await browser.newContext();
  const there = await again.newPage();
  await signIn(there, people, "bai.luming");
  await there.goto("/intake");
  await expect(there.locator("textarea").first()).toHaveValue(text);
  await expect(there.getByLabel(/客户感受/)).toHaveValue("着急");
  await expect(there.getByLabel(/希望达到的结果/)).toHaveValue("今天修好");
  await expect(there.getByRole("button", { name: /明天上午/ })).toHaveAttribute("aria-pressed", "true");
  await accessible(there);
  await there.getByRole("button", { name: "清空重来" }).click();
  await expect(there.locator("textarea").first()).toHaveValue("");
  await again.close();
});

test("what was typed after the session ended comes back for the same person", async ({ page, people }) => {
  const me = await signIn(page, people, "liu.xuran");
  await page.goto("/intake");
  const text = `路灯不亮 ${Date.now()}`;
  await page.locator("textarea").first().fill("路灯");
  await page.context().clearCookies();
  await page.locator("textarea").first().fill(text);
  await expect(page).toHaveURL(/login\?to=/);
  await page.fill("input[name=username]", me.login);
  await page.fill("input[name=password]", me.password);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/intake/);
  await expect(page.locator("textarea").first()).toHaveValue(text);
});

test("a category shows its boundaries, and neighbours are not asked for name and room (PROP-34, 47)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/intake");
  await page.locator("textarea").first().fill("楼上太吵");
  await page.getByRole("combobox", { name: /受理类别/ }).click();
  await page.locator(".el-select-dropdown__item:visible").filter({ hasText: "业户纠纷" }).first().click();
  await expect(page.getByText("不得强行索要房号")).toBeVisible();
  await expect(page.getByText("不强求")).toBeVisible();
  await expect(page.locator(".meaning p").first()).not.toBeEmpty();
  await accessible(page);
});

test("the desk is handed to another person by password (issue 5)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const next = personOf(people, "liu.xuran");
  await page.getByRole("button", { name: "方晴" }).click();
  await page.getByRole("menuitem", { name: "换人使用" }).click();
  await accessible(page);
  await page.fill("input[name=switch-login]", next.login);
  await page.fill("input[name=switch-secret]", next.password);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: next.name })).toBeVisible();
  expect((await ask<{ login: string }>(page, "GET", "/session")).body.login).toBe(next.login);
});
