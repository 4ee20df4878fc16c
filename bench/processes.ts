// Measurements in processes of their own, on code bundled as the page's workers are.
import { execFile } from "node:child_process";
import { mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
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
  await writeFile(path, await bundle(`bench/${name}.ts`, { format: "es", target: "es2022" }));
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

interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly lineNumber: number } }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Share of the time by function, highest first, from V8's sampling profiler. */
export async function profile(script: string, args: readonly string[]): Promise<readonly (readonly [name: string, share: number])[]> {
  const out = join(folder, "profile");
  await rm(out, { recursive: true, force: true });
  await once(script, args, ["--cpu-prof", `--cpu-prof-dir=${out}`, "--cpu-prof-interval=500"]);
  const [file] = await readdir(out);
  const { nodes, samples, timeDeltas } = JSON.parse(await readFile(join(out, file!), "utf8")) as CpuProfile;
  const names = new Map(nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName || "(anonymous)"}:${callFrame.lineNumber + 1}`]));
  const times = new Map<string, number>();
  let total = 0;
  samples.forEach((id, i) => {
    const name = names.get(id) ?? "?";
    times.set(name, (times.get(name) ?? 0) + timeDeltas[i]!);
    total += timeDeltas[i]!;
  });
  return [...times].map(([name, time]) => [name, time / total] as const).sort((a, b) => b[1] - a[1]);
}
