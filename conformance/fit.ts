// Suite fit: latency models fitted to others' measurements, against an independent float64 implementation of the same method (docs/fit.md).
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { dominanceRows } from "../src/latency/fit/bad-data.ts";
import { interval, quantise } from "../src/latency/fit/bootstrap.ts";
import { finished, fitForms, fitTerms } from "../src/latency/fit/fit.ts";
import { fitRobust } from "../src/latency/fit/irls.ts";
import { regionOf, without } from "../src/latency/fit/measurements.ts";
import { medianOf } from "../src/latency/fit/quantile.ts";
import { readMeasurements } from "../src/latency/fit/read.ts";
import { FIXED_FORMS, columnOf } from "../src/latency/fit/terms.ts";
import { REGIONS } from "../src/latency/fit/types.ts";
import type { FormFit, Measurements } from "../src/latency/fit/types.ts";
import { checkVectors } from "./fit-vectors.ts";
import type { Report, Suite } from "./suite.ts";

interface ExpectedForm {
  readonly terms: readonly string[];
  readonly coef: readonly number[];
  readonly state: string;
  readonly set_aside_rows: readonly number[];
  readonly cv: Readonly<Record<string, number>>;
  readonly bootstrap: {
    readonly B: number;
    readonly seed: number;
    readonly unit: string;
    readonly ci95: readonly (readonly [number, number])[];
    readonly replicate0: readonly number[];
    readonly U_row0: readonly number[];
    readonly U_row0_index: number;
  };
  readonly probes: readonly { readonly row: number; readonly predicted_s: number; readonly mean_ci95: readonly [number, number] }[];
  readonly selection?: { readonly cv_rms_weighted_pct: number };
}

interface Expected {
  readonly accepted_rows: number;
  readonly compositions: number;
  readonly regions: Readonly<Record<string, number>>;
  readonly dominance_rows: readonly number[];
  readonly refused?: readonly { readonly line: number }[];
  readonly truth?: { readonly formula: string };
  readonly forms: Readonly<Record<string, ExpectedForm>>;
}

/** Largest difference of a coefficient: of its term's largest share of the median time. Both are float64; sums run in another order. */
const COEFFICIENT = 1e-5;
/** Percentage points. */
const CV_POINTS = 0.02;
/** Interval ends: share of the interval's width, and of the term's largest share of the median time. */
const INTERVAL = 0.01;
const INTERVAL_FLOOR = 1e-6;
/** Chosen terms may differ where they predict held-out rows as well. */
const SCORE = 1.02;
const PROBE = 0.01;
/** The noise of the synthetic rows leaves this much in the coefficients that matter. */
const TRUTH = 0.015;

const CV = [
  ["mapePct", "mape_pct"],
  ["medianPct", "median_pct"],
  ["p95Pct", "p95_pct"],
  ["maxPct", "max_pct"],
  ["rmsLogPct", "rms_log_pct"],
] as const;

const same = (a: readonly unknown[], b: readonly unknown[]): boolean => JSON.stringify(a) === JSON.stringify(b);
const rounded = (x: number): string => x.toPrecision(3);

