// Chooses terms from the dictionary by cross validation on Gram matrices: rows are touched once, terms are dropped one by one from a fit of all.
import { fitRobust, gramSteps } from "./irls.ts";
import { Nnls } from "./nnls.ts";
import { FOLDS, FOLD_SEED } from "./errors.ts";
import { foldsOf } from "./pcg.ts";
import type { Measurements } from "./types.ts";

const REPEATS = 2;
const MOST_TERMS = 10;
const LEAST_TERMS = 2;
/** A smaller set of terms wins while its error is within this factor of the best. */
const GOOD_ENOUGH = 1.02;

export interface Selection {
  /** Places in the list of candidates, ascending. */
  readonly chosen: readonly number[];
  /** Weighted root mean square of held-out rows. */
  readonly score: number;
  readonly scoreCalls: number;
}

/** Sums over the rows of one fold, and over all others. */
interface Fold {
  readonly gram: Float64Array;
  readonly right: Float64Array;
  readonly squares: number;
  readonly restGram: Float64Array;
  readonly restRight: Float64Array;
}

function* foldsWith(columns: readonly Float64Array[], data: Measurements, weights: Float64Array): Generator<void, Fold[]> {
  const size = columns.length;
  const found: Fold[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const fold = foldsOf(data.compositions, FOLDS, FOLD_SEED, repeat);
    const parts: Pick<Fold, "gram" | "right" | "squares">[] = [];
    for (let k = 0; k < FOLDS; k++) {
      const gram = new Float64Array(size * size);
      const right = new Float64Array(size);
      const mine = weights.map((w, i) => (fold[data.composition[i]!] === k ? w : 0));
      yield* gramSteps(columns, data.t, mine, gram, right);
      let squares = 0;
      for (let i = 0; i < data.rows; i++) squares += mine[i]! * data.t[i]! * data.t[i]!;
      parts.push({ gram, right, squares });
    }
    for (const part of parts) {
      const restGram = new Float64Array(size * size);
      const restRight = new Float64Array(size);
      for (const other of parts) {
        if (other === part) continue;
        for (let i = 0; i < restGram.length; i++) restGram[i]! += other.gram[i]!;
        for (let i = 0; i < size; i++) restRight[i]! += other.right[i]!;
      }
      found.push({ ...part, restGram, restRight });
    }
  }
  return found;
}

/** `start` are the candidates to begin with. */
function* choose(folds: readonly Fold[], size: number, rows: number, start: readonly number[]): Generator<void, Selection> {
  const solver = new Nnls(size);
  const use = new Uint8Array(size);
  let scoreCalls = 0;
  /** Error of a set of terms; coefficients by fold, as a start for its subsets. */
  const score = (terms: readonly number[], from: readonly Float64Array[] | null): { score: number; found: Float64Array[] } => {
    scoreCalls++;
    use.fill(0);
    for (const term of terms) use[term] = 1;
    let sum = 0;
    const found = folds.map(({ gram, right, squares, restGram, restRight }, k) => {
      const x = new Float64Array(size);
      solver.solve(restGram, restRight, x, use, from?.[k]);
      let held = squares;
      for (const j of terms) {
        if (x[j] === 0) continue;
        held -= 2 * x[j]! * right[j]!;
        for (const k of terms) held += x[j]! * x[k]! * gram[j * size + k]!;
      }
      sum += held;
      return x;
    });
    return { score: Math.sqrt(Math.max(sum, 0) / (REPEATS * rows)), found };
  };
  let terms = [...start];
  let best = score(terms, null);
  const sets: { terms: readonly number[]; score: number }[] = [{ terms, score: best.score }];
  while (terms.length > LEAST_TERMS) {
    let next: { terms: number[]; score: number; found: Float64Array[] } | null = null;
    for (const drop of terms) {
      // The first candidate is the constant: no batch takes no time.
      if (drop === 0) continue;
      const rest = terms.filter((term) => term !== drop);
      const without = score(rest, best.found);
      if (next === null || without.score < next.score) next = { terms: rest, ...without };
      yield;
    }
    if (next === null) break;
    terms = next.terms;
    best = next;
    sets.push({ terms, score: next.score });
  }
  const small = sets.filter((set) => set.terms.length <= MOST_TERMS);
  const least = Math.min(...small.map((set) => set.score));
  const fitting = small.filter((set) => set.score <= GOOD_ENOUGH * least);
  const chosen = fitting.reduce((a, b) => (b.terms.length < a.terms.length ? b : a));
  return { chosen: chosen.terms, score: chosen.score, scoreCalls };
}

/**
 * The terms that predict held-out rows best. A fit of all candidates says how much each row counts from here on, and which terms to begin with.
 */
export function* selectTerms(columns: readonly Float64Array[], data: Measurements): Generator<void, Selection> {
  const { weights, kept, coefficients } = yield* fitRobust(columns, data.t);
  const folds = yield* foldsWith(
    columns,
    data,
    weights.map((w, i) => (kept[i] === 1 ? w : 0)),
  );
  yield;
  const start = Array.from(columns.keys()).filter((j) => j === 0 || coefficients[j]! > 0);
  return yield* choose(folds, columns.length, data.rows, start);
}
