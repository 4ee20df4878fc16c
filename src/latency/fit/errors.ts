// How far predictions are off: of the rows that a form was fitted to, and of rows held out.
import { ln } from "../../engine/kernel/math.ts";
import { fitRobust, predict } from "./irls.ts";
import { foldsOf } from "./pcg.ts";
import { regionOf } from "./measurements.ts";
import { medianOf, quantile, sortedOf } from "./quantile.ts";
import { REGIONS } from "./types.ts";
import type { Band, CrossValidation, Errors, Measurements } from "./types.ts";

export const FOLDS = 5;
/** Seed of the folds: always the same, so that errors of two forms are of the same rows. */
export const FOLD_SEED = 1;
/** Below this many rows a region has no band of its own. */
const FEW_FOR_BAND = 30;

export function errorsOf(t: Float64Array, predicted: Float64Array, rows: readonly number[]): Errors {
  const percent = sortedOf(rows.map((i) => (100 * Math.abs(predicted[i]! - t[i]!)) / t[i]!));
  let measured = 0;
  let sum = 0;
  let logs = 0;
  let squares = 0;
  for (const i of rows) {
    measured += t[i]!;
    sum += predicted[i]!;
    const log = ln(t[i]! / predicted[i]!);
    logs += log * log;
    squares += (predicted[i]! - t[i]!) * (predicted[i]! - t[i]!);
  }
  const n = rows.length;
  let spread = 0;
  for (const i of rows) spread += (t[i]! - measured / n) * (t[i]! - measured / n);
  return {
    rows: n,
    mapePct: percent.reduce((total, x) => total + x, 0) / n,
    medianPct: medianOf(percent),
    p95Pct: quantile(percent, 0.95),
    maxPct: percent[n - 1] ?? NaN,
    rmsLogPct: 100 * Math.sqrt(logs / n),
    timeRatio: sum / measured,
    rmseS: Math.sqrt(squares / n),
    r2: 1 - squares / spread,
  };
}

function bandOf(t: Float64Array, predicted: Float64Array, rows: readonly number[]): Band {
  const logs = sortedOf(rows.map((i) => ln(t[i]! / predicted[i]!)));
  const n = logs.length;
  const low = Math.max(1, Math.floor(0.05 * (n + 1)));
  const high = Math.min(n, Math.ceil(0.95 * (n + 1)));
  return [logs[low - 1]!, logs[high - 1]!];
}

/** For each fold that holds out any rows 1 for the others. */
export function foldTrains(data: Measurements): Uint8Array[] {
  const fold = foldsOf(data.compositions, FOLDS, FOLD_SEED, 0);
  return Array.from({ length: FOLDS }, (_, k) => Uint8Array.from(data.composition, (c) => (fold[c] === k ? 0 : 1))).filter((train) =>
    train.includes(0),
  );
}

/** Predictions of held-out rows. `termsFor` may choose other terms for every fold. */
export function* heldOut(
  data: Measurements,
  termsFor: (train: Uint8Array) => Generator<void, readonly Float64Array[]>,
): Generator<void, Float64Array> {
  const predicted = new Float64Array(data.rows);
  for (const train of foldTrains(data)) {
    const columns = yield* termsFor(train);
    const { coefficients } = yield* fitRobust(columns, data.t, train);
    for (let i = 0; i < data.rows; i++) if (train[i] === 0) predicted[i] = Math.max(predict(columns, coefficients, i), data.t[i]! / 1000);
  }
  return predicted;
}

export function crossValidationOf(data: Measurements, predicted: Float64Array, kept: Uint8Array): CrossValidation {
  const all = Array.from(data.t.keys());
  const rows = all.filter((i) => kept[i] === 1);
  const band = bandOf(data.t, predicted, rows);
  const regions = Object.fromEntries(
    REGIONS.flatMap((region) => {
      const mine = rows.filter((i) => regionOf(data, i) === region);
      if (mine.length === 0) return [];
      const { mapePct, p95Pct } = errorsOf(data.t, predicted, mine);
      const own = mine.length < FEW_FOR_BAND ? band : bandOf(data.t, predicted, mine);
      return [[region, { rows: mine.length, mapePct, p95Pct, band: own }]];
    }),
  );
  return { ...errorsOf(data.t, predicted, rows), allRowsMapePct: errorsOf(data.t, predicted, all).mapePct, regions, band };
}
