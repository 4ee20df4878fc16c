import { expect, test } from "vitest";
import { randomStream } from "../engine/kernel/random.ts";
import { mser5, settlingOf } from "./settling.ts";

const noise = (length: number): number[] => {
  const random = randomStream(1, "noise");
  return Array.from({ length }, () => random.uniform());
};

test("nothing is cut of values that are all the same", () => {
  expect(mser5(Float64Array.from({ length: 50 }, () => 3))).toBe(0);
  expect(settlingOf(Float64Array.from({ length: 50 }, () => 3))).toEqual({ from: 0, to: 1 });
});
test("by hand: two batches of 0 before six of 1 are cut", () => {
  const values = [...Array<number>(10).fill(0), ...Array<number>(30).fill(1)];
  expect(mser5(values)).toBe(10);
});
test("a ramp at the start and a fall at the end are found in noise", () => {
  const values = Float64Array.from(
    noise(4000),
    (value, i) => value + (i < 400 ? 5 * (1 - i / 400) : 0) + (i >= 3600 ? (i - 3600) / 80 : 0),
  );
  const { from, to } = settlingOf(values);
  expect(from).toBeGreaterThan(0.06);
  expect(from).toBeLessThan(0.15);
  expect(to).toBeGreaterThan(0.85);
  expect(to).toBeLessThan(0.94);
});
test("too few values are left alone", () => expect(settlingOf(Float64Array.of(9, 1, 1))).toEqual({ from: 0, to: 1 }));
