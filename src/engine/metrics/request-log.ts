// Ended requests as columns in chunks, so that a long run never copies what it has.
import { ColumnSpace } from "../kernel/columns.ts";
import type { ColumnType } from "../kernel/columns.ts";
import type { RequestLog } from "./results.ts";

export const LOG_CHUNK = 65536;
const SCRATCH_ROWS = 1024;

export interface LogChunk {
  id: Int32Array;
  tenant: Uint16Array;
  sloClass: Uint8Array;
  status: Uint8Array;
  met: Uint8Array;
  pool: Int16Array;
  replica: Int32Array;
  promptTokens: Int32Array;
  outputTokens: Int32Array;
  preemptions: Uint16Array;
  cachedTokens: Int32Array;
  arrivedAt: Float64Array;
  scheduledAt: Float64Array;
  firstTokenAt: Float64Array;
  finishedAt: Float64Array;
}

/** Columns made by `make`, one after the other. */
const columnsOf = (make: <T>(type: ColumnType<T>) => T): LogChunk => ({
  id: make(Int32Array),
  tenant: make(Uint16Array),
  sloClass: make(Uint8Array),
  status: make(Uint8Array),
  met: make(Uint8Array),
  pool: make(Int16Array),
  replica: make(Int32Array),
  promptTokens: make(Int32Array),
  outputTokens: make(Int32Array),
  preemptions: make(Uint16Array),
  cachedTokens: make(Int32Array),
  arrivedAt: make(Float64Array),
  scheduledAt: make(Float64Array),
  firstTokenAt: make(Float64Array),
  finishedAt: make(Float64Array),
});

/** Columns to write rows into. */
function chunkOf(size: number): LogChunk {
  const space = new ColumnSpace(size, 15, 64);
  return columnsOf((type) => space.column(type));
}

export class RequestLogWriter {
  readonly chunks: LogChunk[] = [];
  /** Rows kept. */
  length = 0;
  /** Rows of a chunk; chunk being filled, and the next row in it. */
  readonly chunkRows: number;
  current: LogChunk;
  row: number;
  readonly keeps: boolean;

  /** `keeps`: all rows; otherwise one small chunk is written over and over. */
  constructor(keeps: boolean) {
    this.keeps = keeps;
    this.chunkRows = keeps ? LOG_CHUNK : SCRATCH_ROWS;
    this.current = chunkOf(keeps ? 0 : SCRATCH_ROWS);
    this.row = this.chunkRows;
  }

  /** Makes room for a row of `current`, and returns its number. */
  next(): number {
    if (this.row === this.chunkRows) {
      this.row = 0;
      if (this.keeps) {
        this.current = chunkOf(LOG_CHUNK);
        this.chunks.push(this.current);
      }
    }
    if (this.keeps) this.length++;
    return this.row++;
  }

  /** Copies the rows [from, to) into fresh columns. */
  slice(from = 0, to = this.length): RequestLog {
    const size = Math.max(0, to - from);
    // Each in a buffer of its own, so that it can be moved to another thread.
    const log = columnsOf((type) => new type(new ArrayBuffer(size * type.BYTES_PER_ELEMENT), 0, size));
    for (let row = from; row < to;) {
      const chunk = this.chunks[Math.floor(row / LOG_CHUNK)]!;
      const start = row % LOG_CHUNK;
      const count = Math.min(to - row, LOG_CHUNK - start);
      for (const key of Object.keys(log) as (keyof LogChunk)[]) {
        (log[key] as Int32Array).set((chunk[key] as Int32Array).subarray(start, start + count), row - from);
      }
      row += count;
    }
    return { length: size, ...log };
  }
}
