// Least squares with coefficients of at least zero, from the Gram matrix alone: Lawson and Hanson, "Solving Least Squares Problems" (1974), chapter 23.

/** A gradient below this share of the largest right-hand side is none; a pivot below this share of its diagonal means that a term repeats others. */
const GRADIENT = 1e-11;
const PIVOT = 1e-12;

/** Solves the same shape of problem again and again without allocating. Matrices are row by row, symmetric, `size` wide. */
export class Nnls {
  private readonly size: number;
  private readonly gram: Float64Array;
  private readonly right: Float64Array;
  private readonly scale: Float64Array;
  private readonly factor: Float64Array;
  private readonly trial: Float64Array;
  private readonly passive: Int32Array;
  private readonly state: Uint8Array;
  private readonly x: Float64Array;
  private count = 0;

  constructor(size: number) {
    this.size = size;
    this.gram = new Float64Array(size * size);
    this.right = new Float64Array(size);
    this.scale = new Float64Array(size);
    this.factor = new Float64Array(size * size);
    this.trial = new Float64Array(size);
    this.passive = new Int32Array(size);
    this.state = new Uint8Array(size);
    this.x = new Float64Array(size);
  }

  /** Cholesky of the passive set, then its solution in `trial`. False: a pivot is too small; it is that of the last term if it just entered. */
  private solvePassive(): number {
    const { size, gram, factor, passive, count, trial, right } = this;
    for (let i = 0; i < count; i++) {
      const row = passive[i]! * size;
      for (let j = 0; j <= i; j++) {
        let sum = gram[row + passive[j]!]!;
        for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
        if (i === j) {
          if (!(sum > PIVOT * gram[row + passive[i]!]!)) return i;
          factor[i * size + i] = Math.sqrt(sum);
        } else factor[i * size + j] = sum / factor[j * size + j]!;
      }
    }
    for (let i = 0; i < count; i++) {
      let sum = right[passive[i]!]!;
      for (let k = 0; k < i; k++) sum -= factor[i * size + k]! * trial[k]!;
      trial[i] = sum / factor[i * size + i]!;
    }
    for (let i = count - 1; i >= 0; i--) {
      let sum = trial[i]!;
      for (let k = i + 1; k < count; k++) sum -= factor[k * size + i]! * trial[k]!;
      trial[i] = sum / factor[i * size + i]!;
    }
    return -1;
  }

  private leave(position: number): void {
    const { passive, state, x } = this;
    const term = passive[position]!;
    state[term] = 0;
    x[term] = 0;
    passive.copyWithin(position, position + 1, this.count);
    this.count--;
  }

  /** Moves to the solution of the passive set, as far as all stays positive; what reaches zero leaves. False: the passive set is singular. */
  private descend(): boolean {
    const { passive, trial, x } = this;
    for (;;) {
      const singular = this.solvePassive();
      if (singular >= 0) {
        const term = passive[singular]!;
        this.leave(singular);
        this.state[term] = 2;
        if (this.count === 0) return false;
        continue;
      }
      let step = 1;
      for (let i = 0; i < this.count; i++)
        if (trial[i]! <= 0) {
          const from = x[passive[i]!]!;
          const reach = from / (from - trial[i]!);
          if (reach < step) step = reach;
        }
      if (step >= 1) {
        let inside = true;
        for (let i = 0; i < this.count; i++) if (trial[i]! <= 0) inside = false;
        if (inside) {
          for (let i = 0; i < this.count; i++) x[passive[i]!] = trial[i]!;
          return true;
        }
      }
      let left = 0;
      for (let i = 0; i < this.count; i++) {
        const term = passive[i]!;
        x[term] = x[term]! + step * (trial[i]! - x[term]!);
      }
      for (let i = this.count - 1; i >= 0; i--)
        if (trial[i]! <= 0 && x[passive[i]!]! <= 1e-15) {
          this.leave(i);
          left++;
        }
      if (left === 0) {
        // Rounding kept the blocking term just above zero.
        let worst = 0;
        for (let i = 1; i < this.count; i++) if (trial[i]! < trial[worst]!) worst = i;
        this.leave(worst);
      }
      if (this.count === 0) return true;
    }
  }

  /** Coefficients of the terms of `use` (all, left out) into `into`, the others zero. `start`: a solution nearby, to begin with. */
  solve(gram: Float64Array, right: Float64Array, into: Float64Array, use?: Uint8Array, start?: Float64Array): void {
    const { size, scale, state, x, passive } = this;
    this.count = 0;
    let most = 0;
    for (let j = 0; j < size; j++) {
      const diagonal = gram[j * size + j]!;
      scale[j] = diagonal > 0 ? Math.sqrt(diagonal) : 0;
      state[j] = scale[j] === 0 || use?.[j] === 0 ? 2 : 0;
      x[j] = 0;
      this.right[j] = state[j] === 2 ? 0 : right[j]! / scale[j]!;
      most = Math.max(most, Math.abs(this.right[j]!));
    }
    for (let j = 0; j < size; j++)
      if (state[j] === 0)
        for (let k = 0; k < size; k++) if (state[k] === 0) this.gram[j * size + k] = gram[j * size + k]! / (scale[j]! * scale[k]!);
    if (start !== undefined)
      for (let j = 0; j < size; j++)
        if (state[j] === 0 && start[j]! > 0) {
          x[j] = start[j]! * scale[j]!;
          state[j] = 1;
          passive[this.count++] = j;
        }
    if (this.count > 0) this.descend();
    // Each pass lowers the loss, so that no passive set returns; the bound is for rounding alone.
    for (let pass = 0; pass < 10 * size; pass++) {
      let best = -1;
      let steepest = GRADIENT * most;
      for (let j = 0; j < size; j++) {
        if (state[j] !== 0) continue;
        let gradient = this.right[j]!;
        for (let i = 0; i < this.count; i++) gradient -= this.gram[j * size + passive[i]!]! * x[passive[i]!]!;
        if (gradient > steepest) {
          steepest = gradient;
          best = j;
        }
      }
      if (best < 0) break;
      state[best] = 1;
      passive[this.count++] = best;
      const before = this.count;
      this.descend();
      // A term that leaves in the step in which it entered would enter again.
      if (state[best] === 0 && this.count === before - 1) state[best] = 2;
    }
    for (let j = 0; j < size; j++) into[j] = state[j] === 1 ? x[j]! / scale[j]! : 0;
  }
}
