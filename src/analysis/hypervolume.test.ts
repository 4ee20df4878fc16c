import fc from "fast-check";
import { expect, test } from "vitest";
import { dominatedArea, formulaHypervolume } from "./hypervolume.ts";

const reference = { cost: 50, latency: 0.5 };
const points = (...rows: readonly (readonly [number, number])[]) => rows.map(([cost, latency]) => ({ cost, latency }));

test("the published levels of the autoscaling lab", () => {
  const levels = points([36.079, 0.278698], [38.3128, 0.237716], [40.6573, 0.192705]);
  // c = 0.72158, 0.766256, 0.813146 and l = 0.557396, 0.475432, 0.38541: 0.186854 x 0.61459 + 0.044676 x 0.442604 + 0.04689 x 0.524568
  expect(formulaHypervolume(levels, reference)).toBeCloseTo(0.159209, 6);
  expect(dominatedArea(levels, reference)).toBeCloseTo(0.159209, 6);
});

test("points beyond the reference are clipped to it", () => {
  // 0 x 0.8 + 0.3 x 0 + 0.1 x 0.6
  expect(formulaHypervolume(points([30, 0.6], [45, 0.2], [60, 0.1]), reference)).toBeCloseTo(0.06, 12);
});

test("one point is a rectangle; none is nothing", () => {
  expect(formulaHypervolume(points([25, 0.25]), reference)).toBeCloseTo(0.25, 12);
  expect([formulaHypervolume([], reference), dominatedArea([], reference)]).toEqual([0, 0]);
});

test("a dominated point takes away from the formula, and nothing from the area", () => {
  // 0.4 x 0.6 + 0.2 x 0.8 against 0.6 x 0.8
  const pair = points([20, 0.1], [30, 0.2]);
  expect(formulaHypervolume(pair, reference)).toBeCloseTo(0.4, 12);
  expect(dominatedArea(pair, reference)).toBeCloseTo(0.48, 12);
});

test("the area is the share of a fine grid that some point dominates", () => {
  const anyPoints = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })), { maxLength: 8 });
  fc.assert(
    fc.property(anyPoints, (rows) => {
      let cells = 0;
      for (let x = 0; x < 50; x++) for (let y = 0; y < 50; y++) if (rows.some(([cost, latency]) => cost <= x && latency <= y)) cells++;
      expect(dominatedArea(points(...rows), { cost: 50, latency: 50 })).toBeCloseTo(cells / 2500, 9);
    }),
  );
});
