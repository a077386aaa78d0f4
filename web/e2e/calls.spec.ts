import { expect, type Page } from "@playwright/test";
import { accessible, ask, other, personOf, settled, signIn, test } from "./people";
import { talk } from "./phones";

interface Extension { name: string; password: string }

/** A telephone of a supervisor's own, made as the administrator makes it. */
async function telephoneOf(page: Page, name: string): Promise<Extension> {
  const all = await ask<{ items: { id: string; name: string }[] }>(page, "GET", "/people?limit=200");
  const person = all.body.items.find((one) => one.name === name)?.id;
  const made = await ask<Extension>(page, "PUT", "/extensions", { name: "8090", person, active: true });
  expect(made.status, JSON.stringify(made.body)).toBe(200);
  return made.body;
}

test("a call typed in by hand is in the list by its number and has a page (X-35)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const number = `139${String(Date.now()).slice(-8)}`;
  const [from, to] = [new Date(Date.now() - 300_000), new Date(Date.now() - 120_000)].map((at) => at.toISOString());
  const made = await ask<{ id: string }>(page, "POST", "/calls", { direction: "in", number, arrived_at: from, ended_at: to, note: "问停车费" });
  expect(made.status).toBe(201);
  await page.goto(`/calls?number=${number}`);
  await expect(page.locator("table.sheet tbody tr")).toHaveCount(1);
  await accessible(page);
  await page.locator("table.sheet tbody a").click();
  await expect(page.getByText("问停车费")).toBeVisible();
  await expect(page.getByText("人工补录")).toBeVisible();
  await page.goto(`/calls?number=${number}&result=lost`);
  await expect(page.getByText("没有这样的通话")).toBeVisible();
  await page.getByRole("button", { name: "清除条件" }).click();
  await expect(page).toHaveURL(/\/calls$/);
  // who neither supervises nor sees figures has no way to the floor
  await expect(page.getByRole("link", { name: "实时话务" })).toHaveCount(0);
});

test("a supervisor sees who talks and who waits, listens in, and hears it again (CALL-7, CALL-10, CALL-11)", async ({ page, browser, people, watched }, info) => {
  test.setTimeout(240_000);
  const { logins } = info.project.metadata as { logins: string };
  const url = info.project.use.baseURL ?? "";
  const supervisor = personOf(people, "supervisor");
  await signIn(page, people, supervisor.login);
  await page.goto("/calls/live");
  // the telephone of an earlier try may still be registered
  const desk = await ask<{ agent: { device: boolean } }>(page, "GET", "/agent");
  if (!desk.body.agent.device) await expect(page.getByRole("note").filter({ hasText: "不能介入通话" })).toBeVisible();
  const admin = await other(browser, people, "admin", watched);
  const own = await telephoneOf(admin, supervisor.name);
  const phones = talk(logins, url, own);
  try {
    await phones.until("the supervisor's telephone registers");
    const call = page.getByRole("region", { name: "进行中的通话" }).getByRole("row").filter({ hasText: "13800000001" });
    await expect(call.getByText("通话中")).toBeVisible();
    await expect(page.getByRole("listitem").filter({ hasText: "13800000002" })).toBeVisible();
    await expect(page.getByText("不能介入通话")).toHaveCount(0);
    await accessible(page);
    await expect(call.getByRole("button", { name: "接管" })).toBeDisabled();
    await call.getByRole("button", { name: "监听" }).focus();
    await page.keyboard.press("Enter");
    await phones.until("the supervisor hears the customer");
    await expect(call.getByRole("button", { name: "监听" })).toHaveAttribute("aria-pressed", "true");
    await call.getByRole("link", { name: "13800000001" }).click();
    await expect(page.getByRole("button", { name: "强插" })).toBeVisible();
    await accessible(page);
  } finally {
    await phones.end();
  }
  // the page follows the call by itself until it is over
  await expect(page.getByText("谁先挂断")).toBeVisible();
  await page.getByRole("button", { name: "播放" }).click();
  await expect(page.locator(".track svg path").first()).toHaveAttribute("d", /^M0,/);
  const slider = page.getByRole("slider");
  await slider.focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("End");
  await expect.poll(async () => Number(await slider.getAttribute("aria-valuenow"))).toBeGreaterThan(1);
  await page.getByText("谁听过录音").click();
  await expect(page.getByText(`${supervisor.name} 收听`)).toBeVisible();
  await accessible(page);
});

