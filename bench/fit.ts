// The bootstrap of a fit: its integer sums in a browser's worker-like page on the processor and with WebGPU, counted and timed.
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { bundleFolder } from "../scripts/lib/bundle-folder.mjs";
import { CHROMIUM_FLAGS, ensureBrowser } from "../scripts/lib/engines.mjs";
import { serveFolder } from "../scripts/lib/static-server.mjs";
import type { FitHarness } from "./fit-page.ts";
import { fail, rounded, say, wholeNumber } from "./processes.ts";

declare const fitHarness: FitHarness;

/** A real adapter: what Chromium chooses itself. On Linux WebGPU needs Vulkan to be asked for. */
const HARDWARE_FLAGS = [...CHROMIUM_FLAGS.filter((flag) => !flag.includes("swiftshader")), "--use-angle=vulkan"];

export async function fitBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rows: { type: "string", default: "100000" },
      replicates: { type: "string", default: "1000" },
      features: { type: "string", default: "8" },
      adapter: { type: "string", default: "software" },
      compare: { type: "string" },
    },
  });
  const rows = wholeNumber("--rows", values.rows, 1);
  const replicates = wholeNumber("--replicates", values.replicates, 4);
  const features = wholeNumber("--features", values.features, 1);
  const compare = Math.min(wholeNumber("--compare", values.compare ?? String(replicates), 4), replicates);
  if (values.adapter !== "software" && values.adapter !== "hardware") fail(`--adapter ${values.adapter}: give software or hardware.`);
  const browserAt = await ensureBrowser();
  if (browserAt.path === null) fail(browserAt.reason);
  say("bundling the page");
  await bundleFolder("bench/fit-page.ts", ".cache/fit-page");
  const server = await serveFolder(".cache/fit-page", { port: 0 });
  const browser = await chromium.launch({
    executablePath: browserAt.path,
    args: values.adapter === "hardware" ? HARDWARE_FLAGS : CHROMIUM_FLAGS,
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.address);
    await page.waitForFunction(() => "fitHarness" in globalThis);
    say(`${rows} rows x ${replicates} replicates x ${features} features on the ${values.adapter} adapter, then on the processor`);
    const found = await page
      .evaluate(([r, t, b, c]) => fitHarness.sumsOnGpu(r, t, b, 20260101, c), [rows, features, replicates, compare] as const)
      .catch((error: unknown) =>
        fail(`${values.adapter} adapter: ${error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error)}`),
      );
    if (values.adapter === "hardware" && found.software)
      fail(`Chromium offers no real adapter here, only ${found.adapter}: run this on a machine with a GPU and its driver.`);
    const pairs = ((features + 1) * (features + 2)) / 2;
    const perCpu = found.cpuSeconds / compare;
    const result = {
      rows,
      replicates,
      features,
      /** Products of columns, weighted: one multiply-add for each on the processor, two (halves of 16 bits) on a GPU. */
      multiplyAdds: { cpu: rows * replicates * pairs, gpu: 2 * rows * replicates * pairs, weightsDrawn: rows * replicates },
      adapter: found.adapter,
      softwareAdapter: found.software,
      compileSeconds: rounded(found.openSeconds),
      gpuSeconds: rounded(found.seconds),
      cpuSeconds: rounded(found.cpuSeconds),
      cpuReplicates: compare,
      ...(compare < replicates ? { cpuSecondsExtrapolated: rounded(perCpu * replicates) } : {}),
      speedUp: rounded((perCpu * replicates) / found.seconds, 3),
      different: found.different,
      compared: found.compared,
    };
    console.log(JSON.stringify(result));
    if (found.different > 0) process.exitCode = 1;
  } finally {
    await browser.close();
    await server.close();
  }
}
