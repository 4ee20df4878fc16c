// One replica: the waiting queue and the KV cache that its lanes share, its state, and counters for the fleet view.
import type { PoolConfig } from "../config.ts";
import { ReplicaState } from "../contracts.ts";
import type { Batching, LaneClock, LatencyModel, Ordering } from "../contracts.ts";
import { Deque } from "../kernel/deque.ts";
import type { Holding, PrefixCache } from "../kv/prefix-cache.ts";
import type { Content } from "./content.ts";
import type { Lane } from "./lane.ts";
import type { Requests } from "./requests.ts";

// What a JavaScript engine first sees in a field decides how it stores it. Fields that will hold seconds start as NaN or -0, which are no whole
// numbers to it: a 0 would have every replica stored anew, and code compiled again, when the first fraction comes.

export class Replica implements LaneClock {
  readonly index: number;
  readonly pool: number;
  /** Position in the pool, from 0. */
  readonly position: number;
  state: ReplicaState = ReplicaState.starting;
  /** When the present state began; when a starting replica will be ready. */
  since = NaN;
  readyAt = NaN;
  readonly waiting = new Deque();
  readonly blocks: number;
  readonly blockSize: number;
  usedBlocks = 0;
  holders = 0;
  preemptions = 0;
  lanes: Lane[] = [];
  /** Lanes that run a batch, and since when at least one does. */
  running = 0;
  busySince = NaN;
  busySeconds = -0;
  /** Times at which each pipeline stage is free again. */
  readonly stageFree: Float64Array;
  /** End of its last use of the network: hand-overs queue at both ends. */
  networkFree = -0;
  /** log2 of blockSize where that is whole, else -1. */
  private readonly shift: number;
  readonly batching: Batching;
  /** Null: requests come in as they came. */
  readonly ordering: Ordering | null;
  readonly latency: LatencyModel;
  /** Prefill only: hands its requests over after the first token. */
  readonly handsOver: boolean;
  /** Decode only: its requests come with their prompts computed. */
  readonly receives: boolean;
  /** Which content its blocks hold; null without prefix caching. */
  readonly cache: PrefixCache | null;

  constructor(index: number, pool: number, position: number, config: PoolConfig, batching: Batching, ordering: Ordering | null) {
    this.cache = config.prefixCaching?.cache(config.kvBlocks, config.blockSize) ?? null;
    this.handsOver = config.role === "prefill";
    this.receives = config.role === "decode";
    this.index = index;
    this.pool = pool;
    this.position = position;
    // Whole, and known to be: a number that came from a division would make every comparison with it one of doubles.
    this.blocks = config.kvBlocks | 0;
    this.blockSize = config.blockSize;
    this.stageFree = new Float64Array(config.stages);
    this.batching = batching;
    this.ordering = ordering;
    this.latency = config.latency;
    this.shift = (this.blockSize & (this.blockSize - 1)) === 0 ? 31 - Math.clz32(this.blockSize) : -1;
  }

  /** Blocks that hold this many tokens. */
  blocksFor(tokens: number): number {
    return this.shift >= 0 ? (tokens + this.blockSize - 1) >> this.shift : Math.ceil(tokens / this.blockSize) | 0;
  }

  /** Blocks that a request of this replica holds with this many tokens in its cache. */
  blocksOf(requests: Requests, slot: number, tokens: number): number {
    const reserved = requests.reserved[slot]!;
    return reserved > 0 ? reserved : this.blocksFor(tokens);
  }

  /** A request that is computed up to `tokens` tokens gives back its blocks. */
  freeComputed(requests: Requests, content: Content, slot: number, tokens: number): void {
    const blocks = this.blocksOf(requests, slot, tokens);
    if (this.cache === null) this.usedBlocks -= blocks;
    else this.releaseShared(content.holdingOf(slot), tokens, blocks);
  }

  /** A request gives back its blocks, of which the first `tokens` tokens are computed, to a replica with prefix caching. */
  releaseShared(holding: Holding, tokens: number, blocks: number): void {
    const cache = this.cache!;
    cache.sync(this.usedBlocks);
    cache.release(holding, tokens, blocks);
    this.usedBlocks = cache.pool.referenced;
  }

  iterationOf(lane: number): number {
    return this.lanes[lane]!.iterationAhead;
  }

  /** Seconds in which an iteration ran, up to now. */
  busyUntil(now: number): number {
    return this.running > 0 ? this.busySeconds + (now - this.busySince) : this.busySeconds;
  }

  // Loops by index from here on: these are asked for every sample of a run, its first ones included, before JavaScript engines have compiled anything.

  /** KV blocks in use now, the iterations since the last boundary included. */
  usedBlocksAt(now: number): number {
    const { lanes } = this;
    let used = this.usedBlocks;
    for (let i = 0; i < lanes.length; i++) used += lanes[i]!.growthSince(now);
    return used;
  }

  decoding(): number {
    const { lanes } = this;
    let count = 0;
    for (let i = 0; i < lanes.length; i++) count += lanes[i]!.group.count;
    return count;
  }

  prefilling(): number {
    const { lanes } = this;
    let count = 0;
    for (let i = 0; i < lanes.length; i++) count += lanes[i]!.prefillCount;
    return count;
  }
}
