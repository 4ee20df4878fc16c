// @ts-check
// Definitions of policies and models are one file each: words and numbers for the form, code for the run. The page needs no code of theirs, the
// simulation worker no help texts. These two plugins leave out of each bundle what the other one is for; everything else reads the files whole.
import { parseAst } from "vite";

/** @typedef {{ type: string, start: number, end: number, [key: string]: any }} Node */

/** Help texts are the second argument of these (src/engine/params.ts); of a choice and a table the third. */
const HELP_ARGUMENT = /** @type {Record<string, number>} */ ({ number: 1, integer: 1, flag: 1, choice: 2, table: 2 });
const DEFINES = new Set(["definePolicy", "defineLatency"]);

/** @param {unknown} value @param {(node: Node) => void} visit */
function walk(value, visit) {
  if (Array.isArray(value)) for (const item of value) walk(item, visit);
  else if (typeof value === "object" && value !== null) {
    if ("type" in value && "start" in value) visit(/** @type {Node} */ (value));
    for (const part of Object.values(value)) walk(part, visit);
  }
}

/** @param {Node} object @param {string} name @returns {Node | undefined} */
const property = (object, name) =>
  object["properties"].find((/** @type {Node} */ one) => one.type === "Property" && (one["key"].name ?? one["key"].value) === name);

/** @param {Node | undefined} node */
const isText = (node) => (node?.type === "Literal" && typeof node["value"] === "string") || node?.type === "TemplateLiteral";

/**
 * @param {string} code TypeScript
 * @param {(node: Node) => { readonly node: Node, readonly by: string }[]} replace what to put in the place of parts of a call
 */
function rewrite(code, replace) {
  /** @type {{ readonly node: Node, readonly by: string }[]} */
  const changes = [];
  walk(parseAst(code, { lang: "ts" }), (node) => {
    if (node.type === "CallExpression" && node["callee"].type === "Identifier") changes.push(...replace(node));
  });
  let out = code;
  for (const { node, by } of changes.sort((a, b) => b.node.start - a.node.start)) out = out.slice(0, node.start) + by + out.slice(node.end);
  return out;
}

/** The first argument of a definition, when that is written out. @param {Node} call @returns {Node | null} */
const definitionOf = (call) =>
  DEFINES.has(call["callee"].name) && call["arguments"][0]?.type === "ObjectExpression" ? call["arguments"][0] : null;

/** Policies without `create`: for the page. @param {string} code */
export const withoutCode = (code) =>
  rewrite(code, (call) => {
    const definition = call["callee"].name === "definePolicy" ? definitionOf(call) : null;
    const create = definition === null ? undefined : property(definition, "create");
    return create === undefined ? [] : [{ node: create["value"], by: "undefined" }];
  });

/** Definitions with empty help texts: for the simulation worker. @param {string} code */
export const withoutWords = (code) =>
  rewrite(code, (call) => {
    const definition = definitionOf(call);
    const text =
      definition === null ? call["arguments"][HELP_ARGUMENT[call["callee"].name] ?? -1] : property(definition, "help")?.["value"];
    return isText(text) ? [{ node: text, by: '""' }] : [];
  });

/**
 * @param {string} name
 * @param {RegExp} files
 * @param {(code: string) => string} change
 * @returns {import("vite").Plugin}
 */
const plugin = (name, files, change) => ({
  name,
  apply: "build",
  enforce: "pre",
  transform: (code, id) => (files.test(id.replaceAll("\\", "/")) ? { code: change(code), map: null } : null),
});

export const leanPage = () => plugin("lean-page", /\/src\/policies\/[\w/-]+\.ts$/, withoutCode);
export const leanWorker = () => plugin("lean-worker", /\/src\/(policies|latency|workload\/synth)\/[\w/-]+\.ts$/, withoutWords);
