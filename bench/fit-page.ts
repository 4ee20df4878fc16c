// A page for tests and measurements of the fit in a browser: the GPU's sums beside the processor's, and the worker as the page calls it.
import { exactSums, pairCount } from "../src/latency/fit/bootstrap.ts";
import type { Resampling } from "../src/latency/fit/bootstrap.ts";
import { bootstrapInBlocks } from "../src/latency/fit/blocks.ts";
import { finished } from "../src/latency/fit/fit.ts";
import { Device, GpuGone, findAdapter } from "../src/latency/fit/gpu/device.ts";
import { GpuResiduals } from "../src/latency/fit/gpu/residuals.ts";
import { RooflineSearches } from "../src/latency/fit/gpu/roofline.ts";
import { GPU_BLOCK, GpuSums } from "../src/latency/fit/gpu/sums.ts";
import { addResiduals, noResiduals, outOfBagOf, scaledTerms } from "../src/latency/fit/out-of-bag.ts";
import type { ScaledTerms } from "../src/latency/fit/out-of-bag.ts";
import { paced } from "../src/latency/fit/pace.ts";
import { pcg4d } from "../src/latency/fit/pcg.ts";
import { polish } from "../src/latency/fit/roofline-polish.ts";
import { searchPlanes, searchTable } from "../src/latency/fit/roofline-search.ts";
import type { FoundPlanes } from "../src/latency/fit/roofline-search.ts";
import type { FitEvent, FitRequest } from "../src/latency/fit/session-types.ts";
import { proxy } from "../src/web/rpc/client.ts";
import { connectFit } from "../src/web/rpc/fit-client.ts";

const now = (): number => performance.now();
const pace = () => paced(new AbortController().signal, now);

/** A table of random integers; every third unit has two rows. */
function drawn(rows: number, terms: number): Resampling {
  const width = terms + 1;
  const values = Uint32Array.from({ length: rows * width }, (_, i) => pcg4d(i, rows, terms, 9)[0]! >>> 16);
  // The largest products, in the rows of the first slab.
  values.fill(65535, 0, Math.min(rows, 64) * width);
  const unitIndex = Int32Array.from({ length: rows }, (_, i) => i - Math.floor(i / 4));
  return { quantised: { rows, width, values, columnScale: new Float64Array(width).fill(1) }, unit: "row", unitIndex };
}

/** The columns of such a table, and times of at least 1. */
function scaledOf({ quantised: { rows, width, values } }: Resampling): ScaledTerms {
  const column = (j: number): Float64Array => Float64Array.from({ length: rows }, (_, i) => values[i * width + j]!);
  const terms = width - 1;
  const columns = Array.from({ length: terms }, (_, j) => column(j));
  const t = column(terms).map((value) => Math.max(value, 1));
  return scaledTerms(columns, t, new Float64Array(terms).fill(1 / terms));
}

export interface SumsOnGpu {
  readonly adapter: string;
  readonly software: boolean;
  readonly openSeconds: number;
  readonly seconds: number;
  /** Sums that differ from the processor's, of so many compared. */
  readonly different: number;
  readonly compared: number;
  readonly cpuSeconds: number;
}

/** `compare`: replicates that the processor computes as well, from the first. */
async function sumsOnGpu(rows: number, terms: number, replicates: number, seed: number, compare: number): Promise<SumsOnGpu> {
  const { quantised, unitIndex } = drawn(rows, terms);
  const adapter = await findAdapter(navigator.gpu);
  if (adapter === null) throw new Error("This browser offers no WebGPU adapter.");
  const before = now();
  const gpu = await GpuSums.open(adapter, quantised, unitIndex, pace(), now);
  const opened = now();
  const pairs = pairCount(quantised.width);
  const found = new Float64Array(replicates * pairs);
  for (let from = 0; from < replicates; from += GPU_BLOCK)
    found.set(await gpu.sums(seed, from, Math.min(from + GPU_BLOCK, replicates), () => undefined), from * pairs);
  const ended = now();
  gpu.end();
  const own = finished(exactSums(quantised, unitIndex, seed, compare));
  const cpuSeconds = (now() - ended) / 1000;
  const different = own.reduce((sum, x, i) => sum + (x === found[i] ? 0 : 1), 0);
  const { name, software } = adapter;
  return {
    adapter: name,
    software,
    openSeconds: (opened - before) / 1000,
    seconds: (ended - opened) / 1000,
    different,
    compared: own.length,
    cpuSeconds,
  };
}

