// What happens to the blocks of a request on a replica with prefix caching: found ones are shared when it comes in, full ones are named as soon as they are
// in a batch, all go to the free queue deepest first. Decodes take blocks without saying whose: their number is settled before each operation.
import { BlockPool } from "./block-pool.ts";
import type { BlockListener } from "./block-pool.ts";
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
  /** Runs of the pool that it holds, and how many blocks of each: `named` blocks in all. */
  runs: Int32Array;
  takes: Int32Array;
  runCount: number;
  named: number;
  /** Blocks held, in the order of the sequence: written from `named` on, for those before are in runs. */
  blocks: Int32Array;
  held: number;
  /** The last look, while it holds none: blocks found (in `runs`), of them those without references, and when and for how many tokens that was. */
  hits: number;
  idle: number;
  lookedAt: number;
  lookedFor: number;
}

export const newHolding = (): Holding => ({
  hi: new Int32Array(16),
  lo: new Int32Array(16),
  known: 0,
  runs: new Int32Array(4),
  takes: new Int32Array(4),
  runCount: 0,
  named: 0,
  blocks: new Int32Array(16),
  held: 0,
  hits: 0,
  idle: 0,
  lookedAt: -1,
  lookedFor: 0,
});

function widened(narrow: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(size);
  wide.set(narrow);
  return wide;
}

/** Room for this many blocks and names. */
export function reserve(holding: Pick<Holding, "hi" | "lo"> & Partial<Pick<Holding, "blocks">>, blocks: number): void {
  if (blocks <= holding.hi.length) return;
  const size = Math.max(blocks, holding.hi.length * 2);
  holding.hi = widened(holding.hi, size);
  holding.lo = widened(holding.lo, size);
  if (holding.blocks !== undefined) holding.blocks = widened(holding.blocks, size);
}

function addRun(holding: Holding, run: number, blocks: number): void {
  if (holding.runCount === holding.runs.length) {
    holding.runs = widened(holding.runs, 2 * holding.runCount);
    holding.takes = widened(holding.takes, 2 * holding.runCount);
  }
  holding.runs[holding.runCount] = run;
  holding.takes[holding.runCount++] = blocks;
}

/** Seed of names for content that no other request has. */
const PRIVATE = 0x50524956;

export class PrefixCache {
  readonly pool: BlockPool;
  readonly blockSize: number;
  /** Tokens looked for and found at admissions, prompts of resumed requests included. */
  queriedTokens = 0;
  hitTokens = 0;
  /** Blocks that decodes have taken, whose owners are not asked for until they end. */
  private loose = new Int32Array(64);
  private looseCount = 0;
  private readonly chain = new ChainHash();
  /** Names that decodes have evicted and nobody has heard of: pairs of halves. */
  private readonly untold: number[] = [];
  private settling = false;
  private tell: ((hi: number, lo: number) => void) | null = null;
  /** Grows with every change: a look is good as long as nothing has changed since. */
  private moment = 0;

  constructor(blocks: number, blockSize: number) {
    this.pool = new BlockPool(blocks);
    this.blockSize = blockSize;
  }

  /**
   * Looks for the longest run of known blocks from the first, for a request that holds none: `hits` and `idle` of the holding. At least one of the
   * `tokens` is left to compute, for it has to give the next.
   */
  find(holding: Holding, tokens: number): void {
    const { pool } = this;
    if (holding.lookedAt === this.moment && holding.lookedFor === tokens) return;
    const { hi, lo } = holding;
    const most = Math.min(holding.known, Math.floor((tokens - 1) / this.blockSize));
    let hits = 0;
    let idle = 0;
    holding.runCount = 0;
    while (hits < most) {
      const run = pool.find(hi[hits]!, lo[hits]!);
      if (run < 0) break;
      const blocks = pool.common(run, hi, lo, hits, most - hits);
      if (!pool.isHeld(run)) idle += blocks;
      addRun(holding, run, blocks);
      hits += blocks;
    }
    holding.hits = hits;
    holding.idle = idle;
    holding.lookedAt = this.moment;
    holding.lookedFor = tokens;
  }

