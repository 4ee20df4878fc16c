// The bootstrap block by block: intervals appear with the first hundred replicates and sharpen with every block; a cancel keeps finished blocks.
// A GPU that fails is left after the last finished block, and the processor goes on with the same bits.
import { exactSums, intervalsOf, solveReplicates } from "./bootstrap.ts";
import type { Resampling } from "./bootstrap.ts";
import { addResiduals, noResiduals, outOfBagOf } from "./out-of-bag.ts";
import type { ResidualSums, ScaledTerms } from "./out-of-bag.ts";
import type { Pace } from "./pace.ts";
import type { FitDevice } from "./session-types.ts";
import type { Bootstrap, OutOfBag } from "./types.ts";

/** Replicates of a block on the processor: a multiple of four. */
const CPU_BLOCK = 128;
/** Fewer replicates give no interval worth the name. */
const LEAST = 100;

export interface BlockOptions {
  readonly seed: number;
  readonly replicates: number;
  readonly device: FitDevice;
  /** Milliseconds of a steady clock. */
  readonly now: () => number;
  readonly onProgress: (done: number, device: "gpu" | "cpu") => void;
  /** Intervals of all blocks so far. */
  readonly onBlock: (bootstrap: Bootstrap) => void;
  /** Once, at the end or when the work is cancelled: of all finished blocks. Left out where these are too few. */
  readonly onResiduals: (outOfBag: OutOfBag) => void;
  /** The GPU was not used, or was left: one sentence. */
  readonly onLine: (line: string) => void;
  /** Adapter of the GPU that is at work. */
  readonly onAdapter: (name: string) => void;
}

export async function bootstrapInBlocks(drawn: Resampling, scaled: ScaledTerms, pace: Pace, options: BlockOptions): Promise<void> {
  const { quantised, unit, unitIndex } = drawn;
  const { seed, replicates, now } = options;
  const terms = quantised.width - 1;
  const coefficients = new Float64Array(replicates * terms);
  const residuals = noResiduals(quantised.rows);
  const webgpu = options.device === "cpu" ? null : await import("./gpu/choice.ts");
  const choice = (await webgpu?.chooseGpu(options.device, drawn, scaled, replicates, pace, now)) ?? { gpu: null, line: "" };
  let { gpu } = choice;
  if (choice.gpu !== null) options.onAdapter(choice.adapter);
  else if (choice.line !== "") options.onLine(choice.line);
  const leave = async (error: unknown, after: number): Promise<void> => {
    const { GpuGone } = await import("./gpu/device.ts");
    if (!(error instanceof GpuGone)) throw error;
    options.onLine(`GPU left after replicate ${after} (${error.message}): finished on the CPU, same result.`);
    gpu?.end();
    gpu = null;
  };
  let done = 0;
  try {
    for (let from = 0; from < replicates;) {
      let sums: Float64Array | null = null;
      let to = Math.min(from + (gpu?.block ?? CPU_BLOCK), replicates);
      if (gpu !== null)
        try {
          const length = to - from;
          const start = from;
          sums = await gpu.sums(seed, from, to, (share) => options.onProgress(start + Math.floor(share * length), "gpu"));
        } catch (error) {
          await leave(error, from);
          to = Math.min(from + CPU_BLOCK, replicates);
        }
      sums ??= await pace.run(exactSums(quantised, unitIndex, seed, to, from), (done) => options.onProgress(done, "cpu"));
      const block = solveReplicates(quantised, sums, to - from);
      coefficients.set(block, from * terms);
      let own: ResidualSums | null = null;
      if (gpu !== null)
        try {
          own = await gpu.residuals(seed, from, block, pace, now);
        } catch (error) {
          await leave(error, to);
        }
      if (own === null) {
        // Into sums of its own: a cancel in the middle leaves whole blocks.
        own = noResiduals(quantised.rows);
        await pace.run(addResiduals(scaled, unitIndex, seed, block, from, own), () => options.onProgress(to, gpu === null ? "cpu" : "gpu"));
      }
      for (const key of ["count", "sum", "squares"] as const) residuals[key].forEach((x, i) => (residuals[key][i] = x + own[key][i]!));
      done = to;
      if (to >= LEAST || to === replicates) options.onBlock(intervalsOf(coefficients.slice(0, to * terms), terms, seed, unit));
      from = to;
      await pace.rest();
    }
  } finally {
    gpu?.end();
    if (done >= LEAST || done === replicates) options.onResiduals(outOfBagOf(scaled, residuals));
  }
}
