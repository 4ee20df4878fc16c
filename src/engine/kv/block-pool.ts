// The KV blocks of one replica: references, names (chain hashes) and the free queue, as in vLLM's automatic prefix caching
// (docs.vllm.ai, "Automatic Prefix Caching"). A block without references stays findable by its name until it is taken from the head of the queue.
//
// Blocks are kept in runs: neighbours in a sequence that are held by the same requests, or were let go together. Requests that share a beginning and part
// cut the run where they part. So coming in, ending and making room cost a few steps for each run, not for each block. What happens is what would happen
// block by block: a run leaves the queue from its end, for the deepest block of a request stands before the others.

/** Told of every block that gets a name or loses it: what an engine publishes as KV events. */
export type BlockListener = (stored: boolean, hi: number, lo: number) => void;

const NONE = -1;
/** Both ends of the free queue. */
const END = 0;

const NOTHING = new Int32Array(0);

const COLUMNS = ["length", "hasNames", "references", "next", "previous", "after"] as const;

export class BlockPool {
  readonly blocks: number;
  /** Blocks with at least one reference. */
  referenced = 0;
  /** Blocks that have a name. */
  named = 0;
  /** Names dropped because their block was taken for something else. */
  evictions = 0;
  /** By run: triples of a block and the halves of its name, in the order of the sequence; the first `length` count. */
  private readonly data: Int32Array[] = [NOTHING];
  private length = new Int32Array(64);
  /** 1: its blocks have names. */
  private hasNames = new Int32Array(64);
  private references = new Int32Array(64);
  /** Free queue. */
  private next = new Int32Array(64);
  private previous = new Int32Array(64);
  /** What was cut off from the end of a run that requests hold: they hold it too. */
  private after = new Int32Array(64);
  private rows = 1;
  private readonly freeRows: number[] = [];
  /** Runs by the name of their first block: open addressing, pairs of run (0: empty) and the low half. Equal names keep the order of naming. */
  private table = new Int32Array(128);
  private entries = 0;
  private readonly pieces: number[] = [];
  /** Arrays of runs that are gone, by size: making new ones all the time would cost more than all else here. */
  private readonly spare: Int32Array[][] = Array.from({ length: 32 }, () => []);
  listener: BlockListener | null = null;

  constructor(blocks: number) {
    this.blocks = blocks;
    if (blocks === 0) return;
    const all = this.add(blocks, 0, 0);
    for (let i = 0; i < blocks; i++) this.data[all]![3 * i] = blocks - 1 - i;
    this.append(all);
  }

  /** Blocks without references; those with a name among them can still be hit. */
  get free(): number {
    return this.blocks - this.referenced;
  }

  /** The run that begins with this name, or -1. */
  find(hi: number, lo: number): number {
    const { table } = this;
    const mask = (table.length >> 1) - 1;
    for (let at = home(lo, mask); ; at = (at + 1) & mask) {
      const run = table[2 * at]!;
      if (run === 0) return NONE;
      if (table[2 * at + 1] === lo && this.data[run]![1] === hi) return run;
    }
  }

  isHeld(run: number): boolean {
    return this.references[run]! > 0;
  }

  /** How many names of a run follow `hi` and `lo` from a place on, at most `most`. The first one does. */
  common(run: number, hi: Int32Array, lo: Int32Array, from: number, most: number): number {
    const data = this.data[run]!;
    const end = Math.min(most, this.length[run]!);
    let n = 1;
    while (n < end && data[3 * n + 2] === lo[from + n] && data[3 * n + 1] === hi[from + n]) n++;
    return n;
  }

  /** One more reference to the first blocks of a run; free ones leave the queue. */
  hold(run: number, blocks: number): void {
    if (blocks < this.length[run]!) this.cut(run, blocks);
    const count = this.references[run]!;
    this.references[run] = count + 1;
    if (count > 0) return;
    this.referenced += blocks;
    this.unlink(run);
  }

  /** Takes blocks from the head of the free queue, without their names, with one reference each: writes them from a place on. They must be there. */
  pop(count: number, into: Int32Array, from: number): void {
    this.referenced += count;
    let at = from;
    const end = from + count;
    while (at < end) {
      const run = this.next[END]!;
      if (run === END) throw new Error("The pool of KV blocks is empty.");
      const data = this.data[run]!;
      let left = this.length[run]!;
      const taken = Math.min(left, end - at);
      if (this.hasNames[run] === 1) this.evicted(run, left - taken);
      for (let i = 0; i < taken; i++) into[at++] = data[3 * --left]!;
      if (left > 0) this.length[run] = left;
      else this.drop(run);
    }
  }

