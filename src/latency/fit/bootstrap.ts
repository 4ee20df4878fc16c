// Intervals by resampling with integer weights and integer sums: every machine, a GPU as well, gets the same bits.
import { Nnls } from "./nnls.ts";
import { weightsOf } from "./pcg.ts";
import { quantile, sortedOf } from "./quantile.ts";
import type { Bootstrap, Measurements } from "./types.ts";

/** Largest quantised value: products stay below 2^32, so that a GPU can split them into halves of 16 bits. */
const LEVELS = 65535;
/** Share of the sums with all weights 1 that every replicate keeps: one that lost a whole composition is not singular. */
const ANCHOR = 0.02;
const BLOCK = 1024;
/** Replicates whose weights one call of pcg4d gives. */
const QUAD = 4;

/** Weighted terms and time as integers, row by row: the input of the sums, on any machine. */
export interface Quantised {
  readonly rows: number;
  /** Terms, then the time. */
  readonly width: number;
  readonly values: Uint32Array;
  readonly columnScale: Float64Array;
}

/** Pairs (j, k) with k <= j, in the order (0,0), (1,0), (1,1), (2,0), ... */
export const pairCount = (width: number): number => (width * (width + 1)) / 2;

export function quantise(columns: readonly Float64Array[], t: Float64Array, weights: Float64Array, kept: Uint8Array): Quantised {
  const all = [...columns, t];
  const width = all.length;
  const rows = t.length;
  const columnScale = new Float64Array(width);
  const values = new Uint32Array(rows * width);
  const root = weights.map((w, i) => (kept[i] === 1 ? Math.sqrt(w) : 0));
  all.forEach((column, j) => {
    for (let i = 0; i < rows; i++) columnScale[j] = Math.max(columnScale[j]!, root[i]! * column[i]!);
    const scale = columnScale[j]!;
    if (scale > 0) for (let i = 0; i < rows; i++) values[i * width + j] = Math.floor(((root[i]! * column[i]!) / scale) * LEVELS + 0.5);
  });
  return { rows, width, values, columnScale };
}

/**
 * Exact sums of the replicates from `start` (a multiple of 4) to `replicates`: `sums[(replicate - start) x pairs + pair]`. Yields the number of
 * replicates that are done.
 */
export function* exactSums(
  { rows, width, values }: Quantised,
  unit: Int32Array,
  seed: number,
  replicates: number,
  start = 0,
): Generator<number, Float64Array> {
  const pairs = pairCount(width);
  const quads = Math.ceil(replicates / QUAD);
  const sums = new Float64Array((quads * QUAD - start) * pairs);
  const products = new Float64Array(pairs * BLOCK);
  const weights = new Float64Array(QUAD * BLOCK);
  // A slab of quads shares the products of a block of rows.
  const slab = 16;
  for (let first = start / QUAD; first < quads; first += slab) {
    for (let from = 0; from < rows; from += BLOCK) {
      const count = Math.min(BLOCK, rows - from);
      for (let i = 0; i < count; i++) {
        const row = (from + i) * width;
        let pair = 0;
        for (let j = 0; j < width; j++)
          for (let k = 0; k <= j; k++, pair++) products[pair * BLOCK + i] = values[row + j]! * values[row + k]!;
      }
      for (let quad = first; quad < Math.min(first + slab, quads); quad++) {
        for (let i = 0; i < count; i++) weightsOf(unit[from + i]!, quad, seed, weights, i, BLOCK);
        for (let pair = 0; pair < pairs; pair++) {
          let a = 0;
          let b = 0;
          let c = 0;
          let d = 0;
          const at = pair * BLOCK;
          for (let i = 0; i < count; i++) {
            const product = products[at + i]!;
            a += weights[i]! * product;
            b += weights[BLOCK + i]! * product;
            c += weights[2 * BLOCK + i]! * product;
            d += weights[3 * BLOCK + i]! * product;
          }
          const into = (quad * QUAD - start) * pairs + pair;
          sums[into]! += a;
          sums[into + pairs]! += b;
          sums[into + 2 * pairs]! += c;
          sums[into + 3 * pairs]! += d;
        }
      }
      yield Math.min(first * QUAD, replicates);
    }
  }
  return sums.subarray(0, (replicates - start) * pairs);
}

