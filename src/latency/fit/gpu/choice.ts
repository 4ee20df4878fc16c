// Whether a GPU computes the sums, and how it is left when it fails.
import { exactSums, pairCount } from "../bootstrap.ts";
import type { Resampling } from "../bootstrap.ts";
import { finished } from "../fit.ts";
import type { Pace } from "../pace.ts";
import type { FitDevice } from "../session-types.ts";
import { GpuGone, findAdapter } from "./device.ts";
import { GPU_BLOCK, GpuSums } from "./sums.ts";

/** Below this many products of rows, replicates and pairs the processor is done before the kernels are compiled. */
const WORTH = 2e8;

/** A GPU at work, or null with the sentence why not ("" where nothing is to be said). */
export type GpuChoice = { readonly gpu: CheckedGpu; readonly adapter: string } | { readonly gpu: null; readonly line: string };

/** Sums of a GPU whose first replicate was computed a second time by the processor. */
export class CheckedGpu {
  readonly block = GPU_BLOCK;
  private readonly sumsOf: GpuSums;
  private readonly drawn: Resampling;
  private checked = false;

  constructor(sumsOf: GpuSums, drawn: Resampling) {
    this.sumsOf = sumsOf;
    this.drawn = drawn;
  }

  async sums(seed: number, start: number, end: number, onShare: (share: number) => void): Promise<Float64Array> {
    const sums = await this.sumsOf.sums(seed, start, end, onShare);
    if (!this.checked) {
      const { quantised, unitIndex } = this.drawn;
      const own = finished(exactSums(quantised, unitIndex, seed, start + 1, start));
      if (own.some((sum, pair) => sum !== sums[pair])) throw new GpuGone("its sums differ from the processor's");
      this.checked = true;
    }
    return sums;
  }

  end(): void {
    this.sumsOf.end();
  }
}

export async function chooseGpu(
  device: FitDevice,
  drawn: Resampling,
  replicates: number,
  pace: Pace,
  now: () => number,
): Promise<GpuChoice> {
  const { quantised, unitIndex } = drawn;
  if (device === "auto" && quantised.rows * replicates * pairCount(quantised.width) <= WORTH) return { gpu: null, line: "" };
  const found = await findAdapter((globalThis.navigator as Partial<Navigator> | undefined)?.gpu);
  if (found === null)
    return { gpu: null, line: device === "gpu" ? "There is no GPU that this browser offers: fitted on the CPU, same result." : "" };
  if (device === "auto" && found.software) return { gpu: null, line: "" };
  try {
    return { gpu: new CheckedGpu(await GpuSums.open(found, quantised, unitIndex, pace, now), drawn), adapter: found.name };
  } catch (error) {
    if (!(error instanceof GpuGone)) throw error;
    return { gpu: null, line: `The GPU was not used (${error.message}): fitted on the CPU, same result.` };
  }
}
