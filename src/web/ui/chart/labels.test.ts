import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { spread } from "./labels.ts";

describe("direct labels", () => {
  test("stay where they are when they have room", () => {
    expect(spread([10, 40], 0, 60)).toEqual([10, 40]);
  });
  test("two that meet move apart by the same amount", () => {
    expect(spread([20, 22], 0, 60, 12)).toEqual([15, 27]);
  });
  test("a pair at the edge is pushed inside", () => {
    expect(spread([0, 1], 5, 60, 12)).toEqual([5, 17]);
  });
  test("more than fit share the space about its middle", () => {
    expect(spread([1, 2, 3], 0, 10, 12)).toEqual([-7, 5, 17]);
  });
  test("never nearer than the gap, never outside, order kept", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -50, max: 150, noNaN: true }), { minLength: 1, maxLength: 6 }), (wished) => {
        const at = spread(wished, 0, 100, 12.5);
        const sorted = [...at].sort((a, b) => a - b);
        for (let i = 1; i < sorted.length; i++) expect((sorted[i] as number) - (sorted[i - 1] as number)).toBeGreaterThan(12.499);
        expect(sorted[0]).toBeGreaterThanOrEqual(-1e-9);
        expect(sorted[sorted.length - 1]).toBeLessThanOrEqual(100 + 1e-9);
        wished.forEach((a, i) => wished.forEach((b, j) => a < b && expect(at[i] as number).toBeLessThan(at[j] as number)));
      }),
    );
  });
});
