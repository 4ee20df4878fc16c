// For tests only: a fitted model with a term of every kind, and figures that are easy to work out by hand.
import { drawsHash, drawsOf } from "./draws.ts";
import { parseModel } from "./model-file.ts";
import type { FittedModel } from "./model-file.ts";

/** Seconds per unit of each term. */
export const TEST_TERMS = {
  "1": 0.01,
  T: 1e-5,
  pre: 0.002,
  C: 2e-8,
  W: 1e-8,
  past: 1e-8,
  "pre*C": 1e-9,
  "max(C-8192,0)": 3e-8,
  "max(C-65536,0)": 4e-8,
  "pre*max(C-16384,0)": 5e-9,
  "min(T,64)": 2e-5,
  "max(P-384,0)": 4e-5,
  "ceil(D,8)": 6e-5,
} as const;

const errors = { form: "selected", terms: 13, mapePct: 3, p95Pct: 9, maxPct: 15, timeRatio: 1 };
const ranges = { P: [0, 2048], N: [0, 4], D: [0, 128], C: [0, 200_000], K: [0, 4096], W: [0, 1e7], T: [1, 2100], context: [1, 4096] };

export const testModelText = JSON.stringify({
  format: "goodput-latency-model",
  version: 1,
  dictionary: 1,
  form: "selected",
  terms: Object.entries(TEST_TERMS).map(([term, coefficient]) => ({ term, coefficient })),
  scale: 0.03,
  state: "ok",
  errors,
  compared: [errors],
  bands: { all: [-0.1, 0.1] },
  hull: { mixed: ranges },
  source: { file: "test.csv", hash: "0", format: "lists", rows: 300, refused: 0, setAside: 0 },
  bootstrap: null,
  note: "",
});

export const testModel = parseModel(testModelText) as FittedModel;

const coefficients = Object.values(TEST_TERMS);
const draws = drawsOf(
  {
    replicates: 2,
    seed: 1,
    unit: "row",
    ci95: [],
    notNeeded: [],
    coefficients: Float64Array.from([0.9, 1.1].flatMap((factor) => coefficients.map((x) => factor * x))),
  },
  () => true,
)!;

/** The same with two draws, a tenth below and a tenth above. */
export const testModelWithDraws: FittedModel = {
  ...testModel,
  bootstrap: { replicates: 2, seed: 1, unit: "row", drawsHash: drawsHash(draws) },
  draws,
};

/** Three planes: one that is flat, one that grows with the decodes' context, one of prompts. Seconds per unit. */
export const testPlanes = parseModel(
  JSON.stringify({
    ...(JSON.parse(testModelText) as object),
    dictionary: 2,
    form: "roofline",
    terms: [
      { term: "1", plane: 0, coefficient: 0.012 },
      { term: "P", plane: 0, coefficient: 1e-5 },
      { term: "1", plane: 1, coefficient: 0.008 },
      { term: "C", plane: 1, coefficient: 4e-8 },
      { term: "D", plane: 1, coefficient: 1e-5 },
      { term: "P", plane: 2, coefficient: 5e-5 },
      { term: "W", plane: 2, coefficient: 1e-9 },
      { term: "C", plane: 2, coefficient: 6e-8 },
    ],
  }),
) as FittedModel;
