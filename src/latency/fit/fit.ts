// The fit of one form, and of all: coefficients, errors of held-out rows, intervals. Generators that yield progress, so that whoever calls may stop.
import { bootstrap } from "./bootstrap.ts";
import { crossValidationOf, errorsOf, heldOut } from "./errors.ts";
import { fitRobust, predict } from "./irls.ts";
import { thinned, without } from "./measurements.ts";
import { selectTerms } from "./select.ts";
import { FIXED_FORMS, candidates, columnOf, formTerms } from "./terms.ts";
import type { FitProgress, FormFit, Measurements } from "./types.ts";

/** Terms are chosen on at most about this many rows, coefficients fitted on all. */
const SELECTION_ROWS = 20_000;

export const FORMS = ["selected", ...FIXED_FORMS] as const;
export type Form = (typeof FORMS)[number];

export const REPLICATES = 400;
export const SEED = 20260101;

/** Fewer kinds of batches than folds cannot be held out. */
const LEAST_KINDS = 5;

/** Why these measurements cannot be fitted, as a sentence; null: they can. */
export const fitProblem = ({ compositions }: Measurements): string | null =>
  compositions >= LEAST_KINDS
    ? null
    : `There are only ${compositions} kinds of batches, and at least ${LEAST_KINDS} are needed: vary what is in a batch.`;

export interface FitOptions {
  readonly forms?: readonly Form[];
  /** 0: no intervals. */
  readonly replicates?: number;
  readonly seed?: number;
}

type Steps<T> = Generator<FitProgress, T>;

/** Passes on the steps of a part as progress. */
function* told<T>(steps: Generator<unknown, T>, progress: FitProgress, done: (step: unknown) => number = () => progress.done): Steps<T> {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
    yield { ...progress, done: done(next.value) };
  }
}

/** Coefficients, errors and intervals of given terms. */
export function* fitTerms(
  form: string,
  terms: readonly string[],
  data: Measurements,
  { replicates = REPLICATES, seed = SEED }: FitOptions,
): Steps<FormFit> {
  const { t } = data;
  const columns = terms.map((term) => columnOf(term, data));
  const progress: FitProgress = { phase: "fit", text: form, done: 0, total: 1 };
  const fit = yield* told(fitRobust(columns, t), progress);
  const predicted = Float64Array.from(t, (seconds, i) => Math.max(predict(columns, fit.coefficients, i), seconds / 1000));
  const rows = Array.from(t.keys());
  const setAside = rows.filter((i) => fit.kept[i] === 0);
  const held = yield* told(
    heldOut(data, function* () {
      yield;
      return columns;
    }),
    progress,
  );
  let stalled = 0;
  for (const i of setAside) stalled += Math.max(0, t[i]! - predicted[i]!);
  const resampled =
    replicates === 0
      ? undefined
      : yield* told(
          bootstrap(data, columns, fit.weights, fit.kept, seed, replicates),
          { phase: "bootstrap", text: form, done: 0, total: replicates },
          Number,
        );
  return {
    form,
    terms,
    coefficients: Array.from(fit.coefficients),
    scale: fit.scale,
    state: fit.state,
    setAside,
    stallShare: stalled / t.reduce((sum, x) => sum + x, 0),
    train: errorsOf(
      t,
      predicted,
      rows.filter((i) => fit.kept[i] === 1),
    ),
    cv: crossValidationOf(data, held, fit.kept),
    ...(resampled === undefined ? {} : { bootstrap: resampled }),
  };
}

/** Terms chosen from the dictionary, and the error when they are chosen again inside each fold. */
function* fitSelected(data: Measurements, options: FitOptions): Steps<FormFit> {
  const some = thinned(data, Math.ceil(data.rows / SELECTION_ROWS));
  const { names, columns } = candidates(some);
  const progress: FitProgress = { phase: "select", text: `${names.length} candidates`, done: 0, total: 1 };
  const selection = yield* told(selectTerms(columns, some), progress);
  const fit = yield* fitTerms(
    "selected",
    selection.chosen.map((j) => names[j]!),
    data,
    options,
  );
  const check: FitProgress = { phase: "check", text: "terms chosen again without each fifth of the rows", done: 0, total: 1 };
  const held = yield* told(
    heldOut(some, function* (train) {
      const rows = Array.from(train.keys());
      const part = without(
        some,
        rows.filter((i) => train[i] === 0),
      );
      // Knots as well: a fold that lacks a size cannot offer it.
      const offered = candidates(part);
      const again = yield* selectTerms(offered.columns, part);
      return again.chosen.map((j) => columnOf(offered.names[j]!, some));
    }),
    check,
  );
  // Rows set aside are those of the fit to all rows; where terms were chosen on fewer, all of these count.
  const aside = new Set(some === data ? fit.setAside : []);
  const nested = errorsOf(
    some.t,
    held,
    Array.from(some.t.keys()).filter((i) => !aside.has(i)),
  );
  return { ...fit, nested, selection: { candidates: names.length, score: selection.score, scoreCalls: selection.scoreCalls } };
}

/** Every form that was asked for (all, left out), in the order of `FORMS`. */
export function* fitForms(data: Measurements, options: FitOptions = {}): Steps<FormFit[]> {
  const fits: FormFit[] = [];
  for (const form of FORMS) {
    if (options.forms !== undefined && !options.forms.includes(form)) continue;
    if (form === "selected") fits.push(yield* fitSelected(data, options));
    else {
      const terms = formTerms(form, data);
      if (terms.length > 0) fits.push(yield* fitTerms(form, terms, data, options));
    }
  }
  return fits;
}

/** Runs the steps to their end. */
export function finished<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}
