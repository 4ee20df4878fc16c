import { expect, test } from "vitest";
import { drawExponential, drawGamma, drawNormal, exp, ln, pow } from "./math.ts";
import { randomStream } from "./random.ts";

const N = 200_000;

function moments(draw: () => number): { mean: number; variance: number; third: number } {
  const draws = Array.from({ length: N }, draw);
  const mean = draws.reduce((sum, x) => sum + x, 0) / N;
  const central = (power: number): number => draws.reduce((sum, x) => sum + (x - mean) ** power, 0) / N;
  return { mean, variance: central(2), third: central(3) };
}

test("exp, ln and pow at values known to all digits", () => {
  // The ports are within one unit in the last place.
  const near = (a: number, b: number): void => expect(Math.abs(a / b - 1)).toBeLessThanOrEqual(Number.EPSILON);
  near(exp(1), 2.718281828459045);
  near(exp(-30), 9.357622968840175e-14);
  near(ln(2), 0.6931471805599453);
  near(ln(1e-9), -20.72326583694641);
  near(pow(2, 0.5), 1.4142135623730951);
  near(pow(10, -3), 0.001);
});

test("exponential draws: mean 1, variance 1, third central moment 2", () => {
  const random = randomStream(1, "exponential");
  const { mean, variance, third } = moments(() => drawExponential(random));
  // Five standard errors of each: sqrt of (1, 8, 261) / n.
  expect(Math.abs(mean - 1)).toBeLessThan(5 * Math.sqrt(1 / N));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(8 / N));
  expect(Math.abs(third - 2)).toBeLessThan(5 * Math.sqrt(261 / N));
});

test("normal draws: mean 0, variance 1, no skew", () => {
  const random = randomStream(1, "normal");
  const { mean, variance, third } = moments(() => drawNormal(random));
  expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / N));
  expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / N));
  expect(Math.abs(third)).toBeLessThan(5 * Math.sqrt(15 / N));
});

test.each([0.3, 1, 4.5])("gamma draws of shape %d: mean and variance equal to it", (shape) => {
  const random = randomStream(1, `gamma ${shape}`);
  const { mean, variance } = moments(() => drawGamma(random, shape));
  expect(Math.abs(mean - shape)).toBeLessThan(5 * Math.sqrt(shape / N));
  // Variance of the sample variance: (fourth central moment - variance squared) / n, with the fourth 3 k^2 + 6 k.
  expect(Math.abs(variance - shape)).toBeLessThan(5 * Math.sqrt((2 * shape * shape + 6 * shape) / N));
});
