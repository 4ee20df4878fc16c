// Rows of columns in the order of one of them. A sort that asks a function about every pair takes ten times as long, and that for a million rows.

/** Rows up to which inserting them one by one is faster than merging. */
const INSERTED = 16;

/** Rows by a column, ascending, equal ones as they stood: the same list where it is in order already, as ends are. NaN must not be among the values. */
export function sortedBy(rows: Int32Array, column: Float64Array): Int32Array {
  const count = rows.length;
  let ascending = 1;
  while (ascending < count && column[rows[ascending]!]! >= column[rows[ascending - 1]!]!) ascending++;
  if (ascending >= count) return rows;
  let from = rows.slice();
  for (let start = 0; start < count; start += INSERTED) insertAll(from, start, Math.min(count, start + INSERTED), column);
  let to = new Int32Array(count);
  for (let width = INSERTED; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width)
      merge(from, to, start, Math.min(count, start + width), Math.min(count, start + 2 * width), column);
    [from, to] = [to, from];
  }
  return from;
}

function insertAll(rows: Int32Array, start: number, end: number, column: Float64Array): void {
  for (let i = start + 1; i < end; i++) {
    const row = rows[i]!;
    const value = column[row]!;
    let at = i;
    while (at > start && column[rows[at - 1]!]! > value) {
      rows[at] = rows[at - 1]!;
      at--;
    }
    rows[at] = row;
  }
}

/** Merges [start, middle) and [middle, end), each in order. */
function merge(from: Int32Array, to: Int32Array, start: number, middle: number, end: number, column: Float64Array): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takesLeft = left < middle && (right >= end || column[from[left]!]! <= column[from[right]!]!);
    to[at] = from[takesLeft ? left++ : right++]!;
  }
}
