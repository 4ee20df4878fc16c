// @ts-check
// Sizes of what the page loads, gzip, against the budgets: counted from dist/ and its manifest.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { root } from "./lib/run.mjs";

const KB = 1024;
/** Code, styles, font and the recorded run: what is fetched for the first screen. */
const FIRST_LOAD = 250 * KB;
const SIMULATION_WORKER = 60 * KB;
const LAZY_CHUNK = 260 * KB;

const dist = join(root, "dist");
if (!existsSync(join(dist, ".vite/manifest.json"))) {
  console.error("dist/.vite/manifest.json is missing: build first (npm run build).");
  process.exit(2);
}

/** @type {Record<string, { file: string, isEntry?: boolean, imports?: string[], css?: string[], assets?: string[] }>} */
const manifest = JSON.parse(readFileSync(join(dist, ".vite/manifest.json"), "utf8"));
/** Fonts are compressed already. @param {string} file */
const size = (file) => {
  const bytes = readFileSync(join(dist, file));
  return /\.(woff2|png|gz)$/.test(file) ? bytes.length : gzipSync(bytes, { level: 9 }).length;
};

/** What one chunk brings with it: itself, what it imports statically, and their styles. @param {string} key @param {Set<string>} files */
function collect(key, files = new Set()) {
  const chunk = manifest[key];
  if (chunk === undefined || files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const needed of chunk.imports ?? []) collect(needed, files);
  return files;
}

const first = new Set(["index.html"]);
for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) for (const file of collect(key)) first.add(file);
const html = readFileSync(join(dist, "index.html"), "utf8");
for (const [, href] of html.matchAll(/<(?:link|script)[^>]+(?:href|src)="\.?\/?([^"#?]+)"/g))
  if (href && existsSync(join(dist, href))) first.add(href);
// The page shows latin text: of the font's files the browser fetches the one whose unicode range is on the page.
const assets = readdirSync(join(dist, "assets"));
for (const name of assets) if (/^inter-latin-wght-normal.*\.woff2$/.test(name)) first.add(`assets/${name}`);

// The recorded run is fetched for the first paint.
for (const name of readdirSync(dist)) if (name.startsWith("recorded-run")) first.add(name);

/** @type {{ what: string, bytes: number, limit: number, parts: [string, number][] }[]} */
const rows = [];
const parts = [...first].map((file) => /** @type {[string, number]} */ ([file, size(file)]));
rows.push({ what: "first load", bytes: parts.reduce((sum, [, bytes]) => sum + bytes, 0), limit: FIRST_LOAD, parts });

const workers = assets.filter((name) => name.startsWith("worker-") && name.endsWith(".js"));
for (const name of workers) {
  // A worker is one file with the chunks that its text names; of the tables of measured workloads a run loads one, so the largest counts.
  const text = readFileSync(join(dist, "assets", name), "utf8");
  // What only some runs need is loaded when it is needed: each has a line of its own below.
  const onDemand =
    /^worker-chunk-(admission|autoscaling|batching|ordering|profiles|host|range-result|routing|session-timeline|sharing|synth)-/;
  const named = assets.filter((other) => other !== name && text.includes(`./${other}`) && !onDemand.test(other));
  const sizes = named.map((file) => /** @type {[string, number]} */ ([`assets/${file}`, size(`assets/${file}`)]));
  const isTable = (/** @type {[string, number]} */ [file]) => /-like-[\w-]{8}\.js$/.test(file);
  const largestTable = sizes
    .filter(isTable)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 1);
  const files = [
    /** @type {[string, number]} */ ([`assets/${name}`, size(`assets/${name}`)]),
    ...sizes.filter((row) => !isTable(row)),
    ...largestTable,
  ];
  const total = files.reduce((sum, [, count]) => sum + count, 0);
  const simulation = name.startsWith("worker-simulate");
  rows.push({ what: name.replace(/-[\w-]{8}\.js$/, ""), bytes: total, limit: simulation ? SIMULATION_WORKER : LAZY_CHUNK, parts: files });
}
if (!workers.some((name) => name.startsWith("worker-simulate"))) {
  console.error("dist/assets has no worker-simulate-*.js: the simulation worker was not built, or vite.config.ts names it otherwise.");
  process.exit(1);
}
for (const name of assets) {
  const file = `assets/${name}`;
  if (name.endsWith(".js") && !first.has(file) && !name.startsWith("worker-"))
    rows.push({ what: `lazy ${name}`, bytes: size(file), limit: LAZY_CHUNK, parts: [] });
}

const kb = (/** @type {number} */ bytes) => `${(bytes / KB).toFixed(1)} KB`;
const over = rows.filter((row) => row.bytes > row.limit);
for (const row of rows) {
  console.log(`${row.bytes > row.limit ? "OVER" : "ok  "} ${row.what.padEnd(32)} ${kb(row.bytes).padStart(9)} of ${kb(row.limit)}`);
  if (row.bytes > row.limit || process.argv.includes("--parts"))
    for (const [file, bytes] of row.parts) console.log(`       ${file}  ${kb(bytes)}`);
}
process.exit(over.length > 0 ? 1 : 0);
