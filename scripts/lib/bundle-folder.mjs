// @ts-check
// An entry with its workers and chunks as files of a folder, for pages that tests and measurements open.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * @param {string} entry Path in the repository.
 * @param {string} folder Path in the repository; index.html in it runs the entry.
 */
export async function bundleFolder(entry, folder) {
  const { build } = await import("vite");
  await build({
    root,
    base: "./",
    configFile: false,
    logLevel: "error",
    publicDir: false,
    worker: { format: "es" },
    build: {
      outDir: join(root, folder),
      emptyOutDir: true,
      target: "es2022",
      minify: false,
      modulePreload: false,
      rolldownOptions: { input: join(root, entry), output: { entryFileNames: "page.js" } },
    },
  });
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(
    join(root, folder, "index.html"),
    '<!doctype html><title>Fit</title><link rel="icon" href="data:," /><script type="module" src="page.js"></script>\n',
  );
}
