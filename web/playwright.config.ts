import { defineConfig } from "@playwright/test";

// scripts/e2e starts the servers, one on each engine, and names them here.
const servers = (process.env.HUIYIN_E2E ?? "").split(",").filter(Boolean);

// How pages look does not depend on the engine: scripts/test looks on one.
const SCREENS = ["pages", "manage", "intake", "case", "desk", "queue"];
const short = process.env.HUIYIN_E2E_SHORT === "1";

export default defineConfig({
  testDir: "e2e",
  fullyParallel: false,
  workers: 1,
  // a browser that stumbled once on a busy machine is shown as flaky, not hidden
  retries: process.env.CI ? 1 : 0,
  forbidOnly: true,
  reporter: [["list"]],
  // a slow machine is not a fault
  timeout: 180_000,
  expect: { timeout: Number(process.env.HUIYIN_E2E_PATIENCE ?? 30_000) },
  use: {
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    viewport: { width: 1440, height: 900 },
    screenshot: "only-on-failure",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: {
      executablePath: process.env.HUIYIN_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
      ],
    },
  },
  projects: servers.map((server) => {
    const [name, baseURL, logins, setup] = server.split("|") as [string, string, string, string | undefined];
    const looks = short && name !== "sqlite" ? SCREENS.map((spec) => `**/${spec}.spec.ts`) : [];
    return { name, testIgnore: looks, use: { baseURL }, metadata: { logins, setup } };
  }),
});
