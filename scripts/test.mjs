// @ts-check
// npm test: installs what is missing, then runs every check, each timed. Quiet where all is well; the whole output of a step that fails.
// The last line, "N passed, N failed", counts single tests and cases where a step has them, and the step itself where it has not.
//   node scripts/test.mjs --only types,unit    runs some steps        --list    names them
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureInstalled } from "./lib/install.mjs";
import { node, root } from "./lib/run.mjs";

/**
 * @typedef {{ ok: boolean, passed?: number, failed?: number, note?: string, figures?: readonly string[], output: string, skipped?: string }} Outcome
 * @typedef {{ id: string, about: string, run: () => Promise<Outcome> }} Step
 */

const cache = join(root, ".cache");

/** @param {readonly string[]} args @param {Parameters<typeof node>[1]} [options] @returns {Promise<Outcome>} */
const tool = async (args, options) => {
  const done = await node(args, options);
  return { ok: done.status === 0, output: done.output };
};

/** @param {string} file @returns {any} the JSON of a reporter; null when the tool died before it wrote. */
const report = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null);

/** @returns {Promise<Outcome>} */
async function unit() {
  const { ensureRedis } = await import("./lib/redis.mjs");
  // Tests that miss it say so.
  await ensureRedis();
  const file = join(cache, "unit.json");
  rmSync(file, { force: true });
  const done = await node(["node_modules/vitest/vitest.mjs", "run", "--reporter=dot", "--reporter=json", `--outputFile.json=${file}`], {
    env: { NO_COLOR: "1" },
  });
  const result = report(file);
  if (result === null) return { ok: false, output: done.output };
  const skipped = result.numPendingTests > 0 ? `${result.numPendingTests} skipped` : undefined;
  // A file that cannot be loaded fails without a failed test.
  const failed = result.numFailedTests > 0 ? result.numFailedTests : done.status === 0 ? 0 : 1;
  // Tests that miss something on this machine say so in a line of their own.
  const figures = [...new Set(done.output.match(/^skipped: .*$/gim) ?? [])];
  return {
    ok: done.status === 0,
    passed: result.numPassedTests,
    failed,
    figures,
    output: done.output,
    ...(skipped ? { note: skipped } : {}),
  };
}

/**
 * Suites, and the folder of reference results each needs (found beside this checkout, where there is one).
 * @type {readonly { suite: string, folder: string | null }[]}
 */
const SUITES = [
  { suite: "identity", folder: null },
  { suite: "workloads", folder: "../shared/data/workloads" },
  { suite: "autoscaling-lab", folder: "../shared/reference/vidur/lab3" },
  { suite: "malformed-traces", folder: "../shared/fixtures/malformed-traces" },
  { suite: "vidur", folder: "../shared/reference/vidur" },
  { suite: "fit", folder: "../shared/reference/fit" },
  { suite: "routing", folder: "../shared/reference/routing" },
  { suite: "vtc", folder: "../shared/reference/vtc" },
  { suite: "measured", folder: "../shared/data/measured" },
];

/** @returns {Promise<Outcome>} */
async function conformance() {
  const { ensureBrowser, ensureShells } = await import("./lib/engines.mjs");
  const found = await ensureBrowser();
  let passed = 0;
  let failed = 0;
  let output = "";
  const notes = [...(found.path === null ? [found.reason] : []), ...(await ensureShells())];
  for (const { suite, folder } of SUITES) {
    if (folder !== null && !existsSync(join(root, folder))) {
      notes.push(`${suite} skipped: no ${folder}`);
      continue;
    }
    const done = await node(["--import", "tsx", "src/cli/conformance.ts", suite, ...(folder === null ? [] : [folder])], {
      timeoutMs: 600_000,
    });
    const last = /^conformance \S+: (\d+) passed, (\d+) failed$/m.exec(done.output);
    const failures = last === null ? 1 : Number(last[2]) + (done.status !== 0 && last[2] === "0" ? 1 : 0);
    passed += Number(last?.[1] ?? 0);
    failed += failures;
    if (failures > 0) output += `${suite}:\n${done.output}\n`;
    const skipped = /; (skipped: .*)$/m.exec(done.stdout);
    if (skipped?.[1] !== undefined) notes.push(`${suite} ${skipped[1]}`);
  }
  return { ok: failed === 0, passed, failed, output, ...(notes.length > 0 ? { note: notes.join("; ") } : {}) };
}

/** What the stories measured: annotations of Playwright's report. @param {any} suite @returns {string[]} */
const measuredBy = (suite) => [
  ...(suite.suites ?? []).flatMap(measuredBy),
  ...(suite.specs ?? []).flatMap((/** @type {any} */ spec) =>
    spec.tests.flatMap((/** @type {any} */ one) =>
      one.annotations
        .filter((/** @type {any} */ { type }) => type === "measured")
        .map((/** @type {any} */ { description }) => `measured: ${spec.title}: ${description}`),
    ),
  ),
];

