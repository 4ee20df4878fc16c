import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ExactQuantiles } from "./quantiles.ts";
import { SKETCH_BINS, Sketch, binOf, edgeOf } from "./sketch.ts";

const SHARES = [0, 0.5, 0.9, 0.95, 0.99, 1];
/** Times from microseconds to days, in clusters, so that bins hold several. */
const times = fc.array(
  fc.oneof(
    fc.double({ min: 1e-5, max: 1e5, noNaN: true }),
    fc.double({ min: 0.02, max: 0.021, noNaN: true }),
    fc.constantFrom(0.25, 0.2519),
  ),
  {
    minLength: 1,
    maxLength: 200,
  },
);

/** numpy's default: linear interpolation at share x (n - 1). */
function reference(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.min(sorted.length - 1, Math.floor(at) + 1)]! - low) * (at - Math.floor(at));
}

function sketchOf(values: readonly number[]): Sketch {
  const sketch = new Sketch();
  for (const value of values) sketch.add(value);
  return sketch;
}

test("the reference is numpy's rule: np.quantile([1, 2, 4, 8], [.5, .9]) = 3, 6.8", () => {
  expect(reference([8, 1, 4, 2], 0.5)).toBe(3);
  expect(reference([8, 1, 4, 2], 0.9)).toBeCloseTo(6.8, 12);
});

describe("Sketch", () => {
  test("quantiles are off by at most 0.4 %", () => {
    fc.assert(
      fc.property(times, (values) => {
        const sketch = sketchOf(values);
        for (const share of SHARES) expect(Math.abs(sketch.quantile(share) / reference(values, share) - 1)).toBeLessThanOrEqual(0.004);
      }),
    );
  });

  test("every value lies in its bin", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (value) => {
        const bin = binOf(value);
        expect(edgeOf(bin)).toBeLessThanOrEqual(value);
        expect(edgeOf(bin + 1)).toBeGreaterThan(value);
      }),
    );
    expect([binOf(0), binOf(1e-9), binOf(1e9)]).toEqual([0, 0, SKETCH_BINS - 1]);
  });

  test("merging two is adding all values to one; adding many is adding one by one", () => {
    fc.assert(
      fc.property(times, times, fc.integer({ min: 1, max: 9 }), (a, b, weight) => {
        const merged = sketchOf(a);
        merged.merge(sketchOf(b));
        const both = sketchOf([...a, ...b]);
        expect([merged.count, merged.min, merged.max]).toEqual([both.count, both.min, both.max]);
        expect(merged.bins).toEqual(both.bins);
        expect(merged.sum).toBeCloseTo(both.sum, 6);
        const many = new Sketch();
        for (const value of a) many.addMany(value, weight);
        expect(many.bins).toEqual(sketchOf(Array.from({ length: weight }, () => a).flat()).bins);
      }),
      { numRuns: 30 },
    );
  });

  test("is empty at first", () => {
    expect(new Sketch().quantile(0.5)).toBeNaN();
  });
});

describe("ExactQuantiles", () => {
  test("equal those of a full sort, to the last bit", () => {
    fc.assert(
      fc.property(times, fc.nat(), (values, turn) => {
        const exact = new ExactQuantiles(sketchOf(values), SHARES);
        // In another order than the sketch saw them.
        const start = turn % values.length;
        exact.see(Float64Array.of(...values.slice(start), ...values.slice(0, start)), values.length, null, 0);
        expect(exact.quantiles()).toEqual(SHARES.map((share) => reference(values, share)));
      }),
    );
  });

  test("of nothing are NaN", () => {
    expect(new ExactQuantiles(new Sketch(), [0.5]).quantiles()).toEqual([NaN]);
  });
});
