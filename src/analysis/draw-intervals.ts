// What the draws of a fitted model leave open in the results of a scenario: the middle 95 % of each quantity.
import type { Summary } from "../engine/metrics/results.ts";
import type { DrawsReport } from "../scenario/draws.ts";
import { metrics } from "./metrics.ts";

/** The q-th part of ascending values, between two of them in proportion. */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const low = Math.floor(at);
  const below = sorted[low]!;
  const above = sorted[Math.min(sorted.length - 1, low + 1)]!;
  return below + (at - low) * (above - below);
}

/** The middle 95 % of values, and their median. */
export function middleOf(values: readonly number[]): { readonly low: number; readonly median: number; readonly high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { low: quantile(sorted, 0.025), median: quantile(sorted, 0.5), high: quantile(sorted, 0.975) };
}

/** By quantity; one that some run does not have is left out. */
export function drawsReport(summaries: readonly Summary[]): DrawsReport {
  const intervals = metrics.flatMap((metric) => {
    const values = summaries.flatMap((summary) => metric.of(summary) ?? []);
    return values.length === summaries.length && values.length > 0 ? [[metric.id, middleOf(values)] as const] : [];
  });
  return { count: summaries.length, intervals: Object.fromEntries(intervals) };
}
