import { expect, test } from "vitest";
import { PythonRandom } from "./python-random.ts";

const draws = (seed: number, below: number, count: number): number[] => {
  const random = new PythonRandom(seed);
  return Array.from({ length: count }, () => random.below(below));
};

test("what CPython 3 draws", () => {
  // random.seed(42); [random.randrange(4) for _ in range(12)], and below 3, which rejects draws of 3.
  expect(draws(42, 4, 12)).toEqual([0, 0, 2, 1, 1, 1, 0, 0, 3, 0, 0, 0]);
  expect(draws(42, 3, 12)).toEqual([2, 0, 0, 2, 1, 0, 0, 0, 2, 0, 2, 2]);
  // random.seed(7); random.getrandbits(32) is 1390851128, 4071050724, 647892279: their highest bits, below 2^30.
  expect(draws(7, 2 ** 30 - 1, 1)).toEqual([1390851128 >>> 2]);
  // Beyond the first 624 words: random.seed(1); [random.randrange(1000) for _ in range(2000)][-3:]
  expect(draws(1, 1000, 2000).slice(-3)).toEqual([547, 153, 59]);
});
