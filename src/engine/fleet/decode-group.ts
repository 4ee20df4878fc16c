// The decoding requests of one lane. All of them take one token per decode iteration, so what the engine needs follows from counters:
// the context sum is linear in the iteration number, the next to finish is the top of a heap keyed by the iteration at which it ends, and
// the blocks that start in an iteration are a count by (context mod block size). Nothing here loops over the group per iteration.
import type { Requests } from "./requests.ts";

export class DecodeGroup {
  count = 0;
  /** Decode iterations that this lane has run. */
  iteration = 0;
  /** Sum over the group of context minus iteration: the context sum is base + count x iteration. */
  contextBase = 0;
  /** Requests by (offset mod block size), where offset = context - iteration. */
  residues: Int32Array;
  /** Requests by tenant. */
  tenants: Int32Array;
  /** Heap of slots by (iteration of the last token, slot). */
  heap = new Int32Array(32);
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
  }

  /** Whole blocks in a number of iterations. */
  private cycles(steps: number): number {
    return this.shift >= 0 ? steps >> this.shift : (steps / this.blockSize) | 0;
  }

  private residue(offset: number): number {
    if (this.mask >= 0) return offset & this.mask;
    return ((offset % this.blockSize) + this.blockSize) % this.blockSize;
  }

  /** Sum of tokens in the KV cache of the group before the next iteration. */
  context(): number {
    return this.contextBase + this.count * this.iteration;
  }

  contextOf(slot: number): number {
    return this.requests.offset[slot]! + this.iteration;
  }

  /** Iteration number after which the first member is done. The group must not be empty. */
  firstEnd(): number {
    return this.requests.endsAt[this.heap[0]!]!;
  }

  /** Adds a request with `context` tokens in its cache that needs `steps` more tokens. */
  add(slot: number, context: number, steps: number): void {
    const { requests } = this;
    const offset = context - this.iteration;
    requests.offset[slot] = offset;
    requests.endsAt[slot] = this.iteration + steps;
    this.contextBase += offset;
    const residue = this.residue(offset);
    this.residues[residue] = this.residues[residue]! + 1;
    const tenant = requests.tenant[slot]!;
    this.tenants[tenant] = this.tenants[tenant]! + 1;
    if (this.count === this.heap.length) {
      const heap = new Int32Array(this.heap.length * 2);
      heap.set(this.heap);
      this.heap = heap;
    }
    this.up(this.count++, slot);
  }

  remove(slot: number): void {
    this.discount(slot);
    const place = this.requests.heapAt[slot]!;
    const last = this.heap[--this.count]!;
    if (last === slot) return;
    this.up(place, last);
    this.down(this.requests.heapAt[last]!, last);
  }

  /** Removes the first to end, and returns it. */
  takeFirst(): number {
    const slot = this.heap[0]!;
    this.discount(slot);
    const last = this.heap[--this.count]!;
    if (last !== slot) this.down(0, last);
    return slot;
  }

  /** Takes a request out of the sums. */
  private discount(slot: number): void {
    const { requests } = this;
    const offset = requests.offset[slot]!;
    this.contextBase -= offset;
    const residue = this.residue(offset);
    this.residues[residue] = this.residues[residue]! - 1;
    const tenant = requests.tenant[slot]!;
    this.tenants[tenant] = this.tenants[tenant]! - 1;
  }

  /** Whether the request's next token starts a KV block. */
  startsBlock(slot: number): boolean {
    return this.residue(this.requests.offset[slot]! + this.iteration) === 0;
  }

  /** Blocks that start in the next iteration. */
  nextGrowth(): number {
    return this.residues[this.residue(-this.iteration)]!;
  }

  /** Blocks that start in `steps` iterations, the first of which is `skip` iterations from now. */
  growth(steps: number, skip: number): number {
    const { blockSize, residues } = this;
    const cycles = this.cycles(steps);
    let blocks = cycles * this.count;
    const rest = (steps - cycles * blockSize) | 0;
    if (rest === 0) return blocks;
    let residue = this.residue(-(this.iteration + skip));
    for (let i = 0; i < rest; i++) {
      blocks += residues[residue]!;
      residue = residue === 0 ? blockSize - 1 : residue - 1;
    }
    return blocks;
  }

  /** The most iterations, up to `wanted`, at whose last one a block is still free before the last request takes its own: growth + 1 <= free. */
  stepsWithin(free: number, wanted: number): number {
    const { blockSize, residues, count } = this;
    if (count * (this.cycles(wanted) + 1) + 1 <= free) return wanted;
    let blocks = 0;
    let steps = 0;
    const cycles = ((free - 1) / count) | 0;
    if (cycles > 0) {
      steps = cycles * blockSize;
      if (steps >= wanted) return wanted;
      blocks = cycles * count;
    }
    let residue = this.residue(-(this.iteration + steps));
    for (; steps < wanted; steps++) {
      blocks += residues[residue]!;
      if (blocks + 1 > free) return steps;
      residue = residue === 0 ? blockSize - 1 : residue - 1;
    }
    return wanted;
  }

  private up(start: number, slot: number): void {
    const { endsAt, heapAt } = this.requests;
    const { heap } = this;
    const end = endsAt[slot]!;
    let place = start;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      const other = heap[parent]!;
      const otherEnd = endsAt[other]!;
      if (otherEnd < end || (otherEnd === end && other < slot)) break;
      heap[place] = other;
      heapAt[other] = place;
      place = parent;
    }
    heap[place] = slot;
    heapAt[slot] = place;
  }

  private down(start: number, slot: number): void {
    const { endsAt, heapAt } = this.requests;
    const { heap, count } = this;
    const end = endsAt[slot]!;
    let place = start;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= count) break;
      let other = heap[child]!;
      let otherEnd = endsAt[other]!;
      if (child + 1 < count) {
        const right = heap[child + 1]!;
        const rightEnd = endsAt[right]!;
        if (rightEnd < otherEnd || (rightEnd === otherEnd && right < other)) {
          child++;
          other = right;
          otherEnd = rightEnd;
        }
      }
      if (otherEnd > end || (otherEnd === end && other > slot)) break;
      heap[place] = other;
      heapAt[other] = place;
      place = child;
    }
    heap[place] = slot;
    heapAt[slot] = place;
  }
}
