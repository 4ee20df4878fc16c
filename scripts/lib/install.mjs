// @ts-check
// Installs the packages of package-lock.json when they are missing or of another version.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { npm, root } from "./run.mjs";

/** @param {string} path @returns {Record<string, { version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }>} */
const packagesOf = (path) => JSON.parse(readFileSync(path, "utf8")).packages ?? {};

/** What is missing or stale, as one phrase; null when all is there. */
export function missingPackages() {
  const installedList = join(root, "node_modules/.package-lock.json");
  if (!existsSync(installedList)) return "no package is installed yet";
  const installed = packagesOf(installedList);
  for (const [path, wanted] of Object.entries(packagesOf(join(root, "package-lock.json")))) {
    // Optional packages are for one platform each: most of them are rightly absent.
    if (path === "" || wanted.optional || wanted.devOptional || wanted.link) continue;
    const found = installed[path];
    if (found?.version !== wanted.version || !existsSync(join(root, path))) {
      return `${path.replace(/^.*node_modules\//, "")} ${wanted.version} is not installed`;
    }
  }
  return null;
}

/** Installs when something is missing. Ends the process with a sentence when npm fails. */
export async function ensureInstalled() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Node ${process.versions.node} is too old: Goodput needs Node 20.19 or later. Install a newer Node and try again.`);
    process.exit(1);
  }
  const missing = missingPackages();
  if (missing === null) return;
  console.log(`Installing packages (${missing}) ...`);
  const done = await npm(["ci", "--include=dev", "--no-audit", "--no-fund"]);
  if (done.status !== 0) {
    console.error(done.output);
    console.error("The packages could not be installed. Check the network and try again.");
    process.exit(1);
  }
}
