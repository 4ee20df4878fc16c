// How much of a trace's prompts a prefix cache could have held: the hashes of their blocks in order, through a cache of a given size.
import type { Trace } from "./types.ts";

export interface PrefixReuse {
  /** Blocks that the cache holds; Infinity = all. */
  readonly capacity: number;
  readonly blocks: number;
  readonly hits: number;
  readonly evictions: number;
}

/** Distinct ids of a trace as 0, 1, 2, ... in the order of first sight. */
function numbered(ids: Int32Array): Int32Array {
  const numbers = new Map<number, number>();
  return ids.map((id) => {
    const known = numbers.get(id);
    if (known !== undefined) return known;
    numbers.set(id, numbers.size);
    return numbers.size - 1;
  });
}

/** Least recently used order of numbers below `count`, as a linked list with its ends at `count`. */
class Recency {
  size = 0;
  private readonly end: number;
  private readonly next: Int32Array;
  private readonly previous: Int32Array;

  constructor(count: number) {
    this.end = count;
    this.next = new Int32Array(count + 1).fill(-1);
    this.previous = new Int32Array(count + 1);
    this.next[count] = count;
    this.previous[count] = count;
  }

  has(entry: number): boolean {
    return this.next[entry] !== -1;
  }

  /** Makes an entry the most recent one. */
  use(entry: number): void {
    const { end, next, previous } = this;
    if (this.has(entry)) this.drop(entry);
    const last = previous[end]!;
    next[last] = entry;
    previous[entry] = last;
    next[entry] = end;
    previous[end] = entry;
    this.size++;
  }

  dropOldest(): void {
    this.drop(this.next[this.end]!);
  }

  private drop(entry: number): void {
    const { next, previous } = this;
    next[previous[entry]!] = next[entry]!;
    previous[next[entry]!] = previous[entry]!;
    next[entry] = -1;
    this.size--;
  }
}

/**
 * A cache of single blocks that forgets the least recently used one. Of each prompt the blocks up to the first that is missing are hits, refreshed first
 * to last; then the others are put in, first to last.
 */
export function prefixReuse({ start, ids }: NonNullable<Trace["prefix"]>, rows: number, capacity = Infinity): PrefixReuse {
  const numbers = numbered(ids);
  const cache = new Recency(numbers.length);
  let hits = 0;
  let evictions = 0;
  for (let row = 0; row < rows; row++) {
    const end = start[row + 1]!;
    let at = start[row]!;
    for (; at < end && cache.has(numbers[at]!); at++) cache.use(numbers[at]!);
    hits += at - start[row]!;
    for (; at < end; at++) {
      cache.use(numbers[at]!);
      if (cache.size <= capacity) continue;
      cache.dropOldest();
      evictions++;
    }
  }
  return { capacity, blocks: start[rows]! - start[0]!, hits, evictions };
}

/** Sizes worth a look, 1, 2 and 5 times powers of ten, up to the one that holds everything, and without a limit. Empty for a trace without hashes. */
export function reuseBySize(trace: Trace): PrefixReuse[] {
  const { prefix, length } = trace;
  if (prefix === null || length === 0) return [];
  const all = prefixReuse(prefix, length);
  const rows: PrefixReuse[] = [];
  for (let decade = 1000; ; decade *= 10) {
    for (const factor of [1, 2, 5]) {
      if (factor * decade >= all.blocks - all.hits) return [...rows, all];
      rows.push(prefixReuse(prefix, length, factor * decade));
    }
  }
}
