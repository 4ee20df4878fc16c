// Columns that grow: for recorders of things whose number is not known.

type Column = Float64Array | Int32Array | Uint8Array;
const MAKE = {
  f64: (size: number): Float64Array => new Float64Array(size),
  i32: (size: number): Int32Array => new Int32Array(size),
  u8: (size: number): Uint8Array => new Uint8Array(size),
} as const;
type Kind = keyof typeof MAKE;

export type Columns<Shape extends Readonly<Record<string, Kind>>> = {
  readonly [Key in keyof Shape]: ReturnType<(typeof MAKE)[Shape[Key]]>;
};

export class GrowingColumns<const Shape extends Readonly<Record<string, Kind>>> {
  length = 0;
  private capacity = 1024;
  private readonly kinds: Shape;
  private columns: Record<string, Column>;

  constructor(kinds: Shape) {
    this.kinds = kinds;
    this.columns = Object.fromEntries(Object.entries(kinds).map(([key, kind]) => [key, MAKE[kind](this.capacity)]));
  }

  /** A row, one value for each column. */
  push(row: Readonly<Record<keyof Shape, number>>): void {
    if (this.length === this.capacity) {
      this.capacity *= 2;
      for (const [key, kind] of Object.entries(this.kinds)) {
        const wide = MAKE[kind](this.capacity);
        wide.set(this.columns[key] as never);
        this.columns[key] = wide;
      }
    }
    for (const key in row) this.columns[key]![this.length] = row[key];
    this.length++;
  }

  /** Changes one value of a row that is there. */
  amend(row: number, key: keyof Shape, value: number): void {
    this.columns[key as string]![row] = value;
  }

  /** Copies of the columns, as long as they have rows. */
  take(): Columns<Shape> {
    return Object.fromEntries(Object.entries(this.columns).map(([key, column]) => [key, column.slice(0, this.length)])) as Columns<Shape>;
  }
}
