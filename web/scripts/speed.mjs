// Prints how long the pages of the workbench take: percentiles in milliseconds.
// scripts/speed starts a server with many cases.
//
//   HUIYIN_PASSWORD=… node scripts/speed.mjs BASE ADMINISTRATOR
import { chromium } from "@playwright/test";

const [base, administrator] = process.argv.slice(2);
const password = process.env.HUIYIN_PASSWORD ?? "";
const TIMES = 30;

async function call(page, method, path, data) {
  const answer = await page.request.fetch(`${base}${path}`, { method, data, headers: { origin: base } });
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
  const text = await answer.text();
  return text ? JSON.parse(text) : undefined;
}

/** Somebody of the desk, appointed by the administrator. */
async function appoint(browser) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await call(page, "POST", "/api/v1/session", { login: administrator, password });
  const own = await call(page, "GET", "/api/v1/organisation");
  const person = await call(page, "POST", "/api/v1/people", {
    login: "desk", name: "林一", locale: "zh-CN", membership: { unit: own.root_unit, posts: ["lead"] },
  });
  const link = await call(page, "POST", `/api/v1/people/${person.id}/reset_link`, {});
  await call(page, "POST", "/api/v1/reset", { link: link.path.split("/").pop(), password });
  await context.close();
}

const shown = (times) => {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => Math.round(sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)]);
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)}  (${sorted.length} times)`;
};

/** From the address to the first row, as a new tab of somebody who is signed in. */
async function firstView(context) {
  const times = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    const page = await context.newPage();
    await page.goto(`${base}/queue?view=open`, { waitUntil: "commit" });
    await page.waitForFunction(() => document.querySelector("tbody tr.line"));
    times.push(await page.evaluate(() => performance.now()));
    await page.close();
  }
  return times;
}

/** From a click on a row to the page of its case, with its history. */
async function switching(page) {
  await page.goto(`${base}/queue?view=open`);
  await page.waitForSelector("tbody tr.line");
  const times = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    times.push(await page.evaluate(async (index) => {
      const row = document.querySelectorAll("tbody tr.line")[index % 10];
      const link = row.querySelector("a");
      const begin = performance.now();
      link.click();
      await new Promise((done) => {
        const look = () => (document.querySelector(".timeline li, .timeline article, [aria-current=step]") ? done() : requestAnimationFrame(look));
        look();
      });
      return performance.now() - begin;
    }, turn));
    await page.goBack();
    await page.waitForSelector("tbody tr.line");
  }
  return times;
}

const browser = await chromium.launch({
  executablePath: process.env.HUIYIN_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"],
});
try {
  await appoint(browser);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: "block" });
  const page = await context.newPage();
  let most = { rows: 0, path: "" };
  page.on("response", async (answer) => {
    if (!answer.url().includes("/api/") || !answer.headers()["content-type"]?.includes("json")) return;
    const body = await answer.json().catch(() => undefined);
    const rows = Array.isArray(body?.items) ? body.items.length : 0;
    if (rows > most.rows) most = { rows, path: new URL(answer.url()).pathname };
  });
  await call(page, "POST", "/api/v1/session", { login: "desk", password });
  const { shown: total } = await call(page, "GET", "/api/v1/cases/count");
  console.log(`cases                  ${total}`);
  console.log(`first view of queue    ${shown(await firstView(context))}`);
  console.log(`switch to a case       ${shown(await switching(page))}`);
  for (const path of ["/day", "/approvals", "/supervision", "/figures", "/dispatch"]) {
    await page.goto(base + path);
    await page.waitForLoadState("networkidle").catch(() => undefined);
  }
  console.log(`most rows in an answer ${most.rows} (${most.path})`);
} finally {
  await browser.close();
}
