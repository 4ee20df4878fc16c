// @ts-check
// The arrows between folders and what workers load (dependency-cruiser, rules in .dependency-cruiser.cjs), and no ** in code that must give
// the same bits in every JavaScript engine (oxlint forbids Math.pow and its like there, but has no rule for the operator).
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { node, root } from "./lib/run.mjs";

const FOLDERS = ["src", "workers", "bench", "conformance", "scripts", "e2e"];
const PORTABLE = ["src/engine", "src/policies", "src/latency", "src/workload"];

/** Blanks comments, strings and templates, keeping line breaks. Regular expressions are not looked at: none of them holds two stars. @param {string} text */
const codeOf = (text) =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`/g, (part) =>
    part.replace(/[^\n]/g, " "),
  );

let failed = false;
for (const folder of PORTABLE) {
  for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
    if (!entry.endsWith(".ts") || entry.endsWith(".test.ts")) continue;
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

const cruise = ["node_modules/dependency-cruiser/bin/dependency-cruise.mjs", "--config", ".dependency-cruiser.cjs", "--output-type", "err"];
const rules = await node([...cruise, ...FOLDERS]);
const loaded = await node([...cruise, "workers"], { env: { GOODPUT_RUNTIME: "1" } });
for (const done of [rules, loaded]) {
  if (done.status === 0) continue;
  failed = true;
  console.error(done.output);
}
process.exit(failed ? 1 : 0);
