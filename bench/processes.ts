// Measurements in processes of their own, on code bundled as the page's workers are.
import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { bundle } from "../scripts/lib/bundle.mjs";
import { root } from "../scripts/lib/run.mjs";

const exec = promisify(execFile);
const folder = join(root, ".cache/bench");

/** Bundles an entry of this folder; gives the path of the script. */
export async function prepare(name: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${name}.mjs`);
  const { code } = await bundle(`bench/${name}.ts`, { format: "es", target: "es2022" });
  await writeFile(path, code);
  return path;
}

/** Runs a script in a fresh Node; its last line of output is JSON. */
export async function once<T>(script: string, args: readonly string[], flags: readonly string[] = []): Promise<T> {
  const { stdout } = await exec(process.execPath, [...flags, script, ...args], { maxBuffer: 1 << 24 });
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as T;
}

export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

/** What a bench is doing, for the one who waits. */
export const say = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
};

/** Bad input: one sentence, status 2. */
export function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

export function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  return Number.isInteger(value) && value >= least ? value : fail(`${name} ${text}: give a whole number, at least ${least}.`);
}

export const rounded = (value: number | null, digits = 4): number | null =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(digits));
