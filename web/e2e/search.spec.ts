import { expect } from "@playwright/test";
import { accessible, ask, settled, signIn, test } from "./people";

/** Records a case and waits until the index has taken it up. */
async function recorded(page: Parameters<typeof ask>[0], text: string): Promise<{ id: string; number: string }> {
  const { body } = await ask<{ id: string; number: string }>(page, "POST", "/cases", { kind: "complaint", channel: "phone", text });
  const found = async (): Promise<number> => {
    const answer = await ask<{ groups: { subject: string; items: { id: string }[] }[] }>(page, "GET", `/search?q=${encodeURIComponent(text)}`);
    return answer.body.groups.flatMap((group) => group.items).filter((hit) => hit.id === body.id).length;
  };
  await expect.poll(found, { intervals: [100], timeout: 5_000 }).toBe(1);
  return body;
}

test("words are found from the top bar by keyboard alone (issue 6)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/queue?view=all");
  await settled(page);
  const mark = `海豚${Date.now()}`;
  const made = await recorded(page, `会所的${mark}雕塑歪了`);
  await page.keyboard.press("/");
  const box = page.getByRole("combobox", { name: /查找案件/ });
  await expect(box).toBeFocused();
  await page.keyboard.type(mark);
  const option = page.getByRole("option", { name: new RegExp(made.number) });
  await expect(option).toBeVisible();
  await expect(option.locator("mark").first()).toHaveText(mark);
  await accessible(page);
  await page.keyboard.press("ArrowDown");
  await expect(option).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/cases/${made.id}`));
});

test("the results page has groups, filters in its address, and more of each (issue 6)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/queue?view=all");
  const mark = `刺猬${Date.now()}`;
  const made = await recorded(page, `车库里有${mark}`);
  await page.keyboard.press("/");
  await page.keyboard.type(mark);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?q=/);
  await expect(page.getByRole("link", { name: new RegExp(made.number) })).toBeVisible();
  await expect(page.locator("main mark").first()).toHaveText(mark);
  await accessible(page);
  await page.goto(`/search?q=${encodeURIComponent(mark)}&kind=praise`);
  await expect(page.getByText("没有找到").first()).toBeVisible();
  await accessible(page);
});

test("the queue narrows down to words, and its address keeps them (issue 6)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto("/queue?view=all");
  const mark = `獾${Date.now()}`;
  const made = await recorded(page, `花园里有${mark}`);
  const box = page.getByRole("textbox", { name: "在列表中查找" });
  await box.fill(mark);
  await box.press("Enter");
  await expect(page).toHaveURL(/q=/);
  await expect(page.locator("tbody tr.line")).toHaveCount(1);
  await expect(page.locator("tbody tr.line")).toContainText(made.number);
  await page.reload();
  await expect(page.locator("tbody tr.line")).toHaveCount(1);
  await expect(box).toHaveValue(mark);
  await accessible(page);
});

test("knowledge is found with the value itself, on the page and in the palette (PROP-7, issue 6)", async ({ page, people }) => {
  await signIn(page, people, "fang.qing");
  await page.goto(`/search?q=${encodeURIComponent("停车费")}`);
  const facts = page.getByRole("region", { name: "应知应会" });
  await expect(facts.getByText("320.00元/月").first()).toBeVisible();
  await accessible(page);
  await facts.getByRole("link", { name: "临江苑" }).click();
  await expect(page).toHaveURL(/knowledge\/facts\//);
  await settled(page);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("combobox", { name: "输入命令、页面、案件号或电话" })).toBeFocused();
  await page.keyboard.type("停车费");
  const option = page.getByRole("option", { name: /临江苑.*320\.00元\/月/ });
  await expect(option).toBeVisible();
  await option.click();
  await expect(page).toHaveURL(/knowledge\/facts\//);
});