/** Out-of-bag residuals of a table: how far the GPU's are from the processor's. */
async function residualsOnGpu(rows: number, terms: number, replicates: number, seed: number) {
  const table = drawn(rows, terms);
  const scaled = scaledOf(table);
  const coefficients = Float64Array.from({ length: replicates * terms }, (_, i) => (0.5 + pcg4d(i, 1, 1, 1)[0]! / 2 ** 32) / terms);
  const adapter = await findAdapter(navigator.gpu);
  if (adapter === null) throw new Error("This browser offers no WebGPU adapter.");
  const device = await Device.open(adapter);
  const gpu = await GpuResiduals.open(device, scaled, table.unitIndex, GPU_BLOCK);
  const [theirs, own] = [noResiduals(rows), noResiduals(rows)];
  const begun = now();
  let seconds = 0;
  for (let from = 0; from < replicates; from += GPU_BLOCK) {
    const block = coefficients.subarray(from * terms, Math.min(from + GPU_BLOCK, replicates) * terms);
    const started = now();
    const found = await gpu.sums(seed, from, block, pace(), now);
    seconds += (now() - started) / 1000;
    for (const key of ["count", "sum", "squares"] as const) theirs[key].forEach((x, i) => (theirs[key][i] = x + found[key][i]!));
    finished(addResiduals(scaled, table.unitIndex, seed, block, from, own));
  }
  const cpuSeconds = (now() - begun) / 1000 - seconds;
  device.end();
  const [a, b] = [outOfBagOf(scaled, theirs), outOfBagOf(scaled, own)];
  const most = (key: "mean" | "spread"): number =>
    a[key].reduce((far, x, i) => Math.max(far, Math.abs(x - b[key][i]!) / (1 + Math.abs(b.mean[i]!))), 0);
  const different = a.count.reduce((sum, n, i) => sum + (n === b.count[i] ? 0 : 1), 0);
  return { different, counted: b.count.reduce((sum, n) => sum + n, 0), mean: most("mean"), spread: most("spread"), seconds, cpuSeconds };
}

/** Of batches that take the longest of three times, in 2 % of noise: the best planes of the GPU's search and of the processor's, polished alike. */
async function rooflineOnGpu(rows: number, planes: number, starts: number, lose: boolean) {
  const random = (i: number, of: number): number => pcg4d(i, of, 8, 1)[0]! / 2 ** 32;
  const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
  const columns = [
    column(() => 1),
    column((i) => (i % 3 === 0 ? 0 : 900 * random(i, 1))),
    column((i) => Math.floor(200 * random(i, 2))),
    column((i) => 3000 * Math.floor(200 * random(i, 2)) * random(i, 3)),
    column((i) => (i % 3 === 0 ? 0 : 4e5 * random(i, 1) * random(i, 1))),
  ];
  const times = column((i) => {
    const [, P = 0, D = 0, C = 0, W = 0] = columns.map((one) => one[i]!);
    return Math.max(0.012 + 3e-8 * C, 4e-5 * P + 5e-5 * D, 0.008 + 5e-8 * W + 1e-5 * D) * (0.98 + 0.04 * random(i, 4));
  });
  const table = searchTable(columns, times);
  const begun = now();
  const own = finished(searchPlanes(table, planes, starts));
  const cpuSeconds = (now() - begun) / 1000;
  const adapter = await findAdapter(navigator.gpu);
  if (adapter === null) throw new Error("This browser offers no WebGPU adapter.");
  const device = await Device.open(adapter);
  const gpu = new RooflineSearches(device);
  let error = "";
  let theirs: readonly FoundPlanes[] = [];
  const started = now();
  const searched = gpu.search(table, planes, starts, pace(), now);
  if (lose) device.device.destroy();
  try {
    theirs = await searched;
  } catch (caught) {
    error = caught instanceof GpuGone ? caught.message : `not a GpuGone: ${String(caught)}`;
  }
  const gpuSeconds = (now() - started) / 1000;
  device.end();
  const least = (found: readonly FoundPlanes[]): number => (found.length === 0 ? NaN : finished(polish(table, planes, found)).loss);
  const near = own.filter(({ loss }, i) => Math.abs((theirs[i]?.loss ?? NaN) / loss - 1) < 0.01).length;
  return { error, starts: theirs.length, near, cpu: least(own), gpu: least(theirs), cpuSeconds, gpuSeconds };
}

