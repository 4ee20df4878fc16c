// Integers and small systems of an independent fit: equal to the last bit, solutions to 1e-9 of the largest.
import { readFileSync } from "node:fs";
import { exactSums } from "../src/latency/fit/bootstrap.ts";
import { finished } from "../src/latency/fit/fit.ts";
import { Nnls } from "../src/latency/fit/nnls.ts";
import { POISSON_THRESHOLDS, foldsOf, pcg4d, weightsOf } from "../src/latency/fit/pcg.ts";
import type { Report } from "./suite.ts";

interface Vectors {
  readonly pcg4d: readonly { readonly input: readonly [number, number, number, number]; readonly output: readonly number[] }[];
  readonly poisson_thresholds: readonly number[];
  readonly weights: readonly {
    readonly seed: number;
    readonly unit: readonly number[];
    readonly replicates: readonly (readonly number[])[];
    readonly sum_first_10000_units: readonly number[];
  }[];
  readonly folds: readonly {
    readonly compositions: number;
    readonly K: number;
    readonly seed: number;
    readonly repeat: number;
    readonly fold: readonly number[];
  }[];
  readonly gram: readonly {
    readonly seed: number;
    readonly U: readonly (readonly number[])[];
    readonly replicates: readonly (readonly number[])[];
  }[];
  readonly nnls: readonly { readonly G: readonly (readonly number[])[]; readonly c: readonly number[]; readonly x: readonly number[] }[];
}

const NNLS_TOLERANCE = 1e-9;

const same = (a: ArrayLike<number>, b: readonly number[]): boolean => a.length === b.length && b.every((x, i) => a[i] === x);

/** Weights of one unit in the first replicates. */
function weights(unit: number, seed: number, replicates: number): Float64Array {
  const found = new Float64Array(Math.ceil(replicates / 4) * 4);
  for (let quad = 0; quad < found.length / 4; quad++) weightsOf(unit, quad, seed, found, 4 * quad, 1);
  return found.subarray(0, replicates);
}

export function checkVectors(path: string, report: Report): void {
  const vectors = JSON.parse(readFileSync(path, "utf8")) as Vectors;
  const check = (name: string, count: number, bad: readonly number[], what: string): void =>
    report(`vectors ${name}`, bad.length === 0 && count > 0, bad.length === 0 ? `${count} ${what}` : `differs in no. ${bad.join(", ")}`);
  const failing = <T>(list: readonly T[], good: (one: T) => boolean): number[] => list.flatMap((one, i) => (good(one) ? [] : [i]));

  check(
    "pcg4d",
    vectors.pcg4d.length,
    failing(vectors.pcg4d, ({ input, output }) => same(pcg4d(...input), output)),
    "words equal",
  );
  report("vectors thresholds", same(POISSON_THRESHOLDS, vectors.poisson_thresholds), `${POISSON_THRESHOLDS.length} thresholds`);
  check(
    "weights",
    vectors.weights.length,
    failing(vectors.weights, ({ seed, unit, replicates, sum_first_10000_units: sums }) => {
      const count = replicates.length;
      const byUnit = unit.map((u) => weights(u, seed, count));
      const total = new Float64Array(sums.length);
      for (let u = 0; u < 10_000; u++) weights(u, seed, sums.length).forEach((w, b) => (total[b]! += w));
      return (
        replicates.every((row, b) =>
          same(
            byUnit.map((w) => w[b]!),
            row,
          ),
        ) && same(total, sums)
      );
    }),
    "seeds, every weight equal",
  );
  check(
    "folds",
    vectors.folds.length,
    failing(vectors.folds, ({ compositions, K, seed, repeat, fold }) => same(foldsOf(compositions, K, seed, repeat), fold)),
    "tables equal",
  );
  check(
    "gram",
    vectors.gram.length,
    failing(vectors.gram, ({ seed, U, replicates }) => {
      const width = U[0]!.length;
      const quantised = { rows: U.length, width, values: Uint32Array.from(U.flat()), columnScale: new Float64Array(width) };
      return same(finished(exactSums(quantised, Int32Array.from(U.keys()), seed, replicates.length)), replicates.flat());
    }),
    "sets of sums, every bit equal",
  );
  check(
    "nnls",
    vectors.nnls.length,
    failing(vectors.nnls, ({ G, c, x }) => {
      const found = new Float64Array(c.length);
      new Nnls(c.length).solve(Float64Array.from(G.flat()), Float64Array.from(c), found);
      const most = Math.max(...x.map(Math.abs), 1e-300);
      return x.every((value, j) => Math.abs(value - found[j]!) <= NNLS_TOLERANCE * most);
    }),
    `solutions within ${NNLS_TOLERANCE}`,
  );
}
