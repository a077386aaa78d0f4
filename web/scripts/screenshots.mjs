// Writes a picture of every main page in both themes and both languages, and
// three for the README with --readme. scripts/screenshots starts the server.
//
//   node scripts/screenshots.mjs BASE LOGINS FOLDER [--readme FOLDER] [--only NAME]
import { mkdirSync, readFileSync } from "node:fs";
import { chromium } from "@playwright/test";

const [base, loginsFile, folder, ...rest] = process.argv.slice(2);
const option = (name) => (rest.includes(name) ? rest[rest.indexOf(name) + 1] : undefined);
const readme = option("--readme");
const only = option("--only");
const people = JSON.parse(readFileSync(loginsFile, "utf8")).people;
const holding = (post) => people.find((one) => one.posts.includes(post));

/** Main pages: name, who looks, the address, and what is done before the picture. */
const PAGES = [
  { name: "login", path: "/login" },
  { name: "queue", who: "agent", path: "/queue?view=open" },
  { name: "queue-all", who: "head", path: "/queue?view=all" },
  { name: "intake", who: "agent", path: "/intake", then: intake },
  { name: "case", who: "head", path: caseIn("negotiating,executing,deciding") },
  { name: "case-visiting", who: "lead", path: caseIn("visiting,verifying") },
  { name: "case-closed", who: "head", path: caseIn("closed") },
  { name: "approvals", who: "head", path: "/approvals" },
  { name: "action", who: "agent", path: caseIn("received,accepted"), then: openAction },
  { name: "palette", who: "agent", path: "/queue?view=all", then: (page) => page.keyboard.press("Control+k") },
  { name: "keys", who: "agent", path: "/queue?view=all", then: (page) => page.keyboard.press("?") },
  { name: "incident", who: "lead", path: theFirst("/api/v1/incidents?stage=open,measures&limit=1", "/incidents/") },
  { name: "paper", who: "lead", path: theFirst("/api/v1/visit-records?open=true&limit=1", "/papers/visit-records/") },
  { name: "post", who: "lead", path: theFirst("/api/v1/online-posts?open=true&limit=1", "/posts/") },
  { name: "report", who: "head", path: theFirst("/api/v1/reports?limit=1", "/reports/") },
  { name: "bulk", who: "lead", path: "/queue?view=all", then: bulk },
];
/** Pages of the house that other parts bring: whatever the rail leads to. */
const RAIL_OF = ["lead", "head", "admin", "gm", "supervision"];
const SMALL = ["queue", "intake", "case"];

/** The page of the first thing that a list has. */
function theFirst(list, place) {
  return async (page) => {
    const id = await page.evaluate(async (address) => (await (await fetch(address)).json()).items?.[0]?.id, list);
    return id ? place + id : place;
  };
}

function caseIn(status) {
  return async (page) => {
    const found = await page.evaluate(async (wanted) => {
      const answer = await fetch(`/api/v1/cases?limit=200&status=${wanted}`);
      return (await answer.json()).items ?? [];
    }, status);
    // the one with most to show: its incident, its negotiation
    let best = found[0]?.id;
    let most = -1;
    for (const line of found.slice(0, 40)) {
      const seen = await page.evaluate(async (id) => {
        const one = await (await fetch(`/api/v1/cases/${id}`)).json();
        return one.round.options.length * 4 + one.round.approvals.length * 3 + one.promises.length + one.round.visits.length * 4 + one.tasks.length;
      }, line.id);
      if (seen > most) [best, most] = [line.id, seen];
    }
    return `/cases/${best}`;
  };
}

async function intake(page) {
  const area = page.locator("textarea").first();
  // what an earlier picture wrote is kept as a draft, in the other language
  const english = await page.evaluate(() => document.documentElement.lang === "en");
  await area.fill(english ? "Lift of building 3 stopped between floors, an old lady inside" : "三号楼二单元电梯停在两层之间，里面有一位老人");
  await page.waitForTimeout(1200);
}

