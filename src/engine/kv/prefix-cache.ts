// What happens to the blocks of a request on a replica with prefix caching: found ones are shared when it comes in, full ones are named as soon as they are
// in a batch, all go to the free queue deepest first. Decodes take blocks without saying whose: their number is settled before each operation.
import { BlockPool } from "./block-pool.ts";
import { ChainHash } from "./chain-hash.ts";

/**
 * Content of a request at the block size of its replica, and the blocks that it holds there. Reused from request to request, and plain data: a snapshot
 * makes new ones.
 */
export interface Holding {
  /** Names of its full blocks: `known` of them. */
  hi: Int32Array;
  lo: Int32Array;
  known: number;
  /** Blocks held, in the order of the sequence; the first `named` of them have their names. */
  blocks: Int32Array;
  held: number;
  named: number;
}

export const newHolding = (): Holding => ({
  hi: new Int32Array(16),
  lo: new Int32Array(16),
  known: 0,
  blocks: new Int32Array(16),
  held: 0,
  named: 0,
});

/** Room for this many blocks and names. */
export function reserve(holding: Pick<Holding, "hi" | "lo"> & Partial<Pick<Holding, "blocks">>, blocks: number): void {
  if (blocks <= holding.hi.length) return;
  const size = Math.max(blocks, holding.hi.length * 2);
  const grow = (narrow: Int32Array): Int32Array => {
    const wide = new Int32Array(size);
    wide.set(narrow);
    return wide;
  };
  holding.hi = grow(holding.hi);
  holding.lo = grow(holding.lo);
  if (holding.blocks !== undefined) holding.blocks = grow(holding.blocks);
}

/** Seed of names for content that no other request has. */
const PRIVATE = 0x50524956;

export class PrefixCache {
  readonly pool: BlockPool;
  readonly blockSize: number;
  /** Tokens looked for and found at admissions, prompts of resumed requests included. */
  queriedTokens = 0;
  hitTokens = 0;
  /** Blocks of the last `find`: how many were found, and how many of those had no reference. */
  hits = 0;
  idleHits = 0;
  /** Blocks that decodes have taken, whose owners are not asked for until they end. */
  private loose = new Int32Array(64);
  private looseCount = 0;
  private readonly chain = new ChainHash();

  constructor(blocks: number, blockSize: number) {
    this.pool = new BlockPool(blocks);
    this.blockSize = blockSize;
  }

  /** Looks for the longest run of known blocks from the first. At least one of the `tokens` is left to compute, for it has to give the next. */
  find(holding: Holding, tokens: number): void {
    const { pool } = this;
    const { hi, lo } = holding;
    const most = Math.min(holding.known, Math.floor((tokens - 1) / this.blockSize));
    let hits = 0;
    let idle = 0;
    while (hits < most) {
      const block = pool.find(hi[hits]!, lo[hits]!);
      if (block < 0) break;
      if (pool.references[block] === 0) idle++;
      hits++;
    }
    this.hits = hits;
    this.idleHits = idle;
  }

  /**
   * Gives a request `total` blocks: the found ones shared, the others from the head of the free queue. Returns the tokens found. There must be
   * room: total - hits + idleHits blocks free.
   */
  admit(holding: Holding, tokens: number, total: number): number {
    const { pool } = this;
    this.find(holding, tokens);
    const { hits } = this;
    reserve(holding, total);
    const { hi, lo, blocks } = holding;
    // All found blocks are held before any is taken from the queue: one of them might stand at its head.
    for (let i = 0; i < hits; i++) pool.hold((blocks[i] = pool.find(hi[i]!, lo[i]!)));
    for (let i = hits; i < total; i++) blocks[i] = pool.pop();
    holding.held = total;
    holding.named = hits;
    const found = hits * this.blockSize;
    this.queriedTokens += tokens;
    this.hitTokens += found;
    return found;
  }

  /** Names the full blocks of the first `tokens` tokens. */
  name(holding: Holding, tokens: number): void {
    const upTo = Math.min(holding.known, holding.held, Math.floor(tokens / this.blockSize));
    const { hi, lo, blocks } = holding;
    while (holding.named < upTo) {
      const i = holding.named++;
      this.pool.name(blocks[i]!, hi[i]!, lo[i]!);
    }
  }

  /** Takes from the free queue what decodes have used since, or gives back what an iteration that was lost had taken: `used` blocks have references in all. */
  settle(used: number): void {
    const { pool } = this;
    while (pool.referenced < used) {
      if (this.looseCount === this.loose.length) {
        const wide = new Int32Array(2 * this.looseCount);
        wide.set(this.loose);
        this.loose = wide;
      }
      this.loose[this.looseCount++] = pool.pop();
    }
    while (pool.referenced > used) pool.release(this.loose[--this.looseCount]!);
  }

  /** A request that ends or is preempted with `tokens` tokens in `total` blocks gives them back, deepest first. Settle before. */
  release(holding: Holding, tokens: number, total: number): void {
    this.adopt(holding, total);
    this.name(holding, tokens);
    const { blocks } = holding;
    for (let i = holding.held - 1; i >= 0; i--) this.pool.release(blocks[i]!);
    holding.held = 0;
    holding.named = 0;
  }

  /** Blocks that decodes took become the request's own. */
  private adopt(holding: Holding, total: number): void {
    reserve(holding, total);
    while (holding.held < total) holding.blocks[holding.held++] = this.loose[--this.looseCount]!;
  }

  /** Gives blocks whose content nobody knows names that only this request has, so that it finds them when it resumes. */
  nameAsOwn(holding: Holding, id: number, tokens: number): void {
    const full = Math.floor(tokens / this.blockSize);
    reserve(holding, full);
    const { chain } = this;
    while (holding.known < full) {
      const i = holding.known++;
      chain.begin(PRIVATE);
      chain.add(id);
      chain.add(i);
      holding.hi[i] = chain.hi;
      holding.lo[i] = chain.lo;
    }
  }
}
