// Columns over time of several runs as bands: the middle 95 % of each step. Runs of other lengths may have wider buckets: all are taken as wide as the widest.
import type { DrawnRun } from "../scenario/draws.ts";
import { middleOf } from "./draw-intervals.ts";

interface Stepped {
  readonly dt: number;
  readonly values: Float64Array;
}

/** Steps of `dt`, which is a multiple of the column's own: the highest of each, so that no spike is lost. NaN is no value. */
export function coarser({ dt: own, values }: Stepped, dt: number): Float64Array {
  const each = Math.round(dt / own);
  return Float64Array.from({ length: Math.ceil(values.length / each) }, (_, step) => {
    let most = NaN;
    for (let i = step * each; i < Math.min(values.length, (step + 1) * each); i++)
      if (!Number.isNaN(values[i]!) && !(most >= values[i]!)) most = values[i]!;
    return most;
  });
}

/** Draws that must have a value at a step. */
const LEAST_SHARE = 0.5;

export function bandOf(columns: readonly Stepped[], centred: boolean) {
  const dt = Math.max(...columns.map((column) => column.dt));
  const same = columns.map((column) => coarser(column, dt));
  const length = Math.max(...same.map((values) => values.length));
  const low = new Float64Array(length).fill(NaN);
  const high = new Float64Array(length).fill(NaN);
  for (let i = 0; i < length; i++) {
    const values = same.flatMap((column) => (i < column.length && !Number.isNaN(column[i]!) ? [column[i]!] : []));
    if (values.length < LEAST_SHARE * same.length) continue;
    const middle = middleOf(values);
    low[i] = middle.low;
    high[i] = middle.high;
  }
  return { t0: centred ? dt / 2 : 0, dt, low, high };
}

/** Bands of the P90 of TTFT and TPOT, and of the requests that wait. */
export const bandsOf = (runs: readonly DrawnRun[]) => ({
  ttft: bandOf(
    runs.map(({ series }) => ({ dt: series.bucketSeconds, values: series.ttftP90.subarray(0, series.length) })),
    true,
  ),
  tpot: bandOf(
    runs.map(({ series }) => ({ dt: series.bucketSeconds, values: series.tpotP90.subarray(0, series.length) })),
    true,
  ),
  waiting: bandOf(
    runs.map(({ waiting }) => ({ dt: waiting.sampleSeconds, values: waiting.values })),
    false,
  ),
});
