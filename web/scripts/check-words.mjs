// Both languages have the same keys with the same placeholders, every key that
// the source names exists, and English holds no Han character.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../src/", import.meta.url));
const faults = [];
const flat = (node, path = "", into = new Map()) => {
  for (const [key, value] of Object.entries(node)) {
    const name = path ? `${path}.${key}` : key;
    if (typeof value === "string") into.set(name, value);
    else flat(value, name, into);
  }
  return into;
};
const read = (language) => {
  const all = new Map();
  for (const file of readdirSync(join(root, "locales", language)).sort()) {
    const topic = file.replace(".json", "");
    const tree = JSON.parse(readFileSync(join(root, "locales", language, file), "utf8"));
    for (const [key, text] of flat(tree)) all.set(`${topic}.${key}`, text);
  }
  return all;
};
const words = JSON.parse(readFileSync(join(root, "locales/generated/words.zh-CN.json"), "utf8"));
const zh = read("zh-CN");
const en = read("en");
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort().join();
for (const [key, text] of zh) {
  if (!en.has(key)) faults.push(`en lacks ${key}`);
  else if (/@(?!'\})|\|/.test(text + en.get(key))) faults.push(`${key}: @ and | must be written as {'@'} and {'|'}`);
  else if (places(text) !== places(en.get(key))) faults.push(`${key}: placeholders differ`);
}
for (const [key, text] of en) {
  if (!zh.has(key)) faults.push(`zh-CN lacks ${key}`);
  if (/\p{Script=Han}/u.test(text)) faults.push(`${key}: Han characters in English`);
}
const files = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "locales" ? [] : files(path);
    return /\.(ts|vue)$/.test(entry.name) && !entry.name.endsWith(".test.ts") ? [path] : [];
  });
const used = new Set();
for (const path of files(root)) {
  const source = readFileSync(path, "utf8");
  for (const [, key] of source.matchAll(/\bt\(\s*["'`]([a-z][\w]*(?:\.[\w]+)+)["'`]/g)) {
    used.add(key);
    const word = /^word\.(\w+)$/.exec(key);
    if (word ? !(word[1] in words) : !zh.has(key)) faults.push(`${path.slice(root.length)}: no text ${key}`);
  }
  const prefixes = [...source.matchAll(/`([a-z][\w.]*\.)\$\{/g)].map((found) => found[1]);
  for (const key of zh.keys()) if (prefixes.some((prefix) => key.startsWith(prefix))) used.add(key);
  for (const [, key] of source.matchAll(/["'`]([a-z]\w*(?:\.\w+)+)["'`]/g)) if (zh.has(key)) used.add(key);
  if (path.endsWith(".ts") && !path.endsWith(".d.ts") && /["'`][^"'`\n]*\p{Script=Han}/u.test(source.replace(/^\s*\/\/.*$/gm, ""))) {
    faults.push(`${path.slice(root.length)}: text outside the catalogues`);
  }
}
// Every event that the wire can carry has a name, and every action, choice and
// field that a dialogue can ask for.
const rust = (path) => readFileSync(fileURLToPath(new URL(`../../crates/domain/src/${path}`, import.meta.url)), "utf8");
const events = [
  ...[...rust("case/command.rs").matchAll(/= "[a-z_]+" \/ "([a-z_]+)"/g)].map((found) => found[1]),
  ...["case/event.rs", "incident/event.rs"].flatMap((path) =>
    [...rust(path).matchAll(/\(_\)\)? => "([a-z_]+)"/g)].map((found) => found[1]),
  ),
];
if (events.length < 80) faults.push("the events of the wire cannot be found");
for (const event of events) if (!zh.has(`event.${event}`)) faults.push(`no text event.${event}`);
for (const key of zh.keys()) if (key.startsWith("event.") && !events.includes(key.slice(6))) faults.push(`no event ${key}`);
const ask = (name, shape) => {
  for (const choice of shape.enum ?? []) if (!(choice in words)) faults.push(`${name}: no word ${choice}`);
  for (const [field, inner] of Object.entries(shape.properties ?? {})) {
    if (!zh.has(`field.${field}`) && !(field in words)) faults.push(`${name}: no text field.${field}`);
    ask(name, inner);
  }
  if (shape.items) ask(name, shape.items);
};
for (const [name, shape] of Object.entries(JSON.parse(readFileSync(join(root, "api/actions.json"), "utf8")))) {
  if (!(name in words)) faults.push(`no word ${name}`);
  ask(name, shape);
}
// Papers: each step and state of each kind, each field, each choice.
const stated = (kind, where, name) => {
  if (!zh.has(`paper.${where}.${kind}.${name}`)) faults.push(`no text paper.${where}.${kind}.${name}`);
};
const told = (kind, shape) => {
  for (const choice of shape.enum ?? []) if (!(choice in words)) faults.push(`${kind}: no word ${choice}`);
  for (const [field, inner] of Object.entries(shape.properties ?? {})) {
    const named = ["field." + field, "paper.field." + field, `paper.of.${kind}.${field}`].some((key) => zh.has(key)) || field in words;
    if (!named && !["id", "digest", "household", "party", "by"].includes(field)) faults.push(`${kind}: no text paper.field.${field}`);
    if (field !== "state") told(kind, inner);
  }
  for (const inner of [shape.items, shape.values]) if (inner) told(kind, inner);
};
const kinds = readFileSync(join(root, "features/paper/kinds.ts"), "utf8");
for (const [list, { opens, holds, steps }] of Object.entries(JSON.parse(readFileSync(join(root, "api/papers.json"), "utf8")))) {
  const kind = new RegExp(`"?${list}"?: \\{\\s*kind: "(\\w+)"`).exec(kinds)?.[1];
  if (!kind) faults.push(`features/paper/kinds.ts: no kind ${list}`);
  for (const step of Object.keys(steps)) stated(kind, "step", step);
  for (const state of holds.properties.state.enum) stated(kind, "state", state);
  told(kind, opens);
  told(kind, holds);
  for (const shape of Object.values(steps)) told(kind, shape);
}
for (const key of zh.keys()) if (!used.has(key)) faults.push(`nobody uses ${key}`);
if (faults.length > 0) {
  console.error(faults.join("\n"));
  process.exit(1);
}
console.log(`${zh.size} texts in both languages`);
