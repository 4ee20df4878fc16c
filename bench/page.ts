// Long tasks of the page's main thread while a million requests stream, as the browser's own observer counts them; beside it, on the same machine and in
// the same browser, what that observer counts for an empty page with a fixed piece of arithmetic per picture. On few cores a task waits for a core
// longer than it works, and the second count says how often.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium, type Browser } from "playwright-core";
import { bundleFolder } from "../scripts/lib/bundle-folder.mjs";
import { ensureBuilt } from "../scripts/lib/build.mjs";
import { CHROMIUM_FLAGS, ensureBrowser } from "../scripts/lib/engines.mjs";
import { longTasksSince, rememberLongTasks } from "../scripts/lib/long-tasks.mjs";
import { root } from "../scripts/lib/run.mjs";
import { serveFolder } from "../scripts/lib/static-server.mjs";
import { encodeLink } from "../src/scenario/link.ts";
import { defaultPreset } from "../src/scenario/presets/default.ts";
import { BESIDE, type Beside, type EmptyPage } from "./empty-page.ts";
import { fail, median, say, wholeNumber } from "./processes.ts";

declare const emptyPage: EmptyPage;

async function stream(browser: Browser, address: string, link: string, seconds: number): Promise<readonly number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await rememberLongTasks(page);
    await page.goto(address);
    await page.getByRole("button", { name: "Pause" }).waitFor();
    // Tasks of opening are not of the stream: code is fetched, compiled and kept for offline use in the first seconds.
    await page.waitForTimeout(5000);
    await page.getByRole("radiogroup", { name: "Speed" }).getByText("Max", { exact: true }).click();
    await page.evaluate((hash) => (location.hash = hash), link);
    await page.waitForTimeout(1000);
    const since = await page.evaluate(() => performance.now());
    const clock = page.locator(".clock");
    const from = await clock.textContent();
    await page.waitForTimeout(seconds * 1000);
    if ((await clock.textContent()) === from) fail("The run stood still while it was looked at.");
    return await longTasksSince(page, since);
  } finally {
    await page.close();
  }
}

async function empty(browser: Browser, address: string, beside: Beside, work: number, seconds: number): Promise<readonly number[]> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  try {
    await rememberLongTasks(page);
    await page.goto(address);
    await page.waitForFunction(() => "emptyPage" in globalThis);
    await page.evaluate(([kind, ms, until]) => emptyPage.draw(kind, ms, until), [beside, work, seconds] as const);
    return await longTasksSince(page, 0);
  } finally {
    await page.close();
  }
}

/** Of each run the milliseconds of its long tasks. */
const told = (looks: readonly (readonly number[])[]) => ({
  longTasks: looks.map((tasks) => tasks.length),
  median: median(looks.map((tasks) => tasks.length)),
  longestMs: Math.max(0, ...looks.flat()),
});

export async function pageBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: "string", default: "3" },
      seconds: { type: "string", default: "10" },
      work: { type: "string", default: "15" },
    },
  });
  const runs = wholeNumber("--runs", values.runs, 1);
  const seconds = wholeNumber("--seconds", values.seconds, 1);
  const work = wholeNumber("--work", values.work, 1);
  const browserAt = await ensureBrowser();
  if (browserAt.path === null) fail(browserAt.reason);
  const built = await ensureBuilt({ onStart: () => say("building the page") });
  if (!built.ok) fail(`The page does not build.\n${built.output}`);
  const { scenario } = defaultPreset;
  const link = await encodeLink({ ...scenario, traffic: { ...scenario.traffic, maxRequests: 1_000_000, maxSeconds: 1_000_000 } });
  await bundleFolder("bench/empty-page.ts", ".cache/empty-page");
  const server = await serveFolder(join(root, "dist"), { port: 0 });
  const emptyServer = await serveFolder(join(root, ".cache/empty-page"), { port: 0 });
  const browser = await chromium.launch({ executablePath: browserAt.path, args: CHROMIUM_FLAGS });
  const looks: (readonly number[])[] = [];
  const beside: Record<Beside, (readonly number[])[]> = { nothing: [], computing: [], allocating: [] };
  try {
    for (let run = 0; run < runs; run++) {
      say(`run ${run + 1} of ${runs}: a million requests`);
      looks.push(await stream(browser, server.address, link, seconds));
      for (const kind of BESIDE) {
        say(`run ${run + 1} of ${runs}: an empty page, ${work} ms of work per picture, beside it ${kind}`);
        beside[kind].push(await empty(browser, emptyServer.address, kind, work, seconds));
      }
    }
  } finally {
    await browser.close();
    await server.close();
    await emptyServer.close();
  }
  const empties = Object.fromEntries(BESIDE.map((kind) => [kind, told(beside[kind])]));
  console.log(JSON.stringify({ cores: availableParallelism(), seconds, workMs: work, page: told(looks), emptyPage: empties }));
}
