// Robust fit of a sum of terms: Huber's loss on ln(predicted / measured), by weighted least squares again and again, coefficients of at least zero.
// Over- and under-prediction by the same factor cost the same, and no single short time can dominate.
import { ln } from "../../engine/kernel/math.ts";
import { Nnls } from "./nnls.ts";
import { medianOf } from "./quantile.ts";

const STEPS = 30;
const SETTLED = 1e-9;
/** Smallest scale of the log ratio: half a percent. */
const LEAST_SCALE = 0.005;
/** Rows farther than this many scales are set aside, unless more than `MOST_ASIDE` of all are. */
const FAR = 4;
const MOST_ASIDE = 0.05;
const ROUNDS = 5;
/** Huber's corner, in scales. */
const CORNER = 3;

export interface RobustFit {
  readonly coefficients: Float64Array;
  readonly weights: Float64Array;
  readonly scale: number;
  readonly state: "ok" | "wide_tails";
  /** 1: the row was used. */
  readonly kept: Uint8Array;
}

export const predict = (columns: readonly Float64Array[], coefficients: ArrayLike<number>, row: number): number => {
  let sum = 0;
  for (let j = 0; j < columns.length; j++) sum += coefficients[j]! * columns[j]![row]!;
  return sum;
};

/** Weighted sums of products of all terms, and of terms with the time. Rows of weight zero do not count. */
export function gramOf(
  columns: readonly Float64Array[],
  t: Float64Array,
  weights: Float64Array,
  gram: Float64Array,
  right: Float64Array,
): void {
  const size = columns.length;
  const rows = t.length;
  const weighted = new Float64Array(rows);
  for (let j = 0; j < size; j++) {
    const column = columns[j]!;
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      weighted[i] = weights[i]! * column[i]!;
      sum += weighted[i]! * t[i]!;
    }
    right[j] = sum;
    // Four products at a time: each sum waits for its own last addition only. The order within a sum stays.
    for (let k = 0; k <= j; k += 4) {
      const first = columns[k]!;
      const second = columns[Math.min(k + 1, j)]!;
      const third = columns[Math.min(k + 2, j)]!;
      const fourth = columns[Math.min(k + 3, j)]!;
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let i = 0; i < rows; i++) {
        const w = weighted[i]!;
        a += w * first[i]!;
        b += w * second[i]!;
        c += w * third[i]!;
        d += w * fourth[i]!;
      }
      const sums = [a, b, c, d];
      for (let m = k; m <= Math.min(k + 3, j); m++) {
        gram[j * size + m] = sums[m - k]!;
        gram[m * size + j] = sums[m - k]!;
      }
    }
  }
}

interface Settled {
  readonly coefficients: Float64Array;
  readonly weights: Float64Array;
  readonly scale: number;
}

/** Yields after each step, so that a caller can stop. */
function* irls(columns: readonly Float64Array[], t: Float64Array, kept: Uint8Array, corner: number): Generator<void, Settled> {
  const rows = t.length;
  const size = columns.length;
  const solver = new Nnls(size);
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  const coefficients = new Float64Array(size);
  const weights = Float64Array.from(t, (seconds, i) => (kept[i] === 1 ? 1 / (seconds * seconds) : 0));
  const before = new Float64Array(rows);
  const ratio = new Float64Array(rows);
  let scale = LEAST_SCALE;
  for (let step = 0; step < STEPS; step++) {
    gramOf(columns, t, weights, gram, right);
    solver.solve(gram, right, coefficients, undefined, step === 0 ? undefined : coefficients.slice());
    let moved = 0;
    const sizes: number[] = [];
    for (let i = 0; i < rows; i++) {
      if (kept[i] === 0) continue;
      const p = Math.max(predict(columns, coefficients, i), t[i]! / 1000);
      moved = Math.max(moved, Math.abs(p - before[i]!) / p);
      before[i] = p;
      ratio[i] = ln(p / t[i]!);
      sizes.push(Math.abs(ratio[i]!));
    }
    scale = Math.max(1.4826 * medianOf(sizes), LEAST_SCALE);
    for (let i = 0; i < rows; i++) {
      if (kept[i] === 0) continue;
      const p = before[i]!;
      const size = Math.abs(ratio[i]!);
      const huber = size <= corner * scale ? 1 : (corner * scale) / size;
      const slope = Math.abs(p - t[i]!) < 1e-6 * t[i]! ? 1 / p : ratio[i]! / (p - t[i]!);
      weights[i] = (huber * slope) / p;
    }
    yield;
    if (moved <= SETTLED) break;
  }
  return { coefficients, weights, scale };
}

/** The fit with far rows set aside. `among`: rows to use, all when left out. */
export function* fitRobust(columns: readonly Float64Array[], t: Float64Array, among?: Uint8Array): Generator<void, RobustFit> {
  const all = among ?? new Uint8Array(t.length).fill(1);
  let rows = 0;
  for (const use of all) rows += use;
  let kept = all.slice();
  let fit = yield* irls(columns, t, kept, CORNER);
  for (let round = 0; round < ROUNDS; round++) {
    // A row may come back: what counts is how far it is from the latest fit.
    const next = all.slice();
    let aside = 0;
    for (let i = 0; i < t.length; i++) {
      if (all[i] === 0) continue;
      const p = Math.max(predict(columns, fit.coefficients, i), t[i]! / 1000);
      if (Math.abs(ln(p / t[i]!)) > FAR * fit.scale) next[i] = 0;
      if (next[i] === 0) aside++;
    }
    if (aside > MOST_ASIDE * rows) {
      const wide = yield* irls(columns, t, all, Infinity);
      return { ...wide, state: "wide_tails", kept: all };
    }
    if (next.every((use, i) => use === kept[i])) break;
    kept = next;
    fit = yield* irls(columns, t, kept, CORNER);
  }
  return { ...fit, state: "ok", kept };
}