  /** Blocks [from, to) of a sequence, which are held once, get names. Returns their run. Others may have the same names: then the older are found first. */
  name(ids: Int32Array, hi: Int32Array, lo: Int32Array, from: number, to: number): number {
    const run = this.add(to - from, 1, 1);
    const data = this.data[run]!;
    for (let i = from, at = 0; i < to; i++) {
      data[at++] = ids[i]!;
      data[at++] = hi[i]!;
      data[at++] = lo[i]!;
    }
    this.named += to - from;
    this.enter(run);
    if (this.listener !== null) for (let i = from; i < to; i++) this.listener(true, hi[i]!, lo[i]!);
    return run;
  }

  /** One reference less to the first blocks of a run; without any they go to the tail of the free queue, with their names, the deepest first. */
  release(run: number, blocks: number): void {
    const { pieces, after, length } = this;
    pieces.length = 0;
    for (let left = blocks, piece = run; left > 0; piece = after[piece]!) {
      pieces.push(piece);
      left -= length[piece]!;
    }
    for (let i = pieces.length - 1; i >= 0; i--) {
      const piece = pieces[i]!;
      const count = this.references[piece]! - 1;
      this.references[piece] = count;
      if (count > 0) continue;
      this.referenced -= length[piece]!;
      this.append(piece);
    }
  }

  /** Blocks [from, to) of a list, which have no names and were held once, go to the tail of the free queue, the last first. */
  releaseNameless(ids: Int32Array, from: number, to: number): void {
    if (from === to) return;
    this.referenced -= to - from;
    const run = this.add(to - from, 0, 0);
    const data = this.data[run]!;
    for (let i = from; i < to; i++) data[3 * (i - from)] = ids[i]!;
    this.append(run);
  }

  /** Drops every name, as when the machine is lost. */
  forgetAll(): void {
    for (let run = 1; run < this.rows; run++) {
      if (this.hasNames[run] === 0) continue;
      const data = this.data[run]!;
      if (this.listener !== null) for (let i = 0; i < this.length[run]!; i++) this.listener(false, data[3 * i + 1]!, data[3 * i + 2]!);
      this.hasNames[run] = 0;
    }
    this.table.fill(0);
    this.entries = 0;
    this.named = 0;
  }

  /** Writes every name from a place on, as 53 of its bits. Returns how many blocks have one. */
  collectNames(into: Float64Array, from: number): number {
    let at = from;
    for (let run = 1; run < this.rows; run++) {
      if (this.hasNames[run] === 0) continue;
      const data = this.data[run]!;
      for (let i = 0; i < this.length[run]!; i++) into[at++] = (data[3 * i + 1]! & 0x1fffff) * 4294967296 + (data[3 * i + 2]! >>> 0);
    }
    return at - from;
  }

  /** Blocks of the first ones of a run, in the order of the sequence: for checks and tests, as is `freeQueue`. */
  blocksOf(run: number, blocks: number): number[] {
    const list: number[] = [];
    for (let piece = run; list.length < blocks; piece = this.after[piece]!)
      for (let i = 0; i < this.length[piece]!; i++) list.push(this.data[piece]![3 * i]!);
    return list;
  }

  /** Free blocks from head to tail. */
  freeQueue(): number[] {
    const order: number[] = [];
    for (let run = this.next[END]!; run !== END; run = this.next[run]!)
      for (let i = this.length[run]! - 1; i >= 0; i--) order.push(this.data[run]![3 * i]!);
    return order;
  }

  /** Whether a block has a name: for checks and tests. */
  isNamed(block: number): boolean {
    return this.data.some((data, run) => {
      if (this.hasNames[run] === 0) return false;
      for (let i = 0; i < this.length[run]!; i++) if (data[3 * i] === block) return true;
      return false;
    });
  }

