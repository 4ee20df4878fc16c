// @ts-check
// The arrows between folders (dependency-cruiser, rules in .dependency-cruiser.cjs), what workers load, and no ** in code that must give the
// same bits in every JavaScript engine (oxlint forbids Math.pow and its like there, but has no rule for the operator).
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./lib/bundle.mjs";
import { node, root } from "./lib/run.mjs";

const FOLDERS = ["src", "workers", "bench", "conformance", "scripts", "e2e"];
const PORTABLE = ["src/engine", "src/policies", "src/latency", "src/workload"];
/** Tests and what only they use may count as they like. */
const TESTS = /(\.test\.ts|(^|[/\\])testing(-[\w-]+)?\.ts)$/;

/** Blanks comments, strings and templates, keeping line breaks. Regular expressions are not looked at: none of them holds two stars. @param {string} text */
const codeOf = (text) =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, (part) =>
    part.replace(/[^\n]/g, " "),
  );

let failed = false;
for (const folder of PORTABLE) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".ts") || TESTS.test(entry)) continue;
    codeOf(readFileSync(join(root, folder, entry), "utf8"))
      .split("\n")
      .forEach((line, index) => {
        if (!line.includes("**")) return;
        failed = true;
        console.error(
          `${folder}/${entry}:${index + 1}: ** differs between JavaScript engines: use pow of src/engine/kernel/math.ts, or multiply.`,
        );
      });
  }
}

const rules = await node([
  "node_modules/dependency-cruiser/bin/dependency-cruise.mjs",
  "--config",
  ".dependency-cruiser.cjs",
  "--output-type",
  "err",
  ...FOLDERS.filter((folder) => existsSync(join(root, folder))),
]);
if (rules.status !== 0) {
  failed = true;
  console.error(rules.output);
}

// Scenarios are checked at the edge and drawn by the page: a worker carries neither the schema library nor React.
for (const worker of readdirSync(join(root, "workers")).filter((name) => name.endsWith(".ts"))) {
  const { modules } = await bundle(`workers/${worker}`, { format: "es", target: "es2022" });
  const wrong = new Set(modules.flatMap((path) => /node_modules\/(zod|react|react-dom|zustand|@tanstack)\//.exec(path)?.[1] ?? []));
  for (const name of wrong) {
    failed = true;
    console.error(`workers/${worker} carries ${name}: something that it imports needs it. Only the command line and the page may.`);
  }
}
process.exit(failed ? 1 : 0);
