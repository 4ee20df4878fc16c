// How much of a plane a set of points dominates: one number for a front of trade-offs, such as cost against latency. Both are to be small.

/** What a setting costs and how slow it is, in units of the caller's. */
export interface Tradeoff {
  readonly cost: number;
  readonly latency: number;
}

/** Shares of the reference, clipped to it, by cost. */
const normalised = (points: readonly Tradeoff[], reference: Tradeoff): { c: number; l: number }[] =>
  points
    .map(({ cost, latency }) => ({
      c: Math.min(cost, reference.cost) / reference.cost,
      l: Math.min(latency, reference.latency) / reference.latency,
    }))
    .sort((a, b) => a.c - b.c);

/**
 * The formula of the autoscaling lab for Vidur (github.com/Nisarg-M-Patel/vidur_autoscaling): sorted by cost, each point counts up to the cost of
 * the next one. It is the dominated area only where no point dominates another.
 */
export function formulaHypervolume(points: readonly Tradeoff[], reference: Tradeoff): number {
  const sorted = normalised(points, reference);
  return sorted.reduce((sum, { c, l }, i) => sum + ((sorted[i + 1]?.c ?? 1) - c) * (1 - l), 0);
}

/** The area between the points and the reference that at least one point dominates, as a share of the rectangle from 0 to the reference. */
export function dominatedArea(points: readonly Tradeoff[], reference: Tradeoff): number {
  const sorted = normalised(points, reference);
  let least = 1;
  return sorted.reduce((sum, { c, l }, i) => {
    least = Math.min(least, l);
    return sum + ((sorted[i + 1]?.c ?? 1) - c) * (1 - least);
  }, 0);
}
