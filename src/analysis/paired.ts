// One quantity of two scenarios over paired replications: the difference, its interval, and how many replications would settle it.
import type { Metric } from "./metrics.ts";
import { meanOf } from "./replications.ts";
import { meanInterval, tPoint, tTail } from "./student.ts";
import type { Claim, Comparison, MetricDifference } from "./types.ts";
import { digits, percentOf, plural } from "./words.ts";

export interface PairedOptions extends Pick<Comparison, "confidence" | "difference" | "power"> {
  /** Intervals that are to hold together. */
  readonly tests: number;
}

const MOST_RECOMMENDED = 1_000_000;

/**
 * The fewest pairs with which a mean difference of `size` is told from none by a two-sided paired t test at level `alpha`, with the power asked for, when
 * differences deviate by `sd`: n >= ((t(alpha / 2, n - 1) + t(1 - power, n - 1)) sd / size)^2.
 */
export function pairsNeeded(sd: number, size: number, alpha: number, power: number): number {
  const enough = (pairs: number): boolean => {
    const t = tPoint(1 - alpha, pairs - 1) + tPoint(Math.max(0, 2 * power - 1), pairs - 1);
    return pairs >= ((t * sd) / size) ** 2;
  };
  let high = 2;
  while (!enough(high) && high < MOST_RECOMMENDED) high *= 2;
  let low = high === 2 ? 2 : high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return enough(low) ? low : high;
}

/** Standard normal at 0.2. */
const Z20 = -0.8416212335729143;

/**
 * A deviation that the true one is below with a chance of 80 %: what to plan with when the deviation is known from few pairs, or every second plan is too
 * small (Browne, "On the use of a pilot sample for sample size determination", Statistics in Medicine 14, 1995). The chi-square point by Wilson and Hilferty.
 */
export function cautiousDeviation(sd: number, freedom: number): number {
  const spread = 2 / (9 * freedom);
  const point = freedom * (1 - spread + Z20 * Math.sqrt(spread)) ** 3;
  return sd * Math.sqrt(freedom / point);
}

function sentenceOf(
  { label, unit }: Metric,
  { difference, low, high, relative, claim, pairs, recommended }: Omit<MetricDifference, "sentence">,
  { confidence, difference: wanted }: PairedOptions,
): string {
  const asShare = unit !== "share" && relative !== null;
  const [mean, from, to] = (asShare ? [relative.difference, relative.low, relative.high] : [difference, low, high]).map((value) =>
    unit === "share" || asShare ? digits(100 * value) : digits(value),
  );
  const name = asShare ? "%" : unit === "share" ? "points" : unit;
  const interval = `${percentOf(confidence)} interval ${from} to ${to} ${name}, ${plural(pairs, "pair")}`;
  if (claim !== "none") return `${label}: ${String(mean).replace("-", "")} ${name} ${claim} (${interval}).`;
  const more =
    recommended === null || recommended <= pairs ? "" : ` ${plural(recommended, "replication")} would find one of ${percentOf(wanted)}.`;
  return `${label}: no difference seen, ${mean} ${name} (${interval}).${more}`;
}

/** Null where fewer than two pairs have the quantity. */
export function differenceOf(
  metric: Metric,
  baseline: readonly (number | null)[],
  other: readonly (number | null)[],
  options: PairedOptions,
): MetricDifference | null {
  const pairs = baseline.flatMap((a, i) => {
    const b = other[i] ?? null;
    return a === null || b === null ? [] : [[a, b] as const];
  });
  if (pairs.length < 2) return null;
  const { confidence, tests, power, difference: wanted } = options;
  const alpha = (1 - confidence) / tests;
  const differences = pairs.map(([a, b]) => b - a);
  const { mean, low, high, sd } = meanInterval(differences, 1 - alpha);
  const base = meanOf(pairs.map(([a]) => a));
  const claim: Claim = low > 0 ? "higher" : high < 0 ? "lower" : "none";
  const t = sd === 0 ? (mean === 0 ? 0 : Infinity) : Math.abs(mean) / (sd / Math.sqrt(pairs.length));
  const size = wanted * Math.abs(base);
  const found = {
    metric: metric.id,
    baseline: base,
    other: meanOf(pairs.map(([, b]) => b)),
    pairs: pairs.length,
    difference: mean,
    low,
    high,
    relative: base === 0 ? null : { difference: mean / Math.abs(base), low: low / Math.abs(base), high: high / Math.abs(base) },
    pValue: Math.min(1, tests * tTail(t, pairs.length - 1)),
    claim,
    recommended: size === 0 ? null : pairsNeeded(cautiousDeviation(sd, pairs.length - 1), size, alpha, power),
  };
  return { ...found, sentence: sentenceOf(metric, found, options) };
}
