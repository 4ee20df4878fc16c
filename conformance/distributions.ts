// Reference distributions from tables, and distances of samples from them: written apart from the generators that they check.

/** Share of the values that are at most x. */
export type Cdf = (x: number) => number;

/** Distribution of a quantile table with straight lines (or straight lines on a log scale) between its points. */
export function tableCdf(p: readonly number[], v: readonly number[], scale: "linear" | "log" = "linear"): Cdf {
  return (x) => {
    let i = v.length - 1;
    while (i >= 0 && v[i]! > x) i--;
    if (i < 0) return 0;
    if (i === v.length - 1) return 1;
    const [low, high] = [v[i]!, v[i + 1]!];
    const t = scale === "log" && low > 0 ? Math.log(x / low) / Math.log(high / low) : (x - low) / (high - low);
    return p[i]! + t * (p[i + 1]! - p[i]!);
  };
}

/** Mean of the same distribution. */
export function tableMean(p: readonly number[], v: readonly number[], scale: "linear" | "log" = "linear"): number {
  let sum = p[0]! * v[0]!;
  for (let i = 0; i + 1 < p.length; i++) {
    const [low, high] = [v[i]!, v[i + 1]!];
    const inside = scale === "log" && low > 0 && high > low ? (high - low) / Math.log(high / low) : (low + high) / 2;
    sum += (p[i + 1]! - p[i]!) * inside;
  }
  return sum + (1 - p[p.length - 1]!) * v[v.length - 1]!;
}

export const mixtureCdf = (weights: readonly number[], parts: readonly Cdf[]): Cdf => {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (x) => parts.reduce((sum, part, i) => sum + (weights[i]! / total) * part(x), 0);
};

/** Standard normal distribution (Abramowitz and Stegun 7.1.26; error below 1.5e-7). */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) * Math.exp(-x * x);
  return z >= 0 ? 1 - tail / 2 : tail / 2;
}

/**
 * Largest distance between the share of samples at most n and the reference at n + 1/2, over the whole numbers n that occur: tokens are
 * rounded, so the reference is read where the rounding turns. `upTo` leaves out what lies beyond that share of the reference.
 */
export function ksDistance(samples: ArrayLike<number>, cdf: Cdf, upTo = 1): number {
  const sorted = Float64Array.from(samples).sort();
  let worst = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i + 1 < sorted.length && sorted[i + 1] === sorted[i]) continue;
    const reference = cdf(sorted[i]! + 0.5);
    if (reference <= upTo) worst = Math.max(worst, Math.abs((i + 1) / sorted.length - reference));
  }
  return worst;
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** Standard deviation over mean. */
export function cvOf(values: ArrayLike<number>): number {
  const mean = meanOf(values);
  let squares = 0;
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) * (values[i]! - mean);
  return Math.sqrt(squares / values.length) / mean;
}

/** Counts in windows of `width` seconds, whole windows only. */
export function countsIn(times: Float64Array, width: number): Float64Array {
  const windows = Math.floor(times[times.length - 1]! / width);
  const counts = new Float64Array(windows);
  for (const time of times) {
    const window = Math.floor(time / width);
    if (window < windows) counts[window] = counts[window]! + 1;
  }
  return counts;
}

/** Variance over mean of the counts in windows. */
export function fanoOf(times: Float64Array, width: number): number {
  const counts = countsIn(times, width);
  const cv = cvOf(counts);
  return cv * cv * meanOf(counts);
}

export const within = (value: number, reference: number, share: number): boolean => Math.abs(value / reference - 1) <= share;