async function openAction(page) {
  const more = page.locator("aside.now details.more summary").first();
  if ((await more.count()) > 0) await more.click();
  const first = page.locator("aside.now .buttons button:visible").first();
  if ((await first.count()) > 0) await first.click();
}

async function bulk(page) {
  for (const index of [0, 1, 2]) await page.locator("tbody input[type=checkbox]").nth(index).check();
}

async function settle(page) {
  await page.waitForLoadState("networkidle").catch(() => undefined);
  await page.waitForTimeout(500);
}

async function signedIn(browser, who, language, theme, viewport) {
  const context = await browser.newContext({
    viewport, locale: language, timezoneId: "Asia/Shanghai", colorScheme: theme, reducedMotion: "reduce", serviceWorkers: "block",
  });
  await context.addInitScript(([words, look]) => {
    localStorage.setItem("language", words);
    localStorage.setItem("theme", look);
  }, [language, theme]);
  const page = await context.newPage();
  if (who) {
    const answer = await page.request.post(`${base}/api/v1/session`, {
      data: { login: who.login, password: who.password }, headers: { origin: base },
    });
    if (!answer.ok()) throw new Error(`${who.login} cannot sign in: ${answer.status()}`);
  }
  return { context, page };
}

async function take(page, entry, file) {
  if (typeof entry.path !== "string") {
    await page.goto(`${base}/queue?view=mine`);
    await settle(page);
  }
  const path = typeof entry.path === "string" ? entry.path : await entry.path(page);
  await page.goto(base + path);
  await settle(page);
  if (entry.then) {
    await entry.then(page);
    await settle(page);
  }
  await page.screenshot({ path: file });
  console.log(file);
}

const browser = await chromium.launch({
  executablePath: process.env.HUIYIN_CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"],
});
try {
  mkdirSync(folder, { recursive: true });
  const wide = { width: 1440, height: 900 };
  for (const language of ["zh-CN", "en"]) {
    for (const theme of ["light", "dark"]) {
      const look = `${language === "en" ? "en" : "zh"}-${theme}`;
      const posts = new Set(PAGES.map((entry) => entry.who));
      for (const post of posts) {
        const entries = PAGES.filter((entry) => entry.who === post && (!only || entry.name === only));
        if (entries.length === 0) continue;
        const { context, page } = await signedIn(browser, post && holding(post), language, theme, wide);
        for (const entry of entries) await take(page, entry, `${folder}/${entry.name}-${look}.png`);
        await context.close();
      }
      const seen = new Set(["/queue", "/intake", "/approvals"]);
      for (const post of only ? [] : RAIL_OF) {
        const { context, page } = await signedIn(browser, holding(post), language, theme, wide);
        await page.goto(`${base}/queue`);
        await settle(page);
        const paths = await page.locator("nav.rail a").evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
        for (const path of paths.filter((one) => !seen.has(one))) {
          seen.add(path);
          const name = path.slice(1).replaceAll("/", "-");
          await take(page, { path }, `${folder}/${name}-${look}.png`);
        }
        await context.close();
      }
    }
  }
  for (const name of only ? [] : SMALL) {
    const entry = PAGES.find((one) => one.name === name);
    const { context, page } = await signedIn(browser, holding(entry.who), "zh-CN", "light", { width: 390, height: 844 });
    await take(page, entry, `${folder}/${name}-phone.png`);
    await context.close();
  }
  if (readme) {
    mkdirSync(readme, { recursive: true });
    for (const name of ["queue-all", "case", "intake"]) {
      const entry = PAGES.find((one) => one.name === name);
      const { context, page } = await signedIn(browser, holding(entry.who), "zh-CN", "light", wide);
      await take(page, entry, `${readme}/${name.replace("-all", "")}.png`);
      await context.close();
    }
  }
} finally {
  await browser.close();
}
