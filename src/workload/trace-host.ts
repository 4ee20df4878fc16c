// Reading a trace for the page: one file at a time, progress at most ten times a second, columns to be transferred.
import { readTrace } from "./formats/read.ts";
import type { ReadOptions } from "./formats/read.ts";
import type { ColumnMapping, Trace, TraceOutcome } from "./types.ts";

/** What is read of a File. */
export interface FileLike {
  readonly name: string;
  readonly size: number;
  stream(): ReadableStream<Uint8Array>;
}

const PROGRESS_MS = 100;

export interface TraceReader {
  /** Reads a file; a second call cancels the first, which then answers with code "cancelled". */
  read(file: FileLike, mapping: ColumnMapping | null, onProgress: NonNullable<ReadOptions["onProgress"]>): Promise<TraceOutcome>;
  cancel(): void;
}

/** `now` gives milliseconds of a steady clock. */
export function traceReader(now: () => number): TraceReader {
  let current: AbortController | null = null;
  return {
    read: async (file, mapping, onProgress) => {
      current?.abort();
      const mine = new AbortController();
      current = mine;
      let told = -Infinity;
      const outcome = await readTrace(file.stream(), {
        file: file.name,
        bytes: file.size,
        mapping,
        signal: mine.signal,
        onProgress: (done, total, rows) => {
          if (done < total && now() - told < PROGRESS_MS) return;
          told = now();
          onProgress(done, total, rows);
        },
      });
      if (current === mine) current = null;
      return outcome;
    },
    cancel: () => current?.abort(),
  };
}

/** Buffers of a trace, to move it between threads instead of copying. */
export function buffersOf({ arrivedAt, promptTokens, outputTokens, tenant, session, prefix }: Trace): ArrayBuffer[] {
  const columns = [arrivedAt, promptTokens, outputTokens, tenant, session, prefix?.start, prefix?.ids];
  return columns.flatMap((column) => (column ? [column.buffer as ArrayBuffer] : []));
}
