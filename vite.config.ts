import react from "@vitejs/plugin-react";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { leanPage, leanWorker } from "./scripts/lib/lean.mjs";

// The page starts with a finished run. It is recorded from the engine of this checkout, so that the first paint shows what the engine does today.
function recordedRun(): Plugin {
  const script = "scripts/record-run.ts";
  return {
    name: "recorded-run",
    apply: "build",
    buildStart() {
      if (this.environment.name !== "client" || !existsSync(script)) return;
      const done = spawnSync(process.execPath, ["--import", "tsx", script], { encoding: "utf8", stdio: ["ignore", "inherit", "pipe"] });
      if (done.status !== 0) this.error(`${script} failed:\n${done.stderr}`);
    },
  };
}

// The portable mathematics (@stdlib) carries checks for JavaScript engines without typed arrays or property descriptors: a fifth of the
// simulation worker. These four of its modules are answered as every browser of the last ten years would; the arithmetic is untouched.
const SETTLED: Readonly<Record<string, string>> = {
  "@stdlib/assert-is-little-endian": "module.exports = true;",
  "@stdlib/array-uint32": "module.exports = Uint32Array;",
  "@stdlib/array-float64": "module.exports = Float64Array;",
  "@stdlib/utils-define-nonenumerable-read-only-property":
    "module.exports = (object, name, value) => { Object.defineProperty(object, name, { value }); };",
};

function settledChecks(): Plugin {
  const prefix = "\0settled:";
  return {
    name: "settled-checks",
    enforce: "pre",
    resolveId: (id) => (id in SETTLED ? `${prefix}${id}.cjs` : null),
    load: (id) => (id.startsWith(prefix) ? SETTLED[id.slice(prefix.length, -".cjs".length)] : null),
  };
}

/** Where a figure of the catalog comes from is for the page and the command line: a worker computes with the figures alone. */
function figuresAlone(): Plugin {
  return {
    name: "figures-alone",
    enforce: "pre",
    transform: (code, id) =>
      /\/src\/catalog\/(gpus|models)\.ts$/.test(id)
        ? code.replace(/^( {4}(?:source|priceSource|memorySource|linkNote|notes)): .*,$/gm, '$1: "",')
        : null,
  };
}

/** The files that the page needs offline, for the service worker (public/service-worker.js). */
function offlineList(): Plugin {
  const fixed = ["./", "icon.svg", "manifest.webmanifest", "recorded-run.bin"];
  return {
    name: "offline-list",
    generateBundle: {
      // After the page itself is written: entries that hold nothing but imports are gone then.
      order: "post",
      handler(_options, bundle) {
        if (this.environment.name !== "client") return;
        const built = Object.keys(bundle).filter((file) => file.startsWith("assets/") && !file.endsWith(".map"));
        this.emitFile({ type: "asset", fileName: "offline.json", source: JSON.stringify([...fixed, ...built]) });
      },
    },
  };
}

/** Shared chunks of the first screen: loaded by its links and imports, whatever else asks for them. */
const FIRST_SCREEN_CHUNKS = /\/(rolldown-runtime|page|panels)-[\w-]{8}\.(js|css)$/;

/** Panels of the first screen, with their styles, and a phone's page are asked for with the page, not after its script has run. */
function firstScreen(): Plugin {
  return {
    name: "first-screen",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle }) {
        if (bundle === undefined) return [];
        const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
        for (const name of ["panels", "phone-page"])
          if (!chunks.some((chunk) => chunk.name === name))
            throw new Error(`No chunk is called ${name}: first-screen asks for it with the page.`);
        const link = (attrs: Readonly<Record<string, string>>, file: string) => ({
          tag: "link",
          attrs: { ...attrs, crossorigin: true, href: `./${file}` },
          injectTo: "head" as const,
        });
        return chunks.flatMap(({ name, fileName, viteMetadata }) => {
          if (name === "phone-page") return [link({ rel: "modulepreload", media: "(max-width: 699px)" }, fileName)];
          if (name !== "panels") return [];
          const styles = [...(viteMetadata?.importedCss ?? [])];
          return [link({ rel: "modulepreload" }, fileName), ...styles.map((file) => link({ rel: "stylesheet" }, file))];
        });
      },
    },
  };
}

export default defineConfig({
  // Relative addresses: the built page works from any static host, in any sub-path.
  base: "./",
  plugins: [react(), settledChecks(), leanPage(), recordedRun(), firstScreen(), offlineList()],
  worker: {
    format: "es",
    plugins: () => [settledChecks(), leanWorker(), figuresAlone()],
    rolldownOptions: {
      output: {
        entryFileNames: "assets/worker-[name]-[hash].js",
        chunkFileNames: "assets/worker-chunk-[name]-[hash].js",
        // Constants stay constants: engines build their values into the compiled code.
        topLevelVar: false,
        // Licences stand in one file (build.license), not in a hundred banners.
        comments: { legal: false },
      },
    },
  },
  build: {
    target: "es2022",
    // scripts/budgets.mjs reads it.
    manifest: true,
    // Fonts and images stay files: inlined in CSS they would delay the first paint.
    assetsInlineLimit: 0,
    modulePreload: {
      polyfill: false,
      // What a script asks for later is listed in that script, by names that do not compress. Chunks that the first screen has loaded need no mention.
      resolveDependencies: (_url, needed, { hostType }) =>
        hostType === "html" ? needed : needed.filter((file) => !FIRST_SCREEN_CHUNKS.test(file)),
    },
    license: { fileName: "licenses.md" },
    rolldownOptions: {
      output: {
        // What the first screen needs stays one file, however many lazy chunks share parts of it: pieces compress less well and cost requests.
        codeSplitting: {
          groups: [
            { name: "page", test: /src\/web\/app\/main\.tsx$/, priority: 2 },
            // Its panels come with it: one more file instead of twenty.
            { name: "panels", test: /src\/web\/views\/((fleet|tracks|results)\/panel|rail\/rail)\.tsx$/, priority: 1 },
            // Who asks for these has the page: left alone, the bundler would put them into it.
            {
              name: "schedulers",
              test: /src\/policies\/batching\/(faster-transformer|future-peak|index|lightllm|orca|reserved|slora)\.ts$/,
            },
          ],
        },
      },
    },
  },
  server: { fs: { allow: ["."] } },
  test: {
    include: ["{src,workers,conformance,bench,scripts}/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 30_000,
    // Every core: left alone, one of two stays idle.
    maxWorkers: "100%",
    reporters: process.env["CI"] ? ["dot"] : ["default"],
  },
});
