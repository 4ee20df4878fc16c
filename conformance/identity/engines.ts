// The JavaScript engines of this machine: each loads the bundle, runs all scenarios and gives back what the bundle says.
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../scripts/lib/bundle.mjs";
import { CHROMIUM_FLAGS, findBrowser, findGjs, findJsc } from "../../scripts/lib/engines.mjs";
import type { Scenario } from "../../src/scenario/types.ts";
import type { Outcome } from "./run-case.ts";

export type Answer = readonly (readonly (Outcome | { readonly error: string })[])[];
/** What an engine answered, or why it could not be asked. */
export type EngineAnswer = { readonly name: string; readonly answer: Answer } | { readonly name: string; readonly skipped: string };

const MINUTES = 5;

/** Runs a shell on a script file; resolves to what it prints. */
function shell(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], timeout: MINUTES * 60_000 });
    let printed = "";
    let complaint = "";
    child.stdout.on("data", (data) => (printed += data));
    child.stderr.on("data", (data) => (complaint += data));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0 && printed.trim() !== "") resolve(printed);
      else
        reject(
          new Error(
            `${program} ended with status ${status}: ${(complaint || printed).trim().split("\n").slice(-3).join(" ").slice(0, 400)}`,
          ),
        );
    });
  });
}

async function inBrowser(executablePath: string, script: string): Promise<string> {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  try {
    const page = await browser.newPage();
    // A page and a worker script of our own; nothing goes to the network.
    await page.route("**/*", (route) =>
      route.request().url().endsWith("/worker.js")
        ? route.fulfill({ contentType: "text/javascript", body: script })
        : route.fulfill({ contentType: "text/html", body: "<!doctype html><title>identity</title>" }),
    );
    await page.goto("http://localhost/");
    return await page.evaluate(
      () =>
        new Promise<string>((resolve, reject) => {
          const worker = new Worker("/worker.js");
          worker.onmessage = (event: MessageEvent<string>) => resolve(event.data);
          worker.onerror = (event) => reject(new Error(event.message));
        }),
    );
  } finally {
    await browser.close();
  }
}

/** Asks every engine that is installed. A crash of an engine is its answer for every scenario. */
export async function askEngines(scenarios: readonly Scenario[]): Promise<EngineAnswer[]> {
  // ES2020: gjs comes with SpiderMonkey 102.
  const { code } = await bundle("conformance/identity/bundle.ts", { format: "iife", target: "es2020", name: "goodputIdentity" });
  const call = `goodputIdentity.runAll(${JSON.stringify(scenarios)})`;
  const folder = await mkdtemp(join(tmpdir(), "goodput-identity-"));
  const script = join(folder, "identity.js");
  await writeFile(script, `${code}\nprint(${call});\n`);
  const ask = async (name: string, run: () => Promise<string>): Promise<EngineAnswer> => {
    try {
      return { name, answer: JSON.parse(await run()) as Answer };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { name, answer: scenarios.map(() => [{ error: text }, { error: text }]) };
    }
  };
  try {
    const browser = await findBrowser();
    const jsc = findJsc();
    const gjs = findGjs();
    return [
      browser === null
        ? { name: "Chromium worker", skipped: "no Chromium found" }
        : await ask("Chromium worker", () => inBrowser(browser, `${code}\npostMessage(${call});\n`)),
      jsc === null ? { name: "JavaScriptCore", skipped: "no jsc found" } : await ask("JavaScriptCore", () => shell(jsc, [script])),
      gjs === null ? { name: "SpiderMonkey", skipped: "no gjs found" } : await ask("SpiderMonkey", () => shell(gjs, [script])),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
