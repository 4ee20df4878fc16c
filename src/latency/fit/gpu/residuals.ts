// Out-of-bag residuals on a GPU: a block of replicates at a time, as many rows a submit as keep it short. Counts are exact, sums have 32 bits.
import { noResiduals, scaledCoefficients } from "../out-of-bag.ts";
import type { ResidualSums, ScaledTerms } from "../out-of-bag.ts";
import type { Pace } from "../pace.ts";
import { seedWords } from "../pcg.ts";
import { USAGE } from "./device.ts";
import type { Device } from "./device.ts";
import { RESIDUAL_THREADS, residualKernel } from "./residual-kernel.ts";
import { Sizes } from "./sizes.ts";

/** Rows of a submit: a multiple of the threads of a workgroup. */
const LEAST_ROWS = 1024;
const MOST_ROWS = 1_048_576;
const WORD = 4;
/** Words of a row's answer. */
const ANSWER = 4;

interface Buffers {
  readonly place: GPUBuffer;
  readonly coefficients: GPUBuffer;
  readonly sums: GPUBuffer;
  readonly answer: GPUBuffer;
}

export class GpuResiduals {
  private readonly device: Device;
  private readonly scaled: ScaledTerms;
  private readonly pipeline: GPUComputePipeline;
  private readonly buffers: Buffers;
  private readonly group: GPUBindGroup;
  private readonly atOnce = new Sizes(LEAST_ROWS, MOST_ROWS);

  private constructor(device: Device, scaled: ScaledTerms, pipeline: GPUComputePipeline, buffers: Buffers, group: GPUBindGroup) {
    this.device = device;
    this.scaled = scaled;
    this.pipeline = pipeline;
    this.buffers = buffers;
    this.group = group;
  }

  /** `most`: replicates of a block. Throws GpuGone. The device stays the caller's. */
  static async open(device: Device, scaled: ScaledTerms, unitIndex: Int32Array, most: number): Promise<GpuResiduals> {
    const { rows, terms, values, centre } = scaled;
    const pipeline = await device.pipeline(residualKernel(terms), "residuals");
    const read = USAGE.storage | USAGE.copyTarget;
    const place = await device.buffer(8 * WORD, USAGE.uniform | USAGE.copyTarget);
    const table = await device.buffer(Float32Array.from(values), read);
    const units = await device.buffer(Uint32Array.from(unitIndex), read);
    const coefficients = await device.buffer(most * terms * WORD, read);
    const centres = await device.buffer(Float32Array.from(centre), read);
    const sums = await device.buffer(rows * ANSWER * WORD, USAGE.storage | USAGE.copySource);
    const answer = await device.buffer(rows * ANSWER * WORD, USAGE.mapRead | USAGE.copyTarget);
    const group = device.device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [place, table, units, coefficients, centres, sums].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    device.check();
    return new GpuResiduals(device, scaled, pipeline, { place, coefficients, sums, answer }, group);
  }

  /** Of the replicates from `start` (a multiple of 4) on. `now`: milliseconds of a steady clock. Throws GpuGone, Cancelled. */
  async sums(seed: number, start: number, coefficients: Float64Array, pace: Pace, now: () => number): Promise<ResidualSums> {
    const { device, scaled, buffers, atOnce } = this;
    const { device: gpu } = device;
    const { rows, terms } = scaled;
    const [seedLow, seedHigh] = seedWords(seed);
    gpu.queue.writeBuffer(buffers.coefficients, 0, Float32Array.from(scaledCoefficients(scaled, coefficients)));
    for (let first = 0; first < rows;) {
      const count = Math.min(atOnce.size, rows - first);
      const place = Uint32Array.of(first + count, first, start / 4, coefficients.length / terms, seedLow, seedHigh, 0, 0);
      gpu.queue.writeBuffer(buffers.place, 0, place);
      const encoder = gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(this.pipeline);
      pass.setBindGroup(0, this.group);
      pass.dispatchWorkgroups(Math.ceil(count / RESIDUAL_THREADS));
      pass.end();
      first += count;
      if (first === rows) encoder.copyBufferToBuffer(buffers.sums, 0, buffers.answer, 0, rows * ANSWER * WORD);
      atOnce.took(await device.submit(encoder.finish(), now));
      await pace.rest();
    }
    const words = await device.read(buffers.answer);
    const floats = new Float32Array(words.buffer);
    const found = noResiduals(rows);
    for (let i = 0; i < rows; i++) {
      found.count[i] = words[ANSWER * i]!;
      found.sum[i] = floats[ANSWER * i + 1]!;
      found.squares[i] = floats[ANSWER * i + 2]!;
    }
    return found;
  }
}
