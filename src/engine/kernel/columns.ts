// Columns that are read at the same row lie in one buffer, each a few cache lines further into its memory page than the one before. Arrays of
// their own start at the same place of a page, so that one row of twenty columns would fall into one set of the processor's first cache, which
// holds eight lines: touching a request would drive out what was read of it a moment before.

const PAGE = 4096;
/** Three cache lines: an odd number of them, so that 64 columns differ. */
const SHIFT = 192;

export interface ColumnType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
}

export class ColumnSpace {
  readonly length: number;
  private readonly buffer: ArrayBuffer;
  private used = 0;
  private columns = 0;

  /** Room for `columns` columns of `length` rows, which take `bytesPerRow` together. */
  constructor(length: number, columns: number, bytesPerRow: number) {
    this.length = length;
    this.buffer = new ArrayBuffer(length * bytesPerRow + columns * PAGE);
  }

  column<T>(type: ColumnType<T>): T {
    const wanted = (this.columns++ * SHIFT) % PAGE;
    const place = this.used + ((wanted - this.used) & (PAGE - 1));
    this.used = place + this.length * type.BYTES_PER_ELEMENT;
    return new type(this.buffer, place, this.length);
  }
}
