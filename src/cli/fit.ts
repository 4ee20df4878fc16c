// goodput fit: measured iterations -> a latency model
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import { dominanceRows, unitSlips, warningsOf } from "../latency/fit/bad-data.ts";
import { EXPERIMENTAL, FORMS, REPLICATES, SEED, bestOf, fitForms, fitProblem } from "../latency/fit/fit.ts";
import type { FitOptions } from "../latency/fit/fit.ts";
import { predict } from "../latency/fit/irls.ts";
import { without } from "../latency/fit/measurements.ts";
import { formErrors, modelOf, modelText, withoutDraws } from "../latency/fit/model-file.ts";
import type { FittedModel } from "../latency/fit/model-file.ts";
import { TIME_UNITS, readMeasurements } from "../latency/fit/read.ts";
import type { ReadReport, TimeUnit } from "../latency/fit/read.ts";
import { STARTS } from "../latency/fit/roofline-form.ts";
import { formColumns } from "../latency/fit/planes.ts";
import type { FormFit, Measurements } from "../latency/fit/types.ts";
import { hashOf } from "../latency/profile/encode.ts";
import { outOfBagErrors, outOfBagText, rowsCsv } from "./fit-rows.ts";
import type { OutOfBagErrors } from "./fit-rows.ts";
import { figure, whole } from "./format.ts";
import { InputError, systemReason } from "./input-error.ts";
import { writeNewFile } from "./new-file.ts";
import { columns, print, printJson } from "./print.ts";
import { progressLine } from "./progress.ts";

export interface FitFlags {
  readonly format?: string;
  readonly unit?: string;
  readonly map: readonly string[];
  readonly pick?: string;
  readonly form: string;
  readonly bootstrap?: string;
  readonly seed?: string;
  readonly starts?: string;
  readonly note?: string;
  readonly out?: string;
  readonly rows?: string;
  readonly json?: boolean;
}

/** Rows that are listed before "and so many more". */
const MOST_LISTED = 10;
/** Replicates that give intervals worth the name, and as many as anyone waits for. */
const LEAST_REPLICATES = 100;
const MOST_REPLICATES = 2000;
const MOST_STARTS = 4096;
/** A form whose held-out error is above this is not to be trusted, percent. */
const POOR = 20;

function integerFlag(flag: string, given: string | undefined, initial: number, least: number, most: number): number {
  const value = given === undefined ? initial : Number(given);
  if (!Number.isSafeInteger(value) || value < least || value > most)
    throw new InputError(`${flag} ${given}: Give a whole number from ${whole(least)} to ${whole(most)}.`);
  return value;
}

function bytesOf(path: string): Buffer {
  try {
    const bytes = readFileSync(path);
    return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
  } catch (error) {
    throw new InputError(`${path}: It cannot be read: ${systemReason(error)}. Give a file of measured iterations.`);
  }
}

function mapped(assignments: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    assignments.map((assignment) => {
      const at = assignment.indexOf("=");
      if (at < 1) throw new InputError(`--map ${assignment}: Give NAME=COLUMN, such as time_ms=latency.`);
      return [assignment.slice(0, at), assignment.slice(at + 1)];
    }),
  );
}

/** Some lines of a file, in words. */
const linesOf = (lines: readonly number[]): string =>
  `line${lines.length === 1 ? "" : "s"} ${lines.slice(0, MOST_LISTED).join(", ")}${lines.length > MOST_LISTED ? ` and ${lines.length - MOST_LISTED} more` : ""}`;

interface Outcome {
  readonly report: ReadReport;
  /** All batches that were read; `dropped` are those that cannot be right. */
  readonly data: Measurements;
  readonly dropped: readonly number[];
  readonly fits: readonly FormFit[];
  readonly chosen: FormFit;
  readonly warnings: readonly string[];
  readonly outOfBag: readonly OutOfBagErrors[];
}

