// Error bars from out-of-bag residuals: what resamples without a row predict for it, as plots and tables show it. Small, for the page loads it.
import type { OutOfBag } from "./types.ts";

/** Half of a bar that holds 95 % of what is normally distributed, in standard deviations. */
const BAR = 1.96;

/** The error bar of one row as measured over predicted, less one: low, middle, high. What a replicate predicts is kept above a thousandth of the time. */
export function errorBar({ mean, spread }: Pick<OutOfBag, "mean" | "spread">, row: number): readonly [number, number, number] {
  const at = (side: number): number => 1 / Math.max(1 + mean[row]! + side * BAR * spread[row]!, 1e-3) - 1;
  return [at(1), at(0), at(-1)];
}

/** Half the width of the bar of a row, of the measured time. */
export const barHalfWidth = ({ spread }: Pick<OutOfBag, "spread">, row: number): number => BAR * spread[row]!;
