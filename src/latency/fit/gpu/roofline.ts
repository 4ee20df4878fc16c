// The search of a roofline on a GPU: as many starts a submit as keep it short. Its planes are starts of the processor's polish, not a result.
import type { Pace } from "../pace.ts";
import type { FoundPlanes, SearchTable } from "../roofline-search.ts";
import { USAGE } from "./device.ts";
import type { Device } from "./device.ts";
import { rooflineKernel } from "./roofline-kernel.ts";
import { Sizes } from "./sizes.ts";

const WORD = 4;
/** Starts of a submit. */
const MOST_STARTS = 1024;

/** Kernels by number of planes and terms: they are compiled once for all searches of a fit. */
export class RooflineSearches {
  private readonly device: Device;
  private readonly pipelines = new Map<string, GPUComputePipeline>();
  private readonly sizes = new Sizes(4, MOST_STARTS);

  constructor(device: Device) {
    this.device = device;
  }

  private async pipeline(planes: number, terms: number): Promise<GPUComputePipeline> {
    const key = `${planes} ${terms}`;
    const pipeline = this.pipelines.get(key) ?? (await this.device.pipeline(rooflineKernel(planes, terms), "roofline"));
    this.pipelines.set(key, pipeline);
    return pipeline;
  }

  /** What `starts` starts lead to, in their order. `now`: milliseconds of a steady clock. Throws GpuGone, Cancelled. */
  async search(table: SearchTable, planes: number, starts: number, pace: Pace, now: () => number): Promise<FoundPlanes[]> {
    const { device } = this;
    const { device: gpu } = device;
    const { rows, terms, values } = table;
    const pipeline = await this.pipeline(planes, terms);
    const width = 1 + planes * terms;
    const place = await device.buffer(4 * WORD, USAGE.uniform | USAGE.copyTarget);
    const given = await device.buffer(Float32Array.from(values), USAGE.storage | USAGE.copyTarget);
    const most = Math.min(MOST_STARTS, starts);
    const into = await device.buffer(most * width * WORD, USAGE.storage | USAGE.copySource);
    const answer = await device.buffer(most * width * WORD, USAGE.mapRead | USAGE.copyTarget);
    const group = gpu.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [place, given, into].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    const found: FoundPlanes[] = [];
    while (found.length < starts) {
      const count = Math.min(this.sizes.size, most, starts - found.length);
      gpu.queue.writeBuffer(place, 0, Uint32Array.of(rows, found.length, count, 0));
      const encoder = gpu.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(count);
      pass.end();
      encoder.copyBufferToBuffer(into, 0, answer, 0, count * width * WORD);
      this.sizes.took(await device.submit(encoder.finish(), now));
      const floats = new Float32Array((await device.read(answer)).buffer);
      for (let i = 0; i < count; i++)
        found.push({ loss: floats[i * width]!, coefficients: Float64Array.from(floats.subarray(i * width + 1, (i + 1) * width)) });
      await pace.rest();
    }
    for (const buffer of [place, given, into, answer]) buffer.destroy();
    return found;
  }
}