test("the wallboard alarms with its reason, and fills a wall (CALL-15, X-34)", async ({ page, people }) => {
  await signIn(page, people, "supervisor");
  await page.goto("/wallboard");
  await settled(page);
  const { body } = await ask<{ now: { on_line: number; wanted: number; alarms: { kind: string; source: string[] }[] } }>(page, "GET", "/wallboard");
  const alarms = page.getByRole("status").filter({ hasText: /依据|一切正常/ });
  for (const one of body.now.alarms) await expect(alarms).toContainText(one.source.join(" "));
  if (body.now.alarms.length === 0) await expect(alarms).toContainText("一切正常");
  await expect(page.locator(".figure-card").filter({ hasText: "在线坐席 / 应有" }).locator("strong")).toHaveText(`${body.now.on_line} / ${body.now.wanted}`);
  await accessible(page);
  await page.goto("/wallboard/screen");
  await expect(page.getByText("在线坐席 / 应有")).toBeVisible();
  await expect(page.getByRole("navigation")).toHaveCount(0);
  for (const [width, height] of [[1440, 900], [1920, 1080]] as const) {
    await page.setViewportSize({ width, height });
    expect(await page.evaluate(() => [document.documentElement.scrollWidth > innerWidth, document.documentElement.scrollHeight > innerHeight])).toEqual([false, false]);
  }
  await accessible(page);
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/\/wallboard$/);
});

test("call figures are those of the records, by what one asks (CALL-10, CALL-21)", async ({ page, people }) => {
  await signIn(page, people, "supervisor");
  await page.goto("/calls/figures");
  await page.getByRole("combobox", { name: "分组" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "按坐席" }).click();
  await expect(page).toHaveURL(/by=agent/);
  await settled(page);
  const now = new Date();
  const from = new Date(now.getTime() - 8 * 86_400_000).toISOString();
  const { body } = await ask<{ whole: { figures: Record<string, { value: number }> } }>(page, "GET", `/call-figures?from=${from}&to=${now.toISOString()}&by=agent`);
  await page.getByRole("button", { name: "本月" }).click();
  await expect(page).toHaveURL(/period=month/);
  expect(body.whole.figures["answered"]?.value).toBeGreaterThanOrEqual(1);
  const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: "合计" }) });
  await expect(row).toBeVisible();
  const shown = Number(await row.getByRole("cell").nth(1).textContent());
  const sum = await page.getByRole("region", { name: "话务数据" }).locator("tbody tr").evaluateAll((rows) => rows.map((one) => Number(one.querySelectorAll("td")[1]?.textContent)).reduce((all, each) => all + each, 0));
  expect(shown).toBe(sum);
  await page.getByText("指标说明").click();
  await accessible(page);
});

test("the administrator sets the call centre, and each fault stands at its field (CALL-5, CALL-18, TEL-32)", async ({ page, people }) => {
  await signIn(page, people, "admin");
  await page.goto("/admin/telephony");
  await page.getByRole("button", { name: "新增队列" }).click();
  const dialog = page.getByRole("dialog");
  const code = `q${Date.now()}`;
  await dialog.getByLabel("名称").fill("售后专线");
  await dialog.getByLabel("代码").fill(code);
  await dialog.getByRole("button", { name: "加坐席" }).click();
  await dialog.getByRole("combobox", { name: "坐席" }).click();
  await page.getByRole("option").first().click();
  await dialog.getByPlaceholder("技能").fill("粤语");
  await expect(dialog.getByRole("alert")).toContainText("1–9");
  await expect(dialog.getByRole("button", { name: "保存" })).toBeDisabled();
  await dialog.getByPlaceholder("技能").fill("粤语 7，投诉 5");
  await accessible(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("row").filter({ hasText: code })).toBeVisible();

  await page.getByRole("link", { name: "中继" }).click();
  await page.getByRole("button", { name: "新增中继" }).click();
  await dialog.getByLabel("名称").fill(`t${Date.now()}`);
  await dialog.getByLabel("地址", { exact: false }).first().fill("sip.example.cn:5060");
  await dialog.getByLabel("来电地址").fill("somewhere");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog.locator("label").filter({ hasText: "来电地址" }).getByRole("alert")).toBeVisible();
  await dialog.getByLabel("来电地址").fill("192.0.2.7");
  await dialog.getByRole("button", { name: "保存" }).click();
  const trunk = page.getByRole("row").filter({ hasText: "192.0.2.7" }).first();
  await expect(trunk).toBeVisible();
  // how the line stands is said, and where nobody knows it, that
  await expect(trunk.getByText(/^(通|断|未知)$/)).toBeVisible();

  await page.getByRole("link", { name: "分机" }).click();
  await page.getByRole("button", { name: "新增分机" }).click();
  const extension = `8${String(Date.now()).slice(-6)}`;
  await dialog.getByLabel("分机号").fill(extension);
  await dialog.getByRole("button", { name: "保存" }).click();
  const once = page.getByRole("status").filter({ hasText: "只显示这一次" });
  await expect(once).toBeVisible();
  await accessible(page);
  // changed without a new password, the telephone on the desk goes on working
  await page.getByRole("row").filter({ hasText: extension }).getByRole("button", { name: "修改" }).click();
  await expect(dialog.getByLabel("重新生成密码")).not.toBeChecked();
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog).toBeHidden();
  await expect(once).toBeHidden();
  await page.getByRole("link", { name: "热线号码" }).click();
  await settled(page);
  await accessible(page);
});

