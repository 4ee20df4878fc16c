// The knee of a front: where giving up a little of one quantity stops buying much of the other.

/**
 * Position of the point furthest from the straight line between the ends of the front, with both quantities scaled to 0..1 between the ends (the distance rule of
 * Das 1999, "On characterizing the knee of the Pareto curve based on normal-boundary intersection"). Points are losses along the front. Null below three points, or
 * where none lies on the side of the better.
 */
export function kneeOf(points: readonly (readonly [x: number, y: number])[]): number | null {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 3) return null;
  const [width, height] = [last[0] - first[0], first[1] - last[1]];
  if (!(width > 0 && height > 0)) return null;
  let best: number | null = null;
  let most = 1e-9;
  points.forEach(([x, y], i) => {
    const gain = 1 - (x - first[0]) / width - (y - last[1]) / height;
    if (gain > most) [best, most] = [i, gain];
  });
  return best;
}