  /** Cuts a run in two: its first blocks keep its number, the others stand before them in the queue. */
  private cut(run: number, blocks: number): void {
    const end = this.length[run]!;
    const deep = this.add(end - blocks, this.hasNames[run]!, this.references[run]!);
    const from = this.data[run]!;
    const to = this.data[deep]!;
    for (let i = 3 * blocks, at = 0; i < 3 * end; i++) to[at++] = from[i]!;
    this.length[run] = blocks;
    this.after[deep] = this.after[run]!;
    this.after[run] = deep;
    if (this.hasNames[deep] === 1) this.enter(deep);
    if (this.references[run] === 0) this.linkBefore(deep, run);
  }

  /** Names of a run from a place on are gone. */
  private evicted(run: number, from: number): void {
    const count = this.length[run]! - from;
    this.evictions += count;
    this.named -= count;
    if (this.listener === null) return;
    const data = this.data[run]!;
    for (let i = this.length[run]! - 1; i >= from; i--) this.listener(false, data[3 * i + 1]!, data[3 * i + 2]!);
  }

  private drop(run: number): void {
    this.unlink(run);
    if (this.hasNames[run] === 1) this.leave(run);
    this.hasNames[run] = 0;
    const data = this.data[run]!;
    this.spare[sizeClass(data.length)]!.push(data);
    this.data[run] = NOTHING;
    this.freeRows.push(run);
  }

  private add(length: number, hasNames: number, references: number): number {
    const run = this.freeRows.pop() ?? this.rows++;
    if (run === this.length.length) for (const key of COLUMNS) this[key] = doubled(this[key]);
    const size = sizeClass(3 * length);
    this.data[run] = this.spare[size]!.pop() ?? new Int32Array(1 << size);
    this.length[run] = length;
    this.hasNames[run] = hasNames;
    this.references[run] = references;
    this.after[run] = 0;
    return run;
  }

  private append(run: number): void {
    this.linkBefore(run, END);
  }

  private linkBefore(run: number, other: number): void {
    const before = this.previous[other]!;
    this.next[before] = run;
    this.previous[run] = before;
    this.next[run] = other;
    this.previous[other] = run;
  }

  private unlink(run: number): void {
    const before = this.previous[run]!;
    const after = this.next[run]!;
    this.next[before] = after;
    this.previous[after] = before;
  }

  /** Puts a run into the table, behind those of the same name. */
  private enter(run: number): void {
    if (4 * (this.entries + 1) > this.table.length) this.widen();
    this.entries++;
    const { table } = this;
    const mask = (table.length >> 1) - 1;
    const lo = this.data[run]![2]!;
    let at = home(lo, mask);
    while (table[2 * at] !== 0) at = (at + 1) & mask;
    table[2 * at] = run;
    table[2 * at + 1] = lo;
  }

  /** Takes a run out of the table. Entries behind it move up, so that no search ends too early; those of equal names keep their order. */
  private leave(run: number): void {
    const { table } = this;
    const mask = (table.length >> 1) - 1;
    let hole = home(this.data[run]![2]!, mask);
    while (table[2 * hole] !== run) hole = (hole + 1) & mask;
    for (let at = (hole + 1) & mask; table[2 * at] !== 0; at = (at + 1) & mask) {
      const wanted = home(table[2 * at + 1]!, mask);
      // An entry may move up only if its home is not between the hole and it.
      if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
      table[2 * hole] = table[2 * at]!;
      table[2 * hole + 1] = table[2 * at + 1]!;
      hole = at;
    }
    table[2 * hole] = 0;
    this.entries--;
  }

  private widen(): void {
    const before = this.table;
    const size = before.length >> 1;
    this.table = new Int32Array(2 * before.length);
    this.entries = 0;
    // From an empty place on, once around: so equal names keep their order.
    let first = 0;
    while (before[2 * first] !== 0) first++;
    for (let i = 1; i <= size; i++) {
      const run = before[2 * ((first + i) % size)]!;
      if (run !== 0) this.enter(run);
    }
  }
}

function doubled(narrow: Int32Array): Int32Array<ArrayBuffer> {
  const wide = new Int32Array(2 * narrow.length);
  wide.set(narrow);
  return wide;
}

/** Exponent of the power of two that holds this many. */
const sizeClass = (length: number): number => 32 - Math.clz32(length - 1);

const home = (lo: number, mask: number): number => (lo ^ (lo >>> 15)) & mask;
