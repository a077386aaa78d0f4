import { defineConfig } from "@playwright/test";

// scripts/e2e starts the servers, one on each engine, and names them here.
const servers = (process.env.HUIYIN_E2E ?? "").split(",").filter(Boolean);

export default defineConfig({
  testDir: "e2e",
  fullyParallel: false,
  workers: 1,
  retries: 0,
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
    return { name, use: { baseURL }, metadata: { logins, setup } };
  }),
});
