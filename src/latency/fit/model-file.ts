// A fitted model as a file: a small JSON with coefficients, what they rest on, and how far off they are. Its SHA-256 names it in scenarios.
import { areDraws, drawsHash, drawsOf } from "./draws.ts";
import type { ModelDraws } from "./draws.ts";
import { termOf } from "./terms.ts";
import { REGIONS } from "./types.ts";
import type { Band, FormFit, Measurements, Region } from "./types.ts";
import { regionOf } from "./measurements.ts";

const FORMAT = "goodput-latency-model";
const VERSION = 1;
/** Of what terms may be: a newer one may have terms that this one does not know. 2: terms of planes, in forms that have them. */
const DICTIONARY = 1;
const PLANES_DICTIONARY = 2;

export interface FittedTerm {
  readonly term: string;
  /** From 0; the time is the largest of the planes' sums. Absent: there is one sum. */
  readonly plane?: number;
  /** Seconds per unit of the term. */
  readonly coefficient: number;
  /** 95 % interval; absent: none was computed. */
  readonly ci95?: readonly [number, number];
  readonly notNeeded?: boolean;
}

/** Least and most of each quantity in the rows of one region; `context` and `chunk` are tokens of one request. */
export type Hull = Readonly<Record<"P" | "N" | "D" | "C" | "K" | "W" | "T" | "context", readonly [number, number]>>;

interface FormErrors {
  readonly form: string;
  readonly terms: number;
  readonly mapePct: number;
  readonly p95Pct: number;
  readonly maxPct: number;
  readonly timeRatio: number;
}

export interface FittedModel {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly dictionary: number;
  readonly form: string;
  readonly terms: readonly FittedTerm[];
  /** Scale of ln(predicted / measured). */
  readonly scale: number;
  readonly state: FormFit["state"];
  /** Held-out errors of this form; for `selected` with the terms chosen again in each fold. */
  readonly errors: FormErrors;
  readonly compared: readonly FormErrors[];
  /** Of ln(measured / predicted): nine of ten iterations lie between. */
  readonly bands: Readonly<Partial<Record<Region | "all", Band>>>;
  readonly hull: Readonly<Partial<Record<Region, Hull>>>;
  readonly source: {
    readonly file: string;
    /** SHA-256 of the file's bytes, hex. */
    readonly hash: string;
    readonly format: string;
    readonly rows: number;
    readonly refused: number;
    /** Rows set aside before the fit, and by it. */
    readonly setAside: number;
  };
  readonly bootstrap: {
    readonly replicates: number;
    readonly seed: number;
    readonly unit: string;
    /** Of `draws`, hex; absent: there never were any. */
    readonly drawsHash?: string;
  } | null;
  /** Coefficients of replicates. Absent in a model that came in a link: it is the same model, under the same hash, but has no draws to run. */
  readonly draws?: ModelDraws;
  /** GPU, model, engine, as typed by the user. */
  readonly note: string;
}

/** Whether a batch of one token takes any time. */
const takesTime = (terms: readonly string[], coefficients: ArrayLike<number>): boolean =>
  terms.some((term, j) => coefficients[j]! > 0 && /^(1|T|R|D|min\(T,\d+\)|ceil\(T,\d+\))$/.test(term));

/** Figures that describe the model, in fewer digits than coefficients have: it may travel in a link. */
const described = (value: number): number => Number(value.toPrecision(6));
const describedPair = ([low, high]: readonly [number, number]): readonly [number, number] => [described(low), described(high)];
const describedErrors = ({ form, terms, mapePct, p95Pct, maxPct, timeRatio }: FormErrors): FormErrors => ({
  form,
  terms,
  mapePct: described(mapePct),
  p95Pct: described(p95Pct),
  maxPct: described(maxPct),
  timeRatio: described(timeRatio),
});

export const formErrors = ({ form, terms, cv, nested }: FormFit): FormErrors => {
  const { mapePct, p95Pct, maxPct, timeRatio } = nested ?? cv;
  return { form, terms: terms.length, mapePct, p95Pct, maxPct, timeRatio };
};

