import { expect } from "@playwright/test";
import { choose, fill, take } from "./forms";
import { accessible, ask, other, personOf, signIn, test } from "./people";

test("an online complaint is answered point by point, approved, and published (PROP-71…76)", async ({ page, people, browser, watched }) => {
  test.setTimeout(300_000);
  await signIn(page, people, "fang.qing");
  await page.goto("/posts");
  await page.getByRole("button", { name: "登记网帖" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox").first().click();
  await page.locator(".el-select-dropdown__item:visible").filter({ hasText: "临江苑" }).first().click();
  await dialog.getByLabel("平台").fill("业主论坛");
  await dialog.getByLabel("网址").fill(`https://forum.example.cn/t/${Date.now()}`);
  await dialog.getByLabel("发帖时间").fill(new Date(Date.now() - 20 * 3_600_000).toISOString().slice(0, 16).replace("T", " "));
  await page.keyboard.press("Enter");
  await dialog.getByLabel("帖子内容").fill("电梯又停了，门禁坏了一个月没人管");
  await dialog.getByLabel(/^诉点/).fill("电梯停运\n门禁损坏");
  await accessible(page);
  await dialog.getByRole("button", { name: "登记网帖" }).click();
  await expect(page).toHaveURL(/posts\//);
  await expect(page.getByText("2 点已答 0 点")).toBeVisible();
  const path = new URL(page.url()).pathname;

  await page.getByRole("region", { name: "现在可以做" }).getByRole("button", { name: "转业务口", exact: true }).click();
  await choose(page, "unit", "临江工程维修部");
  await choose(page, "person", personOf(people, "shao.jianmu").name);
  await fill(page, {});
  await expect(page.getByText("待查实")).toBeVisible();

  const finder = await other(browser, people, "shao.jianmu", watched);
  await finder.goto(path);
  await take(finder, "查实并提措施", { facts: "电梯控制板老化，门禁电源损坏", measures: "三日内更换控制板与电源" });
  const head = await other(browser, people, "cheng.wangshu", watched);
  await head.goto(path);
  await take(head, "审批措施", { granted: true });
  await head.reload();
  await take(head, "报集团", { text: "电梯停运一事已上网，措施已定" });

  await page.reload();
  await take(page, "拟回复", { text: "电梯控制板三日内更换；门禁电源今天已换好。" });
  // nothing leaves the house while a point is open
  await head.reload();
  await expect(head.getByText("三日内更换；门禁电源")).toBeVisible();
  await accessible(head);
  await take(head, "审批回复", { granted: true });
  await page.reload();
  await expect(page.getByText(/诉点/).first()).toBeVisible();
  const publish = page.getByRole("region", { name: "现在可以做" }).getByRole("button", { name: "已公开回复", exact: true });
  await expect(publish).toHaveCount(0);
  for (const [index, answer] of ["三日内更换控制板", "今天已换电源"].entries()) {
    await page.getByRole("button", { name: "答复此点" }).first().click();
    await fill(page, { text: answer });
    await expect(page.getByText(`2 点已答 ${index + 1} 点`)).toBeVisible();
  }
  await expect(publish).toBeVisible();
  await publish.click();
  const published = page.getByRole("dialog");
  await published.locator("#field-url").fill(`https://forum.example.cn/t/${Date.now()}#2`);
  await published.locator("button[type=submit]").click();
  await expect(published).toHaveCount(0);
  await expect(page.getByText("已回复").first()).toBeVisible();
  await accessible(page);
  await take(page, "了结", { reason: "客户认可" });
  await expect(page.getByText("已了结").first()).toBeVisible();
  const post = await ask<{ paper: { state: string; points: { ticked?: object }[] }; case: string }>(page, "GET", `/online-posts/${path.split("/").pop()}`);
  expect(post.body.paper.points.every((point) => point.ticked)).toBe(true);
  expect(post.body.case).toBeTruthy();
});
