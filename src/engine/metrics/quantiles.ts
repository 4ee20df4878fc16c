// Exact quantiles of a stream of values, without sorting all of it: a sketch of the same values tells in which bins the wanted ranks lie, and
// only the values of those bins are kept and sorted.
import { SKETCH_BINS, binOf, edgeOf } from "./sketch.ts";
import type { Sketch } from "./sketch.ts";

export class ExactQuantiles {
  private readonly sketch: Sketch;
  private readonly shares: readonly number[];
  private readonly wanted = new Uint8Array(SKETCH_BINS);
  /** No value below this one is in a wanted bin: half of them need no further look. */
  private lowest = Infinity;
  /** Values kept, by bin; and the rank of the first value of each wanted bin. */
  private readonly members = new Map<number, number[]>();
  private readonly firstRank = new Map<number, number>();

  constructor(sketch: Sketch, shares: readonly number[]) {
    this.sketch = sketch;
    this.shares = shares;
    const ranks = this.ranks();
    let before = 0;
    for (let bin = 0; bin < SKETCH_BINS && ranks.length > 0; bin++) {
      const after = before + sketch.bins[bin]!;
      if (ranks[0]! < after) {
        this.wanted[bin] = 1;
        // What is too small for the first bin is in it too.
        this.lowest = Math.min(this.lowest, bin === 0 ? -Infinity : edgeOf(bin));
        this.firstRank.set(bin, before);
        this.members.set(bin, []);
        while (ranks.length > 0 && ranks[0]! < after) ranks.shift();
      }
      before = after;
    }
  }

  /** Order statistics that are needed, ascending. */
  private ranks(): number[] {
    const last = this.sketch.count - 1;
    if (last < 0) return [];
    const ranks = this.shares.flatMap((share) => [Math.floor(share * last), Math.min(last, Math.floor(share * last) + 1)]);
    return [...new Set(ranks)].sort((a, b) => a - b);
  }

  /** The first `count` values of an array, those of one group only when `groups` is given; NaN is left out. The sketch's values are all shown once, in any order. */
  see(values: Float64Array, count: number, groups: Int32Array | null, group: number): void {
    const { wanted, members, lowest } = this;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      if (value < lowest) continue;
      const bin = binOf(value);
      if (wanted[bin] === 0 || value !== value || (groups !== null && groups[i] !== group)) continue;
      members.get(bin)!.push(value);
    }
  }

  /** Quantiles by linear interpolation between order statistics, numpy's default; NaN when there are no values. */
  quantiles(): number[] {
    const { count } = this.sketch;
    if (count === 0) return this.shares.map(() => NaN);
    const parts = [...this.members].map(([bin, list]) => ({ first: this.firstRank.get(bin)!, sorted: Float64Array.from(list).sort() }));
    const valueAt = (rank: number): number => {
      const part = parts.find(({ first, sorted }) => rank >= first && rank < first + sorted.length)!;
      return part.sorted[rank - part.first]!;
    };
    return this.shares.map((share) => {
      const at = share * (count - 1);
      const low = Math.floor(at);
      const a = valueAt(low);
      return a + (valueAt(Math.min(count - 1, low + 1)) - a) * (at - low);
    });
  }
}