function hullOf(data: Measurements, rows: readonly number[]): Hull {
  const range = (of: (row: number) => number): readonly [number, number] =>
    rows.reduce<readonly [number, number]>(([low, high], row) => [Math.min(low, of(row)), Math.max(high, of(row))], [Infinity, 0]);
  const { P, N, D, C, K, W, runs } = data;
  if (runs !== undefined) {
    // Of the iterations, not of their sums.
    const decodes = (row: number): number => (runs[row]!.output > 1 ? runs[row]!.requests : 0);
    const end = (row: number): number => runs[row]!.input + runs[row]!.output;
    const zero = [0, 0] as const;
    return {
      P: range((i) => P[i]!),
      N: range((i) => N[i]!),
      D: range(decodes),
      C: range((i) => decodes(i) * end(i)),
      K: zero,
      W: range((i) => W[i]!),
      T: range((i) => P[i]!),
      context: range(end),
    };
  }
  return {
    P: range((i) => P[i]!),
    N: range((i) => N[i]!),
    D: range((i) => D[i]!),
    C: range((i) => C[i]!),
    K: range((i) => K[i]!),
    W: range((i) => W[i]!),
    T: range((i) => P[i]! + D[i]!),
    context: range((i) => Math.max(D[i]! > 0 ? C[i]! / D[i]! : 0, N[i]! > 0 ? (P[i]! + K[i]!) / N[i]! : 0)),
  };
}

/** The model of one of the fits. */
export function modelOf(
  fit: FormFit,
  compared: readonly FormFit[],
  data: Measurements,
  { note, source }: Pick<FittedModel, "note" | "source">,
): FittedModel {
  const { bootstrap, cv } = fit;
  const draws = bootstrap === undefined ? null : drawsOf(bootstrap, (coefficients) => takesTime(fit.terms, coefficients));
  const rows = Array.from(data.t.keys());
  const byRegion = REGIONS.flatMap((region) => {
    const mine = rows.filter((i) => regionOf(data, i) === region);
    return mine.length === 0 ? [] : [[region, hullOf(data, mine)] as const];
  });
  return {
    format: FORMAT,
    version: VERSION,
    dictionary: fit.planes === undefined ? DICTIONARY : PLANES_DICTIONARY,
    form: fit.form,
    terms: fit.terms.map((term, j) => ({
      term,
      ...(fit.planes === undefined ? {} : { plane: fit.planes[j]! }),
      coefficient: fit.coefficients[j]!,
      ...(bootstrap === undefined ? {} : { ci95: describedPair(bootstrap.ci95[j]!), notNeeded: bootstrap.notNeeded[j]! }),
    })),
    scale: described(fit.scale),
    state: fit.state,
    errors: describedErrors(formErrors(fit)),
    compared: compared.map((one) => describedErrors(formErrors(one))),
    bands: {
      all: describedPair(cv.band),
      ...Object.fromEntries(Object.entries(cv.regions).map(([region, { band }]) => [region, describedPair(band)])),
    },
    hull: Object.fromEntries(byRegion),
    source,
    bootstrap:
      bootstrap === undefined
        ? null
        : {
            replicates: bootstrap.replicates,
            seed: bootstrap.seed,
            unit: bootstrap.unit,
            ...(draws === null ? {} : { drawsHash: drawsHash(draws) }),
          },
    ...(draws === null ? {} : { draws }),
    note,
  };
}

/** Keys in sorted order but for the name of the format, which comes first, so that the first bytes tell it. */
const canonical = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(canonical)
    : typeof value === "object" && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a === "format" ? -1 : b === "format" ? 1 : a < b ? -1 : 1))
            .map(([key, one]) => [key, canonical(one)]),
        )
      : value;

/** The model with its fields in the order of its file. */
export const canonicalModel = (model: FittedModel): FittedModel => canonical(model) as FittedModel;

