// @ts-check
// The lock file names versions and hashes only: download addresses would tie an install to one server (.npmrc leaves them out).
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lib/run.mjs";

const lines = readFileSync(join(root, "package-lock.json"), "utf8").split("\n");
const found = lines.findIndex((line) => /"resolved":|https?:\/\/[^"]*\.tgz/.test(line));
if (found >= 0) {
  console.error(
    `package-lock.json:${found + 1}: ${lines[found]?.trim()}\nA download address stands in the lock file. Run "npm install" again in this folder, where .npmrc leaves them out.`,
  );
  process.exit(1);
}
