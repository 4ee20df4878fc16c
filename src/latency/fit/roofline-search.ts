// The search of a roofline: planes whose largest is nearest to the measured times, from many starts. Each start deals the rows out to planes and then
// alternates between least squares of each plane on its rows and giving each row to its largest plane: "Convex piecewise-linear fitting" of Magnani
// and Boyd (Optimization and Engineering 10, 2009). In float64 this is the reference of the GPU's kernel (gpu/roofline-kernel.ts).
import { pcg4d } from "./pcg.ts";

/** Rows that a search looks at, at most: a workgroup of a GPU holds the plane of each. */
export const SEARCH_ROWS = 2048;
export const SEARCH_ROUNDS = 16;
/** Added to the unit diagonal: terms that repeat each other leave something to divide by, in 32 bits as well. */
export const RIDGE = 1e-5;
/** Fourth word of the random words that choose rows for a start. */
export const START_WORD = 0x700f;

/** Terms over the measured time, scaled to at most 1; what the planes are fitted to is 1 in every row. */
export interface SearchTable {
  readonly rows: number;
  readonly terms: number;
  /** Row by row. */
  readonly values: Float64Array;
  /** By term, 1/seconds per unit. */
  readonly scale: Float64Array;
}

/** Planes that a start led to: coefficients plane by plane, in the scale of the table; the mean square of what they are off, of the measured time. */
export interface FoundPlanes {
  readonly loss: number;
  readonly coefficients: Float64Array;
}

/** `among`: 1 for rows that may be looked at. Of too many every so many is. `t`: seconds. */
export function searchTable(columns: readonly Float64Array[], t: Float64Array, among?: Uint8Array): SearchTable {
  const all = Array.from(t.keys()).filter((i) => among?.[i] !== 0);
  const every = Math.ceil(all.length / SEARCH_ROWS);
  const some = all.filter((_, rank) => rank % every === 0);
  const terms = columns.length;
  const values = new Float64Array(some.length * terms);
  const scale = new Float64Array(terms);
  columns.forEach((column, j) => {
    for (const i of some) scale[j] = Math.max(scale[j]!, column[i]! / t[i]!);
    some.forEach((i, row) => (values[row * terms + j] = scale[j] === 0 ? 0 : column[i]! / t[i]! / scale[j]!));
  });
  return { rows: some.length, terms, values, scale };
}

/** The row that stands for a plane at a start. */
const startRow = (start: number, plane: number, planes: number, rows: number): number => pcg4d(start, plane, planes, START_WORD)[0]! % rows;

/** Gives each row to the plane whose start row is nearest, by the sum of differences. */
function dealOut({ rows, terms, values }: SearchTable, planes: number, start: number, plane: Uint8Array): void {
  const centres = Array.from({ length: planes }, (_, m) => startRow(start, m, planes, rows) * terms);
  for (let row = 0; row < rows; row++) {
    let least = Infinity;
    centres.forEach((centre, m) => {
      let far = 0;
      for (let j = 0; j < terms; j++) far += Math.abs(values[row * terms + j]! - values[centre + j]!);
      if (far < least) {
        least = far;
        plane[row] = m;
      }
    });
  }
}

/**
 * Least squares with coefficients of at least zero by backward elimination: while one is negative, the most negative leaves. `gram`: the upper half is
 * not read. Not always the optimum, but a GPU does the same in 32 bits.
 */
export function eliminate(gram: Float64Array, right: Float64Array, size: number, into: Float64Array, at: number): void {
  const scale = Float64Array.from({ length: size }, (_, j) => Math.sqrt(gram[j * size + j]!));
  const inside = Array.from(scale, (s) => s > 0);
  const factor = new Float64Array(size * size);
  const x = new Float64Array(size);
  for (;;) {
    for (let i = 0; i < size; i++) {
      if (!inside[i]) continue;
      for (let j = 0; j <= i; j++) {
        if (!inside[j]) continue;
        let sum = gram[i * size + j]! / (scale[i]! * scale[j]!) + (i === j ? RIDGE : 0);
        for (let k = 0; k < j; k++) if (inside[k]) sum -= factor[i * size + k]! * factor[j * size + k]!;
        factor[i * size + j] = i === j ? Math.sqrt(Math.max(sum, RIDGE)) : sum / factor[j * size + j]!;
      }
      let sum = right[i]! / scale[i]!;
      for (let k = 0; k < i; k++) if (inside[k]) sum -= factor[i * size + k]! * x[k]!;
      x[i] = sum / factor[i * size + i]!;
    }
    let worst = -1;
    let least = 0;
    for (let i = size - 1; i >= 0; i--) {
      if (!inside[i]) continue;
      let sum = x[i]!;
      for (let k = i + 1; k < size; k++) if (inside[k]) sum -= factor[k * size + i]! * x[k]!;
      x[i] = sum / factor[i * size + i]!;
      if (x[i]! < least) {
        least = x[i]!;
        worst = i;
      }
    }
    if (worst < 0) break;
    inside[worst] = false;
  }
  for (let j = 0; j < size; j++) into[at + j] = inside[j] ? x[j]! / scale[j]! : 0;
}

type Solve = (gram: Float64Array, right: Float64Array, size: number, into: Float64Array, at: number) => void;

/** One round: least squares of each plane on its rows, then each row to its largest plane. The loss, and whether a row changed its plane. */
export function searchRound(
  { rows, terms, values }: SearchTable,
  planes: number,
  plane: Uint8Array,
  solve: Solve,
  into: Float64Array,
): { readonly loss: number; readonly moved: boolean } {
  const gram = new Float64Array(planes * terms * terms);
  const right = new Float64Array(planes * terms);
  for (let row = 0; row < rows; row++) {
    const at = row * terms;
    const square = plane[row]! * terms * terms;
    for (let j = 0; j < terms; j++) {
      const value = values[at + j]!;
      if (value === 0) continue;
      right[plane[row]! * terms + j]! += value;
      for (let k = 0; k <= j; k++) gram[square + j * terms + k]! += value * values[at + k]!;
    }
  }
  for (let m = 0; m < planes; m++)
    solve(gram.subarray(m * terms * terms, (m + 1) * terms * terms), right.subarray(m * terms, (m + 1) * terms), terms, into, m * terms);
  let loss = 0;
  let moved = false;
  for (let row = 0; row < rows; row++) {
    let largest = 0;
    let most = -1;
    for (let m = 0; m < planes; m++) {
      let sum = 0;
      for (let j = 0; j < terms; j++) sum += into[m * terms + j]! * values[row * terms + j]!;
      if (sum > most) {
        most = sum;
        largest = m;
      }
    }
    if (plane[row] !== largest) moved = true;
    plane[row] = largest;
    loss += (most - 1) * (most - 1);
  }
  return { loss: loss / rows, moved };
}

/** What `starts` starts lead to, in their order. Yields the number of starts that are done. */
export function* searchPlanes(table: SearchTable, planes: number, starts: number): Generator<number, FoundPlanes[]> {
  const plane = new Uint8Array(table.rows);
  const now = new Float64Array(planes * table.terms);
  const found: FoundPlanes[] = [];
  for (let start = 0; start < starts; start++) {
    dealOut(table, planes, start, plane);
    let best: FoundPlanes = { loss: Infinity, coefficients: now };
    for (let round = 0; round < SEARCH_ROUNDS; round++) {
      const { loss, moved } = searchRound(table, planes, plane, eliminate, now);
      if (loss < best.loss) best = { loss, coefficients: now.slice() };
      // From here on every round would be the same.
      if (!moved) break;
    }
    found.push(best);
    yield start + 1;
  }
  return found;
}
