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

/** Rows at a time: the columns of a hundred terms stay in the processor's cache, and a caller can stop between two blocks. */
const BLOCK_ROWS = 512;

/** Adds the products of two columns with four, over `count` rows, to `sums`. Eight sums at a time: each waits for its own last addition only. */
function addProducts(
  block: readonly Float64Array[],
  weighted: readonly Float64Array[],
  j: number,
  count: number,
  sums: Float64Array,
): void {
  const stride = block.length;
  const [left, right] = weighted as [Float64Array, Float64Array];
  for (let k = 0; k <= j + 1; k += 4) {
    const first = block[k]!;
    const second = block[k + 1]!;
    const third = block[k + 2]!;
    const fourth = block[k + 3]!;
    const at = j * stride + k;
    const below = at + stride;
    let a = sums[at]!;
    let b = sums[at + 1]!;
    let c = sums[at + 2]!;
    let d = sums[at + 3]!;
    let e = sums[below]!;
    let f = sums[below + 1]!;
    let g = sums[below + 2]!;
    let h = sums[below + 3]!;
    for (let i = 0; i < count; i++) {
      const x = left[i]!;
      const y = right[i]!;
      a += x * first[i]!;
      b += x * second[i]!;
      c += x * third[i]!;
      d += x * fourth[i]!;
      e += y * first[i]!;
      f += y * second[i]!;
      g += y * third[i]!;
      h += y * fourth[i]!;
    }
    sums[at] = a;
    sums[at + 1] = b;
    sums[at + 2] = c;
    sums[at + 3] = d;
    sums[below] = e;
    sums[below + 1] = f;
    sums[below + 2] = g;
    sums[below + 3] = h;
  }
}

/**
 * Weighted sums of products of all terms, and of terms with the time. Rows of weight zero are passed over. Every sum adds its rows in order, whatever
 * the blocks, so that the bits do not depend on them.
 */
export function* gramSteps(
  columns: readonly Float64Array[],
  t: Float64Array,
  weights: Float64Array,
  gram: Float64Array,
  right: Float64Array,
): Generator<void, void> {
  const size = columns.length;
  const rows = t.length;
  // Columns of zeros fill the last group of four.
  const stride = Math.ceil(size / 4) * 4;
  const block = Array.from({ length: stride }, () => new Float64Array(BLOCK_ROWS));
  const weighted = [new Float64Array(BLOCK_ROWS), new Float64Array(BLOCK_ROWS)];
  const times = new Float64Array(BLOCK_ROWS);
  const taken = new Int32Array(BLOCK_ROWS);
  const sums = new Float64Array(stride * stride);
  right.fill(0);
  for (let row = 0; row < rows;) {
    let count = 0;
    for (; row < rows && count < BLOCK_ROWS; row++) if (weights[row] !== 0) taken[count++] = row;
    for (let j = 0; j < size; j++) {
      const from = columns[j]!;
      const into = block[j]!;
      for (let i = 0; i < count; i++) into[i] = from[taken[i]!]!;
    }
    for (let i = 0; i < count; i++) times[i] = t[taken[i]!]!;
    for (let j = 0; j < stride; j += 2) {
      for (let side = 0; side < 2; side++) {
        const column = block[j + side]!;
        const into = weighted[side]!;
        let sum = right[j + side] ?? 0;
        for (let i = 0; i < count; i++) {
          into[i] = weights[taken[i]!]! * column[i]!;
          sum += into[i]! * times[i]!;
        }
        if (j + side < size) right[j + side] = sum;
      }
      addProducts(block, weighted, j, count, sums);
    }
    yield;
  }
  for (let j = 0; j < size; j++)
    for (let k = 0; k <= j; k++) {
      gram[j * size + k] = sums[j * stride + k]!;
      gram[k * size + j] = sums[j * stride + k]!;
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
    yield* gramSteps(columns, t, weights, gram, right);
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
