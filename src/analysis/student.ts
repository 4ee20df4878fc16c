// Student's t: distribution and quantiles, and the interval of a mean. On the portable mathematics, so that page and command line print the same digits.
import { exp, ln } from "../engine/kernel/math.ts";

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
  9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln of the gamma function for x >= 0.5 (Lanczos 1964, g = 7, nine terms). */
function lnGamma(x: number): number {
  const z = x - 1;
  const t = z + 7.5;
  const sum = LANCZOS.reduce((total, coefficient, i) => total + coefficient / (z + i + 1), 0.99999999999980993);
  return 0.5 * ln(2 * Math.PI) + (z + 0.5) * ln(t) - t + ln(sum);
}

/** Continued fraction of the incomplete beta function (DLMF 8.17.22), by Lentz's method. */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const off = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let d = 1 / off(1 - ((a + b) * x) / (a + 1));
  let c = 1;
  let result = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / off(1 + even * d);
    c = off(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / off(1 + odd * d);
    c = off(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}

/** Regularised incomplete beta function I_x(a, b). */
function beta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = exp(lnGamma(a + b) - lnGamma(a) - lnGamma(b) + a * ln(x) + b * ln(1 - x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(x, a, b)) / a : 1 - (front * betaFraction(1 - x, b, a)) / b;
}

/** P(|T| > t) with `freedom` degrees of freedom. */
export const tTail = (t: number, freedom: number): number => (Number.isFinite(t) ? beta(freedom / (freedom + t * t), freedom / 2, 0.5) : 0);

/** The t with P(|T| <= t) = confidence, by bisection to full precision. */
export function tPoint(confidence: number, freedom: number): number {
  let low = 0;
  let high = 1;
  while (tTail(high, freedom) > 1 - confidence && high < 1e12) high *= 2;
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (tTail(middle, freedom) > 1 - confidence) low = middle;
    else high = middle;
  }
  return high;
}

export interface MeanInterval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  /** Standard deviation of one value (n - 1). */
  readonly sd: number;
}

/** The mean of independent values with its two-sided interval; needs two values or more. */
export function meanInterval(values: readonly number[], confidence: number): MeanInterval {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / (count - 1));
  const half = (tPoint(confidence, count - 1) * sd) / Math.sqrt(count);
  return { mean, low: mean - half, high: mean + half, sd };
}
