// Columns of a block of rows in few bytes. Most columns of a run's requests hold one value for thousands of rows, or values close to each other: what
// all have in common is kept once, and of each only the low bits in which some differ.

type Ints = Int32Array | Int16Array | Uint16Array | Uint8Array;

export interface PackedInts {
  readonly least: number;
  /** By row: what it has more; null where all are `least`. */
  readonly more: Uint8Array | Uint16Array | Uint32Array | null;
}

/** Packs the first `count` values of a column; at least one. */
export function packInts(column: Int32Array, count: number): PackedInts {
  const first = column[0]!;
  const differs = differingBits(column, count);
  if (differs === 0) return { least: first, more: null };
  // Arrays take the low bits of what is written to them: copying is left to the JavaScript engine.
  if (differs < 0x100) return { least: first & ~0xff, more: new Uint8Array(column.subarray(0, count)) };
  if (differs < 0x10000) return { least: first & ~0xffff, more: new Uint16Array(column.subarray(0, count)) };
  // On both sides of a round number, zero among them.
  let least = first;
  let most = first;
  for (let row = 1; row < count; row++) {
    const value = column[row]!;
    if (value < least) least = value;
    else if (value > most) most = value;
  }
  const range = most - least;
  const more = new (range < 0x100 ? Uint8Array : range < 0x10000 ? Uint16Array : Uint32Array)(count);
  for (let row = 0; row < count; row++) more[row] = column[row]! - least;
  return { least, more };
}

/** The bits in which any value differs from the first. Four at a time: most columns have none, and looking is all there is to do. */
function differingBits(column: Int32Array, count: number): number {
  const first = column[0]!;
  let differs = 0;
  let row = 0;
  for (; row + 3 < count; row += 4)
    differs |= (column[row]! ^ first) | (column[row + 1]! ^ first) | (column[row + 2]! ^ first) | (column[row + 3]! ^ first);
  for (; row < count; row++) differs |= column[row]! ^ first;
  return differs >>> 0;
}

/** Writes the rows [from, to) into a column, from its row `at` on. */
export function unpackInts({ least, more }: PackedInts, from: number, to: number, into: Ints, at: number): void {
  if (more === null) {
    into.fill(least, at, at + to - from);
    return;
  }
  into.set(more.subarray(from, to), at);
  if (least !== 0) for (let row = at; row < at + to - from; row++) into[row] = into[row]! + least;
}
