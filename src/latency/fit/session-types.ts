// What a fit in a worker is asked and answers (the page's side: src/web/rpc/fit-client.ts). Times are seconds, errors percent.
import type { ReadOptions, ReadReport } from "./read.ts";
import type { Bootstrap, Errors, FitProgress, FormFit, Measurements, OutOfBag, Region } from "./types.ts";
import type { Form } from "./fit.ts";
import type { Lever } from "./lever.ts";

/**
 * One file at a time. `read` keeps what it read, `fit` fits it, `model` writes what was fitted. A `read`, `fit` or `intervals` that comes while
 * another goes on cancels it: that one answers as cancelled first, within 200 ms. Rows are numbered from 0 as in `FitInput.data`, everywhere.
 */
export interface FitHost {
  /** Reads a file (gzip too) or pasted text, and looks for rows that cannot be right. What was read before is forgotten only on success. */
  read(source: FitSource, options: ReadOptions): Promise<FitReadOutcome>;
  /** Fits what was read. Events come as parts are ready: each form, then intervals block by block, then the checked error of `selected`. */
  fit(request: FitRequest, onEvent: (event: FitEvent) => void): Promise<FitAnswer>;
  /** Intervals of another form of the last fit, with the same options; they replace none of the others. */
  intervals(form: Form, onEvent: (event: FitEvent) => void): Promise<FitAnswer>;
  /** The model file of a form of the last fit: what `goodput fit --out` writes. Null: there is no such fit. */
  model(form: Form, note: string): Promise<FitModelFile | null>;
  /** Stops what goes on; it answers with what it has (finished forms, blocks of at least 100 replicates). */
  cancel(): Promise<void>;
}

export type FitSource = File | { readonly name: string; readonly text: string };

/** What was read. */
export interface FitInput {
  readonly file: string;
  /** SHA-256 of the (unpacked) bytes, hex. */
  readonly hash: string;
  readonly report: ReadReport;
  /** All batches that were accepted, the rows set aside before the fit among them: columns to plot against. */
  readonly data: Measurements;
  /** Accepted rows that take far less time than smaller batches, or more than larger ones: left out unless `keepDominated`. */
  readonly dominated: readonly number[];
  /** Refused lines that repeat an earlier one. */
  readonly duplicates: number;
  readonly regions: Readonly<Partial<Record<Region, { readonly rows: number; readonly compositions: number }>>>;
  /** Sentences about what these measurements cannot show. */
  readonly warnings: readonly string[];
}

export type FitReadOutcome =
  { readonly ok: true; readonly input: FitInput } | { readonly ok: false; readonly code: "refused" | "cancelled"; readonly text: string };

export type FitDevice = "auto" | "gpu" | "cpu";

export interface FitRequest {
  /** The form that gets intervals and is marked as chosen; "auto": the least held-out error. */
  readonly form: Form | "auto";
  /** 0: no intervals. */
  readonly replicates: number;
  /** A whole number, 0 to 2^53 - 1. */
  readonly seed: number;
  /** Of each search for the planes of `roofline`; left out: 64. */
  readonly starts?: number;
  /** auto: the GPU where that pays and it is no software adapter; gpu: any adapter, the CPU with a line that says so where there is none. */
  readonly device: FitDevice;
  /** Rows of `dominated` take part. */
  readonly keepDominated?: boolean;
}

/** A form that was fitted. Columns per row are as long as `FitInput.data.rows`. */
export interface FittedForm extends Omit<FormFit, "form" | "bootstrap" | "outOfBag" | "nested"> {
  readonly form: Form;
  /** Seconds. */
  readonly predicted: Float64Array;
  /** Seconds predicted without the fold that a row is in; NaN for rows that took no part. */
  readonly heldOut: Float64Array;
  /** x' G^-1 x under the weighted Gram matrix: above `leverageLimit` a batch is outside of what was measured. */
  readonly leverage: Float64Array;
  readonly leverageLimit: number;
  /** The same for any batch. */
  readonly lever: Lever;
  /** By region and by thirds of T: one entry for each that has rows. */
  readonly byRegion: readonly RegionErrors[];
  /** Rows whose time is a thousand times off, as if in another unit. */
  readonly slips: readonly number[];
}

export interface RegionErrors {
  readonly region: Region;
  /** Third of the new tokens, by rank among all rows: 0 least, 2 most. */
  readonly third: 0 | 1 | 2;
  /** Least and most new tokens in it. */
  readonly tokens: readonly [number, number];
  readonly errors: Errors;
}

/** What ran, for a badge. */
export interface FitBadge {
  /** Of the sums of the bootstrap; everything else always runs on the CPU. */
  readonly device: "gpu" | "cpu";
  /** Vendor, architecture, description as the browser tells them; "" for the CPU. */
  readonly adapter: string;
  /** Whole fit, and sums of the bootstrap. */
  readonly seconds: number;
  readonly sumsSeconds: number;
  /** Adapter that searched the planes of `roofline`; "": the CPU did. */
  readonly planesOn: string;
  /** Why the GPU was not used, or was left ("GPU lost after replicate 256: finished on the CPU, same result."); "" when nothing is to be said. */
  readonly line: string;
}

export type FitEvent =
  | { readonly kind: "progress"; readonly progress: FitProgress; readonly device: "gpu" | "cpu" }
  /** Without intervals; `selected` comes before its error is checked. */
  | { readonly kind: "form"; readonly fitted: FittedForm }
  /** Intervals so far (`bootstrap.replicates` of `total`): each event replaces the one before. */
  | { readonly kind: "intervals"; readonly form: Form; readonly bootstrap: Bootstrap; readonly total: number }
  /** Out-of-bag residuals of the rows of `FitInput.data`, NaN for those that took no part; after the last block, or when the fit is cancelled. */
  | { readonly kind: "residuals"; readonly form: Form; readonly outOfBag: OutOfBag }
  /** The error of `selected` with the terms chosen again inside each fold; until then the one to show is "checking". */
  | { readonly kind: "nested"; readonly errors: Errors }
  /** The GPU was left: one sentence. */
  | { readonly kind: "device"; readonly line: string };

export type FitAnswer =
  | {
      readonly ok: true;
      /** Some of it may be missing; what events brought stands. */
      readonly cancelled: boolean;
      /** Null: cancelled before the first form. */
      readonly chosen: Form | null;
      readonly badge: FitBadge;
      readonly warnings: readonly string[];
    }
  | { readonly ok: false; readonly text: string };

export interface FitModelFile {
  readonly file: string;
  readonly text: string;
  /** How scenarios name it, hex: the SHA-256 of the text without its draws. */
  readonly hash: string;
}
