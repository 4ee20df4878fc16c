// Growing columns of ended requests. Chunks from the worker are appended; arrays double when they are full.
import type { RequestLog } from "../../engine/metrics/results.ts";

type ColumnName = Exclude<keyof RequestLog, "length">;
type Column = Int32Array | Uint16Array | Uint8Array | Int16Array | Float64Array;

const MAKE: Readonly<Record<ColumnName, (n: number) => Column>> = {
  id: (n) => new Int32Array(n),
  tenant: (n) => new Uint16Array(n),
  sloClass: (n) => new Uint8Array(n),
  status: (n) => new Uint8Array(n),
  met: (n) => new Uint8Array(n),
  pool: (n) => new Int16Array(n),
  replica: (n) => new Int32Array(n),
  promptTokens: (n) => new Int32Array(n),
  outputTokens: (n) => new Int32Array(n),
  preemptions: (n) => new Uint16Array(n),
  cachedTokens: (n) => new Int32Array(n),
  predictedTokens: (n) => new Int32Array(n),
  arrivedAt: (n) => new Float64Array(n),
  scheduledAt: (n) => new Float64Array(n),
  firstTokenAt: (n) => new Float64Array(n),
  finishedAt: (n) => new Float64Array(n),
};
const NAMES = Object.keys(MAKE) as ColumnName[];

/** Rows that are reserved on a promise: about 250 MB. */
const MOST_RESERVED = 4_000_000;

/** Only the first `length` entries are valid. Arrays are replaced when they grow: read them anew at every revision. */
export interface RequestColumns extends RequestLog {
  append(chunk: RequestLog): void;
  /** Makes room for this many rows at once: growing later copies all rows, which a million of them makes felt. */
  reserve(rows: number): void;
  clear(): void;
}

export function createRequestColumns(capacity = 4096): RequestColumns {
  const columns = Object.fromEntries(NAMES.map((name) => [name, MAKE[name](capacity)])) as Record<ColumnName, Column>;
  let room = capacity;
  let length = 0;
  const grow = (rows: number): void => {
    room = rows;
    for (const name of NAMES) {
      const larger = MAKE[name](room);
      larger.set(columns[name].subarray(0, length) as never);
      columns[name] = larger;
    }
  };
  const log = {
    get length() {
      return length;
    },
    append(chunk: RequestLog) {
      const end = length + chunk.length;
      if (end > room) grow(Math.max(end, room * 2));
      for (const name of NAMES) columns[name].set(chunk[name].subarray(0, chunk.length) as never, length);
      length = end;
    },
    reserve(rows: number) {
      const wanted = Math.min(rows, MOST_RESERVED);
      if (wanted > room) grow(wanted);
    },
    clear() {
      length = 0;
    },
  };
  for (const name of NAMES) Object.defineProperty(log, name, { enumerable: true, get: () => columns[name] });
  return log as unknown as RequestColumns;
}
