// @ts-check
// The browser and the JavaScript shells that the tests use: finds them, and installs them where that is possible.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { aptInstall, firstThatExists, onPath } from "./debian.mjs";
import { node, root } from "./run.mjs";

/** What Chromium needs to start in a container without a GPU, a sandbox or a network. WebGPU runs on the CPU. */
export const CHROMIUM_FLAGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  "--use-vulkan=swiftshader",
  "--ignore-gpu-blocklist",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** A Chromium on this machine: CHROME_PATH, Playwright's own, or one of the usual places. Null when there is none. */
export async function findBrowser() {
  const named = process.env["CHROME_PATH"];
  if (named) {
    if (!existsSync(named))
      throw new Error(`CHROME_PATH is ${named}, where there is no file. Set it to a Chromium or Chrome, or unset it.`);
    return named;
  }
  // Playwright is a package: it may not be installed yet when this file is read.
  const { chromium } = await import("playwright-core");
  return firstThatExists([
    chromium.executablePath(),
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  ]);
}

/** JavaScriptCore's shell, or null. */
export const findJsc = () =>
  onPath("jsc") ??
  firstThatExists([
    "/System/Library/Frameworks/JavaScriptCore.framework/Versions/Current/Helpers/jsc",
    ...(existsSync("/usr/lib")
      ? readdirSync("/usr/lib").flatMap((folder) =>
          ["4.0", "4.1", "6.0"].flatMap((v) => [`/usr/lib/${folder}/webkit2gtk-${v}/jsc`, `/usr/lib/${folder}/javascriptcoregtk-${v}/jsc`]),
        )
      : []),
  ]);

/** A shell with SpiderMonkey, or null. */
export const findGjs = () => onPath("gjs");

/**
 * @typedef {{ path: string } | { path: null, reason: string }} Found
 */

/** @returns {Promise<Found>} */
export async function ensureBrowser() {
  const found = await findBrowser();
  if (found !== null) return { path: found };
  console.log("Installing a browser for the tests ...");
  const isUbuntu = existsSync("/etc/os-release") && /^ID=ubuntu$/m.test(readFileSync("/etc/os-release", "utf8"));
  // Ubuntu's chromium package is a stub that wants snap, which containers lack.
  const problem = isUbuntu ? "Ubuntu has Chromium only as a snap" : await aptInstall(["chromium"]);
  if (problem !== null) await node([join(root, "node_modules/playwright-core/cli.js"), "install", "chromium"], { timeoutMs: 600_000 });
  const installed = await findBrowser();
  if (installed !== null) return { path: installed };
  return { path: null, reason: `no browser: ${problem ?? "it was installed but not found"}; set CHROME_PATH to a Chromium or Chrome` };
}

/** Installs JavaScriptCore's shell and SpiderMonkey's where it can; which of them are there is for the identity suite to say. */
export async function ensureShells() {
  /** @type {string[]} */
  const notes = [];
  if (process.platform !== "linux") return notes;
  if (findJsc() === null || findGjs() === null) console.log("Installing JavaScript shells for the tests ...");
  if (findJsc() === null) {
    const problem = await aptInstall(["libjavascriptcoregtk-4.0-bin", "libjavascriptcoregtk-4.1-bin", "libjavascriptcoregtk-6.0-bin"]);
    if (problem !== null) notes.push(`no jsc: ${problem}`);
  }
  if (findGjs() === null) {
    const problem = await aptInstall(["gjs"]);
    if (problem !== null) notes.push(`no gjs: ${problem}`);
  }
  return notes;
}
