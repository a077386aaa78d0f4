import { expect } from "@playwright/test";
import { accessible, signIn, test } from "./people";

test("whoever is not signed in gets the login and comes back to where it was", async ({ page, people }) => {
  await page.goto("/queue?view=overdue");
  await expect(page).toHaveURL(/login\?to=/);
  await accessible(page);
  await page.fill("input[name=username]", "fang.qing");
  await page.fill("input[name=password]", "wrong");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  await page.fill("input[name=password]", people.find((one) => one.login === "fang.qing")?.password ?? "");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/view=overdue/);
});

test("an agent records a call by keyboard and finds it in the queue (PROP-13, 14, 50)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.keyboard.press("c");
  await expect(page).toHaveURL(/intake/);
  await expect(page.locator("textarea")).toBeFocused();
  await accessible(page);
  const text = `三号楼二单元电梯门夹人 ${Date.now()}`;
  await page.keyboard.type(text);
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/cases\//);
  await expect(page.getByText(text).first()).toBeVisible();
  await accessible(page);
  await page.keyboard.press("n");
  await page.keyboard.type("已通知电梯维保");
  await page.keyboard.press("Control+Enter");
  await expect(page.locator(".timeline").getByText("已通知电梯维保")).toBeVisible();
  await page.goto("/queue?view=mine");
  await expect(page.getByText(text)).toBeVisible();
});

test("the queue goes by keys and keeps its filters in the address", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/queue?view=all");
  await expect(page.locator("tbody tr").first()).toBeVisible();
  await accessible(page);
  const second = await page.locator("tbody tr").nth(1).locator("a").getAttribute("href");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`${second}$`));
  await page.goBack();
  await expect(page).toHaveURL(/view=all/);
});

test("an action closed by a rule says why and what opens it (D2, PROP-50)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/intake");
  await expect(page.locator("textarea")).toBeFocused();
  await page.keyboard.type(`楼道灯不亮 ${Date.now()}`);
  await page.keyboard.press("Control+Enter");
  await expect(page).toHaveURL(/cases\//);
  await page.getByText(/暂时不能做的及原因/).click();
  await expect(page.getByText(/PROP-50/).first()).toBeVisible();
  await page.getByRole("button", { name: "承诺", exact: true }).first().click();
  await accessible(page);
});

test("English holds no Han character outside what users wrote", async ({ page, people }) => {
  await page.addInitScript(() => localStorage.setItem("language", "en"));
  await signIn(page, people, "fang.qing");
  await page.goto("/intake");
  await expect(page.getByRole("heading", { name: "Record a message" })).toBeVisible();
  const labels = await page.locator("label > span, h1, h2, nav a, button > span").allInnerTexts();
  const names = people.map((one) => one.name);
  expect(labels.filter((text) => /\p{Script=Han}/u.test(text) && !names.includes(text.trim()))).toEqual([]);
});
