// Whether a GPU computes the sums, and how it is left when it fails.
import { exactSums, pairCount } from "../bootstrap.ts";
import type { Resampling } from "../bootstrap.ts";
import { finished } from "../fit.ts";
import { addResiduals, noResiduals } from "../out-of-bag.ts";
import type { ResidualSums, ScaledTerms } from "../out-of-bag.ts";
import type { Pace } from "../pace.ts";
import type { FitDevice } from "../session-types.ts";
import { GpuGone, findAdapter } from "./device.ts";
import type { Adapter } from "./device.ts";
import { GpuResiduals } from "./residuals.ts";
import { GPU_BLOCK, GpuSums } from "./sums.ts";

/** Below this many products of rows, replicates and pairs the processor is done before the kernels are compiled. */
const WORTH = 2e8;
/** Rows whose residuals the processor computes as well, and how far a residual may be from its own: 32 bits against 64, of the measured time. */
const CHECKED_ROWS = 64;
const NEAR = 1e-5;

/** A GPU at work, or null with the sentence why not ("" where nothing is to be said). */
export type GpuChoice = { readonly gpu: CheckedGpu; readonly adapter: string } | { readonly gpu: null; readonly line: string };

/** What a GPU computes for a bootstrap, its first replicate and its first rows computed a second time by the processor. */
export class CheckedGpu {
  readonly block = GPU_BLOCK;
  private readonly sumsOf: GpuSums;
  private readonly residualsOf: GpuResiduals;
  private readonly drawn: Resampling;
  private readonly scaled: ScaledTerms;
  private checked = false;
  private rowsChecked = false;

  private constructor(sumsOf: GpuSums, residualsOf: GpuResiduals, drawn: Resampling, scaled: ScaledTerms) {
    this.sumsOf = sumsOf;
    this.residualsOf = residualsOf;
    this.drawn = drawn;
    this.scaled = scaled;
  }

  /** Throws GpuGone, Cancelled. */
  static async open(adapter: Adapter, drawn: Resampling, scaled: ScaledTerms, pace: Pace, now: () => number): Promise<CheckedGpu> {
    const { quantised, unitIndex } = drawn;
    const sums = await GpuSums.open(adapter, quantised, unitIndex, pace, now);
    try {
      return new CheckedGpu(sums, await GpuResiduals.open(sums.device, scaled, unitIndex, GPU_BLOCK), drawn, scaled);
    } catch (error) {
      sums.end();
      throw error;
    }
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

  async residuals(seed: number, start: number, coefficients: Float64Array, pace: Pace, now: () => number): Promise<ResidualSums> {
    const sums = await this.residualsOf.sums(seed, start, coefficients, pace, now);
    if (!this.rowsChecked) {
      const { scaled } = this;
      const rows = Math.min(CHECKED_ROWS, scaled.rows);
      const own = noResiduals(rows);
      finished(addResiduals(scaled, this.drawn.unitIndex, seed, coefficients, start, own, 0, rows));
      if (own.count.some((count, i) => count !== sums.count[i] || !(Math.abs(own.sum[i]! - sums.sum[i]!) <= NEAR * Math.max(1, count))))
        throw new GpuGone("its residuals differ from the processor's");
      this.rowsChecked = true;
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
  scaled: ScaledTerms,
  replicates: number,
  pace: Pace,
  now: () => number,
): Promise<GpuChoice> {
  const { quantised } = drawn;
  if (device === "auto" && quantised.rows * replicates * pairCount(quantised.width) <= WORTH) return { gpu: null, line: "" };
  const found = await findAdapter((globalThis.navigator as Partial<Navigator> | undefined)?.gpu);
  if (found === null)
    return { gpu: null, line: device === "gpu" ? "There is no GPU that this browser offers: fitted on the CPU, same result." : "" };
  if (device === "auto" && found.software) return { gpu: null, line: "" };
  try {
    return { gpu: await CheckedGpu.open(found, drawn, scaled, pace, now), adapter: found.name };
  } catch (error) {
    if (!(error instanceof GpuGone)) throw error;
    return { gpu: null, line: `The GPU was not used (${error.message}): fitted on the CPU, same result.` };
  }
}
