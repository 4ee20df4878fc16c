// How far a batch is from those that were measured: x' G^-1 x, G the weighted Gram matrix of the fit.
import { finished } from "./fit.ts";
import { gramSteps } from "./irls.ts";

/** A pivot below this share of its diagonal: the term repeats others and adds nothing. */
const PIVOT = 1e-12;

/** By row of `at`, whose columns are the same terms as `columns`. */
export function leverageOf(
  columns: readonly Float64Array[],
  weights: Float64Array,
  kept: Uint8Array,
  at: readonly Float64Array[],
): Float64Array {
  const size = columns.length;
  const rows = weights.length;
  const gram = new Float64Array(size * size);
  const used = weights.map((w, i) => (kept[i] === 1 ? w : 0));
  finished(gramSteps(columns, new Float64Array(rows), used, gram, new Float64Array(size)));
  const scale = Float64Array.from({ length: size }, (_, j) => Math.sqrt(gram[j * size + j]!) || 1);
  const factor = new Float64Array(size * size);
  const free: boolean[] = [];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      if (j < i && free[j] !== true) continue;
      let sum = gram[i * size + j]! / (scale[i]! * scale[j]!);
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      if (i === j) {
        free[i] = sum > PIVOT;
        factor[i * size + i] = sum > PIVOT ? Math.sqrt(sum) : 1;
      } else factor[i * size + j] = sum / factor[j * size + j]!;
    }
    if (free[i] !== true) factor.fill(0, i * size, i * size + i);
  }
  const y = new Float64Array(size);
  return Float64Array.from(at[0] ?? [], (_, row) => {
    let total = 0;
    for (let i = 0; i < size; i++) {
      let sum = at[i]![row]! / scale[i]!;
      for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * y[k]!;
      y[i] = free[i] === true ? sum / factor[i * size + i]! : 0;
      total += y[i]! * y[i]!;
    }
    return total;
  });
}
