// What is wrong with measurements before any fit: rows that take less time than much smaller ones, quantities that cannot be told apart.
import { medianOf } from "./quantile.ts";
import { QUANTITIES } from "./types.ts";
import type { Measurements } from "./types.ts";

/** Above this many compositions the comparison of all pairs would take seconds. */
const MOST_COMPOSITIONS = 3000;
const CLASH = 1.5;
const MOST_DROPPED = 0.05;
const ALIKE = 0.999;
const FEW_ROWS = 30;

/**
 * Rows that cannot be right: a composition of at least the same work in every quantity as another, and yet 1.5 times quicker. The one with most
 * such clashes goes first, as long as one has two; never more than one row in twenty.
 */
export function dominanceRows(data: Measurements): number[] {
  const { rows, composition, compositions, t } = data;
  if (compositions > MOST_COMPOSITIONS) return [];
  const members: number[][] = Array.from({ length: compositions }, () => []);
  for (let i = 0; i < rows; i++) members[composition[i]!]!.push(i);
  const median = members.map((list) => medianOf(list.map((i) => t[i]!)));
  const first = members.map((list) => list[0]!);
  const clashes: number[][] = Array.from({ length: compositions }, () => []);
  for (let a = 0; a < compositions; a++)
    for (let b = 0; b < compositions; b++) {
      if (!(CLASH * median[a]! < median[b]!)) continue;
      if (!QUANTITIES.every((name) => data[name][first[a]!]! >= data[name][first[b]!]!)) continue;
      clashes[a]!.push(b);
      clashes[b]!.push(a);
    }
  const count = clashes.map((list) => list.length);
  const dropped: number[] = [];
  for (;;) {
    let worst = 0;
    for (let c = 1; c < compositions; c++) if (count[c]! > count[worst]!) worst = c;
    if (!(count[worst]! >= 2) || dropped.length + members[worst]!.length > MOST_DROPPED * rows) break;
    dropped.push(...members[worst]!);
    for (const other of clashes[worst]!) count[other]!--;
    count[worst] = -1;
  }
  return dropped.sort((a, b) => a - b);
}

const correlation = (a: Float64Array, b: Float64Array): number => {
  const n = a.length;
  const meanA = a.reduce((sum, x) => sum + x, 0) / n;
  const meanB = b.reduce((sum, x) => sum + x, 0) / n;
  let ab = 0;
  let aa = 0;
  let bb = 0;
  for (let i = 0; i < n; i++) {
    ab += (a[i]! - meanA) * (b[i]! - meanB);
    aa += (a[i]! - meanA) * (a[i]! - meanA);
    bb += (b[i]! - meanB) * (b[i]! - meanB);
  }
  return aa === 0 || bb === 0 ? 0 : ab / Math.sqrt(aa * bb);
};

const WORDS = {
  P: "prompt tokens",
  N: "prompts in the batch",
  D: "decoding requests",
  C: "context of the decodes",
  K: "context of the prompts",
  W: "attention work of the prompts",
} as const;

/** Sentences about what these measurements cannot show. */
export function warningsOf(data: Measurements, mostTerms: number): string[] {
  const { rows, compositions, P, D } = data;
  const warnings: string[] = [];
  if (rows < FEW_ROWS) warnings.push(`Only ${rows} rows are usable: with fewer than ${FEW_ROWS} the errors shown are rough.`);
  if (compositions < 3 * mostTerms)
    warnings.push(
      `There are ${compositions} different batches for ${mostTerms} terms: with fewer than 3 per term the errors shown are too small; measure more kinds of batches.`,
    );
  const varies = (column: Float64Array): boolean => column.some((x) => x !== column[0]);
  for (const name of QUANTITIES) {
    const present = data[name].filter((x) => x > 0);
    if (present.length > 1 && !varies(present))
      warnings.push(`All rows with ${WORDS[name]} have ${present[0]} (${name}): its effect cannot be seen; vary it.`);
  }
  const varying = QUANTITIES.filter((name) => varies(data[name]));
  varying.forEach((a, i) => {
    for (const b of varying.slice(i + 1))
      if (correlation(data[a], data[b]) > ALIKE)
        warnings.push(`${a} and ${b} rise and fall together: their coefficients cannot be told apart, only what they add up to.`);
  });
  if (P.every((x) => x === 0)) warnings.push("Only decodes were measured: times of prefills are a guess.");
  else if (D.every((x) => x === 0)) warnings.push("Only prefills were measured: times of decodes are a guess.");
  return warnings;
}

/** Rows whose time is a thousand times too long or too short for the prediction, within a quarter. */
export const unitSlips = ({ t }: Measurements, predicted: ArrayLike<number>): number[] =>
  Array.from(t.keys()).filter((i) => {
    const ratio = t[i]! / predicted[i]!;
    return Math.abs(ratio / 1000 - 1) <= 0.25 || Math.abs(ratio * 1000 - 1) <= 0.25;
  });
