// @ts-check
// One TypeScript entry and all it imports as one script, the way the page's workers are built: for bare shells and for measurements.
import { join } from "node:path";
import { root } from "./run.mjs";

/**
 * @param {string} entry Path in the repository.
 * @param {{ format: "iife" | "es", target: string, name?: string }} options `name`: the global that an iife defines.
 * @returns {Promise<{ code: string, modules: readonly string[] }>} `modules`: paths of the files of which something is left in the code.
 */
export async function bundle(entry, { format, target, name = "bundle" }) {
  const { build } = await import("vite");
  const built = await build({
    root,
    configFile: false,
    logLevel: "error",
    publicDir: false,
    build: {
      write: false,
      target,
      minify: false,
      lib: { entry: join(root, entry), formats: [format], name },
      rolldownOptions: { external: [/^node:/], output: { topLevelVar: false } }, // as vite.config.ts has it for workers
    },
  });
  const output = Array.isArray(built) ? built[0] : built;
  if (output === undefined || !("output" in output)) throw new Error(`The bundler gave no output for ${entry}.`);
  const { code, modules } = output.output[0];
  return { code, modules: Object.keys(modules).filter((id) => (modules[id]?.renderedLength ?? 0) > 0) };
}
