import { expect, type Browser, type Page } from "@playwright/test";
import { accessible, act, ask, other, personOf, signIn, test, type Login, type Watched } from "./people";

/** People of one estate's desk, each at a machine of their own. */
async function desk(browser: Browser, people: Login[], watched: Watched): Promise<Record<"handler" | "lead" | "head" | "manager" | "visitor", Page>> {
  const at = (login: string): Promise<Page> => other(browser, people, login, watched);
  return {
    handler: await at("liu.xuran"), lead: await at("su.yingxue"), head: await at("cheng.wangshu"), manager: await at("tao.jingxing"),
    visitor: await at("ding.yinuo"),
  };
}

/** Binds the complaints of an estate to a pack while the story is told. */
async function under(admin: Page, pack: string, unit: string, story: () => Promise<void>): Promise<void> {
  const path = `/pack-bindings/${unit}/complaint`;
  expect((await ask(admin, "PUT", path, { pack })).status).toBe(200);
  try {
    await story();
  } finally {
    await ask(admin, "DELETE", path);
  }
}

async function estateOf(page: Page): Promise<string> {
  const { body } = await ask<{ items: { id: string; name: string; level: string }[] }>(page, "GET", "/units");
  const estate = body.items.find((unit) => unit.level === "estate" && unit.name === "临江苑");
  if (!estate) throw new Error("the demo has no such estate");
  return estate.id;
}

async function idOf(page: Page, login: string): Promise<string> {
  const { body } = await ask<{ items: { id: string; login: string }[] }>(page, "GET", "/people?limit=200");
  return body.items.find((one) => one.login === login)?.id ?? "";
}

async function record(page: Page, unit: string, text: string): Promise<string> {
  const made = await ask<{ id: string }>(page, "POST", "/cases", { kind: "complaint", channel: "phone", text, unit });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  return made.body.id;
}

const here = (page: Page) => page.locator("[aria-current=step]");

test("six steps of a mobile customer, judged and approved (MOB-1, 5, 6, 9, 12, 15, 16)", async ({ page, people, browser, watched }) => {
  test.setTimeout(420_000);
  await signIn(page, people, "fang.qing");
  const admin = await other(browser, people, "admin", watched);
  const unit = await estateOf(page);
  const { handler, lead, manager, visitor } = await desk(browser, people, watched);
  await under(admin, "telecom-six-step", unit, async () => {
    const id = await record(page, unit, `话费多收 ${Date.now()}`);
    await page.goto(`/cases/${id}`);
    await expect(here(page)).toHaveText(/已接收/);
    await expect(page.getByLabel("办理进程图").getByText("判定中")).toBeVisible();
    await expect(page.getByLabel("办理进程图").getByText("验证中")).toHaveCount(0);
    const known = { where: "东城营业厅", when_happened: "三月一日", who: "工号一〇二", what: "套餐计费", why: "未告知到期", how: "退还多收的话费" };
    await act(page, id, "set_fields", { fields: known });
    await expect(page.getByText("东城营业厅").first()).toBeVisible();
    await act(page, id, "accept");
    await act(page, id, "promise", { kind: "feedback", text: "查实后回复", due: new Date(Date.now() + 7_200_000).toISOString() });
    await act(page, id, "assess");
    await expect(here(page)).toHaveText(/判定中/);
    await act(lead, id, "decide_validity", { validity: "established", reason: "账单确有差错" });
    await act(lead, id, "grade_liability", { grade: "ours", reason: "系统未按时停费" });
    const person = await idOf(lead, personOf(people, "liu.xuran").login);
    await act(lead, id, "name_responsible", { person, reason: "计费归其负责" });
    await act(page, id, "transfer", { to: person });
    await act(handler, id, "accept_transfer");
    await act(lead, id, "negotiate");
    await act(handler, id, "offer_option", { text: "退还多收部分" });
    await act(handler, id, "answer_option", { option: 1, answer: "accepted" });
    await act(handler, id, "submit_for_decision");
    await expect(here(page)).toHaveText(/待批/);
    await act(handler, id, "request_approval", { of: "plan", text: "处理方案" });
    await manager.goto(`/cases/${id}`);
    await manager.getByLabel("报批").getByRole("button", { name: "审批", exact: false }).first().click();
    await manager.locator("#field-decision").click();
    await manager.locator(".el-select-dropdown__item:visible").first().click();
    await manager.getByRole("dialog").locator("button[type=submit]").click();
    await expect(manager.getByLabel("报批").getByText("同意", { exact: true })).toBeVisible();
    await act(handler, id, "execute");
    await act(handler, id, "send_to_visit");
    await act(visitor, id, "visit", { result: "satisfied", form: "phone", result_opinion: "满意" });
    await act(visitor, id, "close_satisfied");
    await expect(here(page)).toHaveText(/已关闭/);
    await expect(page.getByLabel("回访").getByText("满意", { exact: true }).first()).toBeVisible();
    await accessible(page);
  });
});

