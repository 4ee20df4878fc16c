// Measurements of iterations as columns, and what a fit tells. Times are seconds; docs/fit.md has the method.

/** Work of one iteration, by the names that terms use. */
export interface Quantities {
  /** Prompt tokens computed, and requests they belong to. */
  readonly P: Float64Array;
  readonly N: Float64Array;
  /** Decoding requests, and the tokens in their KV cache before the iteration. */
  readonly D: Float64Array;
  readonly C: Float64Array;
  /** Tokens in the KV cache of the prefills; sum over them of chunk x (past + chunk / 2). */
  readonly K: Float64Array;
  readonly W: Float64Array;
}

export const QUANTITIES = ["P", "N", "D", "C", "K", "W"] as const;

export interface Measurements extends Quantities {
  readonly rows: number;
  /** Measured time, seconds. */
  readonly t: Float64Array;
  /** Line of the file that a row comes from. */
  readonly line: Int32Array;
  /** Rows of the same work have the same composition: numbered in order of first appearance. */
  readonly composition: Int32Array;
  readonly compositions: number;
  /** Only new tokens, requests and context in all are known: D holds the requests, P the tokens beyond one for each, C the context. */
  readonly totals: boolean;
  /** Each row is a whole run of one batch: its quantities are sums over its iterations, and so are its terms. */
  readonly runs?: readonly StaticRun[];
}

/** Requests that start together: one prefill of all prompts, then decodes until each has its output. */
export interface StaticRun {
  readonly requests: number;
  readonly input: number;
  readonly output: number;
}

export interface RefusedRow {
  readonly line: number;
  readonly reason: string;
}

export const REGIONS = ["decode", "prefill", "mixed"] as const;
export type Region = (typeof REGIONS)[number];

/** Errors of predictions. Percent of the measured time, but for the last three. */
export interface Errors {
  readonly rows: number;
  readonly mapePct: number;
  readonly medianPct: number;
  readonly p95Pct: number;
  readonly maxPct: number;
  /** Root mean square of ln(measured / predicted), percent. */
  readonly rmsLogPct: number;
  /** Sum of predicted over sum of measured: a bias here is the same bias in throughput. */
  readonly timeRatio: number;
  readonly rmseS: number;
  readonly r2: number;
}

/** Of ln(measured / predicted) of held-out rows: between these lie nine of ten. */
export type Band = readonly [low: number, high: number];

export interface CrossValidation extends Errors {
  /** With the rows that the fit sets aside. */
  readonly allRowsMapePct: number;
  readonly regions: Readonly<
    Partial<Record<Region, { readonly rows: number; readonly mapePct: number; readonly p95Pct: number; readonly band: Band }>>
  >;
  readonly band: Band;
}

export interface Bootstrap {
  readonly replicates: number;
  readonly seed: number;
  readonly unit: "row" | "composition";
  /** 95 % intervals of the coefficients. */
  readonly ci95: readonly (readonly [number, number])[];
  /** Terms that are zero in more than a fifth of the replicates. */
  readonly notNeeded: readonly boolean[];
  /** Coefficients by replicate, one after another. */
  readonly coefficients: Float64Array;
}

/** By row, over the replicates that did not draw it: how many, and mean and standard deviation of predicted over measured, less one. NaN without any. */
export interface OutOfBag {
  readonly count: Int32Array;
  readonly mean: Float64Array;
  readonly spread: Float64Array;
}

export interface FormFit {
  readonly form: string;
  readonly terms: readonly string[];
  readonly coefficients: readonly number[];
  /** Plane of each term, from 0, of a form whose time is the largest of several sums. */
  readonly planes?: readonly number[];
  /** Scale of the log ratio: 1.4826 median. */
  readonly scale: number;
  /** wide_tails: more than one row in twenty lies far off, which is the form's fault, so none is set aside. */
  readonly state: "ok" | "wide_tails";
  /** Rows among those used, from 0. */
  readonly setAside: readonly number[];
  readonly stallShare: number;
  readonly train: Errors;
  readonly cv: CrossValidation;
  /** Of `selected`: terms chosen again inside each fold. */
  readonly nested?: Errors;
  readonly selection?: { readonly candidates: number; readonly score: number; readonly scoreCalls: number };
  readonly bootstrap?: Bootstrap;
  /** Rows among those used. */
  readonly outOfBag?: OutOfBag;
}

export interface FitProgress {
  readonly phase: "fit" | "select" | "check" | "bootstrap" | "residuals" | "planes";
  readonly text: string;
  readonly done: number;
  readonly total: number;
}
