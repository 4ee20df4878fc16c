// The leverage of a batch from the factored Gram matrix of a fit (leverage.ts factors it). Small, for the page asks it of batches that a person thinks of.

/** Cholesky factor of the weighted Gram matrix at unit diagonal, row by row. */
export interface Lever {
  readonly scale: Float64Array;
  readonly factor: Float64Array;
  /** 1: the term adds something; 0: it repeats others. */
  readonly free: Uint8Array;
}

/** x' G^-1 x of one batch; `x`: its terms. */
export function leverageAt({ scale, factor, free }: Lever, x: (term: number) => number): number {
  const size = scale.length;
  const y = new Float64Array(size);
  let total = 0;
  for (let i = 0; i < size; i++) {
    let sum = x(i) / scale[i]!;
    for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * y[k]!;
    y[i] = free[i] === 1 ? sum / factor[i * size + i]! : 0;
    total += y[i]! * y[i]!;
  }
  return total;
}
