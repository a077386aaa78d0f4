import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type BrowserContext, type Page, type TestInfo } from "@playwright/test";
import { Caller, power, toneFile } from "./caller";
import { accessible, ask, other, personOf, signIn, test as base, watch } from "./people";

const AGENT_HZ = 1000;
const CUSTOMER_HZ = 440;
const CLEAR = 0.6;

/** The microphone of this browser hears a tone and nothing else. */
const test = base.extend<object, { microphone: string }>({
  microphone: [async ({}, use) => {
    const file = join(mkdtempSync(join(tmpdir(), "huiyin-")), "microphone.wav");
    writeFileSync(file, toneFile(AGENT_HZ));
    await use(file);
  }, { scope: "worker" }],
  launchOptions: [async ({ launchOptions, microphone }, use) => {
    const own = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-audio-capture=${microphone}`];
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...own] });
  }, { scope: "worker" }],
});

interface Sip { listen: string; extensions: { login: string }[]; queue_number: string }
interface Call { id: string; state: string; result: string | null; recordings: { running: boolean }[] }

function sipOf(info: TestInfo): Sip & { host: string; port: number } {
  const { logins } = info.project.metadata as { logins: string };
  const { sip } = JSON.parse(readFileSync(logins, "utf8")) as { sip: Sip };
  const [host = "", port] = sip.listen.split(":");
  return { ...sip, host, port: Number(port) };
}

/** Keeps the connections of a page's sound at hand, to measure what comes in. */
async function hearing(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const Real = RTCPeerConnection;
    const all: RTCPeerConnection[] = [];
    Object.assign(window, { lines: all });
    window.RTCPeerConnection = class extends Real {
      constructor(settings?: RTCConfiguration) {
        super(settings);
        all.push(this);
      }
    };
  });
}

/** The loudest frequency that comes into a page. */
function loudest(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const line = (window as unknown as { lines: RTCPeerConnection[] }).lines.at(-1);
    const track = line?.getReceivers()[0]?.track;
    if (!track) return 0;
    const context = new AudioContext();
    const ear = context.createAnalyser();
    ear.fftSize = 4096;
    context.createMediaStreamSource(new MediaStream([track])).connect(ear);
    await new Promise((done) => setTimeout(done, 800));
    const heights = new Float32Array(ear.frequencyBinCount);
    ear.getFloatFrequencyData(heights);
    return (heights.indexOf(Math.max(...heights)) * context.sampleRate) / ear.fftSize;
  });
}

async function openPhone(page: Page, faults: string[]): Promise<Page> {
  const [phone] = await Promise.all([page.context().waitForEvent("page"), page.getByRole("button", { name: "话机" }).click()]);
  watch(phone, faults);
  await expect(phone.getByText("已就绪，可以接听")).toBeVisible();
  return phone;
}

const newNumber = (): string => `139${String(Date.now()).slice(-8)}`;
const callOf = async (page: Page, number: string): Promise<Call | undefined> =>
  (await ask<{ items: Call[] }>(page, "GET", `/calls?number=${number}`)).body.items[0];

/** What one side of a recording holds. */
function sideOf(wav: Buffer, side: 0 | 1): number[] {
  const samples: number[] = [];
  for (let at = 44 + side * 2; at + 1 < wav.length; at += 4) samples.push(wav.readInt16LE(at));
  return samples;
}

// Issue 7: TEL-17, CALL-7, CALL-9, DESK-6
test("a call of SIP is answered in the browser, both hear each other, and the recording holds both", async ({ page, people, watched }, info) => {
  const sip = sipOf(info);
  await hearing(page.context());
  await signIn(page, people, sip.extensions[0]?.login ?? "");
  const phone = await openPhone(page, watched.faults);
  await accessible(phone);
  const number = newNumber();
  const caller = new Caller(sip, number, CUSTOMER_HZ);
  const calling = caller.calls(sip.queue_number);
  const strip = page.getByRole("region", { name: "当前通话" });
  await expect(strip.getByText("振铃中")).toBeVisible();
  await expect(strip.getByText("您好，", { exact: false })).toBeVisible();
  await expect(phone.getByText(number)).toBeVisible();
  await accessible(page);
  await accessible(phone);
  await page.keyboard.press("Alt+Shift+A");
  await calling;
  await expect(strip.getByText("通话中")).toBeVisible();
  // the workbench may reload in the middle of it
  await page.reload();
  await expect(strip.getByText("通话中")).toBeVisible();
  const heard = await caller.hears(1500);
  expect(power(heard, AGENT_HZ)).toBeGreaterThan(CLEAR);
  expect(Math.abs((await loudest(phone)) - CUSTOMER_HZ)).toBeLessThan(20);
  // mute and hold by keys, each seen where it happened
  await page.keyboard.press("Alt+Shift+M");
  await expect(strip.getByRole("button", { name: "取消静音" })).toBeVisible();
  expect(power(await caller.hears(600), AGENT_HZ)).toBeLessThan(CLEAR / 2);
  await page.keyboard.press("Alt+Shift+M");
  await page.keyboard.press("Alt+Shift+H");
  await expect(strip.getByText("保持中")).toBeVisible();
  await page.keyboard.press("Alt+Shift+H");
  await expect(strip.getByText("通话中")).toBeVisible();
  await page.keyboard.press("Alt+Shift+K");
  await accessible(page);
  await strip.getByRole("button", { name: "5", exact: true }).click();
  await page.keyboard.press("Alt+Shift+T");
  await expect(page.getByRole("dialog", { name: "转接" })).toBeVisible();
  await accessible(page);
  await page.keyboard.press("Escape");
  await caller.hears(1500);
  await caller.hangsUp();
  // a call that ended is written up and has its sound
  await expect(strip.getByRole("button", { name: "完成话后处理" })).toBeVisible();
  await strip.getByLabel("通话小结").fill("问了停车费");
  await strip.getByRole("button", { name: "完成话后处理" }).click();
  await expect.poll(async () => (await callOf(page, number))?.recordings.map((one) => one.running)).toEqual([false]);
  const call = await callOf(page, number);
  expect(call?.result).toBe("answered");
  const wav = await (await page.request.get(`/api/v1/calls/${call?.id ?? ""}/recording`)).body();
  expect(power(sideOf(wav, 0), CUSTOMER_HZ)).toBeGreaterThan(CLEAR);
  expect(power(sideOf(wav, 1), AGENT_HZ)).toBeGreaterThan(CLEAR);
  expect(power(sideOf(wav, 1), CUSTOMER_HZ)).toBeLessThan(0.1);
  await page.goto(`/calls/${call?.id ?? ""}`);
  await expect(page.getByText("问了停车费")).toBeVisible();
});

// stack.md, softphone: one window, which comes back after its own reload
test("the browser has one phone window, and it connects again by itself", async ({ page, people, watched }, info) => {
  await signIn(page, people, sipOf(info).extensions[1]?.login ?? "");
  const phone = await openPhone(page, watched.faults);
  await phone.reload();
  await expect(phone.getByText("已就绪，可以接听")).toBeVisible();
  const second = await page.context().newPage();
  await second.goto("/phone");
  await expect(second.getByText("话机已在另一个窗口打开")).toBeVisible();
  await accessible(second);
  await second.getByRole("button", { name: "改在这里使用" }).click();
  await expect(second.getByText("已就绪，可以接听")).toBeVisible();
  await expect(phone.getByText("话机已在另一个窗口打开")).toBeVisible();
});

// CALL-9, DESK-6, TEL-18, TEL-21, TEL-33: what an agent knows and keeps of a caller
test("one click makes a case of a call, and the case shows the call with its sound", async ({ page, people, watched }, info) => {
  const sip = sipOf(info);
  await signIn(page, people, sip.extensions[2]?.login ?? "");
  await openPhone(page, watched.faults);
  const number = newNumber();
  const caller = new Caller(sip, number, CUSTOMER_HZ);
  const calling = caller.calls(sip.queue_number);
  const strip = page.getByRole("region", { name: "当前通话" });
  await expect(strip.getByText("没有登记过的号码", { exact: false })).toBeVisible();
  await strip.getByRole("button", { name: "接听" }).click();
  await calling;
  await expect(strip.getByText("通话中")).toBeVisible();
  await accessible(page);
  // a promise with number and clock
  await strip.getByRole("button", { name: "约定回电" }).click();
  const promise = page.getByRole("dialog", { name: "约定回电" });
  await accessible(page);
  await promise.getByLabel("事由").fill(`年检何时结束 ${number}`);
  await promise.getByRole("button", { name: "保存" }).click();
  await expect(promise).toBeHidden();
  await expect(strip.getByText(`年检何时结束 ${number}`)).toBeVisible();
  // a message for who is absent
  await strip.getByRole("button", { name: "代为留言" }).click();
  const message = page.getByRole("dialog", { name: "代为留言" });
  await accessible(page);
  await message.getByLabel("留言给").click();
  await page.getByRole("option").first().click();
  await message.getByLabel("来电人姓名").fill("周先生");
  await message.getByLabel("什么事（What）").fill("请回电谈停车位");
  await message.getByText("已向来电人复述要点").click();
  await message.getByRole("button", { name: "保存" }).click();
  await expect(message).toBeHidden();
  await strip.getByLabel("客户说了什么", { exact: false }).fill("三单元电梯停了两天");
  await strip.getByRole("button", { name: "建投诉单" }).click();
  await page.waitForURL("**/cases/**");
  const history = page.getByRole("region", { name: "办理记录" });
  await expect(history.getByText(number)).toBeVisible();
  await caller.hears(1200);
  await caller.hangsUp();
  await expect(history.getByRole("button", { name: "播放" })).toBeVisible();
  await accessible(page);
  await page.goto("/call-backs");
  const row = page.locator("tr", { hasText: number });
  await expect(row).toBeVisible();
  await accessible(page);
  await row.getByRole("button", { name: "登记结果" }).click();
  await page.getByText("已联系上").click();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(row).toBeHidden();
  await page.goto("/call-messages?of=taken");
  await expect(page.locator("tr", { hasText: number })).toBeVisible();
  await accessible(page);
});

// design guide, keys: whatever an agent does all day has one, and the sheet lists them
test("an agent takes a call, makes a case of it and writes it up by keys alone", async ({ page, people, watched }, info) => {
  const sip = sipOf(info);
  await signIn(page, people, sip.extensions[0]?.login ?? "");
  await openPhone(page, watched.faults);
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "键盘快捷键" });
  await expect(sheet.getByRole("heading", { name: "通话与坐席" })).toBeVisible();
  for (const what of ["接听或挂断", "保持或恢复通话", "咨询后再转", "暂停或恢复录音", "一键建报修单", "代为留言", "约定回电", "完成话后处理", "签入或就绪"]) {
    await expect(sheet.getByText(what, { exact: true })).toBeVisible();
  }
  await accessible(page);
  await page.keyboard.press("Escape");
  await expect(sheet).toBeHidden();
  const bar = page.getByRole("group", { name: "坐席状态" });
  // the states open under the fingers, and Alt+Shift+R is ready again
  await page.keyboard.press("Alt+Shift+S");
  const training = page.getByRole("menuitem", { name: "未就绪：培训" });
  // the menu takes the focus once it stands open, whoever had it before
  await expect(async () => {
    await training.focus({ timeout: 1000 });
    await page.keyboard.press("Enter");
    await expect(bar.getByText("培训")).toBeVisible({ timeout: 2000 });
  }).toPass({ timeout: 20_000 });
  await page.keyboard.press("Alt+Shift+R");
  await expect(bar.getByText("就绪", { exact: false }).first()).toBeVisible();
  const number = newNumber();
  const caller = new Caller(sip, number, CUSTOMER_HZ);
  const calling = caller.calls(sip.queue_number);
  const strip = page.getByRole("region", { name: "当前通话" });
  await expect(strip.getByRole("button", { name: "接听" })).toBeVisible();
  await page.keyboard.press("Alt+Shift+A");
  await calling;
  await expect(strip.getByText("通话中")).toBeVisible();
  await page.keyboard.press("Alt+Shift+P");
  await expect(strip.getByRole("button", { name: "恢复录音" })).toBeVisible();
  await page.keyboard.press("Alt+Shift+P");
  await expect(strip.getByRole("button", { name: "暂停录音" })).toBeVisible();
  await page.keyboard.press("Alt+Shift+B");
  await expect(page.getByRole("dialog", { name: "约定回电" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Alt+Shift+L");
  await expect(page.getByRole("dialog", { name: "代为留言" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: "代为留言" })).toBeHidden();
  // nothing written yet: the key leads to where it is written
  await page.keyboard.press("Alt+Shift+2");
  await expect(strip.getByLabel("客户说了什么", { exact: false })).toBeFocused();
  await page.keyboard.type(`gate broken ${number}`);
  await page.keyboard.press("Alt+Shift+2");
  await page.waitForURL("**/cases/**");
  await page.goto("/queue");
  await expect(strip.getByText("通话中")).toBeVisible();
  await page.keyboard.press("Alt+Shift+U");
  await page.waitForURL("**/cases/**");
  await page.keyboard.press("Alt+Shift+A");
  await expect(strip.getByRole("button", { name: "完成话后处理" })).toBeVisible();
  await strip.getByLabel("通话小结").fill("登记报修");
  await page.keyboard.press("Alt+Shift+E");
  await page.keyboard.press("Alt+Shift+W");
  await expect(strip).toBeHidden();
  await expect.poll(async () => (await callOf(page, number))?.result).toBe("answered");
  caller.close();
});

// TEL-23: the receiver is told first; then all three talk, and the call is theirs
test("a colleague is asked while the customer waits, joins, and takes the call over", async ({ page, people, watched, browser }, info) => {
  const sip = sipOf(info);
  const colleague = personOf(people, sip.extensions[1]?.login ?? "");
  await signIn(page, people, sip.extensions[0]?.login ?? "");
  await openPhone(page, watched.faults);
  const theirs = await other(browser, people, colleague.login, watched);
  const theirPhone = await openPhone(theirs, watched.faults);
  await ask(theirs, "POST", "/agent", { do: "not_ready", reason: "training" });
  const caller = new Caller(sip, newNumber(), CUSTOMER_HZ);
  const calling = caller.calls(sip.queue_number);
  const strip = page.getByRole("region", { name: "当前通话" });
  await strip.getByRole("button", { name: "接听" }).click();
  await calling;
  await expect(strip.getByText("通话中")).toBeVisible();
  await page.keyboard.press("Alt+Shift+C");
  const consult = page.getByRole("dialog", { name: "咨询" });
  await consult.getByRole("combobox", { name: "坐席" }).click();
  await page.getByRole("option", { name: colleague.name }).click();
  await consult.getByRole("button", { name: "咨询", exact: true }).click();
  await theirPhone.getByRole("button", { name: "接听" }).click();
  await expect(theirPhone.getByText("通话中")).toBeVisible();
  await expect(strip.getByText("咨询中")).toBeVisible();
  await strip.getByRole("button", { name: "三方" }).click();
  await expect(strip.getByText("三方通话")).toBeVisible();
  await strip.getByRole("button", { name: "转交" }).click();
  await expect(strip.getByText("三方通话")).toBeHidden();
  expect(power(await caller.hears(1200), AGENT_HZ)).toBeGreaterThan(CLEAR);
  await caller.hangsUp();
  await expect(theirPhone.getByText("没有通话")).toBeVisible();
  await theirs.context().close();
});
