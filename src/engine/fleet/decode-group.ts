// The decoding requests of one lane. All of them take one token per decode iteration, so what the engine needs follows from counters:
// the context sum is linear in the iteration number, the next to finish is the top of a heap keyed by the iteration at which it ends, and
// the blocks that start in an iteration are a count by (context mod block size). Nothing here loops over the group per iteration.
import type { Requests } from "./requests.ts";
import { MOST_REQUESTS as SLOTS } from "./requests.ts";

/** Whole, and known to be: JavaScript engines allocate for fractions that pass through calls. */
const slotOf = (key: number): number => (key - Math.floor(key / SLOTS) * SLOTS) | 0;

export class DecodeGroup {
  count = 0;
  /** Those that take blocks as they go: the others have all their blocks reserved, and no residue. */
  growing = 0;
  /** Decode iterations that this lane has run. */
  iteration = 0;
  /** Sum over the group of context minus iteration: the context sum is base + count x iteration. */
  contextBase = 0;
  /** Growing requests by (offset mod block size), where offset = context - iteration. */
  residues: Int32Array;
  /** Requests by tenant. */
  tenants: Int32Array;
  /** Iteration number after which the first member is done; meaningless while the group is empty. */
  firstEnd = 0;
  /**
   * Heap of (iteration of the last token, slot), both in one number: end x SLOTS + slot. Exact below 2^53. A plain array, whose start and length
   * JavaScript engines look up once for a round of a loop; what stands behind `count` means nothing.
   */
  private readonly heap: number[] = [];
  readonly requests: Requests;
  readonly blockSize: number;
  /** blockSize - 1 when that is a power of two, else -1. */
  readonly mask: number;
  /** log2 of blockSize when that is whole, else -1. */
  readonly shift: number;

  constructor(requests: Requests, blockSize: number, tenantCount: number) {
    this.requests = requests;
    this.blockSize = blockSize;
    this.mask = (blockSize & (blockSize - 1)) === 0 ? blockSize - 1 : -1;
    this.shift = this.mask >= 0 ? 31 - Math.clz32(blockSize) : -1;
    this.residues = new Int32Array(blockSize);
    this.tenants = new Int32Array(tenantCount);
    // A fraction, so that engines keep the array as one of doubles from the start.
    this.heap.push(0.5);
  }

  /** Whole blocks in a number of iterations. */
  private cycles(steps: number): number {
    return this.shift >= 0 ? steps >> this.shift : (steps / this.blockSize) | 0;
  }

  /** Callers subtract from 0: a number with its sign changed may be -0, so JavaScript engines compute it as a fraction. */
  private residue(offset: number): number {
    return this.mask >= 0 ? offset & this.mask : this.remainder(offset);
  }

  /** Apart, so that what calls `residue` stays short enough for JavaScript engines to put it in place. */
  private remainder(offset: number): number {
    return ((offset % this.blockSize) + this.blockSize) % this.blockSize;
  }

  /** Sum of tokens in the KV cache of the group before the next iteration. */
  context(): number {
    return this.contextBase + this.count * this.iteration;
  }

  contextOf(slot: number): number {
    return this.requests.offset[slot]! + this.iteration;
  }

  /** Adds a request with `context` tokens in its cache that needs `steps` more tokens. */
  add(slot: number, context: number, steps: number): void {
    const { requests } = this;
    const offset = context - this.iteration;
    const end = this.iteration + steps;
    requests.offset[slot] = offset;
    requests.endsAt[slot] = end;
    this.contextBase += offset;
    if (requests.reserved[slot] === 0) {
      const residue = this.residue(offset);
      this.residues[residue] = this.residues[residue]! + 1;
      this.growing++;
    }
    const tenant = requests.tenant[slot]!;
    this.tenants[tenant] = this.tenants[tenant]! + 1;
    const key = end * SLOTS + slot;
    if (this.count === this.heap.length) this.heap.push(key);
    else this.heap[this.count] = key;
    this.up(this.count++);
    this.noteFirst();
  }

