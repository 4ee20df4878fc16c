// Columns of measurements from rows, with the numbers of their compositions.
import type { Measurements, Region, StaticRun } from "./types.ts";
import { QUANTITIES } from "./types.ts";

/** One measured iteration. */
export interface MeasuredRow {
  readonly P: number;
  readonly N: number;
  readonly D: number;
  readonly C: number;
  readonly K: number;
  readonly W: number;
  readonly t: number;
  readonly line: number;
  readonly run?: StaticRun;
}

export function measurementsOf(rows: readonly MeasuredRow[], totals = false): Measurements {
  const column = (key: Exclude<keyof MeasuredRow, "run">): Float64Array => Float64Array.from(rows, (row) => row[key]);
  const numbers = new Map<string, number>();
  const composition = Int32Array.from(rows, (row) => {
    const key = QUANTITIES.map((name) => row[name]).join(" ");
    const known = numbers.get(key) ?? numbers.size;
    numbers.set(key, known);
    return known;
  });
  const [P, N, D, C, K, W] = QUANTITIES.map(column) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const runs = rows.flatMap(({ run }) => run ?? []);
  return {
    rows: rows.length,
    P,
    N,
    D,
    C,
    K,
    W,
    t: column("t"),
    line: Int32Array.from(rows, ({ line }) => line),
    composition,
    compositions: numbers.size,
    totals,
    ...(runs.length > 0 ? { runs } : {}),
  };
}

const rowsOf = ({ rows, P, N, D, C, K, W, t, line, runs }: Measurements): MeasuredRow[] =>
  Array.from({ length: rows }, (_, i) => ({
    P: P[i]!,
    N: N[i]!,
    D: D[i]!,
    C: C[i]!,
    K: K[i]!,
    W: W[i]!,
    t: t[i]!,
    line: line[i]!,
    ...(runs === undefined ? {} : { run: runs[i]! }),
  }));

/** The measurements without some rows; rows and compositions are numbered anew. */
export function without(data: Measurements, dropped: readonly number[]): Measurements {
  if (dropped.length === 0) return data;
  const gone = new Set(dropped);
  return measurementsOf(
    rowsOf(data).filter((_, i) => !gone.has(i)),
    data.totals,
  );
}

/** Every n-th composition, with all of its rows. */
export const thinned = (data: Measurements, n: number): Measurements =>
  n <= 1
    ? data
    : measurementsOf(
        rowsOf(data).filter((_, i) => data.composition[i]! % n === 0),
        data.totals,
      );

export const regionOf = ({ P, D }: Pick<Measurements, "P" | "D">, row: number): Region =>
  P[row] === 0 ? "decode" : D[row] === 0 ? "prefill" : "mixed";