/** Everything that must agree when the terms are the same; the first difference, or "". */
function formDifference(fit: FormFit, want: ExpectedForm, data: Measurements): string {
  if (!same(fit.terms, want.terms)) return `terms ${fit.terms.join(" ")}, expected ${want.terms.join(" ")}`;
  if (fit.state !== want.state) return `state ${fit.state}, expected ${want.state}`;
  if (!same(fit.setAside, want.set_aside_rows))
    return `rows set aside ${fit.setAside.join(" ")}, expected ${want.set_aside_rows.join(" ")}`;
  const median = medianOf(data.t);
  const columns = fit.terms.map((term) => columnOf(term, data));
  const perUnit = columns.map((column) => column.reduce((a, b) => Math.max(a, b), 0) / median);
  for (const [j, term] of fit.terms.entries()) {
    const off = Math.abs(fit.coefficients[j]! - want.coef[j]!) * perUnit[j]!;
    if (!(off <= COEFFICIENT)) return `coefficient of ${term} ${fit.coefficients[j]}, expected ${want.coef[j]}`;
  }
  for (const [mine, theirs] of CV)
    if (!(Math.abs(fit.cv[mine] - want.cv[theirs]!) <= CV_POINTS)) return `cv ${theirs} ${fit.cv[mine]}, expected ${want.cv[theirs]}`;
  if (!(Math.abs(fit.cv.timeRatio - want.cv["time_ratio"]!) <= CV_POINTS / 100))
    return `cv time_ratio ${fit.cv.timeRatio}, expected ${want.cv["time_ratio"]}`;
  const { bootstrap } = fit;
  if (bootstrap === undefined) return "there is no bootstrap";
  if (bootstrap.unit !== want.bootstrap.unit) return `resampled by ${bootstrap.unit}, expected ${want.bootstrap.unit}`;
  for (const [j, term] of fit.terms.entries()) {
    const [low, high] = want.bootstrap.ci95[j]!;
    const allowed = INTERVAL * (high - low) + INTERVAL_FLOOR / perUnit[j]!;
    const mine = bootstrap.ci95[j]!;
    if (!(Math.abs(mine[0] - low) <= allowed && Math.abs(mine[1] - high) <= allowed))
      return `interval of ${term} ${mine.join(" to ")}, expected ${low} to ${high}`;
    const first = bootstrap.coefficients[j]!;
    if (!(Math.abs(first - want.bootstrap.replicate0[j]!) <= allowed))
      return `replicate 0 of ${term} ${first}, expected ${want.bootstrap.replicate0[j]}`;
  }
  const { weights, kept } = finished(fitRobust(columns, data.t));
  const { values, width } = quantise(columns, data.t, weights, kept);
  const row = want.bootstrap.U_row0_index;
  const off = want.bootstrap.U_row0.findIndex((u, j) => !(Math.abs(u - values[row * width + j]!) <= 1));
  return off < 0 ? "" : `quantised row ${row}, column ${off}: ${values[row * width + off]}, expected ${want.bootstrap.U_row0[off]}`;
}

/** Predictions of the mean, against the reference within 1 % or its interval, and the share of intervals that hold the reference's prediction. */
function probeDifference(fit: FormFit, want: ExpectedForm, data: Measurements): string {
  const columns = fit.terms.map((term) => columnOf(term, data));
  const size = columns.length;
  for (const { row, predicted_s: predicted, mean_ci95: ci } of want.probes) {
    const at = (coefficients: ArrayLike<number>, from: number): number =>
      columns.reduce((sum, column, j) => sum + coefficients[from + j]! * column[row]!, 0);
    const mine = at(fit.coefficients, 0);
    const near = Math.abs(mine / predicted - 1) <= PROBE || (mine >= ci[0] && mine <= ci[1]);
    if (!near) return `row ${row} predicted ${mine}, expected ${predicted} (${ci.join(" to ")})`;
    if (!same(fit.terms, want.terms) || fit.bootstrap === undefined) continue;
    const { coefficients, replicates } = fit.bootstrap;
    const own = interval(Float64Array.from({ length: replicates }, (_, b) => at(coefficients, b * size)));
    const allowed = INTERVAL * (ci[1] - ci[0]) + INTERVAL_FLOOR * predicted;
    if (!(Math.abs(own[0] - ci[0]) <= allowed && Math.abs(own[1] - ci[1]) <= allowed))
      return `row ${row} interval ${own.join(" to ")}, expected ${ci.join(" to ")}`;
  }
  return "";
}

/** Coefficients of the truth for the constant, the context of decodes and the attention work, which no other term can stand for. */
function truthDifference(fit: FormFit, formula: string): string {
  const truth = new Map(
    formula.split(" + ").map((part) => {
      const [value = "", term = "1"] = part.split(" ");
      return [term, Number(value)] as const;
    }),
  );
  for (const term of ["1", "C", "W"]) {
    const expected = truth.get(term);
    const found = fit.coefficients[fit.terms.indexOf(term)] ?? NaN;
    if (expected !== undefined && !(Math.abs(found / expected - 1) <= TRUTH)) return `${term} ${found}, in truth ${expected}`;
  }
  return "";
}

