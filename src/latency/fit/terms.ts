// Terms of a batch time by name, the fixed forms, and the dictionary that `selected` chooses from (docs/fit.md).
import type { Measurements, Quantities, StaticRun } from "./types.ts";

/** One term of an iteration. `pre` is 1 with a prefill in the batch, T the new tokens, R the requests, `past` the context of all. */
export type Term =
  | { readonly kind: "plain"; readonly of: "1" | "T" | "R" | "pre" | "P" | "D" | "N" | "C" | "K" | "W" | "past"; readonly pre: boolean }
  | { readonly kind: "min" | "max"; readonly of: "T" | "P" | "D" | "C"; readonly knot: number; readonly pre: boolean }
  | { readonly kind: "ceil"; readonly of: "T" | "D"; readonly knot: number; readonly pre: false };

const PLAIN = /^(pre\*)?(1|T|R|pre|P|D|N|C|K|W|past)$/;
const MIN = /^min\(([TPD]),(\d+)\)$/;
const MAX = /^(pre\*)?max\(([TPDC])-(\d+),0\)$/;
const CEIL = /^ceil\(([TD]),(\d+)\)$/;

/** The term of a name; null: there is none. */
export function termOf(name: string): Term | null {
  const plain = PLAIN.exec(name);
  if (plain !== null) return { kind: "plain", of: plain[2] as "T", pre: plain[1] !== undefined };
  const min = MIN.exec(name);
  if (min !== null && Number(min[2]) > 0) return { kind: "min", of: min[1] as "T", knot: Number(min[2]), pre: false };
  const max = MAX.exec(name);
  if (max !== null) return { kind: "max", of: max[2] as "T", knot: Number(max[3]), pre: max[1] !== undefined };
  const ceil = CEIL.exec(name);
  if (ceil !== null && Number(ceil[2]) > 0) return { kind: "ceil", of: ceil[1] as "T", knot: Number(ceil[2]), pre: false };
  return null;
}

/** The value of a term for one iteration. */
function valueOf(term: Term, P: number, N: number, D: number, C: number, K: number, W: number): number {
  if (term.pre && !(P > 0)) return 0;
  const x = quantity(term.of, P, N, D, C, K, W);
  switch (term.kind) {
    case "plain":
      return x;
    case "min":
      return Math.min(x, term.knot);
    case "max":
      return Math.max(x - term.knot, 0);
    case "ceil":
      return Math.ceil(x / term.knot) * term.knot;
  }
}

function quantity(of: Term["of"], P: number, N: number, D: number, C: number, K: number, W: number): number {
  switch (of) {
    case "1":
      return 1;
    case "T":
      return P + D;
    case "R":
      return N + D;
    case "past":
      return C + K;
    case "pre":
      return P > 0 ? 1 : 0;
    case "P":
      return P;
    case "N":
      return N;
    case "D":
      return D;
    case "C":
      return C;
    case "K":
      return K;
    case "W":
      return W;
  }
}

/** Over the iterations of a run: terms that are not bent in the context grow evenly from the first decode to the last. */
function sumOf(term: Term, { requests, input, output }: StaticRun): number {
  const tokens = requests * input;
  const prefill = valueOf(term, tokens, requests, 0, 0, 0, (tokens * input) / 2);
  if (output < 2) return prefill;
  const first = valueOf(term, 0, 0, requests, tokens, 0, 0);
  const last = valueOf(term, 0, 0, requests, requests * (input + output - 2), 0, 0);
  return prefill + ((output - 1) * (first + last)) / 2;
}

/** The term's values, row by row. Of whole runs only terms without a knot in the context. */
export function columnOf(name: string, { P, N, D, C, K, W, runs }: Quantities & Pick<Measurements, "runs">): Float64Array {
  const term = termOf(name);
  if (term === null) throw new RangeError(`There is no term "${name}".`);
  if (runs !== undefined) return Float64Array.from(runs, (run) => sumOf(term, run));
  const column = new Float64Array(P.length);
  for (let row = 0; row < column.length; row++) column[row] = valueOf(term, P[row]!, N[row]!, D[row]!, C[row]!, K[row]!, W[row]!);
  return column;
}

const KNOTS = [8, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096, 6144, 8192, 12288, 16384];
const CONTEXT_KNOTS = [4096, 8192, 16384, 32768, 65536, 131072, 262144, 524288, 1048576];
/** Distinct values that a knot needs on each side. */
const BESIDE_KNOT = 3;

const FORMS = {
  tokens: ["1", "T"],
  past: ["1", "T", "N", "D", "C", "K"],
  linear: ["1", "T", "D", "C", "W", "K"],
} as const;
/** `past` where only totals are known. */
const PAST_OF_TOTALS = ["1", "T", "R", "past"];

export const FIXED_FORMS = Object.keys(FORMS) as (keyof typeof FORMS)[];

const isZero = (column: Float64Array): boolean => column.every((x) => x === 0);

/** Terms of a fixed form; quantities that are absent drop out. Empty: these measurements do not tell enough for the form. */
export function formTerms(form: keyof typeof FORMS, data: Measurements): string[] {
  if (data.totals && form === "linear") return [];
  const terms = data.totals && form === "past" ? PAST_OF_TOTALS : FORMS[form];
  return terms.filter((name) => !isZero(columnOf(name, data)));
}

/** The candidates of `selected` that these measurements can tell apart, with their columns. */
export function candidates(data: Measurements): { readonly names: string[]; readonly columns: Float64Array[] } {
  const knotFits = (of: "T" | "P" | "D" | "C"): ((knot: number) => boolean) => {
    const distinct = Float64Array.from(new Set(columnOf(of, data).filter((x) => x > 0))).sort();
    const low = distinct[BESIDE_KNOT - 1] ?? Infinity;
    const high = distinct[distinct.length - BESIDE_KNOT] ?? 0;
    return (knot) => low < knot && knot < high;
  };
  const ofTotals = data.totals;
  // Sums over a run do not show where an iteration bends.
  const bends = data.runs === undefined;
  const all = ofTotals ? [...PAST_OF_TOTALS] : ["1", "T", "pre", "P", "D", "N", "C", "K", "W", "pre*D", "pre*C"];
  for (const of of !bends ? [] : ofTotals ? (["T"] as const) : (["T", "P", "D"] as const))
    for (const knot of KNOTS.filter(knotFits(of))) all.push(`min(${of},${knot})`, `max(${of}-${knot},0)`);
  if (bends && !ofTotals) for (const knot of CONTEXT_KNOTS.filter(knotFits("C"))) all.push(`max(C-${knot},0)`, `pre*max(C-${knot},0)`);
  for (const tile of [64, 128, 256]) all.push(`ceil(T,${tile})`);
  if (!ofTotals) for (const tile of [8, 16, 32]) all.push(`ceil(D,${tile})`);
  const names: string[] = [];
  const columns: Float64Array[] = [];
  for (const name of all) {
    const column = columnOf(name, data);
    if (isZero(column) || columns.some((earlier) => earlier.every((x, row) => x === column[row]))) continue;
    names.push(name);
    columns.push(column);
  }
  return { names, columns };
}
