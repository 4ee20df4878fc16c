// Measured times between and beyond the points where they were measured: piecewise linear on one axis (curve) or two (grid).
// Nothing is allocated per look-up.

/** Position of the last knot at or below x; 0 where x is below all. */
function below(knots: Float64Array, x: number): number {
  let low = 0;
  let high = knots.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (knots[middle]! <= x) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Between a and b; exactly a at 0 and exactly b at 1. */
const between = (a: number, b: number, share: number): number => (share === 0 ? a : share === 1 ? b : a + (b - a) * share);

/** The slope of the upper half of a curve, so that the noise of the last two points does not decide what lies far beyond; never falling. */
function upperSlope(x: ArrayLike<number>, y: ArrayLike<number>, last: number): number {
  if (last === 0) return 0;
  let half = last - 1;
  while (half > 0 && x[half]! > x[last]! / 2) half--;
  return Math.max(0, (y[last]! - y[half]!) / (x[last]! - x[half]!));
}

export class Curve {
  private readonly x: Float64Array;
  private readonly y: Float64Array;
  private readonly slope: number;

  /** `x` ascending; entries of `y` that are below 0 were not measured. At least one is. */
  constructor(x: Float64Array, y: Float64Array) {
    const known = Array.from(x.keys()).filter((i) => y[i]! >= 0);
    this.x = Float64Array.from(known, (i) => x[i]!);
    this.y = Float64Array.from(known, (i) => y[i]!);
    this.slope = upperSlope(this.x, this.y, this.x.length - 1);
  }

  get end(): number {
    return this.x[this.x.length - 1]!;
  }

  /** Flat below the first point: small batches are bound by starting the kernel. Beyond the last the upper half goes on. */
  at(x: number): number {
    const { x: knots, y } = this;
    const last = knots.length - 1;
    if (x >= knots[last]!) return y[last]! + this.slope * (x - knots[last]!);
    if (x <= knots[0]!) return y[0]!;
    const i = below(knots, x);
    return between(y[i]!, y[i + 1]!, (x - knots[i]!) / (knots[i + 1]! - knots[i]!));
  }
}

/**
 * A grid with holes, filled. Between two points of a row: on the line. Beyond the row's points: as the nearest row goes on from there that was
 * measured at both places, in proportion to the requests or tokens where that row is the smaller one (a smaller batch does not save that much:
 * the kernel takes whole tiles); without such a row as its own upper half goes on.
 */
function filled(rows: Float64Array, columns: Float64Array, given: readonly Float64Array[]): Float64Array {
  const width = columns.length;
  const curves = given.map((row) => (row.every((ms) => ms >= 0) ? null : new Curve(columns, row)));
  const spans = given.map((row) => [row.findIndex((ms) => ms >= 0), row.reduce((last, ms, c) => (ms >= 0 ? c : last), -1)] as const);
  const own = (r: number, c: number): number => curves[r]?.at(columns[c]!) ?? given[r]![c]!;
  const ms = new Float64Array(given.length * width);
  for (let r = 0; r < given.length; r++) {
    if (curves[r] === null) {
      ms.set(given[r]!, r * width);
      continue;
    }
    const [first, last] = spans[r]!;
    for (let c = 0; c < width; c++) {
      const anchor = c < first ? first : c > last ? last : c;
      const holds = (other: number): boolean => spans[other]![0] <= Math.min(c, anchor) && spans[other]![1] >= Math.max(c, anchor);
      let near = -1;
      if (anchor !== c)
        for (let other = 0; other < given.length; other++)
          if (holds(other) && (near < 0 || Math.abs(rows[other]! - rows[r]!) < Math.abs(rows[near]! - rows[r]!))) near = other;
      const scale = near >= 0 && rows[near]! > 0 ? Math.max(1, rows[r]! / rows[near]!) : 1;
      ms[r * width + c] = near < 0 ? own(r, c) : Math.max(0, own(r, anchor) + scale * (own(near, c) - own(near, anchor)));
    }
  }
  return ms;
}

export class Grid {
  readonly rows: Float64Array;
  readonly columns: Float64Array;
  private readonly ms: Float64Array;
  /** Distance of the rows where it is the same for all and they start at one distance, else 0: their place follows without a search. */
  private readonly rowStep: number;

  /** Axes ascending; `ms` row by row, below 0 where nothing was measured. Rows without any time are left out. */
  constructor(rows: Float64Array, columns: Float64Array, ms: Float64Array) {
    const width = columns.length;
    const used = Array.from(rows.keys()).filter((r) => ms.subarray(r * width, (r + 1) * width).some((value) => value >= 0));
    this.rows = Float64Array.from(used, (r) => rows[r]!);
    this.columns = columns;
    this.ms = filled(
      this.rows,
      columns,
      used.map((r) => ms.subarray(r * width, (r + 1) * width)),
    );
    const step = this.rows[0]!;
    this.rowStep = step > 0 && this.rows.every((value, i) => value === step * (i + 1)) ? step : 0;
  }

  get lastRow(): number {
    return this.rows[this.rows.length - 1]!;
  }

  get lastColumn(): number {
    return this.columns[this.columns.length - 1]!;
  }

  /** Bilinear inside the grid; the nearest edge outside. */
  at(row: number, column: number): number {
    const { rows, columns, ms } = this;
    const width = columns.length;
    const r = this.rowStep > 0 ? Math.min(rows.length, Math.max(1, Math.floor(row / this.rowStep))) - 1 : below(rows, row);
    const c = below(columns, column);
    const rowShare = r === rows.length - 1 ? 0 : Math.max(0, (row - rows[r]!) / (rows[r + 1]! - rows[r]!));
    const columnShare = c === width - 1 ? 0 : Math.max(0, (column - columns[c]!) / (columns[c + 1]! - columns[c]!));
    const at = r * width + c;
    const low = between(ms[at]!, columnShare === 0 ? 0 : ms[at + 1]!, columnShare);
    if (rowShare === 0) return low;
    return between(low, between(ms[at + width]!, columnShare === 0 ? 0 : ms[at + width + 1]!, columnShare), rowShare);
  }
}