  /** Members in no particular order. */
  members(): number[] {
    return this.heap.slice(0, this.count).map(slotOf);
  }

  /** Takes out a member: a search, as this is rare (preemption). */
  remove(slot: number): void {
    this.discount(slot);
    const { heap } = this;
    const place = heap.indexOf(this.requests.endsAt[slot]! * SLOTS + slot);
    const last = heap[--this.count]!;
    if (place < this.count) {
      heap[place] = last;
      this.up(place);
      this.down(heap.indexOf(last));
    }
    this.noteFirst();
  }

  /** Removes the first to end, and returns it. */
  takeFirst(): number {
    const { heap } = this;
    const slot = slotOf(heap[0]!);
    this.discount(slot);
    heap[0] = heap[--this.count]!;
    if (this.count > 0) this.down(0);
    this.noteFirst();
    return slot;
  }

  private noteFirst(): void {
    if (this.count > 0) this.firstEnd = Math.floor(this.heap[0]! / SLOTS) | 0;
  }

  /** Takes a request out of the sums. */
  private discount(slot: number): void {
    const { requests } = this;
    const offset = requests.offset[slot]!;
    this.contextBase -= offset;
    if (requests.reserved[slot] === 0) {
      const residue = this.residue(offset);
      this.residues[residue] = this.residues[residue]! - 1;
      this.growing--;
    }
    const tenant = requests.tenant[slot]!;
    this.tenants[tenant] = this.tenants[tenant]! - 1;
  }

  /** Whether the request's next token starts a KV block. */
  startsBlock(slot: number): boolean {
    return this.requests.reserved[slot] === 0 && this.residue(this.requests.offset[slot]! + this.iteration) === 0;
  }

  /** Blocks that start in the next iteration. */
  nextGrowth(): number {
    return this.residues[this.residue(0 - this.iteration)]!;
  }

  /** Blocks that start in `steps` iterations, the first of which is `skip` iterations from now. */
  growth(steps: number, skip: number): number {
    const { blockSize, residues } = this;
    const cycles = this.cycles(steps);
    let blocks = cycles * this.growing;
    const rest = (steps - cycles * blockSize) | 0;
    if (rest === 0) return blocks;
    let residue = this.residue(0 - this.iteration - skip);
    for (let i = 0; i < rest; i++) {
      blocks += residues[residue]!;
      residue = residue === 0 ? blockSize - 1 : residue - 1;
    }
    return blocks;
  }

  /** The most iterations, up to `wanted`, at whose last one a block is still free before the last request takes its own: growth + 1 <= free. */
  stepsWithin(free: number, wanted: number): number {
    const { blockSize, residues, growing } = this;
    if (growing === 0 || growing * (this.cycles(wanted) + 1) + 1 <= free) return wanted;
    let blocks = 0;
    let steps = 0;
    const cycles = ((free - 1) / growing) | 0;
    if (cycles > 0) {
      steps = cycles * blockSize;
      if (steps >= wanted) return wanted;
      blocks = cycles * growing;
    }
    let residue = this.residue(0 - this.iteration - steps);
    for (; steps < wanted; steps++) {
      blocks += residues[residue]!;
      if (blocks + 1 > free) return steps;
      residue = residue === 0 ? blockSize - 1 : residue - 1;
    }
    return wanted;
  }

  /** Moves the key at a place up to where it belongs. */
  private up(start: number): void {
    const { heap } = this;
    const key = heap[start]!;
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = heap[parent]!;
      if (other < key) break;
      heap[place] = other;
      place = parent;
    }
    heap[place] = key;
  }

  /** Moves the key at a place down to where it belongs. */
  private down(start: number): void {
    const { heap, count } = this;
    const key = heap[start]!;
    let place = start;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= count) break;
      let other = heap[child]!;
      if (child + 1 < count) {
        const right = heap[child + 1]!;
        if (right < other) {
          child++;
          other = right;
        }
      }
      if (other > key) break;
      heap[place] = other;
      place = child;
    }
    heap[place] = key;
  }
}
