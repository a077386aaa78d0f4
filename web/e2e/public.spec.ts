import { expect } from "@playwright/test";
import { accessible, signIn, test } from "./people";

/** PROP-44, 46, 47, 62, issue 5 §8: published by the lead, used by a customer without script. */
test("an estate publishes its channels, and a customer files and follows without script", async ({ page, people, browser, baseURL }) => {
  await signIn(page, people, "su.yingxue");
  await page.goto("/admin/public");
  const publish = page.locator("main form");
  await publish.getByRole("combobox").click();
  await page.getByRole("option").first().click();
  await publish.getByLabel(/^电话/).fill("0755-99990000");
  await publish.getByLabel(/^意见箱/).fill("大堂东侧");
  await publish.getByRole("button", { name: "公布渠道" }).click();
  const link = page.locator("section.page a").first();
  await expect(link).toBeVisible();
  await expect(page.locator("section.page img").first()).toBeVisible();
  await accessible(page);
  const path = (await link.getAttribute("href")) ?? "";

  const context = await browser.newContext({
    javaScriptEnabled: false, locale: "zh-CN", viewport: { width: 375, height: 800 }, ...(baseURL ? { baseURL } : {}),
  });
  const customer = await context.newPage();
  const refused: string[] = [];
  customer.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) refused.push(message.text());
  });
  await customer.goto(path);
  await expect(customer.getByText("0755-99990000")).toBeVisible();
  await customer.getByRole("link", { name: "提交事项" }).click();
  await customer.getByLabel("事情经过和您的诉求").fill("三号楼大堂灯不亮\n请尽快修");
  await customer.getByLabel(/照片或文件/).setInputFiles([
    { name: "现场.txt", mimeType: "text/plain", buffer: Buffer.from("灯不亮") },
    { name: "run.sh", mimeType: "text/plain", buffer: Buffer.from("#!/bin/sh\necho") },
  ]);
  await customer.getByRole("button", { name: "提交" }).click();
  await expect(customer.getByText("您的事项已登记")).toBeVisible();
  await expect(customer.getByRole("alert")).toContainText("run.sh");
  const [number, code] = await customer.locator("dd.code").allInnerTexts();
  expect(code).toMatch(/^[A-Z2-9]{5}-[A-Z2-9]{5}$/);
  await customer.getByRole("link", { name: "查询进展" }).click();
  await customer.getByLabel("编号").fill(number ?? "");
  await customer.getByLabel("查询码").fill("AAAAA-AAAAA");
  await customer.getByRole("button", { name: "查询" }).click();
  await expect(customer.getByRole("alert")).toContainText("编号与查询码不符");
  await customer.getByLabel("查询码").fill((code ?? "").toLowerCase());
  await customer.getByRole("button", { name: "查询" }).click();
  await expect(customer.getByText("已收到，正在安排受理。")).toBeVisible();
  await customer.getByLabel("补充情况或您想问的").fill("晚上也不亮");
  await customer.getByRole("button", { name: "提交" }).click();
  await expect(customer.getByRole("status")).toContainText("已收到您的答复");
  expect(refused).toEqual([]);
  await context.close();

  // what the customer wrote is in the case, with the file that was taken
  await page.goto(`/queue?view=all&q=${number}`);
  await page.locator("tbody tr a").first().click();
  await expect(page.getByText("晚上也不亮").first()).toBeVisible();

  // the same pages with script, so that axe can look at them
  await page.goto(path);
  await accessible(page);
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 800 });
    for (const rest of ["", "/file?lang=en", "/follow?lang=en"]) {
      await page.goto(path + rest);
      await accessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      if (rest) expect((await page.locator("main").innerText()).replace(/[^\p{Script=Han}]/gu, "")).toBe("");
    }
  }
});
