import { expect, type Page } from "@playwright/test";
import { accessible, act, ask, other, personOf, signIn, test, versionOf } from "./people";

async function record(page: Page, text: string): Promise<string> {
  const made = await ask<{ id: string }>(page, "POST", "/cases", { kind: "complaint", channel: "phone", text });
  expect(made.status).toBe(201);
  return made.body.id;
}

interface Later {
  items: { id: string; case: string; body: { text?: string }; refused_at?: string; code?: string }[];
}

const later = async (page: Page): Promise<Later> => (await ask<Later>(page, "GET", "/prepared")).body;

test("what is written for later is said by the server at its time (issue 5)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const id = await record(page, `水压低 ${Date.now()}`);
  await page.goto(`/cases/${id}`);
  await page.locator("aside.now").getByRole("button", { name: "答复", exact: true }).click();
  const dialog = page.getByRole("dialog");
  for (const [field, index] of [["carrier", 0], ["kind", 3]] as const) {
    await page.locator(`#field-${field}`).click();
    await page.locator(".el-select-dropdown__item:visible").nth(index).click();
  }
  const text = `明天上午修好 ${Date.now()}`;
  await page.locator("#field-text").fill(text);
  await dialog.getByText("写好留待以后发").click();
  const tomorrow = new Date(Date.now() + 30 * 3_600_000).toISOString().slice(0, 10);
  await dialog.getByRole("combobox", { name: "写好留待以后发" }).fill(`${tomorrow} 09:00`);
  await page.keyboard.press("Enter");
  await accessible(page);
  await dialog.getByRole("button", { name: "到时发出" }).click();
  await expect(dialog).toHaveCount(0);
  await expect.poll(async () => (await later(page)).items.some((one) => one.body.text === text)).toBe(true);
  await expect(page.locator(".timeline").getByText(text)).toHaveCount(0);
  await page.getByRole("button", { name: /定时发出/ }).click();
  await expect(page.locator(".el-popover:visible").getByText(/由系统以您的名义发出/)).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Escape");
  // its time comes
  const waits = (await later(page)).items.find((one) => one.body.text === text);
  const soon = { at: new Date(Date.now() + 2000).toISOString(), version: await versionOf(page, id) };
  expect((await ask(page, "PUT", `/prepared/${waits?.id}`, soon)).status).toBe(200);
  await expect.poll(async () => (await later(page)).items.some((one) => one.body.text === text)).toBe(false);
  await page.reload();
  await expect(page.locator(".timeline").getByText(text)).toBeVisible();
});

test("what cannot be said any more is kept, and its writer told why (issue 5)", async ({ page, people, browser, watched }) => {
  await signIn(page, people, "ding.yinuo");
  const id = await record(page, `水压低 ${Date.now()}`);
  const text = `请放心 ${Date.now()}`;
  const at = new Date(Date.now() + 6000).toISOString();
  const version = await versionOf(page, id);
  const made = await ask(page, "POST", `/cases/${id}/prepared`, { action: "note", body: { text }, at, version });
  expect(made.status).toBe(201);
  const lead = await other(browser, people, "su.yingxue", watched);
  await act(lead, id, "set_fields", { fields: {} }).catch(() => undefined);
  const promise = { kind: "feedback", text: "回电", due: new Date(Date.now() + 86_400_000).toISOString() };
  await act(lead, id, "promise", promise);
  await act(lead, id, "accept");
  await expect.poll(async () => (await later(page)).items.find((one) => one.body.text === text)?.code).toBe("stale");
  await page.goto("/queue?view=all");
  await page.getByRole("button", { name: /定时发出/ }).click();
  const menu = page.locator(".el-popover:visible");
  await expect(menu.getByText(/没有发出/).first()).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /通知/ }).click();
  await expect(page.locator(".el-popover:visible").getByText("您预备的内容没能发出，请打开处理").first()).toBeVisible();
  const kept = (await later(page)).items.filter((one) => one.case === id);
  for (const one of kept) await ask(page, "DELETE", `/prepared/${one.id}`);
});

