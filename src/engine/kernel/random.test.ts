import { expect, test } from "vitest";
import { Random, randomStream } from "./random.ts";

test("is sfc32: first draws from the state 1, 2, 3, 4", () => {
  // Worked out apart from this code, in integers without overflow, from the definition in PractRand.
  const random = new Random(Uint32Array.of(1, 2, 3, 4));
  expect(Array.from({ length: 6 }, () => random.bits())).toEqual([7, 34, 56623200, 188882296, 3431242869, 399395954]);
  expect([...random.state]).toEqual([1394743453, 3685998991, 1926089571, 10]);
});

test("uniform draws lie in [0, 1), with the mean and variance of a uniform distribution", () => {
  const random = randomStream(1, "uniform");
  const draws = Array.from({ length: 100_000 }, () => random.uniform());
  expect(Math.min(...draws.slice(0, 50_000), ...draws.slice(50_000))).toBeGreaterThanOrEqual(0);
  expect(draws.every((x) => x < 1)).toBe(true);
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
  const variance = draws.reduce((sum, x) => sum + (x - mean) * (x - mean), 0) / draws.length;
  // Five standard errors: sqrt(1/12/n) and sqrt(1/180/n).
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / draws.length));
  expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / draws.length));
});

test("draws below n hit every value equally often", () => {
  const random = randomStream(2, "below");
  const counts = new Array<number>(7).fill(0);
  for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
  // Chi-squared with 6 degrees of freedom: beyond 22.5 once in a thousand.
  expect(counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5);
  expect(random.below(1)).toBe(0);
});

test("the same seed and name give the same stream, another seed or name an unrelated one", () => {
  const draws = (seed: number, name: string): number[] => {
    const random = randomStream(seed, name);
    return Array.from({ length: 20_000 }, () => random.uniform() - 0.5);
  };
  const base = draws(1, "arrivals");
  expect(draws(1, "arrivals")).toEqual(base);
  for (const other of [draws(2, "arrivals"), draws(1, "lengths"), draws(1, "arrivalt"), draws(11, "rrivals")]) {
    const correlation = (12 * base.reduce((sum, x, i) => sum + x * other[i]!, 0)) / base.length;
    expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(base.length));
  }
});

test("the state alone carries a stream on", () => {
  const random = randomStream(5, "saved");
  random.bits();
  const copy = new Random(random.state.slice());
  expect(copy.uniform()).toBe(random.uniform());
});
