// @ts-check
// Builds the page into dist/, unless dist/ already is what these sources give.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { node, root } from "./run.mjs";

const INPUTS = [
  "index.html",
  "package.json",
  "package-lock.json",
  "vite.config.ts",
  "tsconfig.json",
  "scripts",
  "src",
  "workers",
  "public",
];
const STAMP = join(root, ".cache/build-stamp");

/** A hash of everything that the build reads. What the build itself writes into public/ is left out. */
function fingerprint() {
  const hash = createHash("sha256").update(process.versions.node);
  /** @param {string} path */
  const add = (path) => {
    const absolute = join(root, path);
    if (!existsSync(absolute) || path.startsWith("public/recorded-run")) return;
    if (statSync(absolute).isDirectory()) for (const name of readdirSync(absolute).sort()) add(`${path}/${name}`);
    else hash.update(`${path}\0`).update(readFileSync(absolute)).update("\0");
  };
  INPUTS.forEach(add);
  return hash.digest("hex");
}

/**
 * @param {{ onStart?: () => void }} [options]
 * @returns {Promise<{ ok: boolean, built: boolean, output: string }>}
 */
export async function ensureBuilt(options = {}) {
  const now = fingerprint();
  const fresh = existsSync(join(root, "dist/index.html")) && existsSync(STAMP) && readFileSync(STAMP, "utf8") === now;
  if (fresh) return { ok: true, built: false, output: "" };
  options.onStart?.();
  const done = await node(["node_modules/vite/bin/vite.js", "build"]);
  if (done.status !== 0) return { ok: false, built: true, output: done.output };
  mkdirSync(join(root, ".cache"), { recursive: true });
  writeFileSync(STAMP, now);
  return { ok: true, built: true, output: done.output };
}
