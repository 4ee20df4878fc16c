// The form on the page in words and tables: forms compared, coefficients with their intervals, errors by region, what was measured, what decoding costs. Pure.
import type { Form } from "../../../latency/fit/fit.ts";
import { formColumns } from "../../../latency/fit/planes.ts";
import type { Errors, Measurements, Region } from "../../../latency/fit/types.ts";
import { REGIONS } from "../../../latency/fit/types.ts";
import { regionOf } from "../../../latency/fit/measurements.ts";
import type { FitInput, FittedForm } from "../../../latency/fit/session-types.ts";
import type { Intervals } from "../../state/fit-store.ts";
import { fixed, integer, significant } from "../../ui/format.ts";

export interface FormRow {
  readonly form: Form;
  readonly terms: number;
  /** Of held-out rows; of `selected` with the terms chosen again in each fold. Null: being checked. */
  readonly errors: Errors | null;
  readonly wide: boolean;
}

const ORDER: readonly Form[] = ["selected", "tokens", "past", "linear", "roofline"];

export const formRows = (forms: ReadonlyMap<Form, FittedForm>, nested: Errors | null, checking: boolean): readonly FormRow[] =>
  ORDER.flatMap((id) => {
    const fitted = forms.get(id);
    if (fitted === undefined) return [];
    const errors = id === "selected" ? (nested ?? (checking ? null : fitted.cv)) : fitted.cv;
    return [{ form: id, terms: fitted.terms.length, errors, wide: fitted.state === "wide_tails" }];
  });

