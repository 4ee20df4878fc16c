import { expect, test } from "vitest";
import { bandOf, coarser } from "./draw-bands.ts";

test("wider steps keep the highest value, and none where there is none", () => {
  expect([...coarser({ dt: 1, values: Float64Array.of(1, 5, NaN, NaN, 2) }, 2)]).toEqual([5, NaN, 2]);
});

test("a band holds the middle of the runs at each step, where at least half of them have a value", () => {
  const band = bandOf(
    [
      { dt: 1, values: Float64Array.of(1, 3, 2, 2) },
      { dt: 2, values: Float64Array.of(5, NaN, 9) },
      { dt: 2, values: Float64Array.of(5, NaN) },
    ],
    true,
  );
  expect(band).toMatchObject({ t0: 1, dt: 2 });
  expect([band.low[0], band.high[0]]).toEqual([3.1, 5]);
  expect([...band.low.subarray(1)]).toEqual([NaN, NaN]);
});
