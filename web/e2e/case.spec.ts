import { expect, type Page } from "@playwright/test";
import { accessible, act, ask, keeps, other, signIn, test } from "./people";

async function record(page: Page, text: string): Promise<string> {
  const made = await ask<{ id: string }>(page, "POST", "/cases", { kind: "complaint", channel: "phone", text });
  expect(made.status).toBe(201);
  return made.body.id;
}

test("the page draws the process and says who may go on and why a way is closed (D2)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const id = await record(page, `水管爆裂 ${Date.now()}`);
  await page.goto(`/cases/${id}`);
  await expect(page.locator("[aria-current=step]")).toHaveText(/已接收/);
  await page.getByLabel("下一步").getByRole("button", { name: /受理/ }).first().click();
  await expect(page.getByText(/可由 .*推进/)).toBeVisible();
  await expect(page.locator(".why").getByText(/PROP-50/).first()).toBeVisible();
  await accessible(page);
  await act(page, id, "promise", { kind: "feedback", due: new Date(Date.now() + 7_200_000).toISOString(), text: "两小时内" });
  await expect(page.getByLabel("下一步").getByRole("button", { name: "受理", exact: true })).toBeVisible();
  await page.getByLabel("下一步").getByRole("button", { name: "受理", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "受理", exact: true }).click();
  await expect(page.locator("[aria-current=step]")).toHaveText(/已受理/);
});

test("each limit counts down in working time and explains itself (D5)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const id = await record(page, `墙面渗水 ${Date.now()}`);
  await page.goto(`/cases/${id}`);
  await expect(page.getByText(/工作时间还剩|已超工作时间/).first()).toBeVisible();
  await page.getByText("为什么是这个时间").first().click();
  await expect(page.locator(".steps li").first()).toContainText("收到");
  await expect(page.locator(".steps li").last()).toContainText("截止");
});

test("two people see each other at a case, and a stale write shows what changed and loses nothing", async ({ page, people, browser, watched }) => {
  await signIn(page, people, "fang.qing");
  const text = `车库积水 ${Date.now()}`;
  const id = await record(page, text);
  await page.goto(`/cases/${id}`);
  await expect(page.getByText(text).first()).toBeVisible();
  const lead = await other(browser, people, "su.yingxue", watched);
  await lead.goto(`/cases/${id}`);
  await expect(page.getByText("苏映雪 正在查看")).toBeVisible();
  await lead.getByLabel("备注").first().fill("我来看看");
  await expect(page.getByText("苏映雪 正在填写")).toBeVisible();

  // what the agent writes rests on a state that the lead changes meanwhile
  await page.locator("aside.now").getByRole("button", { name: "归类" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.locator("#field-final_category").click();
  await page.locator(".el-select-dropdown__item:visible").last().click();
  const chosen = await page.locator("#field-final_category").locator("xpath=ancestor::*[contains(@class,'el-select__wrapper')]").innerText();
  await act(lead, id, "classify", { category: (await ask<{ categories: { code: string }[] }>(lead, "GET", `/cases/${id}/guide`)).body.categories[0]?.code });
  await expect(page.getByLabel("别人刚做的修改").getByText("苏映雪")).toBeVisible();
  const refused = page.waitForResponse((answer) => answer.url().includes("/actions/classify"));
  await page.getByRole("dialog").getByRole("button", { name: "归类", exact: true }).click();
  expect((await refused).status()).toBe(409);
  await expect(page.getByText("您填写期间，案件有了以下更新")).toBeVisible();
  expect(await page.locator("#field-final_category").locator("xpath=ancestor::*[contains(@class,'el-select__wrapper')]").innerText()).toBe(chosen);
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: /看过了，仍然/ }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const now = await ask<{ final_category: string }>(page, "GET", `/cases/${id}`);
  expect(now.body.final_category).toBeTruthy();
  await lead.context().close();
});

test("cases are joined to an incident and the join is taken back (D3, PROP-90)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const first = await record(page, `五号楼漏水 ${Date.now()}`);
  const second = await record(page, `天花板滴水 ${Date.now()}`);
  await page.goto(`/cases/${first}`);
  await page.getByRole("button", { name: "新建事件" }).click();
  const title = `漏水事件 ${Date.now()}`;
  await page.getByRole("dialog").getByLabel("标题").fill(title);
  await page.getByRole("dialog").getByLabel("理由").fill("同一处");
  await accessible(page);
  await page.getByRole("dialog").locator("button[type=submit]").click();
  await expect(page.getByLabel("同一事件").getByText(title)).toBeVisible();
  await page.goto(`/cases/${second}`);
  await page.getByRole("button", { name: "并入事件" }).click();
  await page.getByRole("dialog").locator(".el-select").click();
  await page.locator(".el-select-dropdown__item:visible").filter({ hasText: title }).click();
  await page.getByRole("dialog").getByLabel("理由").fill("也是那里");
  await page.getByRole("dialog").locator("button[type=submit]").click();
  await expect(page.getByLabel("同一事件").getByText("2 件")).toBeVisible();
  await page.getByText(/合并记录/).click();
  await page.getByLabel("同一事件").getByRole("button", { name: "撤销" }).last().click();
  await page.getByRole("dialog").getByLabel("理由").fill("弄错了");
  await page.getByRole("dialog").locator("button[type=submit]").click();
  await expect(page.getByLabel("同一事件").getByText("尚未并入任何事件")).toBeVisible();
});

test("a file is attached, shown in the page and given back as it was", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const id = await record(page, `门禁坏了 ${Date.now()}`);
  await page.goto(`/cases/${id}`);
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR4nGP8z8DAwMDAxMDAwMAAAA0GAQM9rE3IAAAAAElFTkSuQmCC", "base64");
  await page.locator("input[type=file]").setInputFiles({ name: "门禁.png", mimeType: "image/png", buffer: png });
  await expect(page.getByRole("link", { name: "门禁.png" })).toBeVisible();
  await page.getByRole("button", { name: "预览" }).click();
  await expect(page.getByRole("dialog").locator("img")).toBeVisible();
  expect(await page.getByRole("dialog").locator("img").evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(2);
  await accessible(page);
});

test("a form prints on its own page, and the whole file can be taken along (PROP-67)", async ({ page, people, context }) => {
  await signIn(page, people, "fang.qing");
  const id = await record(page, `灯坏了 ${Date.now()}`);
  await page.goto(`/cases/${id}`);
  await page.getByText(/未填的表单/).click();
  const [paper] = await Promise.all([context.waitForEvent("page"), page.getByRole("link", { name: "打印版" }).first().click()]);
  await expect(paper.locator("h1")).toBeVisible();
  await paper.close();
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "下载案卷" }).click()]);
  expect(file.suggestedFilename()).toMatch(/\.zip$/);
});

test("a note takes a phrase with its values in place and is kept while it is written (PHRASE-11)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const id = await record(page, `垃圾没清 ${Date.now()}`);
  await page.goto(`/cases/${id}`);
  await page.getByRole("button", { name: "常用语" }).click();
  await page.getByRole("textbox", { name: "查找常用语" }).fill("请稍候");
  await page.getByRole("button", { name: /请稍候/ }).click();
  const note = page.getByLabel("备注").first();
  await expect(note).toHaveValue("请稍候！");
  await keeps(page, "draft.note", "请稍候");
  await page.reload();
  await expect(page.getByLabel("备注").first()).toHaveValue("请稍候！");
});