test("hours, recording and wrap-up codes are set, each fault at its field (TEL-3, TEL-22, CALL-11)", async ({ page, people }) => {
  await signIn(page, people, "admin");
  await page.goto("/admin/telephony/rules");
  const day = page.getByLabel("可外呼的时段", { exact: false });
  await expect(day).toHaveValue("07:00-22:00");
  await day.fill("25:00-26:00");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.locator("label").filter({ hasText: "可外呼的时段" }).getByRole("alert")).toBeVisible();
  await day.fill("07:30 至 21:30");
  await page.getByLabel("客户等级", { exact: false }).fill("vip 3，gold");
  await expect(page.getByRole("button", { name: "保存" })).toBeDisabled();
  await page.getByLabel("客户等级", { exact: false }).fill("vip 3，gold 0");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存，从现在起生效")).toBeVisible();
  await page.reload();
  await expect(day).toHaveValue("07:30-21:30");
  await accessible(page);
  await day.fill("07:00-22:00");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存，从现在起生效")).toBeVisible();

  await page.getByRole("link", { name: "话后小结" }).click();
  await page.getByRole("button", { name: "新增小结" }).click();
  const dialog = page.getByRole("dialog");
  const code = `c${Date.now()}`;
  await dialog.getByLabel("代码", { exact: false }).fill("Not So");
  await dialog.getByLabel("中文名称").fill("转约上门");
  await dialog.getByLabel("英文名称").fill("Visit agreed");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog.locator("label").filter({ hasText: "代码" }).getByRole("alert")).toBeVisible();
  await dialog.getByLabel("代码", { exact: false }).fill(code);
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("row").filter({ hasText: code })).toBeVisible();
  await accessible(page);
});

test("a supervisor sets hours and wrap-up codes beside the calls, an agent does not (TEL-3, CALL-11)", async ({ page, browser, people, watched }) => {
  await signIn(page, people, "supervisor");
  await page.goto("/calls");
  await page.getByRole("link", { name: "外呼与录音" }).click();
  await expect(page.getByRole("link", { name: "外呼与录音" })).toHaveAttribute("aria-current", "page");
  const deliver = page.getByRole("spinbutton", { name: "留言须在多少分钟内转达" });
  const before = await deliver.inputValue();
  await deliver.fill("45");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存，从现在起生效")).toBeVisible();
  await page.reload();
  await expect(deliver).toHaveValue("45");
  await accessible(page);
  await deliver.fill(before);
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存，从现在起生效")).toBeVisible();
  await page.getByRole("link", { name: "话后小结" }).click();
  await page.getByRole("button", { name: "新增小结" }).click();
  const code = `s${Date.now()}`;
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("代码", { exact: false }).fill(code);
  await dialog.getByLabel("中文名称").fill("已约上门");
  await dialog.getByLabel("英文名称").fill("Visit agreed");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("row").filter({ hasText: code })).toBeVisible();
  await accessible(page);
  // the rest of the telephone is the administrator's
  await expect(page.getByRole("link", { name: "中继" })).toHaveCount(0);
  const agent = await other(browser, people, "fang.qing", watched);
  await agent.goto("/calls");
  await settled(agent);
  await expect(agent.getByRole("link", { name: "外呼与录音" })).toHaveCount(0);
  await agent.context().close();
});

test("call figures are taken along as a file (CALL-10)", async ({ page, people }) => {
  await signIn(page, people, "supervisor");
  await page.goto("/calls/figures?period=week");
  const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "导出 Excel" }).click()]);
  expect(file.suggestedFilename()).toMatch(/\.xlsx$/);
});
