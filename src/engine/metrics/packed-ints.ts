// Whole numbers of a block of rows in few bytes: the least of them, and what each has more. Most columns of a run's requests hold one value for
// thousands of rows, or values close to each other.

type Ints = Int32Array | Int16Array | Uint16Array | Uint8Array;

export interface PackedInts {
  readonly least: number;
  /** By row; null where all are `least`. */
  readonly more: Uint8Array | Uint16Array | Uint32Array | null;
}

/** Packs the first `count` values of a column; at least one. */
export function packInts(column: Int32Array, count: number): PackedInts {
  let least = column[0]!;
  let most = least;
  for (let row = 1; row < count; row++) {
    const value = column[row]!;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  const span = most - least;
  if (span === 0) return { least, more: null };
  const more = span < 0x100 ? new Uint8Array(count) : span < 0x10000 ? new Uint16Array(count) : new Uint32Array(count);
  for (let row = 0; row < count; row++) more[row] = column[row]! - least;
  return { least, more };
}

/** Writes the rows [from, to) into a column, from its row `at` on. */
export function unpackInts({ least, more }: PackedInts, from: number, to: number, into: Ints, at: number): void {
  if (more === null) {
    into.fill(least, at, at + to - from);
    return;
  }
  for (let row = from; row < to; row++) into[at + row - from] = more[row]! + least;
}
