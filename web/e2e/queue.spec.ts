import { expect } from "@playwright/test";
import { accessible, ask, keeps, signIn, test } from "./people";

test("columns and row height are the person's own on every machine (issue 5)", async ({ page, people, browser }) => {
  await signIn(page, people, "wei.zijin");
  await page.goto("/queue?view=all");
  await page.getByRole("button", { name: "列与行高" }).click();
  await page.getByText("紧凑").click();
  await page.locator(".el-popover:visible").getByText("渠道", { exact: true }).click();
  await accessible(page);
  await keeps(page, "queue", "channel");
  await expect(page.locator("thead").getByText("渠道")).toBeVisible();
  const elsewhere = await browser.newContext();
  const there = await elsewhere.newPage();
  await signIn(there, people, "wei.zijin");
  await there.goto("/queue?view=all");
  await expect(there.locator("table.compact thead").getByText("渠道")).toBeVisible();
  await elsewhere.close();
  await ask(page, "DELETE", "/shelf/queue");
});

test("the list goes on without end, holds few rows and keeps its place (issue 5)", async ({ page, people }) => {
  await signIn(page, people, "cheng.wangshu");
  await page.goto("/queue?view=all");
  const { body } = await ask<{ count: number }>(page, "GET", "/cases/count");
  expect(body.count).toBeGreaterThan(200);
  const scroll = page.locator(".scroll").first();
  await expect(page.locator("tbody tr.line").first()).toBeVisible();
  await expect(async () => {
    await scroll.evaluate((box) => (box.scrollTop = box.scrollHeight));
    await expect(page.getByText(`共 ${body.count} 条`)).toBeVisible({ timeout: 500 });
  }).toPass();
  expect(await page.locator("tbody tr").count()).toBeLessThan(80);
  await scroll.evaluate((box) => (box.scrollTop = box.scrollHeight / 2));
  const row = page.locator("tbody tr.line").nth(12);
  await expect(row).toBeVisible();
  const place = await scroll.evaluate((box) => box.scrollTop);
  await row.locator("a").first().click();
  await expect(page).toHaveURL(/cases\//);
  await page.goBack();
  await expect(page.locator("tbody tr.line").first()).toBeVisible();
  expect(await scroll.evaluate((box) => box.scrollTop)).toBe(place);
});

test("everything that was found is done by the server, and refusals are listed (issue 5)", async ({ page, people }) => {
  await signIn(page, people, "su.yingxue");
  await page.goto("/queue?view=open&kind=repair");
  await page.locator("tbody tr.line").first().hover();
  await page.keyboard.press("x");
  await expect(page.getByText("已选 1 件")).toBeVisible();
  const all = page.getByRole("button", { name: "选择查到的全部" });
  if (await all.isVisible()) await all.click();
  await accessible(page);
  await page.getByRole("region", { name: "批量办理" }).getByRole("button", { name: "备注" }).click();
  await page.locator("#bulk-text").fill("统一说明");
  await page.getByRole("dialog").locator("button[type=submit]").click();
  await expect(page.getByText(/办完：成功 \d+ 件/)).toBeVisible();
  await accessible(page);
});

test("new cases are announced and move nothing until they are asked for", async ({ page, people, browser }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/queue?view=all");
  const first = page.locator("tbody tr.line").first();
  await expect(first).toBeVisible();
  const before = await first.innerText();
  const elsewhere = await browser.newContext();
  const there = await elsewhere.newPage();
  await signIn(there, people, "fang.qing");
  const text = `新来件 ${Date.now()}`;
  await ask(there, "POST", "/cases", { kind: "complaint", channel: "phone", text });
  await expect(page.getByRole("button", { name: /条新/ })).toBeVisible();
  expect(await first.innerText()).toBe(before);
  await page.getByRole("button", { name: /条新/ }).click();
  await expect(page.getByText(text)).toBeVisible();
  await elsewhere.close();
});

test("the palette finds commands and cases by keyboard", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/queue?view=all");
  await expect(page.locator("tbody tr.line").first()).toBeVisible();
  const { body } = await ask<{ items: { number: string }[] }>(page, "GET", "/cases?limit=1");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: /输入命令/ })).toBeFocused();
  await accessible(page);
  await page.keyboard.type("已逾期");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/view=overdue/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type(body.items[0]?.number ?? "");
  await expect(page.getByRole("option").filter({ hasText: body.items[0]?.number ?? "" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/cases\//);
});
