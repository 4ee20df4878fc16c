// Weighted linear least squares with a prior on every coefficient and bounds: small, dense, deterministic.

export interface LinearProblem {
  /** Rows x knobs. */
  readonly slopes: readonly Float64Array[];
  readonly residuals: Float64Array;
  readonly weights: Float64Array;
  /** Distance of the point from the prior's centre, and 1 / variance of the prior, by knob. */
  readonly offset: Float64Array;
  readonly precision: Float64Array;
  /** Bounds of the step. */
  readonly least: Float64Array;
  readonly most: Float64Array;
}

/** J' W J + prior, and the right-hand side -(J' W r + prior x offset). */
export function normalEquations({ slopes, residuals, weights, offset, precision }: LinearProblem): {
  readonly matrix: Float64Array[];
  readonly right: Float64Array;
} {
  const n = precision.length;
  const matrix = Array.from({ length: n }, () => new Float64Array(n));
  const right = new Float64Array(n);
  slopes.forEach((row, i) => {
    const w = weights[i]!;
    if (w === 0) return;
    for (let j = 0; j < n; j++) {
      const scaled = w * row[j]!;
      right[j]! -= scaled * residuals[i]!;
      for (let k = 0; k <= j; k++) matrix[j]![k]! += scaled * row[k]!;
    }
  });
  for (let j = 0; j < n; j++) {
    matrix[j]![j]! += precision[j]!;
    right[j]! -= precision[j]! * offset[j]!;
    for (let k = 0; k < j; k++) matrix[k]![j] = matrix[j]![k]!;
  }
  return { matrix, right };
}

/** Cholesky; the prior keeps every pivot above zero. */
function solveSymmetric(matrix: readonly Float64Array[], right: Float64Array): Float64Array {
  const n = right.length;
  const factor = Array.from({ length: n }, () => new Float64Array(n));
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]!;
      for (let k = 0; k < j; k++) sum -= factor[i]![k]! * factor[j]![k]!;
      factor[i]![j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / factor[j]![j]!;
    }
  const x = Float64Array.from(right);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) x[i]! -= factor[i]![k]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= factor[k]![i]! * x[k]!;
    x[i]! /= factor[i]![i]!;
  }
  return x;
}

/** Diagonal of the inverse. */
export const inverseDiagonal = (matrix: readonly Float64Array[]): Float64Array =>
  Float64Array.from(
    matrix,
    (_, i) =>
      solveSymmetric(
        matrix,
        Float64Array.from(matrix, (_row, j) => (j === i ? 1 : 0)),
      )[i]!,
  );

/** The best step within the bounds: coefficients that would leave are held at their bound, worst first, and the others solved again. `damping` is added to the diagonal, as a share of it. */
export function boundedStep(problem: LinearProblem, damping = 0): Float64Array {
  const { least, most } = problem;
  const { matrix, right } = normalEquations(problem);
  const n = right.length;
  for (let j = 0; j < n; j++) matrix[j]![j]! *= 1 + damping;
  const held = new Map<number, number>();
  for (;;) {
    const free = Array.from({ length: n }, (_, j) => j).filter((j) => !held.has(j));
    const part = free.map((j) => Float64Array.from(free, (k) => matrix[j]![k]!));
    const rest = Float64Array.from(free, (j) => [...held].reduce((sum, [k, value]) => sum - matrix[j]![k]! * value, right[j]!));
    const solved = solveSymmetric(part, rest);
    let worst = -1;
    let over = 1e-12;
    free.forEach((j, i) => {
      const beyond = Math.max(solved[i]! - most[j]!, least[j]! - solved[i]!);
      if (beyond > over) [worst, over] = [j, beyond];
    });
    if (worst < 0) {
      const step = new Float64Array(n);
      for (const [j, value] of held) step[j] = value;
      free.forEach((j, i) => (step[j] = solved[i]!));
      return step;
    }
    const value = solved[free.indexOf(worst)]!;
    held.set(worst, value > most[worst]! ? most[worst]! : least[worst]!);
  }
}
