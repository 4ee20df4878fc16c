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

// A run is the place of its row, eight numbers that are read together and lie together: its length; 1 when its blocks have names; references; its neighbours
// in the free queue; what was cut off from the end of a run that requests hold (they hold it too); the length that it was made with; half of its first name.
const ROW_BITS = 3;
const ROW = 1 << ROW_BITS;
const LENGTH = 0;
const NAMED = 1;
const REFERENCES = 2;
const NEXT = 3;
const PREVIOUS = 4;
const AFTER = 5;
const ROOM = 6;
const HI = 7;

export class BlockPool {
  readonly blocks: number;
  /** Blocks with at least one reference. */
  referenced = 0;
  /** Blocks that have a name. */
  named = 0;
  /** Names dropped because their block was taken for something else. */
  evictions = 0;
  private rows = new Int32Array(64 * ROW);
  /**
   * By row: the blocks in the order of the sequence, of which the first `length` count; where they have names, the one halves of them from `room` on and
   * the others from twice that. Taking blocks, which is most of what happens, reads no names.
   */
  private readonly data: Int32Array[] = [NOTHING];
  private rowsEnd = ROW;
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
    const data = this.dataOf(all);
    for (let i = 0; i < blocks; i++) data[i] = blocks - 1 - i;
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
      if (table[2 * at + 1] === lo && this.rows[run + HI] === hi) return run;
    }
  }

  isHeld(run: number): boolean {
    return this.rows[run + REFERENCES]! > 0;
  }

  /** How many names of a run follow `hi` and `lo` from a place on, at most `most`. The first one does. */
  common(run: number, hi: Int32Array, lo: Int32Array, from: number, most: number): number {
    const data = this.dataOf(run);
    const room = this.rows[run + ROOM]!;
    const end = Math.min(most, this.rows[run + LENGTH]!);
    let n = 1;
    while (n < end && data[2 * room + n] === lo[from + n] && data[room + n] === hi[from + n]) n++;
    return n;
  }

  /** One more reference to the first blocks of a run; free ones leave the queue. */
  hold(run: number, blocks: number): void {
    if (blocks < this.rows[run + LENGTH]!) this.cut(run, blocks);
    const { rows } = this;
    const count = rows[run + REFERENCES]!;
    rows[run + REFERENCES] = count + 1;
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
      const run = this.rows[END + NEXT]!;
      if (run === END) throw new Error("The pool of KV blocks is empty.");
      const data = this.dataOf(run);
      let left = this.rows[run + LENGTH]!;
      const taken = Math.min(left, end - at);
      if (this.rows[run + NAMED] === 1) this.evicted(run, left - taken);
      for (let i = 0; i < taken; i++) into[at++] = data[--left]!;
      if (left > 0) this.rows[run + LENGTH] = left;
      else this.drop(run);
    }
  }

  /** Blocks [from, to) of a sequence, which are held once, get names. Returns their run. Others may have the same names: then the older are found first. */
  name(ids: Int32Array, hi: Int32Array, lo: Int32Array, from: number, to: number): number {
    const count = to - from;
    const run = this.add(count, 1, 1);
    const data = this.dataOf(run);
    for (let i = 0; i < count; i++) data[i] = ids[from + i]!;
    for (let i = 0; i < count; i++) data[count + i] = hi[from + i]!;
    for (let i = 0; i < count; i++) data[2 * count + i] = lo[from + i]!;
    this.named += count;
    this.enter(run);
    if (this.listener !== null) for (let i = from; i < to; i++) this.listener(true, hi[i]!, lo[i]!);
    return run;
  }

  /** One reference less to the first blocks of a run; without any they go to the tail of the free queue, with their names, the deepest first. */
  release(run: number, blocks: number): void {
    const { pieces, rows } = this;
    let count = 0;
    for (let left = blocks, piece = run; left > 0; piece = rows[piece + AFTER]!) {
      pieces[count++] = piece;
      left -= rows[piece + LENGTH]!;
    }
    while (count > 0) {
      const piece = pieces[--count]!;
      const left = rows[piece + REFERENCES]! - 1;
      rows[piece + REFERENCES] = left;
      if (left > 0) continue;
      this.referenced -= rows[piece + LENGTH]!;
      this.append(piece);
    }
  }

  /** Blocks [from, to) of a list, which have no names and were held once, go to the tail of the free queue, the last first. */
  releaseNameless(ids: Int32Array, from: number, to: number): void {
    if (from === to) return;
    this.referenced -= to - from;
    const run = this.add(to - from, 0, 0);
    const data = this.dataOf(run);
    for (let i = from; i < to; i++) data[i - from] = ids[i]!;
    this.append(run);
  }

  /** Drops every name, as when the machine is lost. */
  forgetAll(): void {
    const { rows } = this;
    for (let run = ROW; run < this.rowsEnd; run += ROW) {
      if (rows[run + NAMED] === 0) continue;
      const data = this.dataOf(run);
      const room = rows[run + ROOM]!;
      if (this.listener !== null) for (let i = 0; i < rows[run + LENGTH]!; i++) this.listener(false, data[room + i]!, data[2 * room + i]!);
      rows[run + NAMED] = 0;
    }
    this.table.fill(0);
    this.entries = 0;
    this.named = 0;
  }

  /** Writes every name from a place on, as 53 of its bits. Returns how many blocks have one. */
  collectNames(into: Float64Array, from: number): number {
    const { rows } = this;
    let at = from;
    for (let run = ROW; run < this.rowsEnd; run += ROW) {
      if (rows[run + NAMED] === 0) continue;
      const data = this.dataOf(run);
      const room = rows[run + ROOM]!;
      for (let i = 0; i < rows[run + LENGTH]!; i++) into[at++] = (data[room + i]! & 0x1fffff) * 4294967296 + (data[2 * room + i]! >>> 0);
    }
    return at - from;
  }

  /** Blocks of the first ones of a run, in the order of the sequence: for checks and tests, as is `freeQueue`. */
  blocksOf(run: number, blocks: number): number[] {
    const list: number[] = [];
    for (let piece = run; list.length < blocks; piece = this.rows[piece + AFTER]!)
      list.push(...this.dataOf(piece).subarray(0, this.rows[piece + LENGTH]));
    return list;
  }

  /** Free blocks from head to tail. */
  freeQueue(): number[] {
    const order: number[] = [];
    for (let run = this.rows[END + NEXT]!; run !== END; run = this.rows[run + NEXT]!)
      order.push(
        ...this.dataOf(run)
          .slice(0, this.rows[run + LENGTH])
          .reverse(),
      );
    return order;
  }

  /** Whether a block has a name: for checks and tests. */
  isNamed(block: number): boolean {
    for (let run = ROW; run < this.rowsEnd; run += ROW)
      if (
        this.rows[run + NAMED] === 1 &&
        this.dataOf(run)
          .subarray(0, this.rows[run + LENGTH])
          .includes(block)
      )
        return true;
    return false;
  }

  /** Cuts a run in two: its first blocks keep its number, the others stand before them in the queue. */
  private cut(run: number, blocks: number): void {
    const count = this.rows[run + LENGTH]! - blocks;
    const deep = this.add(count, this.rows[run + NAMED]!, this.rows[run + REFERENCES]!);
    const { rows } = this;
    const from = this.dataOf(run);
    const to = this.dataOf(deep);
    const room = rows[run + ROOM]!;
    for (let i = 0; i < count; i++) to[i] = from[blocks + i]!;
    rows[run + LENGTH] = blocks;
    rows[deep + AFTER] = rows[run + AFTER]!;
    rows[run + AFTER] = deep;
    if (rows[deep + NAMED] === 1) {
      for (let i = 0; i < count; i++) to[count + i] = from[room + blocks + i]!;
      for (let i = 0; i < count; i++) to[2 * count + i] = from[2 * room + blocks + i]!;
      this.enter(deep);
    }
    if (rows[run + REFERENCES] === 0) this.linkBefore(deep, run);
  }

  /** Names of a run from a place on are gone. */
  private evicted(run: number, from: number): void {
    const { rows } = this;
    const end = rows[run + LENGTH]!;
    this.evictions += end - from;
    this.named -= end - from;
    if (this.listener === null) return;
    const data = this.dataOf(run);
    const room = rows[run + ROOM]!;
    for (let i = end - 1; i >= from; i--) this.listener(false, data[room + i]!, data[2 * room + i]!);
  }

  private drop(run: number): void {
    this.unlink(run);
    if (this.rows[run + NAMED] === 1) this.leave(run);
    this.rows[run + NAMED] = 0;
    const data = this.dataOf(run);
    this.spare[sizeClass(data.length)]!.push(data);
    this.data[run >> ROW_BITS] = NOTHING;
    this.freeRows.push(run);
  }

  /** Makes a run. Its blocks, and their names if they have any, are still to be written. */
  private add(length: number, named: number, references: number): number {
    let run = this.freeRows.pop();
    if (run === undefined) {
      run = this.rowsEnd;
      this.rowsEnd += ROW;
      if (this.rowsEnd > this.rows.length) this.rows = doubled(this.rows);
    }
    const { rows } = this;
    const size = sizeClass(named === 1 ? 3 * length : length);
    this.data[run >> ROW_BITS] = this.spare[size]!.pop() ?? new Int32Array(1 << size);
    rows[run + LENGTH] = length;
    rows[run + NAMED] = named;
    rows[run + REFERENCES] = references;
    rows[run + AFTER] = 0;
    rows[run + ROOM] = length;
    return run;
  }

  private dataOf(run: number): Int32Array {
    return this.data[run >> ROW_BITS]!;
  }

  private append(run: number): void {
    this.linkBefore(run, END);
  }

  private linkBefore(run: number, other: number): void {
    const { rows } = this;
    const before = rows[other + PREVIOUS]!;
    rows[before + NEXT] = run;
    rows[run + PREVIOUS] = before;
    rows[run + NEXT] = other;
    rows[other + PREVIOUS] = run;
  }

  private unlink(run: number): void {
    const { rows } = this;
    const before = rows[run + PREVIOUS]!;
    const after = rows[run + NEXT]!;
    rows[before + NEXT] = after;
    rows[after + PREVIOUS] = before;
  }

  /** Puts a run into the table, behind those of the same name. */
  private enter(run: number): void {
    if (4 * (this.entries + 1) > this.table.length) this.widen();
    this.entries++;
    const { table, rows } = this;
    const mask = (table.length >> 1) - 1;
    const data = this.dataOf(run);
    const room = rows[run + ROOM]!;
    const lo = data[2 * room]!;
    rows[run + HI] = data[room]!;
    let at = home(lo, mask);
    while (table[2 * at] !== 0) at = (at + 1) & mask;
    table[2 * at] = run;
    table[2 * at + 1] = lo;
  }

  /** Takes a run out of the table. Entries behind it move up, so that no search ends too early; those of equal names keep their order. */
  private leave(run: number): void {
    const { table } = this;
    const mask = (table.length >> 1) - 1;
    let hole = home(this.dataOf(run)[2 * this.rows[run + ROOM]!]!, mask);
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
