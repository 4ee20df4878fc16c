// How sure the fitted values are: runs resampled with integer weights, solved again by the slopes at the solution; and each run predicted by the others.
import { weightsOf } from "../fit/pcg.ts";
import { quantile, sortedOf } from "../fit/quantile.ts";
import { boundedStep, inverseDiagonal, normalEquations } from "./least-squares.ts";
import type { LinearProblem } from "./least-squares.ts";

const REPLICATES = 400;
/** Words of one draw. */
const QUAD = 4;
/** Fewer runs resampled say little: the curvature at the solution does instead. */
const LEAST_RUNS = 6;
/** Normal quantile of a 95 % interval. */
const Z95 = 1.96;

export interface Confidence {
  readonly kind: "bootstrap" | "curvature";
  /** By knob, from the solution, as logarithms. */
  readonly interval: readonly (readonly [number, number])[];
  readonly told: Float64Array;
  /** Residual of each target when its run has no say. */
  readonly heldOut: Float64Array;
}

/** `targets` say which run a row of the problem belongs to. */
export function confidence(problem: LinearProblem, targets: readonly { readonly run: number }[], runs: number, seed: number): Confidence {
  const { slopes, residuals, weights, precision, least, most } = problem;
  const knobs = precision.length;
  const variance = inverseDiagonal(normalEquations(problem).matrix);
  const told = (interval: readonly (readonly [number, number])[]): Float64Array =>
    Float64Array.from(interval, ([low, high], j) => {
      const deviation = (high - low) / (2 * Z95);
      return Math.max(0, 1 - deviation * deviation * precision[j]!);
    });
  const moved = (i: number, step: Float64Array): number => residuals[i]! + slopes[i]!.reduce((sum, s, j) => sum + s * step[j]!, 0);
  const heldOut = new Float64Array(residuals.length);
  for (let run = 0; run < runs; run++) {
    const step = boundedStep({ ...problem, weights: weights.map((w, i) => (targets[i]!.run === run ? 0 : w)) });
    targets.forEach((target, i) => {
      if (target.run === run) heldOut[i] = moved(i, step);
    });
  }
  const within = (j: number, u: number): number => Math.min(most[j]!, Math.max(least[j]!, u));
  if (runs < LEAST_RUNS) {
    const wide = Array.from(variance, (v) => [-Z95 * Math.sqrt(v), Z95 * Math.sqrt(v)] as const);
    return {
      kind: "curvature",
      interval: wide.map(([low, high], j) => [within(j, low), within(j, high)] as const),
      told: told(wide),
      heldOut,
    };
  }
  const steps = Array.from({ length: knobs }, () => new Float64Array(REPLICATES));
  const drawn = Array.from({ length: runs }, () => new Float64Array(QUAD));
  for (let quad = 0; quad < REPLICATES / QUAD; quad++) {
    drawn.forEach((into, run) => weightsOf(run, quad, seed, into, 0, 1));
    for (let k = 0; k < QUAD; k++) {
      // The prior's centre is drawn as well: else a knob that the runs do not tell would look certain.
      const offset = problem.offset.map((u, j) => u + normalOf(j, quad * QUAD + k, seed) / Math.sqrt(precision[j]!));
      const step = boundedStep({ ...problem, offset, weights: weights.map((w, i) => w * drawn[targets[i]!.run]![k]!) });
      steps.forEach((column, j) => (column[quad * QUAD + k] = step[j]!));
    }
  }
  const interval = steps.map((column) => {
    const sorted = sortedOf(column);
    return [Math.min(0, quantile(sorted, 0.025)), Math.max(0, quantile(sorted, 0.975))] as const;
  });
  return { kind: "bootstrap", interval, told: told(interval), heldOut };
}

const words = new Float64Array(QUAD);

/** A draw that is nearly normal: the sum of Poisson weights of many units, less its mean, over its deviation. */
function normalOf(knob: number, replicate: number, seed: number): number {
  const UNITS = 16;
  let sum = 0;
  for (let unit = 0; unit < UNITS; unit++) {
    weightsOf((knob + 1) * 1_000_003 + unit, replicate >> 2, seed + 1, words, 0, 1);
    sum += words[replicate & 3]!;
  }
  return (sum - UNITS) / Math.sqrt(UNITS);
}
