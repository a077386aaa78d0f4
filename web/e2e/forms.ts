import { expect, type Page } from "@playwright/test";

/** Fills in the dialogue that is open and sends it. */
export async function fill(page: Page, fields: Record<string, string | boolean | string[]>): Promise<void> {
  const dialog = page.getByRole("dialog").and(page.locator("[aria-modal=true]"));
  await expect(dialog).toBeVisible();
  for (const [field, value] of Object.entries(fields)) {
    const input = dialog.locator(`#field-${field}`);
    if (typeof value === "boolean") await input.getByText(value ? "是" : "否").click();
    else if (Array.isArray(value)) {
      for (const [index, one] of value.entries()) {
        await input.click();
        await dialog.locator(`#field-${field}-${index}`).fill(one);
      }
    } else await input.fill(value);
  }
  await dialog.locator("button[type=submit]").click();
  await expect(dialog).toHaveCount(0);
}

/** Chooses in the open dialogue by what is written there. */
export async function choose(page: Page, field: string, option: string): Promise<void> {
  const input = page.getByRole("dialog").and(page.locator("[aria-modal=true]")).locator(`#field-${field}`);
  await input.click();
  await input.fill(option);
  await page.locator(".el-select-dropdown__item:visible").filter({ hasText: option }).first().click();
}

/** Takes a step of the page through its dialogue. */
export async function take(page: Page, name: string, fields: Record<string, string | boolean> = {}): Promise<void> {
  await page.getByRole("region", { name: "现在可以做" }).getByRole("button", { name, exact: true }).click();
  await fill(page, fields);
}
