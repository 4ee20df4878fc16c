// Ended requests as columns. They are written to a few thousand rows that are used again and again, and packed into a block when those are full: on a
// machine that has to find memory for what is written, bytes are time.
import { BATCH_ROWS, rows } from "./ended-rows.ts";
import { packInts, unpackInts } from "./packed-ints.ts";
import type { PackedInts } from "./packed-ints.ts";
import type { RequestLog } from "./results.ts";

/** Rows of a block. */
export const BLOCK_ROWS = 4096;

const TIMES = ["arrivedAt", "scheduledAt", "firstTokenAt", "finishedAt"] as const;
const COUNTS = [
  "id",
  "tenant",
  "sloClass",
  "status",
  "met",
  "pool",
  "replica",
  "promptTokens",
  "outputTokens",
  "preemptions",
  "cachedTokens",
  "predictedTokens",
] as const;

/** Of the counts, those that latencies are worked out from, with the times, and the tenant that they belong to. */
const OF_LATENCIES = ["tenant", "status", "outputTokens"] as const;

type Time = (typeof TIMES)[number];
type Count = (typeof COUNTS)[number];

type Rows = Readonly<Record<Time, Float64Array> & Record<Count, Int32Array>>;

const rowsOf = (size: number): Rows =>
  Object.fromEntries([
    ...TIMES.map((key) => [key, new Float64Array(size)]),
    ...COUNTS.map((key) => [key, new Int32Array(size)]),
  ]) as unknown as Rows;

type Block = Readonly<Record<Time, Float64Array> & Record<Count, PackedInts>>;

/** Columns for whoever reads the log: each as narrow as its values. */
const KINDS = {
  id: Int32Array,
  tenant: Uint16Array,
  sloClass: Uint8Array,
  status: Uint8Array,
  met: Uint8Array,
  pool: Int16Array,
  replica: Int32Array,
  promptTokens: Int32Array,
  outputTokens: Int32Array,
  preemptions: Uint16Array,
  cachedTokens: Int32Array,
  predictedTokens: Int32Array,
  arrivedAt: Float64Array,
  scheduledAt: Float64Array,
  firstTokenAt: Float64Array,
  finishedAt: Float64Array,
} as const;

/** All in one buffer, so that they can be moved as a whole; the widest first, for each must begin at a multiple of its width. */
function columns(size: number): Omit<RequestLog, "length"> {
  const kinds = Object.entries(KINDS);
  const buffer = new ArrayBuffer(size * kinds.reduce((sum, [, kind]) => sum + kind.BYTES_PER_ELEMENT, 0));
  let at = 0;
  const made: Record<string, unknown> = { ...KINDS };
  for (const bytes of [8, 4, 2, 1])
    for (const [key, kind] of kinds)
      if (kind.BYTES_PER_ELEMENT === bytes) {
        made[key] = new kind(buffer, at, size);
        at += bytes * size;
      }
  return made as unknown as Omit<RequestLog, "length">;
}

export class RequestLogWriter {
  readonly keeps: boolean;
  /** The rows of the block being filled, and how many there are. */
  private readonly current: Rows;
  private row = 0;
  private readonly blocks: Block[] = [];

  /** `keeps`: all rows; otherwise none. */
  constructor(keeps: boolean) {
    this.keeps = keeps;
    this.current = rowsOf(keeps ? BLOCK_ROWS : 0);
  }

  /** Rows kept. */
  get length(): number {
    return this.blocks.length * BLOCK_ROWS + this.row;
  }

  /** Adds the first `count` of the ended rows. */
  add(count: number): void {
    if (!this.keeps) return;
    for (let from = 0; from < count;) {
      const to = Math.min(count, from + BLOCK_ROWS - this.row);
      for (const key of TIMES) this.current[key].set(rows[key].subarray(from, to), this.row);
      for (const key of COUNTS) this.current[key].set(rows[key].subarray(from, to), this.row);
      this.row += to - from;
      from = to;
      if (this.row === BLOCK_ROWS) this.turn();
    }
  }

  /** Packs the rows of the full block away, so that they can be written over. */
  private turn(): void {
    const { current } = this;
    const times = TIMES.map((key) => [key, new Float64Array(current[key])]);
    const counts = COUNTS.map((key) => [key, packInts(current[key], BLOCK_ROWS)]);
    this.blocks.push(Object.fromEntries([...times, ...counts]) as Block);
    this.row = 0;
  }

  /** Copies the rows [from, to) into fresh columns. */
  slice(from = 0, to = this.length): RequestLog {
    const size = Math.max(0, to - from);
    const log = columns(size);
    for (let row = from; row < to;) {
      const start = row % BLOCK_ROWS;
      const end = Math.min(start + to - row, BLOCK_ROWS);
      this.copy(Math.floor(row / BLOCK_ROWS), start, end, log, COUNTS, row - from);
      row += end - start;
    }
    return { length: size, ...log };
  }

  /** Brings kept rows, from row `from` on, back into the ended rows, as far as latencies are worked out from them. Returns how many: none at the end. */
  recall(from: number): number {
    const start = from % BLOCK_ROWS;
    const count = Math.min(BATCH_ROWS, BLOCK_ROWS - start, this.length - from);
    if (count > 0) this.copy(Math.floor(from / BLOCK_ROWS), start, start + count, rows, OF_LATENCIES, 0);
    return count;
  }

  /** Copies rows [start, end) of a block, times and some counts; the block after the last is `current`. */
  private copy(
    index: number,
    start: number,
    end: number,
    into: Omit<RequestLog, "length"> | Rows,
    counts: readonly Count[],
    at: number,
  ): void {
    const block = this.blocks[index];
    for (const key of TIMES) into[key].set((block ?? this.current)[key].subarray(start, end), at);
    for (const key of counts) {
      if (block === undefined) into[key].set(this.current[key].subarray(start, end), at);
      else unpackInts(block[key], start, end, into[key], at);
    }
  }
}