/** @returns {Promise<Outcome>} */
async function browser() {
  const { ensureBrowser } = await import("./lib/engines.mjs");
  const found = await ensureBrowser();
  if (found.path === null) return { ok: true, skipped: found.reason, output: "" };
  const file = join(cache, "browser.json");
  rmSync(file, { force: true });
  const done = await node(["node_modules/@playwright/test/cli.js", "test", "-c", "e2e", "--reporter=list,json"], {
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file, CHROME_PATH: found.path },
  });
  const result = report(file);
  const stats = result?.stats;
  if (!stats) return { ok: false, output: done.output };
  const failed = stats.unexpected > 0 ? stats.unexpected : done.status === 0 ? 0 : 1;
  const notes = [
    stats.skipped > 0 ? `${stats.skipped} skipped` : "",
    stats.flaky > 0 ? `${stats.flaky} passed at the second try` : "",
  ].filter(Boolean);
  return {
    ok: done.status === 0,
    passed: stats.expected + stats.flaky,
    failed,
    output: done.output,
    figures: [...new Set(measuredBy(result))],
    ...(notes.length > 0 ? { note: notes.join(", ") } : {}),
  };
}

/** @type {readonly Step[]} */
const STEPS = [
  { id: "lockfile", about: "package-lock.json names versions, not download addresses", run: () => tool(["scripts/lockfile.mjs"]) },
  { id: "types", about: "TypeScript", run: () => tool(["node_modules/typescript-7/bin/tsc", "--noEmit", "-p", "tsconfig.json"]) },
  { id: "lint", about: "oxlint", run: () => tool(["node_modules/oxlint/bin/oxlint", "--deny-warnings"]) },
  { id: "imports", about: "arrows between folders, what workers load, portable mathematics", run: () => tool(["scripts/imports.mjs"]) },
  { id: "dead-code", about: "knip", run: () => tool(["node_modules/knip/bin/knip.js", "--no-progress"]) },
  { id: "format", about: "prettier", run: () => tool(["node_modules/prettier/bin/prettier.cjs", "--check", "--log-level", "warn", "."]) },
  { id: "unit", about: "unit, property and contract tests", run: unit },
  {
    id: "conformance",
    about: "the same bytes in every JavaScript engine; reference results",
    run: conformance,
  },
  {
    id: "build",
    about: "the page, for production",
    run: async () => {
      const { ensureBuilt } = await import("./lib/build.mjs");
      const built = await ensureBuilt();
      return { ok: built.ok, output: built.output, ...(built.built ? {} : { note: "already fresh" }) };
    },
  },
  { id: "budgets", about: "sizes of what the page loads", run: () => tool(["scripts/budgets.mjs"]) },
  { id: "browser", about: "one story after the other in Chromium, with axe", run: browser },
];

const args = process.argv.slice(2);
if (args.includes("--list")) {
  for (const step of STEPS) console.log(`${step.id.padEnd(12)} ${step.about}`);
  process.exit(0);
}
const only = args.includes("--only") ? (args[args.indexOf("--only") + 1] ?? "").split(",") : STEPS.map((step) => step.id);
const unknown = only.filter((id) => !STEPS.some((step) => step.id === id));
if (unknown.length > 0) {
  console.error(`Unknown step "${unknown.join(", ")}". Known: ${STEPS.map((step) => step.id).join(", ")}.`);
  process.exit(2);
}

await ensureInstalled();
mkdirSync(cache, { recursive: true });

let passed = 0;
let failed = 0;
/** @type {string[]} */
const table = [];
for (const step of STEPS.filter((s) => only.includes(s.id))) {
  const begun = performance.now();
  process.stdout.write(`${step.id} ...\n`);
  /** @type {Outcome} */
  let outcome;
  try {
    outcome = await step.run();
  } catch (error) {
    outcome = { ok: false, output: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(6);
  if (outcome.skipped !== undefined) {
    table.push(`skip  ${step.id.padEnd(12)}${seconds} s  ${outcome.skipped}`);
    continue;
  }
  const counts = outcome.passed !== undefined;
  passed += outcome.passed ?? (outcome.ok ? 1 : 0);
  failed += outcome.failed ?? (outcome.ok ? 0 : 1);
  const figures = counts ? `${outcome.passed} passed${outcome.failed ? `, ${outcome.failed} failed` : ""}` : step.about;
  table.push(`${outcome.ok ? "ok  " : "FAIL"}  ${step.id.padEnd(12)}${seconds} s  ${figures}${outcome.note ? ` (${outcome.note})` : ""}`);
  for (const figure of outcome.figures ?? []) table.push(`      ${figure}`);
  if (!outcome.ok) process.stdout.write(`\n--- ${step.id} failed ---\n${outcome.output.trimEnd()}\n--- end of ${step.id} ---\n\n`);
}

console.log(`\n${table.join("\n")}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
