import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect } from "@playwright/test";

/** Telephones that talk to the demo: a customer with an agent, another one who waits. */
export interface Phones {
  /** Waits until the telephones say that something is as it should be. */
  until: (what: string) => Promise<void>;
  /** Hangs up. */
  end: () => Promise<void>;
}

/** Has real telephones call the demo; the supervisor's, where there is one, lifts when it rings. */
export function talk(logins: string, url: string, supervisor?: { name: string; password: string }): Phones {
  const script = fileURLToPath(new URL("../../scripts/calls/talk", import.meta.url));
  const own = supervisor ? [supervisor.name, supervisor.password] : [];
  const child = spawn("python3", [script, logins, url, ...own], { stdio: ["pipe", "pipe", "pipe"] });
  let heard = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (heard += String(data)));
  const over = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  return {
    until: (what) => expect.poll(() => heard, { timeout: 60_000 }).toContain(`ok   ${what}`),
    end: async () => {
      child.stdin.end();
      await over;
    },
  };
}
