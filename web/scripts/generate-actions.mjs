// Takes the shapes of the bodies of case actions, and of the papers of the house,
// out of the OpenAPI document, so that the page can draw a form for every action
// and show every fact, also for new ones.
import { readFileSync, writeFileSync, mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const api = JSON.parse(readFileSync(at("../../openapi/openapi.json"), "utf8"));
const schemas = api.components.schemas;
const DEEP = 6;
/** A paper is read as well as asked for: what it holds lies deeper in the document. */
const SHALLOW = -6;

/** Follows references and drops what a form does not need. */
function plain(schema, depth = 0) {
  if (!schema || depth > DEEP) return {};
  if (schema.$ref) {
    const name = schema.$ref.split("/").pop();
    // what may be missing is called as when it is there
    return { name, ...plain(schemas[name], depth + 1) };
  }
  const options = (schema.oneOf ?? schema.anyOf)?.filter((one) => one.type !== "null");
  if (options?.length === 1) {
    return { ...plain(options[0], depth + 1), optional: true };
  }
  if (options && options.every((one) => Array.isArray(one.enum))) {
    return { enum: options.flatMap((one) => one.enum) };
  }
  const types = [schema.type].flat().filter((type) => type && type !== "null");
  const out = { type: types[0] };
  if (schema.enum) out.enum = schema.enum;
  if (schema.format) out.format = schema.format;
  if (schema.maxLength) out.maxLength = schema.maxLength;
  if (schema.properties) {
    out.properties = Object.fromEntries(
      Object.entries(schema.properties)
        .filter(([key]) => key !== "version")
        .map(([key, value]) => [key, plain(value, depth + 1)]),
    );
    out.required = schema.required ?? [];
  }
  if (schema.items) out.items = plain(schema.items, depth + 1);
  if (schema.additionalProperties && typeof schema.additionalProperties === "object") {
    out.values = plain(schema.additionalProperties, depth + 1);
  }
  return out;
}

/** Takes the bodies of everything that can be done with one kind of thing. */
function bodiesOf(things, depth = 0) {
  const found = {};
  const begin = `/api/v1/${things}/{id}/actions/`;
  for (const [path, item] of Object.entries(api.paths)) {
    const body = item.post?.requestBody?.content?.["application/json"]?.schema;
    if (path.startsWith(begin) && body) found[path.slice(begin.length)] = plain(body, depth);
  }
  return found;
}

/** What opens papers of one kind, what each holds, and what can be done with it. */
function paperOf(things) {
  const { get, post } = api.paths[`/api/v1/${things}`];
  const json = (content) => content.content["application/json"].schema;
  const page = plain(json(get.responses["200"]), SHALLOW);
  return { opens: plain(json(post.requestBody), SHALLOW), holds: page.properties.items.items.properties.paper, steps: bodiesOf(things, SHALLOW) };
}

/** The papers that have no page of their own shape, by their address. */
const PAPERS = [
  "line-reports", "authority-files", "visit-records", "scorecards", "arbitrations", "digests", "misconduct", "faults", "publications",
];

const actions = bodiesOf("cases");
mkdirSync(at("../src/api"), { recursive: true });
const write = (file, what) => writeFileSync(at(`../src/api/${file}`), `${JSON.stringify(what)}\n`);
write("actions.json", actions);
write("steps.json", bodiesOf("online-posts"));
write("incidents.json", bodiesOf("incidents"));
write("papers.json", Object.fromEntries(PAPERS.map((things) => [things, paperOf(things)])));
console.log(`${Object.keys(actions).length} actions`);
