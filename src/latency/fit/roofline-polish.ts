// From the best starts of a search to one roofline: exact least squares in float64 until no row changes its plane, the best of them, then the robust
// fit of every form, with each row on its largest plane.
import { ln } from "../../engine/kernel/math.ts";
import { fitRobust } from "./irls.ts";
import type { RobustFit } from "./irls.ts";
import { Nnls } from "./nnls.ts";
import { largestPlanes, maskedColumns } from "./planes.ts";
import { searchRound } from "./roofline-search.ts";
import type { FoundPlanes, SearchTable } from "./roofline-search.ts";

/** Starts that are polished. */
const POLISHED = 16;
const POLISH_ROUNDS = 40;
/** Robust fits, each with rows on the planes of the one before. */
const SETTLE_ROUNDS = 8;

/** The best planes of a search, in the scale of its table. */
export function* polish(table: SearchTable, planes: number, found: readonly FoundPlanes[]): Generator<void, FoundPlanes> {
  const { terms, rows, values } = table;
  const solver = new Nnls(terms);
  const full = new Float64Array(terms * terms);
  const exact = (gram: Float64Array, right: Float64Array, size: number, into: Float64Array, at: number): void => {
    for (let j = 0; j < size; j++)
      for (let k = 0; k <= j; k++) {
        full[j * size + k] = gram[j * size + k]!;
        full[k * size + j] = gram[j * size + k]!;
      }
    solver.solve(full, right, into.subarray(at, at + size));
  };
  const columns = Array.from({ length: planes * terms }, (_, c) =>
    Float64Array.from({ length: rows }, (_row, row) => values[row * terms + (c % terms)]!),
  );
  const places = columns.map((_, c) => Math.floor(c / terms));
  let best: FoundPlanes | null = null;
  for (const start of found.toSorted((a, b) => a.loss - b.loss).slice(0, POLISHED)) {
    const plane = largestPlanes(columns, start.coefficients, places);
    const now = start.coefficients.slice();
    for (let round = 0; round < POLISH_ROUNDS; round++) {
      const { loss, moved } = searchRound(table, planes, plane, exact, now);
      if (best === null || loss < best.loss) best = { loss, coefficients: now.slice() };
      if (!moved) break;
    }
    yield;
  }
  return best!;
}

/** Terms by place in the columns, each with its plane from 0; every plane is the largest in some row. */
export interface Roofline extends RobustFit {
  readonly terms: readonly number[];
  readonly planes: readonly number[];
}

/** The robust fit, begun at `start` (in the scale of `table`). `among`: rows to use. */
export function* settle(
  { terms: width, scale }: SearchTable,
  start: FoundPlanes,
  columns: readonly Float64Array[],
  t: Float64Array,
  among?: Uint8Array,
): Generator<void, Roofline> {
  let terms: number[] = [];
  let planes: number[] = [];
  let coefficients: number[] = [];
  start.coefficients.forEach((value, at) => {
    if (value <= 0) return;
    terms.push(at % width);
    planes.push(Math.floor(at / width));
    coefficients.push(value / scale[at % width]!);
  });
  let best: Roofline | null = null;
  let least = Infinity;
  let before = "";
  for (let round = 0; round < SETTLE_ROUNDS; round++) {
    const offered = terms.map((j) => columns[j]!);
    const plane = largestPlanes(offered, coefficients, planes);
    const seen = new Set(plane.filter((_, i) => among?.[i] !== 0));
    // A plane that is nowhere the largest says nothing.
    const kept = terms.map((_, j) => j).filter((j) => seen.has(planes[j]!));
    terms = kept.map((j) => terms[j]!);
    planes = kept.map((j) => planes[j]!);
    const places = plane.join("");
    if (places === before) break;
    before = places;
    const fit = yield* fitRobust(
      maskedColumns(
        kept.map((j) => offered[j]!),
        planes,
        plane,
      ),
      t,
      among,
    );
    coefficients = Array.from(fit.coefficients);
    const sums = largestSums(
      terms.map((j) => columns[j]!),
      coefficients,
      planes,
    );
    let loss = 0;
    for (let i = 0; i < t.length; i++) if (among?.[i] !== 0) loss += Math.abs(ln(Math.max(sums[i]!, t[i]! / 1000) / t[i]!));
    if (loss < least) {
      least = loss;
      best = { ...fit, terms, planes };
    }
  }
  return numbered(best!);
}

/** Without terms of coefficient zero; planes numbered from 0 in order of appearance. */
function numbered(fit: Roofline): Roofline {
  const kept = fit.terms.map((_, j) => j).filter((j) => fit.coefficients[j]! > 0);
  const order = [...new Set(kept.map((j) => fit.planes[j]!))];
  return {
    ...fit,
    terms: kept.map((j) => fit.terms[j]!),
    planes: kept.map((j) => order.indexOf(fit.planes[j]!)),
    coefficients: Float64Array.from(kept, (j) => fit.coefficients[j]!),
  };
}

/** Seconds by row: the largest plane. */
export function largestSums(columns: readonly Float64Array[], coefficients: ArrayLike<number>, planes: readonly number[]): Float64Array {
  const masked = maskedColumns(columns, planes, largestPlanes(columns, coefficients, planes));
  return Float64Array.from(columns[0] ?? [], (_, row) => masked.reduce((sum, column, j) => sum + coefficients[j]! * column[row]!, 0));
}
