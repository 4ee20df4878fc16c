// Ended requests as columns. They are written to a few thousand rows that are used again and again; where all are kept, those rows are packed into
// a block when they are full: on a machine that has to find memory for what is written, bytes are time.
import type { Replica } from "../fleet/replica.ts";
import type { Requests } from "../fleet/requests.ts";
import { packInts, unpackInts } from "./packed-ints.ts";
import type { PackedInts } from "./packed-ints.ts";
import type { RequestLog } from "./results.ts";

/** Rows of a block. */
export const BLOCK_ROWS = 4096;
/** Rows of a writer that keeps none. */
const SCRATCH_ROWS = 1024;

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

type Time = (typeof TIMES)[number];
type Count = (typeof COUNTS)[number];

/** Rows being written. Their counts are all arrays of one kind: a loop that meets several kinds is slow in JavaScript engines. */
export type LogRows = Readonly<Record<Time, Float64Array> & Record<Count, Int32Array>>;

const rowsOf = (size: number): LogRows => ({
  id: new Int32Array(size),
  tenant: new Int32Array(size),
  sloClass: new Int32Array(size),
  status: new Int32Array(size),
  met: new Int32Array(size),
  pool: new Int32Array(size),
  replica: new Int32Array(size),
  promptTokens: new Int32Array(size),
  outputTokens: new Int32Array(size),
  preemptions: new Int32Array(size),
  cachedTokens: new Int32Array(size),
  predictedTokens: new Int32Array(size),
  arrivedAt: new Float64Array(size),
  scheduledAt: new Float64Array(size),
  firstTokenAt: new Float64Array(size),
  finishedAt: new Float64Array(size),
});

/** What latencies are worked out from. */
export type Timings = Pick<LogRows, Time | "tenant" | "status" | "outputTokens">;

type Block = Readonly<Record<Time, Float64Array> & Record<Count, PackedInts>>;

/** Columns for whoever reads the log: each as narrow as its values. */
const columns = (size: number): Omit<RequestLog, "length"> => ({
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
  readonly keeps: boolean;
  /** The rows being filled, and the next of them. */
  readonly current: LogRows;
  row = 0;
  private readonly blocks: Block[] = [];

  /** `keeps`: all rows; otherwise the last ones only, until they are written over. */
  constructor(keeps: boolean) {
    this.keeps = keeps;
    this.current = rowsOf(keeps ? BLOCK_ROWS : SCRATCH_ROWS);
  }

  /** Rows kept. */
  get length(): number {
    return this.keeps ? this.blocks.length * BLOCK_ROWS + this.row : 0;
  }

  get isFull(): boolean {
    return this.row === this.current.id.length;
  }

  /** Writes ended requests, from the place `from` of their list on, into the rows that are left. Returns how many. */
  add(requests: Requests, replicas: readonly Replica[], from: number): number {
    const { current, row } = this;
    const slots = requests.ended.subarray(from, Math.min(requests.endedCount, from + current.id.length - row));
    // One loop over all columns: half the work of a loop for each.
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      const at = row + i;
      const replica = requests.replica[slot]!;
      current.id[at] = requests.id[slot]!;
      current.tenant[at] = requests.tenant[slot]!;
      current.sloClass[at] = requests.sloClass[slot]!;
      current.status[at] = requests.status[slot]!;
      current.met[at] = 1 - requests.bestEffort[slot]!;
      current.pool[at] = replica < 0 ? -1 : replicas[replica]!.pool;
      current.replica[at] = replica;
      current.promptTokens[at] = requests.promptTokens[slot]!;
      current.outputTokens[at] = requests.outputTokens[slot]!;
      current.preemptions[at] = requests.preemptions[slot]!;
      current.cachedTokens[at] = requests.cachedTokens[slot]!;
      current.predictedTokens[at] = requests.predictedTokens[slot]!;
      current.arrivedAt[at] = requests.arrivedAt[slot]!;
      current.scheduledAt[at] = requests.scheduledAt[slot]!;
      current.firstTokenAt[at] = requests.firstTokenAt[slot]!;
      current.finishedAt[at] = requests.finishedAt[slot]!;
    }
    this.row = row + slots.length;
    return slots.length;
  }

  /** Packs the rows of a full `current` away, so that they can be written over. */
  turn(): void {
    this.row = 0;
    if (!this.keeps) return;
    const { current } = this;
    const times = TIMES.map((key) => [key, new Float64Array(current[key])]);
    const counts = COUNTS.map((key) => [key, packInts(current[key], BLOCK_ROWS)]);
    this.blocks.push(Object.fromEntries([...times, ...counts]) as Block);
  }

  /** Copies the rows [from, to) into fresh columns. */
  slice(from = 0, to = this.length): RequestLog {
    const size = Math.max(0, to - from);
    const log = columns(size);
    for (let row = from; row < to;) {
      const start = row % BLOCK_ROWS;
      const end = Math.min(start + to - row, BLOCK_ROWS);
      this.copy(Math.floor(row / BLOCK_ROWS), start, end, log, row - from);
      row += end - start;
    }
    return { length: size, ...log };
  }

  /** All kept rows, in order, some thousands at a time: what latencies are worked out from. The columns are good until the next are asked for. */
  *timings(): Generator<{ readonly rows: Timings; readonly count: number }> {
    const size = this.blocks.length > 0 ? BLOCK_ROWS : 0;
    const tenant = new Int32Array(size);
    const status = new Int32Array(size);
    const outputTokens = new Int32Array(size);
    for (const block of this.blocks) {
      unpackInts(block.tenant, 0, BLOCK_ROWS, tenant, 0);
      unpackInts(block.status, 0, BLOCK_ROWS, status, 0);
      unpackInts(block.outputTokens, 0, BLOCK_ROWS, outputTokens, 0);
      const { arrivedAt, scheduledAt, firstTokenAt, finishedAt } = block;
      yield { rows: { tenant, status, outputTokens, arrivedAt, scheduledAt, firstTokenAt, finishedAt }, count: BLOCK_ROWS };
    }
    if (this.keeps && this.row > 0) yield { rows: this.current, count: this.row };
  }

  /** Rows [start, end) of a block; the one after the last block is `current`. */
  private copy(index: number, start: number, end: number, into: Omit<RequestLog, "length">, at: number): void {
    const block = this.blocks[index];
    if (block === undefined) {
      for (const key of [...TIMES, ...COUNTS]) into[key].set(this.current[key].subarray(start, end), at);
      return;
    }
    for (const key of TIMES) into[key].set(block[key].subarray(start, end), at);
    for (const key of COUNTS) unpackInts(block[key], start, end, into[key], at);
  }
}