/** Sums with all weights 1. */
function plainSums({ rows, width, values }: Quantised): Float64Array {
  const sums = new Float64Array(pairCount(width));
  for (let i = 0; i < rows; i++) {
    let pair = 0;
    for (let j = 0; j < width; j++) for (let k = 0; k <= j; k++, pair++) sums[pair]! += values[i * width + j]! * values[i * width + k]!;
  }
  return sums;
}

/** Coefficients of every replicate from its sums. */
export function solveReplicates(quantised: Quantised, sums: Float64Array, replicates: number): Float64Array {
  const { width, columnScale } = quantised;
  const size = width - 1;
  const pairs = pairCount(width);
  const anchor = plainSums(quantised);
  const solver = new Nnls(size);
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  const x = new Float64Array(size);
  const coefficients = new Float64Array(replicates * size);
  for (let b = 0; b < replicates; b++) {
    let pair = 0;
    for (let j = 0; j < width; j++)
      for (let k = 0; k <= j; k++, pair++) {
        const sum = sums[b * pairs + pair]! + ANCHOR * anchor[pair]!;
        if (j === size) {
          if (k < size) right[k] = sum;
        } else {
          gram[j * size + k] = sum;
          gram[k * size + j] = sum;
        }
      }
    solver.solve(gram, right, x);
    for (let j = 0; j < size; j++) coefficients[b * size + j] = columnScale[j] === 0 ? 0 : (x[j]! * columnScale[size]!) / columnScale[j]!;
  }
  return coefficients;
}

/** What is drawn: whole compositions where rows repeat them and there are enough, else rows. */
export const unitFor = ({ rows, compositions }: Measurements, terms: number): "row" | "composition" =>
  rows >= 1.5 * compositions && compositions >= 5 * terms ? "composition" : "row";

/** The middle 95 % of values. */
export function interval(values: ArrayLike<number>): readonly [number, number] {
  const sorted = sortedOf(values);
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/** What a bootstrap draws from: the integers of one fit, and which unit each row belongs to. */
export interface Resampling {
  readonly quantised: Quantised;
  readonly unit: Bootstrap["unit"];
  /** By row. */
  readonly unitIndex: Int32Array;
}

/** Which unit each row belongs to. */
export const unitIndexOf = (data: Measurements, unit: Bootstrap["unit"]): Int32Array =>
  unit === "composition" ? data.composition : Int32Array.from(data.t.keys());

export function resamplingOf(data: Measurements, columns: readonly Float64Array[], weights: Float64Array, kept: Uint8Array): Resampling {
  const unit = unitFor(data, columns.length);
  return { quantised: quantise(columns, data.t, weights, kept), unit, unitIndex: unitIndexOf(data, unit) };
}

/** Intervals of the replicates so far; `coefficients` are those of all of them, one replicate after another. */
export function intervalsOf(coefficients: Float64Array, terms: number, seed: number, unit: Bootstrap["unit"]): Bootstrap {
  const replicates = coefficients.length / terms;
  const byTerm = Array.from({ length: terms }, (_, j) => Float64Array.from({ length: replicates }, (_, b) => coefficients[b * terms + j]!));
  return {
    replicates,
    seed,
    unit,
    ci95: byTerm.map(interval),
    notNeeded: byTerm.map((values) => values.filter((x) => x === 0).length > 0.2 * replicates),
    coefficients,
  };
}

/** The bootstrap of one fit. Yields the number of replicates that are done. */
export function* bootstrap(
  data: Measurements,
  columns: readonly Float64Array[],
  weights: Float64Array,
  kept: Uint8Array,
  seed: number,
  replicates: number,
): Generator<number, Bootstrap> {
  const { quantised, unit, unitIndex } = resamplingOf(data, columns, weights, kept);
  const sums = yield* exactSums(quantised, unitIndex, seed, replicates);
  return intervalsOf(solveReplicates(quantised, sums, replicates), columns.length, seed, unit);
}
