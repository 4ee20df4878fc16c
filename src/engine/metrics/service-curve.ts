// What each tenant was served over time, from the times of ended requests: curves made of jumps and straight pieces, exact at every point.
import { Status } from "../contracts.ts";
import type { RequestLog } from "./results.ts";
import { sortedBy } from "./sorted-rows.ts";

/** Cost of a prompt token and of an output token. */
export interface ServiceWeights {
  readonly prompt: number;
  readonly output: number;
}

/**
 * When service counts. "tokens": the prompt and the first token when the prefill ends, the other tokens evenly from there to the last one.
 * "artifact": all of it evenly from the first token to the last, as the VTC artifact reckons from latencies.
 */
export type Accounting = "tokens" | "artifact";

/** A curve: value and slope right after each time; 0 before the first. */
export interface Curve {
  readonly at: Float64Array;
  readonly value: Float64Array;
  readonly slope: Float64Array;
}

const curveOf = (size: number): Curve => ({ at: new Float64Array(size), value: new Float64Array(size), slope: new Float64Array(size) });

/** Rows of the log that pass, by tenant. */
export function rowsOf(log: RequestLog, tenants: number, passes: (row: number) => boolean): Int32Array[] {
  const counts = new Int32Array(tenants);
  const kept = new Uint8Array(log.length);
  for (let row = 0; row < log.length; row++) {
    if (!passes(row)) continue;
    kept[row] = 1;
    counts[log.tenant[row]!]!++;
  }
  const rows = Array.from(counts, (count) => new Int32Array(count));
  counts.fill(0);
  for (let row = 0; row < log.length; row++) {
    const tenant = log.tenant[row]!;
    if (kept[row] === 1) rows[tenant]![counts[tenant]!++] = row;
  }
  return rows;
}

/** Number of entries of sorted `times` that are at or before `time`. */
export function countUpTo(times: ArrayLike<number>, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Value at a time, whose last point at or before it is known; -1: there is none. */
export const valueFrom = ({ at, value, slope }: Curve, place: number, time: number): number =>
  place < 0 ? 0 : value[place]! + slope[place]! * (time - at[place]!);

export const valueAt = (curve: Curve, time: number): number => valueFrom(curve, countUpTo(curve.at, time) - 1, time);

/** Accumulated service of each tenant, of completed requests: of others the log does not know how many tokens they got. */
export function serviceCurves(log: RequestLog, tenants: number, weights: ServiceWeights, accounting: Accounting): Curve[] {
  const { status, firstTokenAt, finishedAt, promptTokens, outputTokens } = log;
  const jump = (row: number): number => {
    const all = weights.prompt * promptTokens[row]! + weights.output * outputTokens[row]!;
    if (finishedAt[row] === firstTokenAt[row]) return all;
    return accounting === "artifact" ? 0 : weights.prompt * promptTokens[row]! + weights.output;
  };
  const slope = (row: number): number => {
    if (finishedAt[row] === firstTokenAt[row]) return 0;
    const all = weights.prompt * promptTokens[row]! + weights.output * outputTokens[row]!;
    return (all - jump(row)) / (finishedAt[row]! - firstTokenAt[row]!);
  };
  return rowsOf(log, tenants, (row) => status[row] === Status.completed).map((rows) => {
    const starts = sortedBy(rows, firstTokenAt);
    const ends = sortedBy(rows, finishedAt);
    const size = 2 * rows.length;
    const curve = curveOf(size);
    let [now, sum, rate] = [0, 0, 0];
    for (let i = 0, begun = 0, ended = 0; i < size; i++) {
      const begins = begun < starts.length && firstTokenAt[starts[begun]!]! <= finishedAt[ends[ended]!]!;
      const row = begins ? starts[begun++]! : ends[ended++]!;
      const at = begins ? firstTokenAt[row]! : finishedAt[row]!;
      sum += rate * (at - now) + (begins ? jump(row) : 0);
      rate += begins ? slope(row) : -slope(row);
      // What is left of adding and taking away fractions when nobody is served.
      if (begun === ended) rate = 0;
      now = at;
      curve.at[i] = now;
      curve.value[i] = sum;
      curve.slope[i] = rate;
    }
    return curve;
  });
}

/** What each tenant asked for: the cost of a request when it arrives; not of refused ones. */
export function demandCurves(log: RequestLog, tenants: number, weights: ServiceWeights): Curve[] {
  const { status, arrivedAt, promptTokens, outputTokens } = log;
  return rowsOf(log, tenants, (row) => status[row] !== Status.refused).map((rows) => {
    const order = sortedBy(rows, arrivedAt);
    const curve = curveOf(order.length);
    let sum = 0;
    for (let i = 0; i < order.length; i++) {
      const row = order[i]!;
      curve.at[i] = arrivedAt[row]!;
      curve.value[i] = sum += weights.prompt * promptTokens[row]! + weights.output * outputTokens[row]!;
    }
    return curve;
  });
}

/** Mean rate over a window about a time, per second. */
export const rateAbout = (curve: Curve, time: number, window: number): number =>
  (valueAt(curve, time + window / 2) - valueAt(curve, time - window / 2)) / window;
