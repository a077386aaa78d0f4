import { readFileSync } from "node:fs";
import { expect, type Page } from "@playwright/test";
import { accessible, ask, other, personOf, signIn, test } from "./people";

const words = JSON.parse(readFileSync(new URL("../src/locales/generated/words.zh-CN.json", import.meta.url), "utf8")) as Record<string, string>;

/** Opens the dialogue of an action by whatever button of the page offers it. */
async function begin(page: Page, action: string): Promise<void> {
  const name = words[action] ?? action;
  const button = page.locator("main").getByRole("button", { name, exact: true }).first();
  const more = page.locator("aside.now details.more").first().locator("summary");
  await expect(page.locator("aside.now")).toBeVisible();
  await expect(async () => {
    if (!(await button.isVisible())) await more.click({ timeout: 1000 });
    await button.click({ timeout: 1000 });
  }).toPass();
  await expect(page.getByRole("dialog")).toBeVisible();
}

async function choose(page: Page, field: string, option: string): Promise<void> {
  const input = page.locator(`#field-${field}`);
  await input.click();
  if ((await input.getAttribute("readonly")) === null) await input.fill(option);
  await page.locator(".el-select-dropdown__item:visible").filter({ hasText: option }).first().click();
}

type Filling = Record<string, string | { choose: string } | boolean>;

/** Takes an action through its dialogue and waits until the page shows it done. */
async function take(page: Page, action: string, fields: Filling = {}): Promise<void> {
  await begin(page, action);
  for (const [field, value] of Object.entries(fields)) {
    if (typeof value === "string") await page.locator(`#field-${field}`).fill(value);
    else if (typeof value === "boolean") await page.locator(`#field-${field}`).getByText(value ? "是" : "否").click();
    else await choose(page, field, value.choose);
  }
  await page.getByRole("dialog").locator("button[type=submit]").click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

async function standsAt(page: Page, stage: string): Promise<void> {
  await expect(page.locator("[aria-current=step]")).toContainText(words[stage] ?? stage);
}

test("a complaint goes from the call to the satisfied customer by five people (PROP-14, 22, 50, 53, 55, 59, 62, 64, X-39)", async ({
  page, people, browser, watched,
}) => {
  test.setTimeout(420_000);
  await signIn(page, people, "fang.qing");
  const text = `楼上漏水，客厅天花板湿了 ${Date.now()}`;
  await page.goto("/intake");
  await page.locator("textarea").first().fill(text);
  await page.getByRole("button", { name: /明天上午/ }).click();
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/cases\//);
  const path = new URL(page.url()).pathname;
  await take(page, "accept");
  await standsAt(page, "accepted");
  const handler = personOf(people, "ding.yinuo");
  await take(page, "transfer", { to: { choose: handler.name } });

  const theirs = await other(browser, people, handler.login, watched);
  await theirs.goto(path);
  await take(theirs, "accept_transfer");
  const lead = await other(browser, people, "su.yingxue", watched);
  await lead.goto(path);
  await take(lead, "investigate");
  await standsAt(theirs, "investigating");
  await take(theirs, "record_finding", { text: "落水管失修" });
  await take(theirs, "state_basis", { kind: { choose: words["contract"] ?? "" }, text: "物业合同第六条", responsibility: { choose: words["ours"] ?? "" } });
  await take(theirs, "offer_option", { text: "三日内更换落水管并赔偿", amount: "6000" });
  await take(theirs, "negotiate");
  await standsAt(theirs, "negotiating");
  await accessible(theirs);
  await expect(theirs.getByLabel("协商").getByText("¥6,000")).toBeVisible();
  await take(theirs, "answer_option", { option: { choose: "三日内" }, answer: { choose: words["provisional"] ?? "" } });

  const head = await other(browser, people, "cheng.wangshu", watched);
  await head.goto(path);
  await expect(head.getByLabel("报批").getByText("待批")).toBeVisible();
  await head.getByLabel("报批").getByRole("button", { name: words["decide_approval"] ?? "" }).click();
  await choose(head, "decision", words["granted"] ?? "");
  await head.getByRole("dialog").locator("button[type=submit]").click();
  await expect(head.getByLabel("报批").getByText("同意", { exact: true })).toBeVisible();
  await accessible(head);

  await theirs.getByLabel("协商").getByRole("button", { name: words["answer_option"] ?? "" }).click();
  await choose(theirs, "answer", words["accepted"] ?? "");
  await theirs.getByRole("dialog").locator("button[type=submit]").click();
  await expect(theirs.getByRole("dialog")).toHaveCount(0);
  await take(theirs, "execute");
  await take(theirs, "reply", { kind: { choose: words["measures"] ?? "" }, carrier: { choose: words["spoken"] ?? "" }, text: "周五前换好" });
  await take(theirs, "submit_for_verification");
  await standsAt(theirs, "verifying");

  const verifier = await other(browser, people, "ge.shoucheng", watched);
  await verifier.goto(path);
  await take(verifier, "verify", { in_order: true });
  await take(verifier, "send_to_visit");
  await standsAt(lead, "visiting");
  await take(lead, "visit", {
    form: { choose: words["phone"] ?? "" }, result: { choose: words["satisfied"] ?? "" }, acceptance: "很快", measures: "可以", result_opinion: "满意",
  });
  await expect(lead.getByLabel("回访").getByText("很快")).toBeVisible();
  await accessible(lead);
  await take(lead, "close_satisfied");
  await expect(lead.locator("header .stage").first()).toHaveText(words["satisfied"] ?? "");
  const closed = await ask<{ closure: string; text: string }>(lead, "GET", path);
  expect(closed.body).toMatchObject({ closure: "satisfied", text });
  for (const one of [theirs, lead, head, verifier]) await one.context().close();
});
