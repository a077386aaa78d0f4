import { expect, type Page } from "@playwright/test";
import { choose, fill, take } from "./forms";
import { accessible, ask, other, personOf, settled, signIn, test } from "./people";

/** A moment as it is typed, from now. */
function typed(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
}

async function when(page: Page, field: string, hours: number): Promise<void> {
  await page.getByRole("dialog").and(page.locator("[aria-modal=true]")).locator(`#field-${field}`).fill(typed(hours));
  await page.keyboard.press("Enter");
}

async function begin(page: Page, list: string, unit: string): Promise<void> {
  await page.goto(`/papers/${list}`);
  await page.getByRole("button", { name: "新建" }).click();
  await choose(page, "unit", unit);
}

test("each opinion of a visit gets a result and an answer (DESK-10, X-55)", async ({ page, people }) => {
  await signIn(page, people, "ding.yinuo");
  await begin(page, "visit-records", "临江苑");
  await when(page, "visited_at", -2);
  await choose(page, "form", "电话");
  await accessible(page);
  await fill(page, { opinions: ["楼道灯不亮", "希望降低物业费"] });
  await expect(page).toHaveURL(/visit-records\/./);
  await expect(page.getByText("有意见待落实")).toBeVisible();
  await accessible(page);
  // an answer says what was decided: before the result there is none to give
  await expect(page.getByRole("button", { name: "答复住户" })).toHaveCount(0);
  await page.getByRole("button", { name: "处理结果" }).first().click();
  await fill(page, { text: "灯已更换" });
  await page.getByRole("button", { name: "答复住户" }).click();
  await choose(page, "carrier", "电话");
  await fill(page, { text: "已告知灯已更换" });
  await expect(page.getByText("有意见待落实")).toBeVisible();
  const open = page.getByRole("button", { name: "处理结果" });
  await expect(open).toHaveCount(1);
  await open.click();
  await fill(page, { text: "收费按合同约定，已附明细", refused: true });
  await page.getByRole("button", { name: "答复住户" }).click();
  await choose(page, "carrier", "电话");
  await fill(page, { text: "已说明收费依据" });
  await expect(page.getByText("件件有回音")).toBeVisible();
  await expect(page.getByText("不予采纳")).toBeVisible();
  const seen = await ask<{ paper: { items: { answered: object | null }[] } }>(page, "GET", `/visit-records/${new URL(page.url()).pathname.split("/").pop()}`);
  expect(seen.body.paper.items.map((item) => Boolean(item.answered))).toEqual([true, true]);
});

test("a line reports on time and the desk sums up (PROP-15)", async ({ page, people, browser, watched }) => {
  await signIn(page, people, "su.yingxue");
  await begin(page, "line-reports", "临江工程维修部");
  await when(page, "due_at", 20);
  await fill(page, {});
  await expect(page.getByText("待汇报").first()).toBeVisible();
  const path = new URL(page.url()).pathname;
  const line = await other(browser, people, "shao.jianmu", watched);
  // the open ones are listed with unit, state and due time
  await line.goto("/papers/line-reports");
  await expect(line.getByRole("link", { name: /临江工程维修部/ }).first()).toBeVisible();
  await accessible(line);
  await line.goto(path);
  await take(line, "汇报", { text: "电梯两部停运，备件今日到货" });
  const desk = await other(browser, people, "fang.qing", watched);
  await desk.goto(path);
  await expect(desk.getByText("备件今日到货")).toBeVisible();
  await take(desk, "汇总分析", { text: "电梯类本周第三起，已请公司联系厂家" });
  await expect(desk.getByText("已汇总").first()).toBeVisible();
  await accessible(desk);
});

test("a unit is scored from outside, objects, and is answered (SUP-1, SUP-2)", async ({ page, people, browser, watched }) => {
  test.setTimeout(300_000);
  await signIn(page, people, "han.zhaolin");
  await page.goto("/papers/scorecards");
  await page.getByRole("button", { name: "新建" }).click();
  await choose(page, "unit", "临江服务中心");
  await page.getByRole("dialog").and(page.locator("[aria-modal=true]")).locator("#field-month").fill("2026-01");
  await page.keyboard.press("Enter");
  await when(page, "due_at", 40);
  await fill(page, {});
  await expect(page).toHaveURL(/scorecards\/./);
  const path = new URL(page.url()).pathname;
  // it cannot be submitted before everything is scored, and says so
  await expect(page.getByRole("button", { name: "提交", exact: true })).toHaveCount(0);
  for (const item of ["受理情况", "主动维护", "其他服务工作"]) {
    await page.getByRole("button", { name: "评分", exact: true }).click();
    await choose(page, "item", item);
    await fill(page, { score: "86", text: `${item}：抽查十件` });
  }
  await take(page, "提交");
  const head = await other(browser, people, "cheng.wangshu", watched);
  await head.goto(path);
  await take(head, "提出异议", { text: "抽查时段正值停电" });
  await page.reload();
  await take(page, "答复异议", { text: "已另抽十件，结果相同" });
  const manager = await other(browser, people, "tao.jingxing", watched);
  await manager.goto(path);
  await accessible(manager);
  await take(manager, "定稿");
  await expect(manager.getByText("已定").first()).toBeVisible();
});

test("a record of misconduct is nobody else's to know (ASM-16, X-50)", async ({ page, people, browser, watched }) => {
  await signIn(page, people, "cheng.wangshu");
  await page.goto("/papers/misconduct");
  await page.getByRole("button", { name: "新建" }).click();
  await choose(page, "unit", "临江苑");
  await choose(page, "person", personOf(people, "fang.qing").name);
  await choose(page, "ground", "态度恶劣");
  await fill(page, { account: "通话中打断住户三次并先挂断" });
  await expect(page).toHaveURL(/misconduct\/./);
  await accessible(page);
  const path = new URL(page.url()).pathname;
  const colleague = await other(browser, people, "ding.yinuo", watched);
  await colleague.goto(path);
  await expect(colleague.getByRole("alert").first()).toBeVisible();
  await expect(colleague.getByText("通话中打断")).toHaveCount(0);
  // whom it is about sees it and can say a word
  const person = await other(browser, people, "fang.qing", watched);
  await person.goto(path);
  await take(person, "本人陈述", { text: "线路中断，并非挂断" });
  await expect(person.getByText("线路中断")).toBeVisible();
});

test("a notice leads to its paper (PROP-15)", async ({ page, people, browser, watched }) => {
  await signIn(page, people, "su.yingxue");
  await begin(page, "line-reports", "临江环境绿化部");
  await when(page, "due_at", 30);
  await fill(page, {});
  await expect(page).toHaveURL(/line-reports\/./);
  const path = new URL(page.url()).pathname;
  const line = await other(browser, people, "ran.qinghe", watched);
  await line.goto(path);
  await take(line, "汇报", { text: "垃圾清运正常" });
  await page.goto("/queue");
  await settled(page);
  await page.getByRole("button", { name: /通知/ }).click();
  await page.getByRole("button", { name: /业务口已汇报/ }).first().click();
  await expect(page).toHaveURL(new RegExp(path));
});
