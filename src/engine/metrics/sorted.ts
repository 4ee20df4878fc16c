// Distribution of values that are all at hand.
import type { Distribution } from "./results.ts";

/** Quantiles by linear interpolation between order statistics (numpy's default). Sorts in place; NaN must not be among the values. */
export function distributionOf(values: Float64Array): Distribution {
  const count = values.length;
  if (count === 0) return { count, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
  values.sort();
  let sum = 0;
  for (let i = 0; i < count; i++) sum += values[i]!;
  const [p50, p90, p95, p99] = [0.5, 0.9, 0.95, 0.99].map((share) => {
    const at = share * (count - 1);
    const low = Math.floor(at);
    const a = values[low]!;
    return a + ((values[low + 1] ?? a) - a) * (at - low);
  }) as [number, number, number, number];
  return { count, mean: sum / count, p50, p90, p95, p99, max: values[count - 1]! };
}
