// How far a batch is from those that were measured: x' G^-1 x, G the weighted Gram matrix of the fit.
import { finished } from "./fit.ts";
import { gramSteps } from "./irls.ts";
import { leverageAt } from "./lever.ts";
import type { Lever } from "./lever.ts";

/** A pivot below this share of its diagonal: the term repeats others and adds nothing. */
const PIVOT = 1e-12;

export function leverOf(columns: readonly Float64Array[], weights: Float64Array, kept: Uint8Array): Lever {
  const size = columns.length;
  const rows = weights.length;
  const gram = new Float64Array(size * size);
  const used = weights.map((w, i) => (kept[i] === 1 ? w : 0));
  finished(gramSteps(columns, new Float64Array(rows), used, gram, new Float64Array(size)));
  const scale = Float64Array.from({ length: size }, (_, j) => Math.sqrt(gram[j * size + j]!) || 1);
  const factor = new Float64Array(size * size);
  const free = new Uint8Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      if (j < i && free[j] === 0) continue;
      let sum = gram[i * size + j]! / (scale[i]! * scale[j]!);
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      if (i === j) {
        free[i] = sum > PIVOT ? 1 : 0;
        factor[i * size + i] = sum > PIVOT ? Math.sqrt(sum) : 1;
      } else factor[i * size + j] = sum / factor[j * size + j]!;
    }
    if (free[i] === 0) factor.fill(0, i * size, i * size + i);
  }
  return { scale, factor, free };
}

/** By row of columns of the same terms. */
export const leverages = (lever: Lever, at: readonly Float64Array[]): Float64Array =>
  Float64Array.from(at[0] ?? [], (_, row) => leverageAt(lever, (term) => at[term]![row]!));