async function fitsOf(data: Measurements, options: FitOptions): Promise<FormFit[]> {
  const progress = progressLine();
  const steps = fitForms(data, options);
  for (let count = 0; ; count++) {
    const next = steps.next();
    if (next.done === true) {
      progress.clear();
      return next.value;
    }
    const { phase, text, done, total } = next.value;
    progress.text(phase === "bootstrap" ? `${text}: replicate ${whole(done)} of ${whole(total)}` : `${phase}: ${text}`);
    // Lets an interrupt in.
    if (count % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** What a user should know of the rows and the fit, one sentence each. */
function warningsFor(
  report: ReadReport,
  all: Measurements,
  data: Measurements,
  dropped: readonly number[],
  fits: readonly FormFit[],
  chosen: FormFit,
): string[] {
  const lines = (rows: readonly number[], of: Measurements): string => linesOf(rows.map((i) => of.line[i]!));
  const warnings = [...report.notes, ...warningsOf(data, chosen.terms.length)];
  const counted = (rows: readonly number[]): string => `${whole(rows.length)} ${rows.length === 1 ? "row" : "rows"}`;
  if (dropped.length > 0)
    warnings.push(
      `Set aside before the fit, for less time than smaller batches or more than larger ones: ${counted(dropped)} (${figure((100 * dropped.length) / all.rows)} %), ${lines(dropped, all)}.`,
    );
  if (chosen.setAside.length > 0)
    warnings.push(
      `Set aside by the fit, far from it: ${counted(chosen.setAside)} with ${figure(100 * chosen.stallShare)} % of all time above it, ${lines(chosen.setAside, data)}.`,
    );
  const terms = formColumns(chosen, all);
  const slips = unitSlips(
    all,
    Array.from(all.t, (_, i) => predict(terms, chosen.coefficients, i)),
  );
  if (slips.length > 0) warnings.push(`A thousand times off, as if in another unit of time: ${counted(slips)}, ${lines(slips, all)}.`);
  const best = fits.reduce((a, b) => (formErrors(b).mapePct < formErrors(a).mapePct ? b : a));
  if (formErrors(best).mapePct > POOR)
    warnings.push(
      `Every form misses the data by more than ${POOR} % (best: ${best.form} ${figure(formErrors(best).mapePct)} %): do not rely on it.`,
    );
  return warnings;
}

/** Seconds per unit as a figure that can be read: in the unit that fits `like`. */
function readable(seconds: number, like: number): string {
  if (like >= 1e-3) return `${figure(1e3 * seconds)} ms`;
  return like >= 1e-6 ? `${figure(1e6 * seconds)} us` : `${figure(1e9 * seconds)} ns`;
}

function text(file: string, { report, data, fits, chosen, warnings, outOfBag }: Outcome): string {
  const percent = (x: number): string => `${figure(x)} %`;
  const { bootstrap } = chosen;
  const like = (j: number): number => Math.max(chosen.coefficients[j]!, bootstrap?.ci95[j]![1] ?? 0);
  const blocks = [
    columns([
      ["File", `${file}: ${report.label}${report.unit === "" ? "" : `, ${report.unit}`}`],
      [
        "Rows",
        `${whole(report.accepted)} accepted, ${whole(report.refused.length)} refused; ${whole(data.rows)} batches of ${whole(data.compositions)} kinds`,
      ],
    ]),
    columns(
      [
        ["", "Form", "terms", "MAPE", "p95", "max", "time ratio", "tails"],
        ...fits.map((fit) => {
          const { terms, mapePct, p95Pct, maxPct, timeRatio } = formErrors(fit);
          return [
            fit === chosen ? "*" : "",
            EXPERIMENTAL.includes(fit.form) ? `${fit.form} (experimental)` : fit.form,
            String(terms),
            percent(mapePct),
            percent(p95Pct),
            percent(maxPct),
            figure(timeRatio, 4),
            fit.state === "ok" ? "-" : "wide",
          ];
        }),
      ],
      [2, 3, 4, 5, 6],
    ),
    "Errors of held-out rows, five folds; of selected with the terms chosen again in each fold. * is the model.",
    columns(
      [
        ["Term", "time", ...(bootstrap === undefined ? [] : ["95 % from", "to", ""])],
        ...chosen.terms.map((term, j) => [
          `${chosen.planes === undefined ? "" : `plane ${chosen.planes[j]! + 1}, `}${term === "1" ? "every iteration" : `per ${term}`}`,
          readable(chosen.coefficients[j]!, like(j)),
          ...(bootstrap === undefined
            ? []
            : [...bootstrap.ci95[j]!.map((end) => readable(end, like(j))), bootstrap.notNeeded[j] === true ? "not needed" : ""]),
        ]),
      ],
      [1, 2, 3],
    ),
    ...(outOfBag.length === 0
      ? []
      : [outOfBagText(outOfBag), "Out of bag: each row predicted by the resamples that did not draw it; its bar holds 95 % of them."]),
  ];
  const refused = report.refused.slice(0, MOST_LISTED).map(({ line, reason }) => `${file}:${line} ${reason}; row refused`);
  if (report.refused.length > MOST_LISTED) refused.push(`and ${whole(report.refused.length - MOST_LISTED)} more rows refused`);
  return [...blocks, ...(refused.length > 0 ? [refused.join("\n")] : []), ...(warnings.length > 0 ? [warnings.join("\n")] : [])].join(
    "\n\n",
  );
}

/** Everything but the replicates, which would be most of the text. */
function json(file: string, { report, data, dropped, fits, chosen, warnings, outOfBag }: Outcome, model: FittedModel) {
  const plain = fits.map(({ bootstrap, outOfBag: _rows, ...fit }) => {
    if (bootstrap === undefined) return fit;
    const { coefficients: _, ...rest } = bootstrap;
    return { ...fit, bootstrap: rest };
  });
  return {
    file,
    read: report,
    droppedLines: dropped.map((i) => data.line[i]!),
    forms: plain,
    chosen: chosen.form,
    outOfBag,
    warnings,
    model: withoutDraws(model),
  };
}

export async function fit(path: string, flags: FitFlags): Promise<void> {
  const replicates =
    flags.bootstrap === "0" ? 0 : integerFlag("--bootstrap", flags.bootstrap, REPLICATES, LEAST_REPLICATES, MOST_REPLICATES);
  const seed = integerFlag("--seed", flags.seed, SEED, 0, Number.MAX_SAFE_INTEGER);
  const starts = integerFlag("--starts", flags.starts, STARTS, 1, MOST_STARTS);
  const forms: readonly string[] = ["auto", ...FORMS];
  if (!forms.includes(flags.form)) throw new InputError(`--form ${flags.form}: Give one of ${forms.join(", ")}.`);
  if (flags.unit !== undefined && !(TIME_UNITS as readonly string[]).includes(flags.unit))
    throw new InputError(`--unit ${flags.unit}: Give one of ${TIME_UNITS.join(", ")}.`);
  const bytes = bytesOf(path);
  const outcome = readMeasurements(bytes.toString("utf8"), {
    map: mapped(flags.map),
    ...(flags.format === undefined ? {} : { format: flags.format }),
    ...(flags.unit === undefined ? {} : { unit: flags.unit as TimeUnit }),
    ...(flags.pick === undefined ? {} : { pick: flags.pick }),
  });
  if (!outcome.ok) throw new InputError(`${path}: ${outcome.text}`);
  const { data: all, report } = outcome;
  const dropped = dominanceRows(all);
  const data = without(all, dropped);
  const problem = fitProblem(data);
  if (problem !== null) throw new InputError(`${path}: ${problem}`);
  const fits = await fitsOf(data, { replicates, seed, starts });
  const chosen = flags.form === "auto" ? bestOf(fits) : fits.find(({ form }) => form === flags.form);
  if (chosen === undefined) throw new InputError(`--form ${flags.form}: ${path} does not tell enough for it. ${report.notes.join(" ")}`);
  const warnings = warningsFor(report, all, data, dropped, fits, chosen);
  const file = basename(path);
  const model = modelOf(chosen, fits, data, {
    note: flags.note ?? "",
    source: {
      file,
      hash: hashOf(bytes),
      format: report.format,
      rows: all.rows,
      refused: report.refused.length,
      setAside: dropped.length + chosen.setAside.length,
    },
  });
  if (flags.out !== undefined) writeNewFile(flags.out, modelText(model));
  if (flags.rows !== undefined) {
    const columns = formColumns(chosen, data);
    writeNewFile(
      flags.rows,
      rowsCsv(
        chosen,
        data,
        Array.from(data.t, (_, i) => predict(columns, chosen.coefficients, i)),
      ),
      "--rows",
    );
  }
  const result: Outcome = { report, data: all, dropped, fits, chosen, warnings, outOfBag: outOfBagErrors(chosen, data) };
  if (flags.json === true) printJson(json(file, result, model));
  else print(text(file, result));
}