test("after-sales by forms, agreement and tasks (ASC-3…11)", async ({ page, people, browser, watched }) => {
  test.setTimeout(420_000);
  await signIn(page, people, "fang.qing");
  const admin = await other(browser, people, "admin", watched);
  const unit = await estateOf(page);
  const { handler, lead, head } = await desk(browser, people, watched);
  await under(admin, "after-sales-agreement", unit, async () => {
    const id = await record(page, unit, `机油泡沫多 ${Date.now()}`);
    const person = await idOf(page, "liu.xuran");
    await page.goto(`/cases/${id}`);
    // the registration form is filled in on the page
    await page.getByText(/未填的表单/).click();
    const forms = await ask<{ items: { name: string; title: string; fields: { name: string; title: string }[] }[] }>(page, "GET", `/cases/${id}/forms`);
    const registration = forms.body.items.find((form) => form.name === "registration");
    await page.locator(".items li").filter({ hasText: registration?.title ?? "" }).getByRole("button", { name: "填写" }).click();
    for (const [name, value] of [["company", "顺风修理厂"], ["reason", "机油泡沫"]] as const) {
      const title = registration?.fields.find((field) => field.name === name)?.title ?? "";
      await page.getByRole("dialog").getByLabel(title).first().fill(value);
    }
    await accessible(page);
    await page.getByRole("dialog").locator("button[type=submit]").click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await expect(page.getByLabel("表单与案卷").getByText("已归档").first()).toBeVisible();
    await act(page, id, "hand_over_form", { form: "registration", to: person });
    await act(handler, id, "take_form", { form: "registration" });
    await act(page, id, "accept");
    await act(page, id, "transfer", { to: person });
    await act(handler, id, "accept_transfer");
    await act(handler, id, "file_form", { form: "product_detail", fields: { product: "机油", batch: "C-17", symptom: "泡沫多" } });
    await act(handler, id, "investigate");
    await act(handler, id, "contact", { text: "复述经过，客户确认", direction: "outbound", channel: "phone", confirms_facts: true });
    await act(handler, id, "record_opinion", { text: "换货并致歉" });
    await act(handler, id, "submit_for_decision");
    await act(handler, id, "request_approval", { of: "plan", text: "处理方案" });
    await act(head, id, "decide_approval", { approval: 1, decision: "granted" });
    await act(handler, id, "negotiate");
    await act(handler, id, "offer_option", { text: "换货十箱，赠品一份" });
    await act(handler, id, "answer_option", { option: 1, answer: "accepted" });
    // the agreement is drawn from the accepted option; the customer signs behind a link, without script
    await act(handler, id, "draw_up_agreement", { items: [{ what: "换货十箱，赠品一份" }], terms: "三日内送达" });
    const sent = await ask<{ path: string; code: string }>(handler, "POST", `/cases/${id}/agreements/1/confirmation`, { hours: 24 });
    expect(sent.status).toBe(201);
    const outside = await browser.newContext({ javaScriptEnabled: false });
    const customer = await outside.newPage();
    await customer.goto(sent.body.path);
    await expect(customer.getByText("换货十箱，赠品一份").first()).toBeVisible();
    await customer.getByLabel("您的姓名").fill("顺风修理厂");
    await customer.getByLabel("验证码").fill(sent.body.code);
    await customer.getByRole("button", { name: "确认协议" }).click();
    await expect(customer.getByText("已确认，谢谢")).toBeVisible();
    await outside.close();
    await act(handler, id, "execute");
    await handler.goto(`/cases/${id}`);
    await expect(handler.getByText("换货十箱，赠品一份").first()).toBeVisible();
    const { body } = await ask<{ tasks: { id: number }[] }>(handler, "GET", `/cases/${id}`);
    expect(body.tasks.length).toBeGreaterThan(0);
    for (const task of body.tasks) await act(handler, id, "complete_task", { task: task.id, result: "已发" });
    await act(handler, id, "send_to_visit");
    await act(lead, id, "visit", { result: "satisfied", form: "phone", result_opinion: "满意" });
    await act(lead, id, "close_satisfied");
    await expect(here(page)).toHaveText(/已关闭/);
  });
});
