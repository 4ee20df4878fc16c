// Where a run is steady: MSER-5 (White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69, 1997; Spratt 1998).
// Of batch means of five, the start is cut so that the standard error of what is left is least; the same from the other end finds the run-down.
import type { Settling } from "./types.ts";

const BATCH = 5;

/** How many of the first values to leave out, at most half of them; a multiple of five. */
export function mser5(values: ArrayLike<number>): number {
  const batches = Math.floor(values.length / BATCH);
  let sum = 0;
  let squares = 0;
  let least = Infinity;
  let cut = 0;
  // From the end: the batches that are kept when the first `from` are cut.
  for (let from = batches - 1; from >= 0; from--) {
    let mean = 0;
    for (let i = 0; i < BATCH; i++) mean += values[from * BATCH + i]! / BATCH;
    sum += mean;
    squares += mean * mean;
    const kept = batches - from;
    if (from > batches / 2 || kept < 2) continue;
    const error = Math.max(0, squares - (sum * sum) / kept) / (kept * kept);
    if (error <= least) {
      least = error;
      cut = from;
    }
  }
  return cut * BATCH;
}

/** As shares of the values. */
export function settlingOf(values: Float64Array): Settling {
  if (values.length < 2 * BATCH) return { from: 0, to: 1 };
  const from = mser5(values);
  const to = values.length - mser5(values.slice(from).reverse());
  return { from: from / values.length, to: to / values.length };
}
