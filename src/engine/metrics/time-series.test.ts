import fc from "fast-check";
import { expect, test } from "vitest";
import { MAX_BUCKETS, TimeSeries } from "./time-series.ts";

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);

test("spreading by hand: 3 tokens over [0.125, 0.5] with buckets of 0.25 s", () => {
  const series = new TimeSeries(1);
  series.spread(series.prefillTokens[0]!, 0.125, 0.5, 3);
  // 8 tokens a second: 0.125 s in the first bucket, 0.25 s in the second, none in the third, which the end touches.
  expect([...series.picture().inputTokens]).toEqual([1, 2, 0]);
});

test("a picture covers the buckets in use, and an event counts in the bucket of its time", () => {
  const series = new TimeSeries(2);
  for (const time of [0, 0.2499, 0.25, 1.1]) {
    const bucket = series.bucket(time);
    series.arrivals[bucket]!++;
  }
  const { bucketSeconds, length, arrivals, tenantTokens } = series.picture();
  expect([bucketSeconds, length, [...arrivals], tenantTokens.length]).toEqual([0.25, 5, [2, 1, 0, 0, 1], 2]);
});

test("amounts are conserved however often the width doubles, and stay where they were", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: 0, max: 3000, noNaN: true }), fc.double({ min: 0, max: 40, noNaN: true }), fc.nat(500)), {
        maxLength: 60,
      }),
      (list) => {
        const series = new TimeSeries(1);
        let merges = 0;
        series.onMerge = () => merges++;
        let total = 0;
        let end = 0;
        for (const [from, length, amount] of list) {
          series.spread(series.prefillTokens[0]!, from, from + length, amount);
          total += amount;
          end = Math.max(end, from + length);
        }
        expect(sum(series.prefillTokens[0]!)).toBeCloseTo(total, 6);
        expect(series.width).toBe(0.25 * 2 ** merges);
        expect(series.length).toBeLessThanOrEqual(MAX_BUCKETS);
        if (list.length > 0) expect(series.length).toBe(Math.floor(end / series.width) + 1);
        // The part up to any bucket edge is what was spread before it.
        const edge = Math.floor(series.length / 2) * series.width;
        const before = sum(
          // What comes all at once at the edge itself lies behind it.
          list.map(([from, length, amount]) => (from >= edge ? 0 : from + length <= edge ? amount : (amount * (edge - from)) / length)),
        );
        expect(sum(series.prefillTokens[0]!.subarray(0, Math.floor(series.length / 2)))).toBeCloseTo(before, 6);
      },
    ),
    { examples: [[[[0, 0, 1]]]] },
  );
});

test("bands: quantiles of a bucket within 3 %, NaN where nothing is, and the same after merging", () => {
  const series = new TimeSeries(1);
  for (let i = 1; i <= 1000; i++) series.ttft.add(series.bucket(0.1), i / 1000);
  series.ttft.add(series.bucket(0.6), 2);
  const { ttftP50, ttftP90, ttftP99 } = series.picture();
  expect(Math.abs(ttftP50[0]! / 0.5005 - 1)).toBeLessThan(0.03);
  expect(Math.abs(ttftP90[0]! / 0.9001 - 1)).toBeLessThan(0.03);
  expect(Math.abs(ttftP99[0]! / 0.99001 - 1)).toBeLessThan(0.03);
  expect(ttftP50[1]).toBeNaN();
  expect(Math.abs(ttftP50[2]! / 2 - 1)).toBeLessThan(0.04);
  series.bucket(MAX_BUCKETS * 0.25);
  const merged = series.picture();
  expect(merged.bucketSeconds).toBe(0.5);
  expect(merged.ttftP50[0]).toBe(ttftP50[0]);
});