/** A whole file: one writing per content. */
export const modelText = (model: FittedModel): string => `${JSON.stringify(canonical(model), null, 2)}\n`;

/** The model without its draws, which it names by their hash: what travels in a link, and what the SHA-256 of a model is of. */
export function withoutDraws(model: FittedModel): FittedModel {
  const kept: { -readonly [Key in keyof FittedModel]: FittedModel[Key] } = { ...model };
  delete kept.draws;
  return kept;
}

/** Whether a text begins as a fitted model. */
export const isModelText = (head: string): boolean => /^\ufeff?\s*\{/.test(head) && head.includes(`"${FORMAT}"`);

const isPair = (value: unknown): boolean =>
  Array.isArray(value) && value.length === 2 && value.every((x) => typeof x === "number" && Number.isFinite(x));

/** More planes than any fit has. */
const MOST_PLANES = 8;

const isPlane = (plane: unknown): boolean =>
  plane === undefined || (Number.isInteger(plane) && (plane as number) >= 0 && (plane as number) < MOST_PLANES);

function isSound(model: FittedModel): boolean {
  const { terms, hull, errors, source } = model as Partial<FittedModel>;
  return (
    Array.isArray(terms) &&
    terms.length > 0 &&
    terms.length <= 200 &&
    terms.every((one: Partial<FittedTerm> | null) => {
      const coefficient = one?.coefficient;
      return (
        typeof one?.term === "string" && isPlane(one.plane) && typeof coefficient === "number" && coefficient >= 0 && coefficient < 1e6
      );
    }) &&
    new Set(terms.map(({ term, plane }) => `${plane} ${term}`)).size === terms.length &&
    new Set(terms.map(({ plane }) => typeof plane)).size === 1 &&
    typeof hull === "object" &&
    hull !== null &&
    Object.entries(hull).every(
      ([region, ranges]) =>
        (REGIONS as readonly string[]).includes(region) && ["P", "D", "T", "context"].every((key) => isPair((ranges as Hull)[key as "P"])),
    ) &&
    typeof errors?.mapePct === "number" &&
    typeof errors.p95Pct === "number" &&
    typeof source?.file === "string" &&
    typeof source.rows === "number"
  );
}

/** The model, or one sentence why the text is none. */
export function parseModel(text: string): FittedModel | string {
  const damaged = "The fitted model is damaged or cut short: fit it again, or save it again.";
  let model: Partial<FittedModel>;
  try {
    model = JSON.parse(text.replace(/^\ufeff/, "")) as Partial<FittedModel>;
  } catch {
    return damaged;
  }
  if (model.format !== FORMAT || typeof model.version !== "number" || typeof model.dictionary !== "number") return damaged;
  if (model.version > VERSION || model.dictionary > PLANES_DICTIONARY)
    return `The fitted model was saved by a newer Goodput (version ${model.version}; this one reads ${VERSION}): use a newer Goodput.`;
  if (!isSound(model as FittedModel)) return damaged;
  if (model.draws !== undefined && !areDraws(model.draws, model.terms!.length, model.bootstrap?.drawsHash))
    return "The draws of the fitted model are damaged, or belong to another model: fit it again, or save it again.";
  const sound = model as FittedModel;
  const unknown = sound.terms.find(({ term }) => termOf(term) === null);
  if (unknown !== undefined)
    return `The fitted model has a term ${JSON.stringify(unknown.term)} that Goodput does not know: correct its name.`;
  const bent = sound.terms.find(({ term, plane }) => plane !== undefined && termOf(term)!.kind !== "plain");
  if (bent !== undefined)
    return `The fitted model has a term ${JSON.stringify(bent.term)} in a plane, where terms are without knots: correct it.`;
  const names = sound.terms.map(({ term }) => term);
  const coefficients = sound.terms.map(({ coefficient }) => coefficient);
  if (!takesTime(names, coefficients))
    return "By the fitted model a batch of one token takes no time: fit a form with a constant or a time per token.";
  return canonicalModel(sound);
}
