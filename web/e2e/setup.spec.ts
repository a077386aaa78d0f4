import { expect } from "@playwright/test";
import { accessible, test } from "./people";

const PASSWORD = "four small windy boats";

/** Issue 5 §2: from the printed link to an organisation in which people work. */
test("an empty installation is set up from the printed link", async ({ page }, info) => {
  test.setTimeout(300_000);
  const { setup } = info.project.metadata as { setup?: string };
  expect(setup, "scripts/e2e starts an empty server").toBeTruthy();
  const base = new URL(setup as string).origin;
  await page.goto(setup as string);
  await accessible(page);
  await page.fill("input[name=login]", "boss");
  await page.fill("input[name=name]", "何管家");
  await page.fill("input[name=password]", PASSWORD);
  await page.getByRole("button").click();
  await accessible(page);
  await page.getByRole("link", { name: "登录并继续设置" }).click();
  await page.fill("input[name=username]", "boss");
  await page.fill("input[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/welcome/);
  await expect(page.getByRole("button", { name: "1. 单位" })).toBeVisible();
  await accessible(page);
  await page.getByLabel("名称").fill("晴川物业");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存")).toBeVisible();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "新增单位" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("代码").fill("qy");
  await dialog.getByLabel("名称").fill("晴园");
  await dialog.getByRole("combobox").last().click();
  await page.getByRole("option").first().click();
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("rowheader", { name: "晴园" })).toBeVisible();
  await page.getByRole("button", { name: "下一步" }).click();
  await expect(page.getByText("一月", { exact: true })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "下一步" }).click();
  await expect(page.getByRole("link", { name: "property@1" })).toBeVisible();
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "新增人员" }).first().click();
  const person = page.getByRole("dialog");
  await person.getByLabel("名称").fill("林一");
  await person.getByLabel("账号").fill("lin.yi");
  // the estate of the second step can be chosen here at once
  await person.getByRole("combobox", { name: "单位" }).click();
  await page.getByRole("option", { name: "晴园" }).click();
  // its placeholder lies over a list that takes several
  await person.getByText("请选择").click();
  await page.getByRole("option", { name: "前台客服" }).click();
  await page.keyboard.press("Escape");
  await person.getByRole("button", { name: "新增人员" }).click();
  const link = await page.locator("code.link").innerText();
  await expect(page.getByRole("rowheader", { name: "林一" })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByRole("button", { name: "开始工作" }).click();
  await expect(page).toHaveURL(/queue/);
  await page.context().clearCookies();
  await page.goto(link);
  await page.fill("input[name=password]", PASSWORD);
  await page.getByRole("button").click();
  await page.goto(`${base}/login`);
  await page.fill("input[name=username]", "lin.yi");
  await page.fill("input[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/queue/);
  await page.goto(`${base}/welcome`);
  await expect(page.getByText("设置由系统管理员完成")).toBeVisible();

  // a second organisation is founded by the first one's administrator and set up like it
  await page.context().clearCookies();
  await page.goto(`${base}/login?to=/admin/organisation`);
  await page.fill("input[name=username]", "boss");
  await page.fill("input[name=password]", PASSWORD);
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "建立新机构" }).click();
  const founding = page.getByRole("dialog");
  await founding.locator("#found-name").fill("云岭家电");
  await founding.locator("#found-code").fill("yunling");
  await accessible(page);
  await founding.getByRole("button", { name: "建立新机构" }).click();
  await expect(page).toHaveURL(/welcome/);
  await expect(page.getByLabel("名称")).toHaveValue("云岭家电");
  await page.goto(`${base}/admin/units`);
  await expect(page.getByRole("rowheader", { name: "云岭家电" })).toBeVisible();
  // nothing of the first one is seen from here
  await expect(page.getByRole("rowheader", { name: "晴园" })).toHaveCount(0);
  await page.goto(`${base}/admin/organisation`);
  await expect(page.getByRole("button", { name: "建立新机构" })).toHaveCount(0);
});
