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
  const same = equalFrom(column, count);
  if (same === count) return { least: column[0]!, more: null };
  let least = column[0]!;
  let most = least;
  for (let row = same; row < count; row++) {
    const value = column[row]!;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  // As they are, where that takes no more bytes: copying is left to the JavaScript engine then.
  const Narrow = arrayFor(most - least);
  if (least >= 0 && arrayFor(most) === Narrow) return { least: 0, more: new Narrow(column.subarray(0, count)) };
  const more = new Narrow(count);
  for (let row = 0; row < count; row++) more[row] = column[row]! - least;
  return { least, more };
}

/** Rows at the beginning that hold one value. Most columns hold one to their end: looked at four at a time, that costs half. */
function equalFrom(column: Int32Array, count: number): number {
  const first = column[0]!;
  let row = 1;
  while (row + 4 <= count) {
    const differs = (column[row]! ^ first) | (column[row + 1]! ^ first) | (column[row + 2]! ^ first) | (column[row + 3]! ^ first);
    if (differs !== 0) break;
    row += 4;
  }
  while (row < count && column[row] === first) row++;
  return row;
}

const arrayFor = (most: number): typeof Uint8Array | typeof Uint16Array | typeof Uint32Array =>
  most < 0x100 ? Uint8Array : most < 0x10000 ? Uint16Array : Uint32Array;

/** Writes the rows [from, to) into a column, from its row `at` on. */
export function unpackInts({ least, more }: PackedInts, from: number, to: number, into: Ints, at: number): void {
  if (more === null) {
    into.fill(least, at, at + to - from);
    return;
  }
  into.set(more.subarray(from, to), at);
  if (least !== 0) for (let row = at; row < at + to - from; row++) into[row] = into[row]! + least;
}