/** The bootstrap with the device lost at the first progress past `lossAt` replicates. */
async function bootstrapWithLoss(rows: number, terms: number, replicates: number, lossAt: number) {
  const table = drawn(rows, terms);
  let device: GPUDevice | null = null;
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (this: GPUAdapter, ...given) {
    device = await requestDevice.apply(this, given);
    return device;
  };
  const run = async (on: "gpu" | "cpu") => {
    const told = {
      lines: [] as string[],
      adapters: [] as string[],
      devices: new Set<string>(),
      coefficients: [] as number[],
      means: [] as number[],
    };
    await bootstrapInBlocks(table, scaledOf(table), pace(), {
      seed: 5,
      replicates,
      device: on,
      now,
      onProgress: (done, which) => {
        told.devices.add(which);
        if (which === "gpu" && done >= lossAt) device?.destroy();
      },
      onBlock: ({ coefficients }) => (told.coefficients = Array.from(coefficients)),
      onResiduals: ({ mean }) => (told.means = Array.from(mean)),
      onLine: (line) => told.lines.push(line),
      onAdapter: (name) => told.adapters.push(name),
    });
    return { ...told, devices: [...told.devices] };
  };
  try {
    const [gpu, cpu] = [await run("gpu"), await run("cpu")];
    const same = cpu.coefficients.every((x, i) => x === gpu.coefficients[i]) && cpu.coefficients.length === gpu.coefficients.length;
    const residualsApart = cpu.means.reduce((far, x, i) => Math.max(far, Math.abs(x - gpu.means[i]!) / (1 + Math.abs(x))), 0);
    return { lines: gpu.lines, adapters: gpu.adapters, devices: gpu.devices, same, residualsApart, length: cpu.coefficients.length };
  } finally {
    GPUAdapter.prototype.requestDevice = requestDevice;
  }
}

/** A whole fit in the worker; `cancelAfter`: cancelled at the first such event. */
async function fitInWorker(text: string, request: FitRequest, cancelAfter?: FitEvent["kind"]) {
  const { host, end } = connectFit((why) => {
    throw new Error(why);
  });
  try {
    const read = await host.read({ name: "batches.csv", text }, {});
    if (!read.ok) throw new Error(read.text);
    const kinds: string[] = [];
    let askedAt = 0;
    const answer = await host.fit(
      request,
      proxy((event: FitEvent) => {
        kinds.push(event.kind === "progress" ? `progress ${event.device}` : event.kind);
        if (event.kind !== cancelAfter || askedAt > 0) return;
        askedAt = now();
        void host.cancel();
      }),
    );
    const cancelMs = askedAt === 0 ? null : now() - askedAt;
    if (!answer.ok) throw new Error(answer.text);
    const model = answer.chosen === null ? null : await host.model(answer.chosen, "");
    return { answer, kinds, cancelMs, model: model?.text ?? "" };
  } finally {
    end();
  }
}

const harness = { sumsOnGpu, residualsOnGpu, rooflineOnGpu, bootstrapWithLoss, fitInWorker };
export type FitHarness = typeof harness;
Object.assign(globalThis, { fitHarness: harness });
