// The corners of the smallest convex outline of points: the monotone chain of Andrew (Information Processing Letters 9, 1979).

type Point = readonly [x: number, y: number];

/** Places of the corners, in turn; those of points on a line, or of fewer than three, are fewer than three. */
export function convexHull(points: readonly Point[]): number[] {
  const order = Array.from(points.keys()).sort((a, b) => points[a]![0] - points[b]![0] || points[a]![1] - points[b]![1]);
  const turn = ([ax, ay]: Point, [bx, by]: Point, [cx, cy]: Point): number => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  const chain = (along: readonly number[]): number[] => {
    const corners: number[] = [];
    for (const i of along) {
      while (corners.length > 1 && turn(points[corners.at(-2)!]!, points[corners.at(-1)!]!, points[i]!) <= 0) corners.pop();
      corners.push(i);
    }
    return corners.slice(0, -1);
  };
  return [...chain(order), ...chain(order.toReversed())];
}