test("a colleague named with @ in a note is told of it, and only who may see the case (issue 5)", async ({ page, people, browser, watched }) => {
  await signIn(page, people, "fang.qing");
  const lead = personOf(people, "su.yingxue");
  const outside = personOf(people, "tian.xiaoman");
  const id = await record(page, `灯不亮 ${Date.now()}`);
  await page.goto(`/cases/${id}`);
  const box = page.getByLabel("备注").first();
  await expect(box).toBeVisible();
  await box.fill(`@${outside.name} 请看`);
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("alert").getByText(/看不到这个案件/)).toBeVisible();
  await accessible(page);
  await expect(box).toHaveValue(`@${outside.name} 请看`);
  await box.fill("");
  await box.pressSequentially(`@${lead.name.slice(0, 2)}`);
  await page.locator(".el-mention-dropdown__item").filter({ hasText: lead.name }).first().click();
  await box.pressSequentially("请看一下");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".timeline").getByText(/请看一下/)).toBeVisible();
  const there = await other(browser, people, "su.yingxue", watched);
  await expect
    .poll(async () => {
      const found = await ask<{ items: { why: string; case: string }[] }>(there, "GET", "/notifications?limit=100");
      return found.body.items.filter((one) => one.why === "mentioned" && one.case === id).length;
    })
    .toBe(1);
  await there.reload();
  await there.getByRole("button", { name: /通知/ }).click();
  const list = there.locator(".el-popover:visible");
  await expect(list.getByText("有人在备注里提到了您").first()).toBeVisible();
  // no stable code is shown in place of words
  for (const line of await list.locator("strong").allInnerTexts()) expect(line).not.toMatch(/^[a-z_]+$/);
  await accessible(there);
});

test("every view of the queue counts what it lists, in the order that was chosen (issue 5)", async ({ page, people }) => {
  await signIn(page, people, "su.yingxue");
  await page.goto("/queue?view=team");
  const views = page.getByRole("navigation", { name: "视图" });
  for (const name of ["本组案件", "无承办人", "待我审批", "今日盘点", "即将到期", "已逾期", "等客户", "待回访"]) {
    await expect(views.getByRole("link", { name: new RegExp(name) }), name).toBeVisible();
  }
  for (const [view, query] of [["team", "team=true"], ["unassigned", "unassigned=true"]] as const) {
    await page.goto(`/queue?view=${view}`);
    const { body } = await ask<{ count: number }>(page, "GET", `/cases/count?${query}&status=open,waits_for_customer,waits_for_third_party`);
    await expect(views.locator("[aria-current=page] .num")).toHaveText(String(body.count));
  }
  await page.goto("/queue?view=open");
  await page.locator(".el-select").filter({ hasText: "按受理时间" }).click();
  await page.getByRole("option", { name: "按最近时限" }).click();
  await expect(page).toHaveURL(/sort=due/);
  await expect(page.locator("tbody tr.line").first()).toBeVisible();
  const listed = await ask<{ items: { number: string; due_at?: string }[] }>(
    page, "GET", "/cases?sort=due&limit=50&status=open,waits_for_customer,waits_for_third_party",
  );
  const due = listed.body.items.map((one) => one.due_at ?? "9999");
  expect(due).toEqual([...due].sort());
  await expect(page.locator("tbody tr.line").first()).toContainText(listed.body.items[0]?.number ?? "");
  await accessible(page);
});

test("an action on many cases is stopped by its person (issue 5)", async ({ page, people }) => {
  await signIn(page, people, "gu.nanqiao");
  await page.goto("/queue?view=all");
  await page.locator("tbody tr.line").first().hover();
  await page.keyboard.press("x");
  await page.getByRole("button", { name: "选择查到的全部" }).click();
  await page.getByRole("region", { name: "批量办理" }).getByRole("button", { name: "备注" }).click();
  await page.locator("#bulk-text").fill("统一说明");
  const dialog = page.getByRole("dialog");
  await dialog.locator("button[type=submit]").click();
  const stop = dialog.getByRole("button", { name: "停止" });
  await expect(stop.or(dialog.getByText(/办完/)).first()).toBeVisible();
  if (await stop.isVisible()) await stop.click({ timeout: 2000 }).catch(() => undefined);
  await expect(dialog.getByText(/已停止|办完/)).toBeVisible();
  await accessible(page);
});
