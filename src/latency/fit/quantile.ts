// Order statistics with linear interpolation, as the summary of a run has them.

export function quantile(sorted: ArrayLike<number>, q: number): number {
  const n = sorted.length;
  if (n === 0) return NaN;
  const at = q * (n - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, n - 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}

export const sortedOf = (values: ArrayLike<number>): Float64Array => Float64Array.from(values).sort();

export const medianOf = (values: ArrayLike<number>): number => quantile(sortedOf(values), 0.5);
