import { expect, test } from "vitest";
import { convexHull } from "./convex-hull.ts";

test("corners of a square with points inside and on its sides", () => {
  const points = [
    [0, 0],
    [1, 1],
    [2, 0],
    [1, 0],
    [2, 2],
    [0, 2],
    [0.5, 1.5],
  ] as const;
  expect(convexHull(points)).toEqual([0, 2, 4, 5]);
});

test("points on a line and single points have no outline", () => {
  expect(
    convexHull([
      [0, 0],
      [1, 1],
      [2, 2],
    ]).length,
  ).toBeLessThan(3);
  expect(convexHull([[1, 1]]).length).toBeLessThan(3);
  expect(convexHull([])).toEqual([]);
});
