// The KV blocks of one replica: references, names (chain hashes) and the free queue, as in vLLM's automatic prefix caching
// (docs.vllm.ai, "Automatic Prefix Caching"). A block without references stays findable by its name until it is taken from the head of the queue.

/** Told of names that become findable and that are no longer: what an engine publishes as KV events. */
export type BlockListener = (stored: boolean, hi: number, lo: number) => void;

const NONE = -1;

export class BlockPool {
  readonly blocks: number;
  /** Blocks with at least one reference. */
  referenced = 0;
  /** Blocks that have a name. */
  named = 0;
  /** Names dropped because their block was taken for something else. */
  evictions = 0;
  readonly references: Int32Array;
  private readonly hi: Int32Array;
  private readonly lo: Int32Array;
  private readonly hasName: Uint8Array;
  /** Free queue, doubly linked: entry `blocks` is its end and its beginning. */
  private readonly next: Int32Array;
  private readonly previous: Int32Array;
  /** Open addressing with linear probing: block + 1, or 0. Entries of equal names keep the order in which they were named. */
  private readonly table: Int32Array;
  listener: BlockListener | null = null;

  constructor(blocks: number) {
    this.blocks = blocks;
    this.references = new Int32Array(blocks);
    this.hi = new Int32Array(blocks);
    this.lo = new Int32Array(blocks);
    this.hasName = new Uint8Array(blocks);
    this.next = Int32Array.from({ length: blocks + 1 }, (_, i) => (i + 1) % (blocks + 1));
    this.previous = Int32Array.from({ length: blocks + 1 }, (_, i) => (i + blocks) % (blocks + 1));
    let size = 16;
    while (size < 2 * blocks) size *= 2;
    this.table = new Int32Array(size);
  }

  /** Blocks without references; those with a name among them can still be hit. */
  get free(): number {
    return this.blocks - this.referenced;
  }

  isNamed(block: number): boolean {
    return this.hasName[block] === 1;
  }

  /** The block that was given this name first, or -1. */
  find(hi: number, lo: number): number {
    const { table } = this;
    const mask = table.length - 1;
    for (let at = home(lo, mask); ; at = (at + 1) & mask) {
      const entry = table[at]!;
      if (entry === 0) return NONE;
      if (this.lo[entry - 1] === lo && this.hi[entry - 1] === hi) return entry - 1;
    }
  }

  /** One more reference to a block; a free one leaves the queue. */
  hold(block: number): void {
    const count = this.references[block]!;
    this.references[block] = count + 1;
    if (count > 0) return;
    this.referenced++;
    this.unlink(block);
  }

  /** The block at the head of the free queue, without its name, with one reference. There must be one. */
  pop(): number {
    const block = this.next[this.blocks]!;
    if (block === this.blocks) throw new Error("The pool of KV blocks is empty.");
    this.hold(block);
    if (this.hasName[block] === 1) this.forget(block);
    return block;
  }

  /** Names a block. Another block may have the same name: then the older one is found first. */
  name(block: number, hi: number, lo: number): void {
    if (this.hasName[block] === 1) return;
    const { table } = this;
    const known = this.listener !== null && this.find(hi, lo) !== NONE;
    this.hi[block] = hi;
    this.lo[block] = lo;
    this.hasName[block] = 1;
    this.named++;
    const mask = table.length - 1;
    let at = home(lo, mask);
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = block + 1;
    if (this.listener !== null && !known) this.listener(true, hi, lo);
  }

  /** One reference less; without any the block goes to the tail of the free queue, with its name. */
  release(block: number): void {
    const count = this.references[block]! - 1;
    this.references[block] = count;
    if (count > 0) return;
    this.referenced--;
    const { blocks, next, previous } = this;
    const last = previous[blocks]!;
    next[last] = block;
    previous[block] = last;
    next[block] = blocks;
    previous[blocks] = block;
  }

  /** Drops every name, as when the machine is lost. */
  forgetAll(): void {
    for (let block = 0; block < this.blocks; block++) {
      if (!this.isNamed(block)) continue;
      const hi = this.hi[block]!;
      const lo = this.lo[block]!;
      if (this.listener !== null && this.find(hi, lo) === block) this.listener(false, hi, lo);
    }
    this.hasName.fill(0);
    this.table.fill(0);
    this.named = 0;
  }

  /** Free blocks from head to tail: for checks and tests. */
  freeQueue(): number[] {
    const order: number[] = [];
    for (let block = this.next[this.blocks]!; block !== this.blocks; block = this.next[block]!) order.push(block);
    return order;
  }

  private unlink(block: number): void {
    const before = this.previous[block]!;
    const after = this.next[block]!;
    this.next[before] = after;
    this.previous[after] = before;
  }

  /** Takes a block's name away. Entries behind it move up, so that no search ends too early; those of equal names keep their order. */
  private forget(block: number): void {
    const { table } = this;
    const mask = table.length - 1;
    const hi = this.hi[block]!;
    const lo = this.lo[block]!;
    let hole = home(lo, mask);
    while (table[hole] !== block + 1) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const wanted = home(this.lo[table[at]! - 1]!, mask);
      // An entry may move up only if its home is not between the hole and it.
      if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
      table[hole] = table[at]!;
      hole = at;
    }
    table[hole] = 0;
    this.hasName[block] = 0;
    this.named--;
    this.evictions++;
    if (this.listener !== null && this.find(hi, lo) === NONE) this.listener(false, hi, lo);
  }
}

const home = (lo: number, mask: number): number => (lo ^ (lo >>> 15)) & mask;