/** What a term counts, in words; its name says the same in short. */
export function termWords(term: string): string {
  const plain: Readonly<Record<string, string>> = {
    "1": "every iteration",
    T: "per new token",
    R: "per request",
    past: "per token of context",
    pre: "with a prompt in the batch",
    P: "per prompt token",
    D: "per decode",
    N: "per prompt",
    C: "per context token of decodes",
    K: "per context token of prompts",
    W: "per unit of prefill work",
  };
  const known = plain[term];
  if (known !== undefined) return known;
  const prompt = /^pre\*(.+)$/.exec(term);
  if (prompt !== null) return `${termWords(prompt[1]!)}, with a prompt`;
  const [, kind, of = "", knot] = /^(min|max|ceil)\(([A-Z])[,-](\d+)/.exec(term) ?? [];
  const each = plain[of] ?? `per ${of}`;
  if (kind === "min") return `${each}, up to ${integer(Number(knot))}`;
  if (kind === "max") return `${each}, from ${integer(Number(knot))} on`;
  return kind === "ceil" ? `${each}, in tiles of ${knot}` : term;
}

/** Seconds in a unit that fits `like`. */
export function timeText(seconds: number, like = seconds): string {
  const [factor, unit] = like >= 1e-3 ? [1e3, "ms"] : like >= 1e-6 ? [1e6, "\u00b5s"] : like >= 1e-9 ? [1e9, "ns"] : [1e12, "ps"];
  return `${significant(factor * seconds)}\u00a0${unit}`;
}

export interface CoefficientRow {
  readonly term: string;
  readonly words: string;
  readonly value: string;
  /** 95 %, in the unit of the value; "" while there is none. */
  readonly interval: string;
  /** Ends of the interval over the value, less one; null without. */
  readonly relative: readonly [number, number] | null;
  readonly notNeeded: boolean;
}

export function coefficientRows({ terms, coefficients, planes }: FittedForm, intervals: Intervals | undefined): readonly CoefficientRow[] {
  return terms.map((term, j) => {
    const value = coefficients[j]!;
    const ci = intervals?.bootstrap.ci95[j];
    const like = Math.max(value, ci?.[1] ?? 0);
    return {
      term,
      words: `${planes === undefined ? "" : `plane ${planes[j]! + 1}: `}${termWords(term)}`,
      value: timeText(value, like),
      interval: ci === undefined ? "" : `${timeText(ci[0], like).split("\u00a0")[0]!} to ${timeText(ci[1], like)}`,
      relative: ci === undefined || value === 0 ? null : [ci[0] / value - 1, ci[1] / value - 1],
      notNeeded: intervals?.bootstrap.notNeeded[j] ?? false,
    };
  });
}

/** Where the measured batches lie, by region: beyond it a prediction is an extrapolation. */
export interface HullRow {
  readonly region: Region;
  readonly rows: number;
  readonly cells: readonly string[];
}

export const HULL_HEADS = ["new tokens", "decodes", "context each"] as const;

export function hullRows({ data }: FitInput): readonly HullRow[] {
  const context = (i: number): number =>
    Math.max(data.D[i]! > 0 ? data.C[i]! / data.D[i]! : 0, data.N[i]! > 0 ? (data.P[i]! + data.K[i]!) / data.N[i]! : 0);
  const of = [(i: number) => data.P[i]! + data.D[i]!, (i: number) => data.D[i]!, context];
  const ranges = REGIONS.map(() => ({ rows: 0, low: of.map(() => Infinity), high: of.map(() => 0) }));
  for (let i = 0; i < data.rows; i++) {
    const range = ranges[REGIONS.indexOf(regionOf(data, i))]!;
    range.rows++;
    of.forEach((value, k) => {
      range.low[k] = Math.min(range.low[k]!, value(i));
      range.high[k] = Math.max(range.high[k]!, value(i));
    });
  }
  return REGIONS.flatMap((region, r) => {
    const { rows, low, high } = ranges[r]!;
    if (rows === 0) return [];
    return [{ region, rows, cells: low.map((from, k) => (high[k] === 0 ? "none" : `${integer(from)} to ${integer(high[k]!)}`)) }];
  });
}

/** Decodes of one batch, or tokens of one prompt where no decodes were measured: time, its interval, and how far that was measured. */
export interface WorkCurve {
  readonly of: "decodes" | "prompt";
  readonly x: Float64Array;
  readonly ms: Float64Array;
  /** 95 % of the replicates; null without any. */
  readonly low: Float64Array | null;
  readonly high: Float64Array | null;
  readonly measuredTo: number;
  /** Tokens in the cache of each decode. */
  readonly context: number;
  readonly text: string;
}

const POINTS = 65;
const MOST_REPLICATES = 200;

export function workCurve(
  { data }: FitInput,
  { terms, coefficients, planes }: FittedForm,
  intervals: Intervals | undefined,
): WorkCurve | null {
  if (data.runs !== undefined || data.totals) return null;
  let most = 0;
  let longest = 0;
  let decodes = 0;
  let context = 0;
  for (let i = 0; i < data.rows; i++) {
    most = Math.max(most, data.D[i]!);
    if (data.D[i] === 0) longest = Math.max(longest, data.P[i]!);
    decodes += data.D[i]!;
    context += data.C[i]!;
  }
  const decoding = most > 1;
  if (!decoding && longest === 0) return null;
  const each = decoding ? Math.round(context / decodes) : 0;
  const measuredTo = decoding ? most : longest;
  const end = 1.6 * measuredTo;
  const x = Float64Array.from({ length: POINTS }, (_, i) => Math.max(1, Math.round((end * i) / (POINTS - 1))));
  const zero = new Float64Array(POINTS);
  const quantities = {
    P: decoding ? zero : x,
    N: decoding ? zero : zero.map(() => 1),
    D: decoding ? x : zero,
    C: x.map((n) => (decoding ? n * each : 0)),
    K: zero,
    W: x.map((n) => (decoding ? 0 : (n * n) / 2)),
  } satisfies Partial<Measurements>;
  const columns = formColumns({ terms, coefficients, ...(planes === undefined ? {} : { planes }) }, quantities);
  const timeOf = (weights: ArrayLike<number>, from: number, i: number): number =>
    1000 * columns.reduce((sum, column, j) => sum + weights[from + j]! * column[i]!, 0);
  const ms = x.map((_, i) => timeOf(coefficients, 0, i));
  const bootstrap = intervals?.bootstrap;
  const count = Math.min(MOST_REPLICATES, bootstrap?.replicates ?? 0);
  const ends =
    bootstrap === undefined || count === 0
      ? null
      : Array.from(x, (_, i) => {
          const sorted = Float64Array.from({ length: count }, (_b, b) => timeOf(bootstrap.coefficients, b * terms.length, i)).sort();
          return [sorted[Math.floor(0.025 * (count - 1))]!, sorted[Math.ceil(0.975 * (count - 1))]!] as const;
        });
  const last = fixed(ms.at(-1)!, 1);
  return {
    of: decoding ? "decodes" : "prompt",
    x,
    ms,
    low: ends === null ? null : Float64Array.from(ends, ([low]) => low),
    high: ends === null ? null : Float64Array.from(ends, ([, high]) => high),
    measuredTo,
    context: each,
    text: decoding
      ? `A batch of decodes takes ${fixed(ms[0]!, 1)} ms alone and ${last} ms for ${integer(end)}; beyond ${integer(measuredTo)} that is an extrapolation.`
      : `A prompt takes ${fixed(ms[0]!, 1)} ms for one token and ${last} ms for ${integer(end)}; beyond ${integer(measuredTo)} that is an extrapolation.`,
  };
}
