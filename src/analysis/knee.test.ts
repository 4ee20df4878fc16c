import { expect, test } from "vitest";
import { kneeOf } from "./knee.ts";

test("the point furthest from the line between the ends, whatever the units", () => {
  const points = [
    [0, 10],
    [1, 4],
    [2, 2],
    [6, 1],
    [10, 0],
  ] as const;
  // Scaled: (0.1, 0.4) is 0.5 away from the line, (0.2, 0.2) is 0.6, (0.6, 0.1) is 0.3.
  expect(kneeOf(points)).toBe(2);
  expect(kneeOf(points.map(([x, y]) => [1000 * x, y / 50] as const))).toBe(2);
});

test("a straight or hollow front has none, nor has one of two points", () => {
  expect(
    kneeOf([
      [0, 2],
      [1, 1],
      [2, 0],
    ]),
  ).toBeNull();
  expect(
    kneeOf([
      [0, 2],
      [1.5, 1.5],
      [2, 0],
    ]),
  ).toBeNull();
  expect(
    kneeOf([
      [0, 2],
      [2, 0],
    ]),
  ).toBeNull();
});