  /**
   * Gives a request `total` blocks: the found ones shared, the others from the head of the free queue. Returns the tokens found. There must be
   * room: total - hits + idle blocks free.
   */
  admit(holding: Holding, tokens: number, total: number): number {
    const { pool } = this;
    this.find(holding, tokens);
    const { hits, runs, takes } = holding;
    reserve(holding, total);
    this.moment++;
    // All found blocks are held before any is taken from the queue: one of them might stand at its head.
    for (let i = 0; i < holding.runCount; i++) pool.hold(runs[i]!, takes[i]!);
    pool.pop(total - hits, holding.blocks, hits);
    holding.held = total;
    holding.named = hits;
    const found = hits * this.blockSize;
    this.queriedTokens += tokens;
    this.hitTokens += found;
    return found;
  }

  /** Names the full blocks of the first `tokens` tokens. */
  name(holding: Holding, tokens: number): void {
    if (holding.named * this.blockSize >= tokens) return;
    const upTo = Math.min(holding.known, holding.held, Math.floor(tokens / this.blockSize));
    const { hi, lo, blocks, named } = holding;
    if (named >= upTo) return;
    this.moment++;
    addRun(holding, this.pool.name(blocks, hi, lo, named, upTo), upTo - named);
    holding.named = upTo;
  }

  /** Tells of every block that gets a name or loses it. */
  listen(listener: BlockListener): void {
    this.pool.listener = (stored, hi, lo) => {
      if (this.settling) this.untold.push(hi, lo);
      else listener(stored, hi, lo);
    };
    this.tell = (hi, lo) => listener(false, hi, lo);
  }

  /**
   * Takes from the free queue what decodes have used since: `used` blocks have references in all. What is evicted by it is told at the next `sync`: a
   * scheduler that looks at a request in vain, which it does at every iteration or not at all, must not change when others hear of it.
   */
  settle(used: number): void {
    const { pool } = this;
    const missing = used - pool.referenced;
    if (missing <= 0) return;
    this.moment++;
    while (this.loose.length < this.looseCount + missing) this.loose = widened(this.loose, 2 * this.loose.length);
    this.settling = true;
    pool.pop(missing, this.loose, this.looseCount);
    this.settling = false;
    this.looseCount += missing;
  }

  /** Settles, and tells what was evicted. Must come before blocks are taken, named or released. */
  sync(used: number): void {
    this.settle(used);
    const { untold } = this;
    if (untold.length === 0) return;
    for (let i = 0; i < untold.length; i += 2) this.tell?.(untold[i]!, untold[i + 1]!);
    untold.length = 0;
  }

  /** An iteration was lost: gives back what it had taken, so that `used` blocks have references in all. */
  giveBack(used: number): void {
    this.sync(used);
    const extra = this.pool.referenced - used;
    if (extra === 0) return;
    this.moment++;
    this.looseCount -= extra;
    this.pool.releaseNameless(this.loose, this.looseCount, this.looseCount + extra);
  }

  /** A request that ends or is preempted with `tokens` tokens in `total` blocks gives them back, deepest first. Settle before. */
  release(holding: Holding, tokens: number, total: number): void {
    this.moment++;
    this.adopt(holding, total);
    this.name(holding, tokens);
    const { pool } = this;
    const { runs, takes, blocks, named, held } = holding;
    pool.releaseNameless(blocks, named, held);
    for (let i = holding.runCount - 1; i >= 0; i--) pool.release(runs[i]!, takes[i]!);
    holding.runCount = 0;
    holding.held = 0;
    holding.named = 0;
  }

  /** Blocks that a request holds, in the order of the sequence: for checks and tests. */
  blocksOf({ runs, takes, runCount, blocks, named, held }: Holding): number[] {
    const shared = Array.from({ length: runCount }, (_, i) => this.pool.blocksOf(runs[i]!, takes[i]!)).flat();
    return [...shared, ...blocks.subarray(named, held)];
  }

  /** All content is lost. */
  forgetAll(): void {
    this.moment++;
    this.pool.forgetAll();
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
    holding.lookedAt = -1;
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
