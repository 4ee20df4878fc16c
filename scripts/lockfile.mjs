// @ts-check
// The lock file names versions and hashes only: download addresses would tie an install to one server (.npmrc leaves them out). And it has an
// entry for every optional package (one per platform): where npm could not find one it leaves it out, and "npm ci" then refuses elsewhere.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/run.mjs";

const text = readFileSync(join(root, "package-lock.json"), "utf8");
const problems = [];

const lines = text.split("\n");
const address = lines.findIndex((line) => /"resolved":|https?:\/\/[^"]*\.tgz/.test(line));
if (address >= 0)
  problems.push(
    `package-lock.json:${address + 1}: ${lines[address]?.trim()}: a download address. Run "npm install" again in this folder, where .npmrc leaves them out.`,
  );

/** @type {Record<string, { optionalDependencies?: Record<string, string> }>} */
const packages = JSON.parse(text).packages;
for (const [path, { optionalDependencies = {} }] of Object.entries(packages)) {
  const missing = Object.keys(optionalDependencies).filter(
    (name) => !(`node_modules/${name}` in packages) && !(`${path}/node_modules/${name}` in packages),
  );
  if (missing.length > 0)
    problems.push(
      `package-lock.json: ${path} wants ${missing.join(", ")}, for other platforms, which have no entry. Choose a version of ${path} whose packages can all be found, and make the lock file anew.`,
    );
}

if (problems.length > 0) {
  console.error(problems.join("\n"));
  process.exit(1);
}
