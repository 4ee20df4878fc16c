import react from "@vitejs/plugin-react";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { defineConfig, type Plugin } from "vite";

// The page starts with a finished run. It is recorded from the engine of this checkout, so that the first paint shows what the engine does today.
function recordedRun(): Plugin {
  const script = "scripts/record-run.ts";
  return {
    name: "recorded-run",
    buildStart() {
      if (this.environment.name !== "client" || !existsSync(script)) return;
      const done = spawnSync(process.execPath, ["--import", "tsx", script], { encoding: "utf8", stdio: ["ignore", "inherit", "pipe"] });
      if (done.status !== 0) this.error(`${script} failed:\n${done.stderr}`);
    },
  };
}

export default defineConfig({
  // Relative addresses: the built page works from any static host, in any sub-path.
  base: "./",
  plugins: [react(), recordedRun()],
  worker: {
    format: "es",
    rolldownOptions: {
      output: { entryFileNames: "assets/worker-[name]-[hash].js", chunkFileNames: "assets/worker-chunk-[name]-[hash].js" },
    },
  },
  build: {
    target: "es2022",
    // scripts/budgets.mjs reads it.
    manifest: true,
    // Fonts and images stay files: inlined in CSS they would delay the first paint.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { fs: { allow: ["."] } },
});
