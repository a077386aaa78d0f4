import { expect, type Locator, type Page } from "@playwright/test";
import { power, toneFile } from "./caller";
import { accessible, signIn, test } from "./people";

const HERTZ = 600;
const CLEAR = 0.6;

const option = (key: string, to: string): string => `[[node.option]]\nkey = "${key}"\ntitle = { zh = "其他", en = "Other" }\nto = "${to}"\n\n`;

/** The line in which the cursor of a box stands, from 1, and what is marked there. */
function cursor(box: Locator): Promise<{ line: number; marked: string; seen: boolean }> {
  return box.evaluate((area: HTMLTextAreaElement) => {
    const line = area.value.slice(0, area.selectionStart).split("\n").length;
    const height = Number.parseFloat(getComputedStyle(area).lineHeight);
    const top = (line - 1) * height - area.scrollTop;
    return { line, marked: area.value.slice(area.selectionStart, area.selectionEnd), seen: top >= 0 && top + height <= area.clientHeight };
  });
}

/** What a prompt sounds like where it is played. */
function heard(page: Page, name: string, version: number): Promise<number[]> {
  return page.evaluate(async ([prompt, number]) => {
    const answer = await fetch(`/api/v1/prompts/${prompt}/sound?version=${number}`);
    const sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(await answer.arrayBuffer());
    return [...sound.getChannelData(0)];
  }, [name, version] as const);
}

test("a menu is written, its faults stand at their place, and an earlier version comes back (CALL-4, CALL-8)", async ({ page, people }) => {
  await signIn(page, people, "admin");
  await page.goto("/admin/telephony/menus");
  await expect(page.getByRole("row").filter({ hasText: "hotline" })).toBeVisible();
  await accessible(page);
  await page.getByRole("button", { name: "新增菜单" }).click();
  const dialog = page.getByRole("dialog");
  const name = `night-${Date.now()}`;
  await dialog.getByLabel("代码").fill("Night");
  await expect(dialog.getByRole("alert")).toContainText("小写字母开头");
  await expect(dialog.getByRole("button", { name: "保存" })).toBeDisabled();
  await dialog.getByLabel("代码").fill(name);
  await dialog.getByRole("combobox", { name: "以哪份为底稿" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("option", { name: "客服热线" }).click();
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page).toHaveURL(new RegExp(`menus/${name}`));
  const box = page.getByRole("textbox", { name: "内容" });
  await expect(box).toHaveValue(new RegExp(`menu = "${name}"`));
  const save = page.getByRole("button", { name: "保存为新版本" });
  await save.click();
  const versions = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: "查看" }) });
  await expect(versions).toHaveCount(1);
  await expect(save).toBeDisabled();

  // six options at one level: refused, and what is wrong stands at its line
  const good = await box.inputValue();
  const next = "[[node]]\nname = \"after_sale\"";
  const more = ["4", "5", "6"].map((key) => option(key, "agents")).join("");
  await box.fill(good.replace(next, `${more}${next}`));
  await save.click();
  const faults = page.getByRole("alert").filter({ hasText: "处要改" });
  await expect(faults.getByText("选项多于五个")).toBeVisible();
  await accessible(page);
  await expect(versions).toHaveCount(1);

  // a branch that comes back to itself for ever
  const round = "[[node]]\nname = \"round\"\nkind = \"say\"\nprompts = [\"welcome\"]\nto = \"round\"\n\n";
  await box.fill(good.replace(next, `${option("4", "round")}${round}${next}`));
  await expect(faults).toHaveCount(0);
  await page.getByRole("button", { name: "检查" }).click();
  const endless = faults.getByRole("listitem").filter({ hasText: "round" }).filter({ hasText: "绕回自身" });
  const at = endless.getByRole("button");
  await at.click();
  const line = Number(/\d+/.exec((await at.textContent()) ?? "")?.[0]);
  await expect(box).toBeFocused();
  const there = await cursor(box);
  expect(there.line).toBe(line);
  expect(there.marked).toContain("round");
  expect(there.seen).toBe(true);

  // in order again, under another title
  await box.fill(good.replace("客服热线", "夜间热线"));
  await expect(faults).toHaveCount(0);
  await page.getByRole("button", { name: "检查" }).click();
  await expect(page.getByText("没有问题，可以保存")).toBeVisible();
  await page.getByLabel("这次改了什么").fill("改成夜间的名称");
  await save.click();
  await expect(page.getByRole("heading", { level: 1, name: "夜间热线" })).toBeVisible();
  await expect(versions).toHaveCount(2);
  await expect(versions.first()).toContainText("第 2 版");
  await expect(versions.first()).toContainText("改成夜间的名称");
  await versions.last().getByRole("button", { name: "查看" }).click();
  await expect(box).toHaveValue(/客服热线/);
  await expect(versions.last()).toContainText("正在查看");
  await versions.last().getByRole("button", { name: "恢复为新版本" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "客服热线" })).toBeVisible();
  await expect(versions.first()).toContainText("第 3 版");
  await accessible(page);

  // what was written and not kept is not lost without a word
  await box.fill(`${good}\n# 还没写完`);
  await page.getByRole("main").getByRole("link", { name: "语音菜单" }).first().click();
  const asked = page.getByRole("dialog").filter({ hasText: "改动还没有保存" });
  await accessible(page);
  await asked.getByRole("button", { name: "继续修改" }).click();
  await expect(box).toHaveValue(/还没写完/);
  await page.getByRole("main").getByRole("link", { name: "语音菜单" }).first().click();
  await asked.getByRole("button", { name: "丢弃" }).click();
  await expect(page.getByRole("row").filter({ hasText: name })).toContainText("第 3 版");
});

