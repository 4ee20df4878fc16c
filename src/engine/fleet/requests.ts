// Requests in the fleet as columns by slot. A slot is reused after its request has ended, so memory follows the number of active requests.
import type { ArrivalRow, RequestTable, Status } from "../contracts.ts";

/** Where a request is. */
export const Phase = {
  free: 0,
  /** Before admission, held at the door. */
  held: 1,
  /** Admitted, not placed: the router waits. */
  unplaced: 2,
  /** In the waiting queue of a replica. */
  waiting: 3,
  prefilling: 4,
  decoding: 5,
  paused: 6,
  /** KV cache on its way to a decode replica, or waiting for one. */
  moving: 7,
} as const;

/** Slots of ended requests that are used again together. More of them would spread the requests in the fleet over more memory than caches hold. */
export const REUSED_TOGETHER = 256;

/** Most requests in the fleet at once: slots share a double with the iteration at which a request ends, up to 2^29. */
export const MOST_REQUESTS = 16_777_216;

export class Requests implements RequestTable {
  id: Int32Array;
  arrivedAt: Float64Array;
  promptTokens: Int32Array;
  outputTokens: Int32Array;
  tenant: Int32Array;
  sloClass: Int32Array;
  session: Int32Array;
  bestEffort: Int32Array;
  target: Int32Array;
  computed: Int32Array;
  left: Int32Array;
  cachedTokens: Int32Array;
  preemptions: Int32Array;
  replica: Int32Array;
  predictedTokens: Int32Array;
  scheduledAt: Float64Array;
  firstTokenAt: Float64Array;
  /** Time of the last token before a preemption; NaN otherwise. */
  lastTokenAt: Float64Array;
  phase: Uint8Array;
  /** While decoding: context minus the lane's decode iteration (constant), and the iteration at which it ends. */
  offset: Int32Array;
  endsAt: Int32Array;
  /** Lane that runs the request. */
  lane: Int32Array;
  /** Blocks held whatever the tokens fill; 0: as many as they fill. Written at admission to a lane. */
  reserved: Int32Array;
  /** How and when the request ended. */
  status: Int32Array;
  finishedAt: Float64Array;
  capacity: number;
  /** Stack of free slots. */
  free: Int32Array;
  freeCount: number;
  /** Slots of requests that have ended, in that order: their columns stand until `reuse`, so that whoever records them can read many in one loop. */
  ended: Int32Array;
  endedCount = 0;
  active = 0;

  constructor(capacity = 1024) {
    this.capacity = capacity;
    const ints = (): Int32Array => new Int32Array(capacity);
    const floats = (): Float64Array => new Float64Array(capacity);
    this.id = ints();
    this.arrivedAt = floats();
    this.promptTokens = ints();
    this.outputTokens = ints();
    this.tenant = ints();
    this.sloClass = ints();
    this.session = ints();
    this.bestEffort = ints();
    this.target = ints();
    this.computed = ints();
    this.left = ints();
    this.cachedTokens = ints();
    this.preemptions = ints();
    this.replica = ints();
    this.predictedTokens = ints();
    this.scheduledAt = floats();
    this.firstTokenAt = floats();
    this.lastTokenAt = floats();
    this.phase = new Uint8Array(capacity);
    this.offset = ints();
    this.endsAt = ints();
    this.lane = ints();
    this.reserved = ints();
    this.status = ints();
    this.finishedAt = floats();
    this.free = ints();
    this.ended = ints();
    this.freeCount = capacity;
    for (let i = 0; i < capacity; i++) this.free[i] = capacity - 1 - i;
  }

  /** Writes a request that arrives into a free slot. Columns that are not read before they are written hold whatever the request before left. */
  take(id: number, row: ArrivalRow): number {
    if (this.freeCount === 0) this.grow();
    this.active++;
    const slot = this.free[--this.freeCount]!;
    this.id[slot] = id;
    this.arrivedAt[slot] = row.arrivedAt;
    this.promptTokens[slot] = row.promptTokens;
    this.outputTokens[slot] = row.outputTokens;
    this.tenant[slot] = row.tenant;
    this.sloClass[slot] = row.sloClass;
    this.session[slot] = row.session;
    this.target[slot] = row.promptTokens;
    this.left[slot] = row.outputTokens;
    this.phase[slot] = Phase.held;
    this.bestEffort[slot] = 0;
    this.computed[slot] = 0;
    this.cachedTokens[slot] = 0;
    this.preemptions[slot] = 0;
    this.replica[slot] = -1;
    this.predictedTokens[slot] = -1;
    this.scheduledAt[slot] = NaN;
    this.firstTokenAt[slot] = NaN;
    this.lastTokenAt[slot] = 0;
    return slot;
  }

  /** The request of a slot has ended. */
  end(slot: number, status: Status, now: number): void {
    this.phase[slot] = Phase.free;
    this.status[slot] = status;
    this.finishedAt[slot] = now;
    this.ended[this.endedCount++] = slot;
    this.active--;
  }

  /** Makes the slots of ended requests free: the first to end is the first to be taken. */
  reuse(): void {
    const { free, freeCount, ended, endedCount } = this;
    for (let i = 0; i < endedCount; i++) free[freeCount + i] = ended[endedCount - 1 - i]!;
    this.freeCount = freeCount + endedCount;
    this.endedCount = 0;
  }

  /** Back to the router. A token produced from a prompt in the cache is part of the prompt now. */
  startOver(slot: number): void {
    if (this.computed[slot]! >= this.target[slot]!) this.target[slot] = this.target[slot]! + 1;
    this.computed[slot] = 0;
    this.replica[slot] = -1;
    this.phase[slot] = Phase.unplaced;
  }

  private grow(): void {
    const capacity = this.capacity * 2;
    if (capacity > MOST_REQUESTS)
      throw new RangeError(`More than ${this.capacity} requests are in the fleet at once: it is far too small for this traffic.`);
    const columns = this as unknown as Record<string, unknown>;
    for (const key of Object.keys(this)) {
      const column = columns[key];
      if (column instanceof Int32Array) columns[key] = widen(new Int32Array(capacity), column);
      else if (column instanceof Float64Array) columns[key] = widen(new Float64Array(capacity), column);
      else if (column instanceof Uint8Array) columns[key] = widen(new Uint8Array(capacity), column);
    }
    for (let i = 0; i < this.capacity; i++) this.free[i] = capacity - 1 - i;
    this.freeCount = this.capacity;
    this.capacity = capacity;
  }
}

function widen<T extends Int32Array | Float64Array | Uint8Array>(wide: T, narrow: T): T {
  wide.set(narrow as never);
  return wide;
}
