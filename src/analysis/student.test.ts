import { describe, expect, test } from "vitest";
import { meanInterval, tPoint, tTail } from "./student.ts";

describe("Student's t", () => {
  // Abramowitz and Stegun, Handbook of Mathematical Functions, table 26.10: two-sided points.
  test.each([
    [0.95, 1, 12.706],
    [0.95, 2, 4.303],
    [0.95, 9, 2.262],
    [0.99, 9, 3.25],
    [0.995, 4, 5.598],
    [0.95, 120, 1.98],
    [0.8, 30, 1.31],
  ])("%f with %i degrees of freedom", (confidence, freedom, point) => {
    expect(tPoint(confidence, freedom)).toBeCloseTo(point, 2);
    expect(tTail(tPoint(confidence, freedom), freedom)).toBeCloseTo(1 - confidence, 12);
  });
  test("one degree of freedom is Cauchy, two have a closed form", () => {
    expect(tTail(1, 1)).toBeCloseTo(0.5, 13);
    expect(tTail(3, 2)).toBeCloseTo(1 - 3 / Math.sqrt(11), 13);
    expect([tTail(0, 7), tTail(Infinity, 7)]).toEqual([1, 0]);
  });
  test("a mean with its interval by hand: 1, 2, 3", () => {
    const { mean, low, high, sd } = meanInterval([1, 2, 3], 0.95);
    expect([mean, sd]).toEqual([2, 1]);
    expect(high - 2).toBeCloseTo(4.3027 / Math.sqrt(3), 4);
    expect(2 - low).toBeCloseTo(high - 2, 12);
    expect(meanInterval([5, 5, 5], 0.95)).toEqual({ mean: 5, low: 5, high: 5, sd: 0 });
  });
});
