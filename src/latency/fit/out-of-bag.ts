// Out-of-bag residuals: how far a row is from the predictions of those replicates of the bootstrap that did not draw it, and how much these differ.
// Everything is relative to the measured time. In float64 this is the reference of the GPU's kernel, which computes in 32 bits (gpu/residuals.ts).
import { predict } from "./irls.ts";
import type { OutOfBag } from "./types.ts";
import { POISSON_THRESHOLDS, pcg4d, seedWords } from "./pcg.ts";

const BLOCK_ROWS = 256;
const QUAD = 4;

/** Terms over the measured time, scaled to at most 1 so that 32 bits hold them. */
export interface ScaledTerms {
  readonly rows: number;
  readonly terms: number;
  /** Row by row: term / time / scale of the term. */
  readonly values: Float64Array;
  /** By term, 1/seconds per unit of the term: a coefficient times this goes with `values`. */
  readonly scale: Float64Array;
  /** Predicted over measured by the fit itself: sums are of what a replicate differs from it, so that no digits are lost. */
  readonly centre: Float64Array;
}

/** Sums over replicates in which a row was not drawn, of predicted over measured less `centre`; by row. */
export interface ResidualSums {
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
}

/** `t`: seconds. */
export function scaledTerms(columns: readonly Float64Array[], t: Float64Array, coefficients: ArrayLike<number>): ScaledTerms {
  const rows = t.length;
  const terms = columns.length;
  const values = new Float64Array(rows * terms);
  const scale = new Float64Array(terms);
  columns.forEach((column, j) => {
    for (let i = 0; i < rows; i++) scale[j] = Math.max(scale[j]!, column[i]! / t[i]!);
    if (scale[j]! > 0) for (let i = 0; i < rows; i++) values[i * terms + j] = column[i]! / t[i]! / scale[j]!;
  });
  return { rows, terms, values, scale, centre: Float64Array.from(t, (seconds, i) => predict(columns, coefficients, i) / seconds) };
}

export const noResiduals = (rows: number): ResidualSums => ({
  count: new Float64Array(rows),
  sum: new Float64Array(rows),
  squares: new Float64Array(rows),
});

/** Coefficients of replicates, one after another, in the scale of the terms. */
export function scaledCoefficients({ terms, scale }: ScaledTerms, coefficients: Float64Array): Float64Array {
  return coefficients.map((value, at) => value * scale[at % terms]!);
}

/**
 * Adds the replicates from `start` (a multiple of 4) on, whose coefficients are `coefficients`, to `sums`: rows from `first` to `end`. Each row adds its
 * replicates in order, so that the bits do not depend on the blocks. Yields the number of rows that are done.
 */
export function* addResiduals(
  scaled: ScaledTerms,
  unit: Int32Array,
  seed: number,
  coefficients: Float64Array,
  start: number,
  sums: ResidualSums,
  first = 0,
  end = scaled.rows,
): Generator<number, void> {
  const { terms, values, centre } = scaled;
  const b = scaledCoefficients(scaled, coefficients);
  const replicates = b.length / terms;
  const [low, high] = seedWords(seed);
  // Below the first threshold the weight is 0: the row was not drawn.
  const drawn = POISSON_THRESHOLDS[0]!;
  const { count, sum, squares } = sums;
  for (let i = first; i < end; i++) {
    const row = i * terms;
    for (let from = 0; from < replicates; from += QUAD) {
      const words = pcg4d(unit[i]!, (start + from) / QUAD, low, high);
      for (let lane = 0; lane < Math.min(QUAD, replicates - from); lane++) {
        if (words[lane]! >= drawn) continue;
        const at = (from + lane) * terms;
        let predicted = 0;
        for (let j = 0; j < terms; j++) predicted += b[at + j]! * values[row + j]!;
        const off = predicted - centre[i]!;
        count[i]!++;
        sum[i]! += off;
        squares[i]! += off * off;
      }
    }
    if ((i + 1 - first) % BLOCK_ROWS === 0) yield i + 1 - first;
  }
}

export function outOfBagOf({ centre }: ScaledTerms, { count, sum, squares }: ResidualSums): OutOfBag {
  const mean = Float64Array.from(count, (n, i) => centre[i]! - 1 + sum[i]! / n);
  const spread = Float64Array.from(count, (n, i) => Math.sqrt(Math.max(0, squares[i]! / n - (sum[i]! / n) * (sum[i]! / n))));
  return { count: Int32Array.from(count), mean, spread };
}
