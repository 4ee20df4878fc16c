// The fit of one form, and of all: coefficients, errors of held-out rows, intervals. Generators that yield progress, so that whoever calls may stop.
import { bootstrap, unitIndexOf } from "./bootstrap.ts";
import { errorsOf, heldOut } from "./errors.ts";
import { fitRobust, predict } from "./irls.ts";
import { thinned, without } from "./measurements.ts";
import { addResiduals, noResiduals, outOfBagOf, scaledTerms } from "./out-of-bag.ts";
import { reported } from "./report.ts";
import type { Fitted } from "./report.ts";
import { STARTS, rooflineFitted } from "./roofline-form.ts";
import type { FoundPlanes } from "./roofline-search.ts";
import { selectTerms } from "./select.ts";
import { FIXED_FORMS, candidates, columnOf, formTerms } from "./terms.ts";
import { told } from "./told.ts";
import type { Steps } from "./told.ts";
import type { Errors, FitProgress, FormFit, Measurements } from "./types.ts";

/** Terms are chosen on at most about this many rows, coefficients fitted on all. */
const SELECTION_ROWS = 20_000;

export const FORMS = ["selected", ...FIXED_FORMS, "roofline"] as const;
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
  /** Of the search of the form `roofline`. */
  readonly starts?: number;
}

/** Coefficients and errors of given terms, without intervals. */
function* termsFitted(form: string, terms: readonly string[], data: Measurements): Steps<Fitted> {
  const { t } = data;
  const columns = terms.map((term) => columnOf(term, data));
  const progress: FitProgress = { phase: "fit", text: form, done: 0, total: 1 };
  const robust = yield* told(fitRobust(columns, t), progress);
  const predicted = Float64Array.from(t, (seconds, i) => Math.max(predict(columns, robust.coefficients, i), seconds / 1000));
  const held = yield* told(
    heldOut(data, function* () {
      yield;
      return columns;
    }),
    progress,
  );
  return reported(data, { form, terms }, columns, robust, predicted, held);
}

/** Terms chosen from the dictionary. Their error with the terms chosen again in each fold is asked for apart (`nestedErrors`). */
function* selectedFitted(data: Measurements): Steps<Fitted> {
  const some = forSelection(data);
  const { names, columns } = candidates(some);
  const progress: FitProgress = { phase: "select", text: `${names.length} candidates`, done: 0, total: 1 };
  const { chosen, score, scoreCalls } = yield* told(selectTerms(columns, some), progress);
  const terms = chosen.map((j) => names[j]!);
  const fitted = yield* termsFitted("selected", terms, data);
  return { ...fitted, fit: { ...fitted.fit, selection: { candidates: names.length, score, scoreCalls } } };
}

const forSelection = (data: Measurements): Measurements => thinned(data, Math.ceil(data.rows / SELECTION_ROWS));

/** The error of `selected` when the terms are chosen again inside each fold. */
export function* nestedErrors({ fit }: Fitted, data: Measurements): Steps<Errors> {
  const some = forSelection(data);
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
  return errorsOf(
    some.t,
    held,
    Array.from(some.t.keys()).filter((i) => !aside.has(i)),
  );
}

/** A form without its intervals (`starts`, `found`: of rooflineFitted); null: these measurements do not tell enough for it. */
export function* fitForm(
  form: Form,
  data: Measurements,
  starts = STARTS,
  found?: readonly (readonly FoundPlanes[])[],
): Steps<Fitted | null> {
  if (form === "selected") return yield* selectedFitted(data);
  if (form === "roofline") return yield* rooflineFitted(data, starts, found);
  const terms = formTerms(form, data);
  return terms.length === 0 ? null : yield* termsFitted(form, terms, data);
}

function* withIntervals({ fit, columns, weights, kept }: Fitted, data: Measurements, options: FitOptions): Steps<FormFit> {
  const { replicates = REPLICATES, seed = SEED } = options;
  if (replicates === 0) return fit;
  const progress: FitProgress = { phase: "bootstrap", text: fit.form, done: 0, total: replicates };
  const found = yield* told(bootstrap(data, columns, weights, kept, seed, replicates), progress, Number);
  const scaled = scaledTerms(columns, data.t, fit.coefficients);
  const sums = noResiduals(data.rows);
  const rows: FitProgress = { phase: "residuals", text: fit.form, done: 0, total: data.rows };
  yield* told(addResiduals(scaled, unitIndexOf(data, found.unit), seed, found.coefficients, 0, sums), rows, Number);
  return { ...fit, bootstrap: found, outOfBag: outOfBagOf(scaled, sums) };
}

/** Coefficients, errors and intervals of given terms. */
export function* fitTerms(form: string, terms: readonly string[], data: Measurements, options: FitOptions): Steps<FormFit> {
  return yield* withIntervals(yield* termsFitted(form, terms, data), data, options);
}

/** Every form that was asked for (all, left out), in the order of `FORMS`. */
export function* fitForms(data: Measurements, options: FitOptions = {}): Steps<FormFit[]> {
  const fits: FormFit[] = [];
  for (const form of FORMS) {
    if (options.forms !== undefined && !options.forms.includes(form)) continue;
    const fitted = yield* fitForm(form, data, options.starts);
    if (fitted === null) continue;
    const fit = yield* withIntervals(fitted, data, options);
    fits.push(form === "selected" ? { ...fit, nested: yield* nestedErrors(fitted, data) } : fit);
  }
  return fits;
}

/** Forms that become the model only when they are asked for. */
export const EXPERIMENTAL: readonly string[] = ["roofline"];

/** Of several forms the one with the least held-out error; an experimental one only where there is no other. */
export const bestOf = (fits: readonly FormFit[]): FormFit =>
  fits
    .toSorted((a, b) => Number(EXPERIMENTAL.includes(a.form)) - Number(EXPERIMENTAL.includes(b.form)))
    .reduce((a, b) => (!EXPERIMENTAL.includes(b.form) && (b.nested ?? b.cv).rmsLogPct < (a.nested ?? a.cv).rmsLogPct ? b : a));

/** Runs the steps to their end. */
export function finished<T>(steps: Generator<unknown, T>): T {
  for (;;) {
    const next = steps.next();
    if (next.done === true) return next.value;
  }
}
