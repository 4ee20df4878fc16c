// Ended requests as columns in chunks, so that a long run never copies what it has.
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
  predictedTokens: Int32Array;
  arrivedAt: Float64Array;
  scheduledAt: Float64Array;
  firstTokenAt: Float64Array;
  finishedAt: Float64Array;
}

const columns = (size: number): LogChunk => ({
  id: new Int32Array(size),
  tenant: new Uint16Array(size),
  sloClass: new Uint8Array(size),
  status: new Uint8Array(size),
  met: new Uint8Array(size),
  pool: new Int16Array(size),
  replica: new Int32Array(size),
  promptTokens: new Int32Array(size),
  outputTokens: new Int32Array(size),
  preemptions: new Uint16Array(size),
  cachedTokens: new Int32Array(size),
  predictedTokens: new Int32Array(size),
  arrivedAt: new Float64Array(size),
  scheduledAt: new Float64Array(size),
  firstTokenAt: new Float64Array(size),
  finishedAt: new Float64Array(size),
});

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
    this.current = columns(keeps ? 0 : SCRATCH_ROWS);
    this.row = this.chunkRows;
  }

  /** Makes room for a row of `current`, and returns its number. */
  next(): number {
    if (this.row === this.chunkRows) {
      this.row = 0;
      if (this.keeps) {
        this.current = columns(LOG_CHUNK);
        this.chunks.push(this.current);
      }
    }
    if (this.keeps) this.length++;
    return this.row++;
  }

  /** Copies the rows [from, to) into fresh columns. */
  slice(from = 0, to = this.length): RequestLog {
    const size = Math.max(0, to - from);
    const log = columns(size);
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
