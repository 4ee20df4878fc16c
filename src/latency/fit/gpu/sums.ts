// The bootstrap's integer sums on a GPU: blocks of replicates, rows in slabs, as many slabs a submit as keep it short.
import type { Quantised } from "../bootstrap.ts";
import { pairCount } from "../bootstrap.ts";
import type { Pace } from "../pace.ts";
import { seedWords } from "../pcg.ts";
import { Device, GpuGone, USAGE } from "./device.ts";
import type { Adapter } from "./device.ts";
import { Sizes } from "./sizes.ts";
import { FOLD_KERNEL, FOLD_THREADS, HARDWARE_SHAPE, SLAB_ROWS, SOFTWARE_SHAPE, gramKernel } from "./kernels.ts";
import type { Shape } from "./kernels.ts";

/** Replicates of a block: enough to fill a GPU, few enough that intervals appear soon. */
export const GPU_BLOCK = 256;
const MOST_SLABS = 64;

const WORD = 4;

export class GpuSums {
  /** Shared with whatever else computes for the same table; ended by `end`. */
  readonly device: Device;
  private readonly pace: Pace;
  private readonly now: () => number;
  private readonly rows: number;
  private readonly pairs: number;
  private readonly shape: Shape;
  private readonly gram: GPUComputePipeline;
  private readonly fold: GPUComputePipeline;
  private readonly place: GPUBuffer;
  private readonly size: GPUBuffer;
  private readonly parts: GPUBuffer;
  private readonly totals: GPUBuffer;
  private readonly answer: GPUBuffer;
  private readonly gramGroup: GPUBindGroup;
  private readonly foldGroup: GPUBindGroup;
  private readonly slabs = new Sizes(1, MOST_SLABS);

  private constructor(given: {
    device: Device;
    pace: Pace;
    now: () => number;
    quantised: Quantised;
    shape: Shape;
    gram: GPUComputePipeline;
    fold: GPUComputePipeline;
    buffers: Record<"place" | "size" | "values" | "units" | "pairs" | "parts" | "totals" | "answer", GPUBuffer>;
  }) {
    const { device, gram, fold, quantised, buffers } = given;
    this.device = device;
    this.pace = given.pace;
    this.now = given.now;
    this.rows = quantised.rows;
    this.pairs = pairCount(quantised.width);
    this.shape = given.shape;
    this.gram = gram;
    this.fold = fold;
    this.place = buffers.place;
    this.size = buffers.size;
    this.parts = buffers.parts;
    this.totals = buffers.totals;
    this.answer = buffers.answer;
    const group = (pipeline: GPUComputePipeline, ...bound: GPUBuffer[]): GPUBindGroup =>
      device.device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: bound.map((buffer, binding) => ({ binding, resource: { buffer } })),
      });
    this.gramGroup = group(gram, buffers.place, buffers.values, buffers.units, buffers.pairs, buffers.parts);
    this.foldGroup = group(fold, buffers.size, buffers.parts, buffers.totals);
  }

  /** Ready for the sums of one table. Throws GpuGone, Cancelled. `now`: milliseconds of a steady clock. */
  static async open(adapter: Adapter, quantised: Quantised, unitIndex: Int32Array, pace: Pace, now: () => number): Promise<GpuSums> {
    const { rows, width, values } = quantised;
    const shape = adapter.software ? SOFTWARE_SHAPE : HARDWARE_SHAPE;
    const code = gramKernel(width, shape);
    if (code === null) throw new GpuGone(`a form of ${width - 1} terms does not fit into a workgroup`);
    const device = await Device.open(adapter);
    try {
      await pace.rest();
      const gram = await device.pipeline(code, "gram");
      const fold = await device.pipeline(FOLD_KERNEL, "fold");
      const pairs = new Uint32Array(pairCount(width));
      let pair = 0;
      for (let j = 0; j < width; j++) for (let k = 0; k <= j; k++) pairs[pair++] = j | (k << 16);
      const cells = pairs.length * GPU_BLOCK * 2 * WORD;
      const slabs = Math.min(MOST_SLABS, Math.ceil(rows / SLAB_ROWS));
      const read = USAGE.storage | USAGE.copyTarget;
      const buffers = {
        place: await device.buffer(8 * WORD, USAGE.uniform | USAGE.copyTarget),
        size: await device.buffer(2 * WORD, USAGE.uniform | USAGE.copyTarget),
        values: await device.buffer(Uint32Array.from(values), read),
        units: await device.buffer(Uint32Array.from(unitIndex), read),
        pairs: await device.buffer(pairs, read),
        parts: await device.buffer(slabs * cells, USAGE.storage),
        totals: await device.buffer(cells, USAGE.storage | USAGE.copySource | USAGE.copyTarget),
        answer: await device.buffer(cells, USAGE.mapRead | USAGE.copyTarget),
      };
      device.check();
      return new GpuSums({ device, pace, now, quantised, shape, gram, fold, buffers });
    } catch (error) {
      device.end();
      throw error;
    }
  }

  /**
   * Exact sums of the replicates from `start` (a multiple of 4) to `end`, at most a block: `sums[(replicate - start) x pairs + pair]`. Throws
   * GpuGone, Cancelled. `onShare`: how much of the block is done, 0 to 1.
   */
  async sums(seed: number, start: number, end: number, onShare: (share: number) => void): Promise<Float64Array> {
    const { device, pairs, shape, rows } = this;
    const { device: gpu } = device;
    const quads = Math.ceil((end - start) / 4);
    const stride = quads * 4;
    const slabs = Math.ceil(rows / SLAB_ROWS);
    const [seedLow, seedHigh] = seedWords(seed);
    for (let first = 0; first < slabs;) {
      const count = Math.min(this.slabs.size, slabs - first);
      gpu.queue.writeBuffer(this.place, 0, Uint32Array.of(rows, start / 4, quads, seedLow, seedHigh, first, 0, 0));
      gpu.queue.writeBuffer(this.size, 0, Uint32Array.of(pairs * stride, count));
      const encoder = gpu.createCommandEncoder();
      if (first === 0) encoder.clearBuffer(this.totals);
      const pass = encoder.beginComputePass();
      pass.setPipeline(this.gram);
      pass.setBindGroup(0, this.gramGroup);
      pass.dispatchWorkgroups(Math.ceil(quads / shape.quads), count);
      pass.setPipeline(this.fold);
      pass.setBindGroup(0, this.foldGroup);
      pass.dispatchWorkgroups(Math.ceil((pairs * stride) / FOLD_THREADS));
      pass.end();
      first += count;
      if (first === slabs) encoder.copyBufferToBuffer(this.totals, 0, this.answer, 0, pairs * stride * 2 * WORD);
      this.slabs.took(await device.submit(encoder.finish(), this.now));
      onShare(first / slabs);
      await this.pace.rest();
    }
    const words = await device.read(this.answer);
    const sums = new Float64Array((end - start) * pairs);
    for (let b = 0; b < end - start; b++)
      for (let pair = 0; pair < pairs; pair++) {
        const at = 2 * (pair * stride + b);
        sums[b * pairs + pair] = words[at + 1]! * 4294967296 + words[at]!;
      }
    return sums;
  }

  end(): void {
    this.device.end();
  }
}