function checkSelected(name: string, fit: FormFit, want: ExpectedForm, data: Measurements, report: Report): void {
  const score = 100 * (fit.selection?.score ?? Infinity);
  const asked = want.selection?.cv_rms_weighted_pct ?? NaN;
  report(
    `${name} selected score`,
    score <= SCORE * asked,
    `${rounded(score)} %, reference ${rounded(asked)} %, ${fit.terms.length} terms: ${fit.terms.join(" ")}`,
  );
  const mape = want.cv["mape_pct"]!;
  const p95 = want.cv["p95_pct"]!;
  report(
    `${name} selected held-out error`,
    fit.cv.mapePct <= mape + CV_POINTS && fit.cv.p95Pct <= p95 + CV_POINTS,
    `MAPE ${rounded(fit.cv.mapePct)} %, p95 ${rounded(fit.cv.p95Pct)} %, reference ${rounded(mape)} %, ${rounded(p95)} %; terms chosen again in each fold ${rounded(fit.nested?.mapePct ?? NaN)} %, ${rounded(fit.nested?.p95Pct ?? NaN)} %`,
  );
  const off = probeDifference(fit, want, data);
  report(`${name} selected predictions`, off === "", off === "" ? `${want.probes.length} rows` : off);
  const again = finished(fitTerms("selected", want.terms, data, { replicates: want.bootstrap.B, seed: want.bootstrap.seed }));
  const differs = formDifference(again, want, data);
  report(
    `${name} terms of the reference`,
    differs === "",
    differs === "" ? `${want.terms.length} coefficients, errors and intervals` : differs,
  );
}

function checkCase(folder: string, name: string, report: Report): void {
  const expected = JSON.parse(readFileSync(join(folder, name, "expected.json"), "utf8")) as Expected;
  const read = readMeasurements(readFileSync(join(folder, name, "input.csv"), "utf8"));
  if (!read.ok) {
    report(`${name} read`, false, read.text);
    return;
  }
  const { data: all } = read;
  const rows = Array.from(all.t.keys());
  const regions = REGIONS.map((region) => rows.filter((i) => regionOf(all, i) === region).length);
  const found = [all.rows, all.compositions, ...regions, read.report.refused.map(({ line }) => line)];
  const wanted = [
    expected.accepted_rows,
    expected.compositions,
    ...REGIONS.map((region) => expected.regions[region] ?? 0),
    (expected.refused ?? []).map(({ line }) => line),
  ];
  report(
    `${name} read`,
    same(found, wanted),
    same(found, wanted)
      ? `${all.rows} rows, ${read.report.refused.length} refused`
      : `${JSON.stringify(found)}, expected ${JSON.stringify(wanted)}`,
  );
  const dropped = dominanceRows(all);
  report(`${name} rows that cannot be`, same(dropped, expected.dominance_rows), `${dropped.length} found: ${dropped.join(" ")}`);
  const data = without(all, dropped);
  for (const form of FIXED_FORMS) {
    const want = expected.forms[form];
    if (want === undefined) continue;
    const [fit] = finished(fitForms(data, { forms: [form], replicates: want.bootstrap.B, seed: want.bootstrap.seed }));
    const differs = formDifference(fit!, want, data) || probeDifference(fit!, want, data);
    report(
      `${name} ${form}`,
      differs === "",
      differs === "" ? `MAPE ${rounded(fit!.cv.mapePct)} %, ${fit!.setAside.length} rows set aside` : differs,
    );
  }
  const want = expected.forms["selected"];
  if (want === undefined) return;
  const [selected] = finished(fitForms(data, { forms: ["selected"], replicates: want.bootstrap.B, seed: want.bootstrap.seed }));
  checkSelected(name, selected!, want, data, report);
  if (expected.truth === undefined) return;
  const off = truthDifference(selected!, expected.truth.formula);
  report(`${name} truth`, off === "", off === "" ? expected.truth.formula : off);
}

export const suite: Suite = {
  id: "fit",
  about:
    "Rows read and refused, sums and folds: equal. Coefficients within 1e-5 of the median time, held-out errors within 0.02 points, interval ends within 1 % of their width: both sides are float64, sums run in another order. Chosen terms: score at most 1.02 of the reference, held-out error at or below.",
  needsFolder: true,
  run: async (folder, report) => {
    if (existsSync(join(folder, "vectors.json"))) checkVectors(join(folder, "vectors.json"), report);
    for (const name of readdirSync(folder).sort()) {
      if (!existsSync(join(folder, name, "expected.json"))) continue;
      try {
        checkCase(folder, name, report);
      } catch (error) {
        report(name, false, error instanceof Error ? error.message : String(error));
      }
    }
  },
};
