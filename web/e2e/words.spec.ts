import { expect } from "@playwright/test";
import { accessible, ask, signIn, test } from "./people";

test("intake shows warnings and a category with its reason, one key takes it (issue 6, PROP-42)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/intake");
  const words = page.locator("textarea").first();
  await expect(words).toBeFocused();
  await words.fill(`设备管理：三号楼电梯困人，业主要找媒体曝光 ${Date.now()}`);
  const reading = page.getByRole("status", { name: "来件提示" });
  await expect(reading).toBeVisible();
  await expect(reading.getByText("困人")).toBeVisible();
  await expect(reading.getByText("媒体：").first()).toBeVisible();
  const suggested = reading.getByRole("button").first();
  await expect(suggested).toBeVisible();
  const title = (await suggested.textContent())?.trim() ?? "";
  await page.keyboard.press("Alt+c");
  await expect(suggested).toHaveAttribute("aria-pressed", "true");
  await expect(page.locator(".picker .el-select").getByText(title)).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/cases\//);
});

test("a composer shows what is not said, with the feeling and better words, and it is not sent (PHRASE-8)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const made = await ask<{ id: string }>(page, "POST", "/cases", { kind: "complaint", channel: "phone", text: `路灯不亮 ${Date.now()}` });
  await page.goto(`/cases/${made.body.id}`);
  await page.getByRole("button", { name: /^答复/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/内容|说明|答复/).first().fill("这是公司的规定，我们保证给您解决");
  const hits = dialog.getByRole("status", { name: "不能对客户说的话" });
  await expect(hits.getByText("这是公司的规定")).toBeVisible();
  await expect(hits.getByText(/谁才是小区的主人/)).toBeVisible();
  await expect(hits.getByText(/可以说：/).first()).toBeVisible();
  const mirror = dialog.locator(".mirror");
  await expect(mirror.locator(".ask, .stop").first()).toHaveText("这是公司的规定");
  await expect(mirror).toHaveAttribute("aria-hidden", "true");
  const area = dialog.getByLabel(/内容|说明|答复/).first();
  const [over, under] = [await mirror.boundingBox(), await area.boundingBox()];
  expect(Math.abs((over?.x ?? 0) - (under?.x ?? 9))).toBeLessThan(2);
  await hits.getByText("仍要这样说").click();
  await expect(hits.getByRole("checkbox", { name: "仍要这样说" })).toBeChecked();
  await accessible(page);
  await dialog.getByRole("button", { name: /^答复/ }).click();
  await expect(dialog.getByRole("alert").first()).toBeVisible();
  const told = await ask<{ items: { event: string }[] }>(page, "GET", `/cases/${made.body.id}/timeline`);
  expect(told.body.items.some((entry) => entry.event === "replied")).toBe(false);
});

test("the house adds a phrase of its own and sees what was hit (PHRASE-7)", async ({ page, people }) => {
  await signIn(page, people, "admin");
  await page.goto("/admin/phrases");
  await expect(page.getByRole("row").filter({ hasText: "手册" }).first()).toBeVisible();
  await page.getByRole("button", { name: "新增禁语" }).click();
  const own = `您自己想办法${Date.now()}`;
  await page.getByRole("dialog").locator("textarea").first().fill(own);
  await accessible(page);
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("row").filter({ hasText: own }).getByText("自有")).toBeVisible();
  const checked = await ask<{ verdict: string }>(page, "POST", "/phrases/check", { text: own, audience: "public" });
  expect(checked.body.verdict).toBe("stop");
  await page.goto("/admin/models");
  await expect(page.getByText(/已结并有最终类别的案件/)).toBeVisible();
  await accessible(page);
});

test("standard sentences that fit are offered where somebody writes (PHRASE-10, PHRASE-12)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  const made = await ask<{ id: string }>(page, "POST", "/cases", { kind: "complaint", channel: "phone", text: `路灯不亮 ${Date.now()}` });
  await page.goto(`/cases/${made.body.id}`);
  await page.getByRole("button", { name: /^答复/ }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "常用语" }).click();
  const sentence = page.getByRole("button", { name: /澄清用语 此时适用.*请您再详细讲一次/ });
  await expect(sentence).toBeVisible();
  await expect(page.getByRole("button", { name: /挽留用语.*PHRASE-12/ }).first()).toBeVisible();
  await accessible(page);
  await sentence.click();
  await expect(dialog.getByLabel(/内容|说明|答复/).first()).toHaveValue("请您再详细讲一次。");
});

test("a draft of a publication has its phrases underlined where they stand (PHRASE-8)", async ({ page, people }) => {
  await signIn(page, people, "su.yingxue");
  await page.goto("/papers/publications");
  await page.getByRole("link", { name: /临江服务中心 ·/ }).first().click();
  await page.getByRole("button", { name: "拟稿" }).click();
  const dialog = page.getByRole("dialog");
  const remark = dialog.locator("#field-remark");
  await remark.fill("请各位住户谅解，这是公司的规定。");
  await expect(dialog.getByRole("status", { name: "不能对客户说的话" }).getByText("这是公司的规定")).toBeVisible();
  const mirror = dialog.locator(".mirror");
  await expect(mirror).toHaveCount(1);
  await expect(mirror.locator(".stop")).toHaveText("这是公司的规定");
  const [over, under] = [await mirror.boundingBox(), await remark.boundingBox()];
  expect(Math.abs((over?.y ?? 0) - (under?.y ?? 9))).toBeLessThan(2);
  await accessible(page);
});
