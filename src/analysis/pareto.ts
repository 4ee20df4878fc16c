// Pareto fronts: of points that are to be small in every coordinate, those that no other point beats.

/** True when `a` is nowhere larger than `b` and somewhere smaller. */
export function dominates(a: readonly number[], b: readonly number[]): boolean {
  let smaller = false;
  for (let i = 0; i < a.length; i++) {
    if (a[i]! > b[i]!) return false;
    if (a[i]! < b[i]!) smaller = true;
  }
  return smaller;
}

/**
 * For every item the position of one that dominates it, or -1 for the items of the front. Equal points do not dominate each other.
 * Two coordinates take n log n; more take n squared.
 */
export function dominators<T>(items: readonly T[], coordinates: (item: T) => readonly number[]): Int32Array {
  const points = items.map(coordinates);
  const by = new Int32Array(items.length).fill(-1);
  if (points.some((point) => point.length !== 2)) {
    points.forEach((point, i) => {
      by[i] = points.findIndex((other) => dominates(other, point));
    });
    return by;
  }
  const order = points.map((_, i) => i).sort((a, b) => points[a]![0]! - points[b]![0]! || points[a]![1]! - points[b]![1]! || a - b);
  let lowest = -1;
  for (const i of order) {
    if (lowest >= 0 && dominates(points[lowest]!, points[i]!)) by[i] = lowest;
    else if (lowest < 0 || points[i]![1]! < points[lowest]![1]!) lowest = i;
  }
  return by;
}

/** The items that no other dominates, by the first coordinate. */
export function paretoFront<T>(items: readonly T[], coordinates: (item: T) => readonly number[]): T[] {
  const by = dominators(items, coordinates);
  return items.filter((_, i) => by[i] === -1).sort((a, b) => coordinates(a)[0]! - coordinates(b)[0]!);
}
