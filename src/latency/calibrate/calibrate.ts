// The fit: Gauss-Newton steps on differences of whole simulations (no derivative of the simulator exists), damped where a step does not help.
// A generator that yields after each simulation, so that whoever calls may show progress or stop.
import { exp, ln } from "../../engine/kernel/math.ts";
import { confidence } from "./confidence.ts";
import { boundedStep } from "./least-squares.ts";
import type { LinearProblem } from "./least-squares.ts";
import { medianErrors } from "./errors.ts";
import { CLIENT_MEANS, OUTSIDE } from "./types.ts";
import type { Calibration, CalibrationProgress, ClientMean, ClientMeans, Knob, MeasuredRun, Simulate } from "./types.ts";

export interface CalibrationOptions {
  readonly rounds?: number;
  readonly seed?: number;
}

/** Rounds of slopes; three are usual. */
const ROUNDS = 6;
/** Tries of a step before the point counts as the solution. */
const TRIES = 4;
/** Differences are taken this far, as a logarithm: far enough that the jumps of single batches do not count. */
const DIFFERENCE = 0.08;
/** A round that lowers the loss by less than this share was the last. */
const ENOUGH = 0.02;
/** Residuals beyond so many scales count less (Huber); the scale is at least this, as a logarithm. */
const HUBER = 2;
const LEAST_SCALE = 0.005;
/** On the way it is at least this: simulations jump by as much where a batch falls out differently. */
const STEP_SCALE = 0.02;

/** One measured mean: what a row of the least squares stands for. */
interface Target {
  readonly run: number;
  readonly of: ClientMean;
  readonly measured: number;
}

/** Where the search stands. */
interface Point {
  /** Place of each knob on its scale. */
  readonly at: Float64Array;
  /** Of the engine alone, by run. */
  readonly simulated: readonly ClientMeans[];
  /** ln(predicted / measured) by target. */
  readonly residuals: Float64Array;
}

const median = (values: Float64Array): number => {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};

const robustScale = (residuals: Float64Array): number => 1.4826 * median(residuals.map(Math.abs));

/** Scale of the residuals, and Huber's weights over the square of it. */
function robustWeights(
  residuals: Float64Array,
  scaled = robustScale(residuals),
): { readonly scale: number; readonly weights: Float64Array } {
  const scale = Math.max(scaled, LEAST_SCALE);
  return {
    scale,
    weights: residuals.map((r) => (Math.abs(r) <= HUBER * scale ? 1 : (HUBER * scale) / Math.abs(r)) / (scale * scale)),
  };
}

/** What a client measures: the engine's time and that outside of it. A quantity that the run does not have stays null. */
function seenByClient(engine: ClientMeans, outsideS: number): ClientMeans {
  return {
    ttft: engine.ttft === null ? null : engine.ttft + outsideS,
    tpot: engine.tpot,
    e2e: engine.e2e === null ? null : engine.e2e + outsideS,
  };
}

const placeOf = ({ offset }: Knob, value: number): number => ln(value + offset);
const valueOf = ({ offset, low, high }: Knob, at: number): number => Math.min(high, Math.max(low, exp(at) - offset));

/** Seconds of the knob "outside", which is in ms. */
const outsideSeconds = (knobs: readonly Knob[], at: Float64Array): number => {
  const j = knobs.findIndex(({ id }) => id === OUTSIDE);
  return j < 0 ? 0 : valueOf(knobs[j]!, at[j]!) * 1e-3;
};

const huberLoss = (r: number, scale: number): number => {
  const z = Math.abs(r) / scale;
  return z <= HUBER ? 0.5 * z * z : HUBER * (z - 0.5 * HUBER);
};

