// What each tenant was served over time, from the times of ended requests: curves made of jumps and straight pieces, exact at every point.
import { Status } from "../contracts.ts";
import type { RequestLog } from "./results.ts";

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

interface Step {
  readonly at: number;
  readonly jump: number;
  readonly slope: number;
}

function curveOf(steps: Step[]): Curve {
  steps.sort((a, b) => a.at - b.at);
  const at = new Float64Array(steps.length);
  const value = new Float64Array(steps.length);
  const slope = new Float64Array(steps.length);
  let now = 0;
  let sum = 0;
  let rate = 0;
  steps.forEach((step, i) => {
    sum += rate * (step.at - now) + step.jump;
    rate += step.slope;
    now = step.at;
    at[i] = now;
    value[i] = sum;
    slope[i] = rate;
  });
  return { at, value, slope };
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

export function valueAt({ at, value, slope }: Curve, time: number): number {
  const place = countUpTo(at, time) - 1;
  return place < 0 ? 0 : value[place]! + slope[place]! * (time - at[place]!);
}

/** Accumulated service of each tenant. Requests without a first token were served nothing; of those cut short the log knows no tokens, so they count nothing. */
export function serviceCurves(log: RequestLog, tenants: number, weights: ServiceWeights, accounting: Accounting): Curve[] {
  const steps = Array.from({ length: tenants }, (): Step[] => []);
  for (let row = 0; row < log.length; row++) {
    const first = log.firstTokenAt[row]!;
    const last = log.finishedAt[row]!;
    if (log.status[row] !== Status.completed || Number.isNaN(first)) continue;
    const output = weights.output * log.outputTokens[row]!;
    const prompt = weights.prompt * log.promptTokens[row]!;
    const jump = last === first ? prompt + output : accounting === "artifact" ? 0 : prompt + weights.output;
    const rest = last === first ? 0 : (prompt + output - jump) / (last - first);
    const own = steps[log.tenant[row]!]!;
    own.push({ at: first, jump, slope: rest });
    if (rest !== 0) own.push({ at: last, jump: 0, slope: -rest });
  }
  return steps.map(curveOf);
}

/** What each tenant asked for: the cost of a request when it arrives. */
export function demandCurves(log: RequestLog, tenants: number, weights: ServiceWeights, refusedToo: boolean): Curve[] {
  const steps = Array.from({ length: tenants }, (): Step[] => []);
  for (let row = 0; row < log.length; row++) {
    if (!refusedToo && log.status[row] === Status.refused) continue;
    const jump = weights.prompt * log.promptTokens[row]! + weights.output * log.outputTokens[row]!;
    steps[log.tenant[row]!]!.push({ at: log.arrivedAt[row]!, jump, slope: 0 });
  }
  return steps.map(curveOf);
}

/** Mean rate over a window about a time, per second. */
export const rateAbout = (curve: Curve, time: number, window: number): number =>
  (valueAt(curve, time + window / 2) - valueAt(curve, time - window / 2)) / window;