test("a prompt is a WAV file with its text and can be heard; another file is refused in words (CALL-8)", async ({ page, people }) => {
  await signIn(page, people, "admin");
  await page.goto("/admin/telephony/prompts");
  await page.getByRole("button", { name: "新增提示音" }).click();
  const dialog = page.getByRole("dialog");
  const name = `night_${Date.now()}`;
  await dialog.getByLabel("名称").fill("Night One");
  await expect(dialog.getByRole("alert")).toContainText("小写字母开头");
  await dialog.getByLabel("名称").fill(name);
  await dialog.getByLabel("说的话").fill("现在是夜间服务");
  const file = dialog.getByLabel("录音文件");
  await file.setInputFiles({ name: "notes.wav", mimeType: "audio/wav", buffer: Buffer.from("not a sound") });
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog.locator("label").filter({ hasText: "录音文件" }).getByRole("alert")).toHaveText("应为完整的 WAV 文件。");
  await accessible(page);
  await file.setInputFiles({ name: "night.wav", mimeType: "audio/wav", buffer: toneFile(HERTZ) });
  await expect(dialog.getByText("night.wav")).toBeVisible();
  await expect(dialog.getByRole("alert")).toHaveCount(0);
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("textbox", { name: "按名称或文字查找" }).fill("夜间服务");
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("上传");
  await expect(row).toContainText("0:05");
  await accessible(page);
  const [sound] = await Promise.all([page.waitForResponse(/sound\?version=1/), row.getByRole("button", { name: "播放" }).click()]);
  expect(sound.headers()["content-type"]).toBe("audio/wav");
  await expect(row.getByRole("button", { name: "暂停" })).toHaveAttribute("aria-pressed", "true");
  expect(power(await heard(page, name, 1), HERTZ)).toBeGreaterThan(CLEAR);

  // another recording is another version, and the first one comes back
  await row.getByRole("button", { name: "修改" }).click();
  await file.setInputFiles({ name: "other.wav", mimeType: "audio/wav", buffer: toneFile(2 * HERTZ) });
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(row).toContainText("第 2 版");
  await row.getByRole("button", { name: "历史版本" }).click();
  await expect(dialog.getByRole("listitem")).toHaveCount(2);
  await accessible(page);
  await dialog.getByRole("listitem").last().getByRole("button", { name: "恢复为新版本" }).click();
  await expect(dialog.getByRole("listitem")).toHaveCount(3);
  await page.keyboard.press("Escape");
  await expect(row).toContainText("第 3 版");
  expect(power(await heard(page, name, 3), HERTZ)).toBeGreaterThan(CLEAR);
});