/** Throws a RangeError where no run has a measured mean. */
export function* calibrate(
  runs: readonly MeasuredRun[],
  knobs: readonly Knob[],
  simulate: Simulate,
  { rounds = ROUNDS, seed = 20260101 }: CalibrationOptions = {},
): Generator<CalibrationProgress, Calibration> {
  const targets = runs.flatMap(({ measured }, run) =>
    CLIENT_MEANS.flatMap((of): Target[] => (measured[of] === null ? [] : [{ run, of, measured: measured[of] }])),
  );
  if (targets.length === 0) throw new RangeError("No run has a measured TTFT, TPOT or E2E.");
  const engine = knobs.map(({ id }, j) => ({ id, j })).filter(({ id }) => id !== OUTSIDE);
  const low = Float64Array.from(knobs, (knob) => placeOf(knob, knob.low));
  const high = Float64Array.from(knobs, (knob) => placeOf(knob, knob.high));
  const start = Float64Array.from(knobs, (knob) => placeOf(knob, knob.initial));
  const precision = Float64Array.from(knobs, ({ spread }) => 1 / (spread * spread));

  let simulations = 0;
  let round = 0;
  let phase: CalibrationProgress["phase"] = "start";
  let misfit: number | null = null;
  const total = runs.length * (1 + rounds * (engine.length + TRIES));
  const residualsOf = (simulated: readonly ClientMeans[], at: Float64Array): Float64Array => {
    const outside = outsideSeconds(knobs, at);
    return Float64Array.from(targets, ({ run, of, measured }) => {
      const value = seenByClient(simulated[run]!, outside)[of];
      return value === null || !(value > 0) ? 0 : ln(value / measured);
    });
  };
  function* evaluate(at: Float64Array): Generator<CalibrationProgress, Point> {
    const values = Object.fromEntries(engine.map(({ id, j }) => [id, valueOf(knobs[j]!, at[j]!)]));
    const simulated: ClientMeans[] = [];
    for (let run = 0; run < runs.length; run++) {
      simulated.push(simulate(values, run));
      simulations++;
      yield { phase, round, done: simulations, total: Math.max(total, simulations), misfit };
    }
    return { at, simulated, residuals: residualsOf(simulated, at) };
  }
  const loss = ({ at, residuals }: Point, scale: number): number =>
    residuals.reduce((sum, r) => sum + huberLoss(r, scale), 0) +
    at.reduce((sum, u, j) => sum + 0.5 * precision[j]! * (u - start[j]!) * (u - start[j]!), 0);
  const rms = ({ residuals }: Point): number => Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length);

  let best = yield* evaluate(start);
  const before = best;
  misfit = rms(best);
  let slopes: readonly Float64Array[] = [];
  let converged = false;
  const problemAt = (point: Point, weights: Float64Array): LinearProblem => ({
    slopes,
    residuals: point.residuals,
    weights,
    offset: point.at.map((u, j) => u - start[j]!),
    precision,
    least: low.map((l, j) => l - point.at[j]!),
    most: high.map((h, j) => h - point.at[j]!),
  });
  while (round < rounds && !converged) {
    round++;
    phase = "slopes";
    const rows = targets.map(() => new Float64Array(knobs.length));
    for (let j = 0; j < knobs.length; j++) {
      const away = Float64Array.from(best.at);
      // Into the bounds; upwards unless the bound is near.
      const step = best.at[j]! + DIFFERENCE <= high[j]! ? DIFFERENCE : -DIFFERENCE;
      away[j]! += step;
      const moved = knobs[j]!.id === OUTSIDE ? residualsOf(best.simulated, away) : (yield* evaluate(away)).residuals;
      rows.forEach((row, i) => (row[j] = (moved[i]! - best.residuals[i]!) / step));
    }
    slopes = rows;
    // How noisy the runs are shows in what a step leaves: far from the solution residuals say how far it is, and the prior would hold everything in place.
    const point = best;
    const freely = boundedStep(problemAt(point, robustWeights(point.residuals, STEP_SCALE).weights));
    const left = point.residuals.map((r, i) => rows[i]!.reduce((sum, slope, j) => sum + slope * freely[j]!, r));
    const { scale, weights } = robustWeights(point.residuals, Math.max(STEP_SCALE, robustScale(left)));
    phase = "step";
    let damping = 0;
    let better: Point | null = null;
    for (let attempt = 0; attempt < TRIES && better === null; attempt++) {
      const step = boundedStep(problemAt(best, weights), damping);
      const trial = yield* evaluate(best.at.map((u, j) => u + step[j]!));
      if (loss(trial, scale) < loss(best, scale)) better = trial;
      damping = damping === 0 ? 1 : damping * 8;
    }
    if (better === null) converged = true;
    else {
      converged = loss(best, scale) - loss(better, scale) < ENOUGH * loss(best, scale);
      best = better;
      misfit = rms(best);
    }
  }
  const { weights } = robustWeights(best.residuals);
  const sure = confidence(problemAt(best, weights), targets, runs.length, seed);
  const outsideAt = (at: Float64Array): number => outsideSeconds(knobs, at);
  const clientMeans = (point: Point): readonly ClientMeans[] => point.simulated.map((means) => seenByClient(means, outsideAt(point.at)));
  const [first, last] = [clientMeans(before), clientMeans(best)];
  const heldOut = last.map((means, run) => {
    const out: Record<ClientMean, number | null> = { ...means };
    targets.forEach(({ run: of, of: mean }, i) => {
      if (of === run && out[mean] !== null) out[mean] *= exp(sure.heldOut[i]! - best.residuals[i]!);
    });
    return out;
  });
  const results = runs.map(({ name, measured }, run) => ({
    name,
    measured,
    before: first[run]!,
    after: last[run]!,
    heldOut: heldOut[run]!,
  }));
  return {
    knobs: knobs.map((knob, j) => ({
      knob,
      value: valueOf(knob, best.at[j]!),
      interval: [valueOf(knob, best.at[j]! + sure.interval[j]![0]), valueOf(knob, best.at[j]! + sure.interval[j]![1])],
      told: sure.told[j]!,
    })),
    runs: results,
    errors: {
      before: medianErrors(results, "before"),
      after: medianErrors(results, "after"),
      heldOut: medianErrors(results, "heldOut"),
    },
    intervals: sure.kind,
    simulations,
    converged,
  };
}
