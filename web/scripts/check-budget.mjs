// The workbench stays small: everything the first page loads, gzipped, before
// charts; the limit is the 300 kB.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const LIMIT = 300_000;
const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const page = readFileSync(`${dist}index.html`, "utf8");
const assets = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((found) => found[1]);
let sum = gzipSync(page).length;
for (const asset of assets) sum += gzipSync(readFileSync(dist + asset.slice(1)), { level: 9 }).length;
console.log(`first load ${(sum / 1000).toFixed(1)} kB gzip in ${assets.length + 1} files, limit ${LIMIT / 1000} kB`);
if (sum > LIMIT) process.exit(1);
