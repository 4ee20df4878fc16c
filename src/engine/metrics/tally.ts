// Counts of whole numbers that are not large (requests of a batch, its tokens), with exact quantiles.
import type { Distribution } from "./results.ts";

export class Tally {
  counts = new Float64Array(256);
  count = 0;
  private sum = 0;
  private max = 0;

  add(value: number, weight: number): void {
    if (value >= this.counts.length) {
      const wide = new Float64Array(Math.max(value + 1, 2 * this.counts.length));
      wide.set(this.counts);
      this.counts = wide;
    }
    this.counts[value] = this.counts[value]! + weight;
    this.count += weight;
    this.sum += value * weight;
    if (value > this.max) this.max = value;
  }

  /** The value at a rank of the sorted values, from 0. */
  private at(rank: number): number {
    let below = 0;
    for (let value = 0; value < this.counts.length; value++) {
      below += this.counts[value]!;
      if (below > rank) return value;
    }
    return this.max;
  }

  /** Linear between order statistics (numpy's default). */
  private quantile(share: number): number {
    const at = share * (this.count - 1);
    const low = Math.floor(at);
    const a = this.at(low);
    return at === low ? a : a + (this.at(low + 1) - a) * (at - low);
  }

  distribution(): Distribution {
    const { count, sum, max } = this;
    if (count === 0) return { count, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };
    const [p50, p90, p95, p99] = [0.5, 0.9, 0.95, 0.99].map((share) => this.quantile(share)) as [number, number, number, number];
    return { count, mean: sum / count, p50, p90, p95, p99, max };
  }

  /** As long as the largest value needs. */
  values(): Float64Array {
    return this.counts.slice(0, this.count === 0 ? 0 : this.max + 1);
  }
}
