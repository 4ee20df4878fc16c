// The bootstrap block by block: intervals appear with the first hundred replicates and sharpen with every block; a cancel keeps finished blocks.
import { exactSums, intervalsOf, solveReplicates } from "./bootstrap.ts";
import type { Resampling } from "./bootstrap.ts";
import type { Pace } from "./pace.ts";
import type { Bootstrap } from "./types.ts";

/** Replicates of a block: a multiple of four. */
const BLOCK = 128;
/** Fewer replicates give no interval worth the name. */
const LEAST = 100;

export interface BlockOptions {
  readonly seed: number;
  readonly replicates: number;
  readonly onProgress: (done: number) => void;
  /** Intervals of all blocks so far. */
  readonly onBlock: (bootstrap: Bootstrap) => void;
}

export async function bootstrapInBlocks(drawn: Resampling, pace: Pace, options: BlockOptions): Promise<void> {
  const { quantised, unit, unitIndex } = drawn;
  const { seed, replicates } = options;
  const terms = quantised.width - 1;
  const coefficients = new Float64Array(replicates * terms);
  for (let from = 0; from < replicates; from += BLOCK) {
    const to = Math.min(from + BLOCK, replicates);
    const sums = await pace.run(exactSums(quantised, unitIndex, seed, to, from), options.onProgress);
    coefficients.set(solveReplicates(quantised, sums, to - from), from * terms);
    if (to >= LEAST || to === replicates) options.onBlock(intervalsOf(coefficients.slice(0, to * terms), terms, seed, unit));
    await pace.rest();
  }
}
