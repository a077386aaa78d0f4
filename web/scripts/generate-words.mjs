// Makes the names of wire words for the page from the server's catalogue, so
// that a stage is called the same on paper, in a mail and on the screen.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const only = process.argv.includes("--check");
let stale = false;
mkdirSync(at("../src/locales/generated"), { recursive: true });
for (const language of ["zh-CN", "en"]) {
  const folder = at(`../../crates/i18n/locales/${language}`);
  const words = {};
  for (const file of readdirSync(folder).sort()) {
    for (const line of readFileSync(`${folder}/${file}`, "utf8").split("\n")) {
      const found = /^word-([a-z0-9-]+)\s*=\s*(.+)$/.exec(line);
      if (found) words[found[1].replaceAll("-", "_")] = found[2].trim();
    }
  }
  const sorted = Object.fromEntries(Object.entries(words).sort(([a], [b]) => (a < b ? -1 : 1)));
  const path = at(`../src/locales/generated/words.${language}.json`);
  const text = `${JSON.stringify(sorted, null, 2)}\n`;
  let before = "";
  try {
    before = readFileSync(path, "utf8");
  } catch {
    // not there yet
  }
  if (before === text) continue;
  if (only) stale = true;
  else writeFileSync(path, text);
}
if (stale) {
  console.error("src/locales/generated is out of date: run `npm run words`");
  process.exit(1);
}
