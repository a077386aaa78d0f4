import { expect } from "@playwright/test";
import { accessible, ask, settled, signIn, test } from "./people";

interface Incidents {
  items: { id: string; number: string; stage: string }[];
}

test("one measure, one reply and one closing for all members, with refusals listed (PROP-90)", async ({ page, people }) => {
  test.setTimeout(240_000);
  await signIn(page, people, "su.yingxue");
  const listed = await ask<Incidents>(page, "GET", "/incidents?stage=open&limit=50");
  const known = listed.body.items[0];
  expect(known, "the demo has an incident without a measure").toBeTruthy();
  await page.goto("/incidents");
  await settled(page);
  await accessible(page);
  await page.getByRole("link", { name: known?.number ?? "", exact: true }).click();
  await expect(page).toHaveURL(/incidents\/./);
  await settled(page);
  await accessible(page);
  const now = page.getByRole("region", { name: "现在可以做" });
  const dialog = page.getByRole("dialog").and(page.locator("[aria-modal=true]"));

  await now.getByRole("button", { name: "定措施" }).click();
  await dialog.locator("#field-text").fill("更换总控并加一名值守");
  await accessible(page);
  await dialog.locator("button[type=submit]").click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("更换总控并加一名值守").first()).toBeVisible();

  await now.getByRole("button", { name: "统一答复" }).click();
  await dialog.locator("#field-text").fill("已更换总控，今晚恢复");
  for (const [field, option] of [["kind", "进展"], ["carrier", "口头"]] as const) {
    await dialog.locator(`#field-${field}`).click();
    await dialog.locator(`#field-${field}`).fill(option);
    await page.locator(".el-select-dropdown__item:visible").filter({ hasText: option }).first().click();
  }
  await dialog.locator("#field-next").fill(new Date(Date.now() + 30 * 3_600_000).toISOString().slice(0, 16).replace("T", " "));
  await page.keyboard.press("Enter");
  await dialog.locator("button[type=submit]").click();
  await expect(dialog).toHaveCount(0);
  // whoever could not be answered is named, with the reason in words
  const told = page.getByRole("status").filter({ hasText: "件已办" });
  await expect(told).toBeVisible();
  for (const line of await told.getByRole("listitem").all()) await expect(line).toContainText(/[\u4e00-\u9fff]{4}/);
  const id = new URL(page.url()).pathname.split("/").pop() ?? "";
  const seen = await ask<{ answers: { members: number; refused: number }[] }>(page, "GET", `/incidents/${id}`);
  const [first] = seen.body.answers;
  await expect(told).toContainText(`${first?.members} 件已办，${first?.refused} 件未办`);

  await page.getByRole("button", { name: "结束措施" }).first().click();
  await dialog.locator("#field-result").fill("已更换");
  await dialog.locator("button[type=submit]").click();
  await expect(page.getByText(/完成：已更换/)).toBeVisible();

  // what was chosen is taken out, and that is taken back, exactly (PROP-87)
  const rows = page.getByRole("region", { name: "成员", exact: true }).locator("tbody tr");
  const before = await rows.count();
  await rows.last().getByRole("checkbox").check();
  await page.getByRole("button", { name: "移出所选" }).click();
  await dialog.locator("#field-reason").fill("另一台电梯");
  await dialog.locator("button[type=submit]").click();
  await expect(rows).toHaveCount(before - 1);
  await page.getByRole("button", { name: "撤销", exact: true }).last().click();
  await dialog.locator("#field-reason").fill("看错楼栋");
  await dialog.locator("button[type=submit]").click();
  await expect(rows).toHaveCount(before);
  await accessible(page);
});
