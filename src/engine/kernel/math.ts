// Mathematics that gives the same bits in every JavaScript engine. Math.log, exp and pow differ in the last bits between engines; these
// are pure-JavaScript ports of FreeBSD's msun (through @stdlib). Math.sqrt, floor, ceil, round, abs, min, max and imul are exact and may be used directly.
import stdlibExp from "@stdlib/math-base-special-exp";
import stdlibLn from "@stdlib/math-base-special-ln";
import stdlibPow from "@stdlib/math-base-special-pow";
import type { Random } from "./random.ts";

export const exp: (x: number) => number = stdlibExp;
export const ln: (x: number) => number = stdlibLn;
export const pow: (x: number, y: number) => number = stdlibPow;

/** Exponential with mean 1. */
export const drawExponential = (random: Random): number => -ln(1 - random.uniform());

/** Standard normal, by Marsaglia's polar method (uses only ln and sqrt; the second value is thrown away to keep the stream stateless). */
export function drawNormal(random: Random): number {
  for (;;) {
    const x = 2 * random.uniform() - 1;
    const y = 2 * random.uniform() - 1;
    const r = x * x + y * y;
    if (r > 0 && r < 1) return x * Math.sqrt((-2 * ln(r)) / r);
  }
}

/** Gamma with the given shape and scale 1 (Marsaglia and Tsang 2000; shape below 1 by their boost). */
export function drawGamma(random: Random, shape: number): number {
  if (shape < 1) return drawGamma(random, shape + 1) * pow(1 - random.uniform(), 1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = drawNormal(random);
    const cube = 1 + c * x;
    if (cube <= 0) continue;
    const v = cube * cube * cube;
    const u = 1 - random.uniform();
    if (ln(u) < 0.5 * x * x + d - d * v + d * ln(v)) return d * v;
  }
}
