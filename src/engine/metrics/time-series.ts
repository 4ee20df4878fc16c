// Time series in a bounded number of buckets: when they run out, neighbours are merged and the width doubles.
import { highWord } from "./sketch.ts";
import type { Series } from "./results.ts";

export const MAX_BUCKETS = 480;
/** Width of the first buckets, seconds: a power of two, so that bucket edges are exact. */
export const FIRST_BUCKET_SECONDS = 0.25;

// Bands: 16 bins to a factor of two from 2^-14 s to 2^13 s; quantiles within +-3 %, which is what a band of some pixels can show.
const BAND_BINS = 27 * 16;
const BAND_OFFSET = (1023 - 14) * 16;

function bandBinOf(seconds: number): number {
  const bin = (highWord(seconds) >>> 16) - BAND_OFFSET;
  return bin < 0 ? 0 : bin >= BAND_BINS ? BAND_BINS - 1 : bin;
}

/** One histogram per bucket, for the quantiles of a band. */
class Band {
  readonly bins = new Uint32Array(MAX_BUCKETS * BAND_BINS);
  readonly counts = new Uint32Array(MAX_BUCKETS);
  readonly p50 = new Float64Array(MAX_BUCKETS).fill(NaN);
  readonly p90 = new Float64Array(MAX_BUCKETS).fill(NaN);
  readonly p99 = new Float64Array(MAX_BUCKETS).fill(NaN);
  /** First bucket whose quantiles are out of date. */
  dirty = 0;

  add(bucket: number, seconds: number): void {
    const at = bucket * BAND_BINS + bandBinOf(seconds);
    this.bins[at] = this.bins[at]! + 1;
    this.counts[bucket] = this.counts[bucket]! + 1;
    if (bucket < this.dirty) this.dirty = bucket;
  }

  /** The values [from, to) of an array; NaN is left out. */
  addAll(bucket: number, values: Float64Array, from: number, to: number): void {
    const { bins } = this;
    const at = bucket * BAND_BINS;
    let added = 0;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (value !== value) continue;
      const bin = at + bandBinOf(value);
      bins[bin] = bins[bin]! + 1;
      added++;
    }
    if (added === 0) return;
    this.counts[bucket] = this.counts[bucket]! + added;
    if (bucket < this.dirty) this.dirty = bucket;
  }

  merge(): void {
    const { bins, counts } = this;
    for (let i = 0; i < MAX_BUCKETS / 2; i++) {
      const to = i * BAND_BINS;
      const a = 2 * i * BAND_BINS;
      for (let bin = 0; bin < BAND_BINS; bin++) bins[to + bin] = bins[a + bin]! + bins[a + BAND_BINS + bin]!;
      counts[i] = counts[2 * i]! + counts[2 * i + 1]!;
    }
    bins.fill(0, (MAX_BUCKETS / 2) * BAND_BINS);
    counts.fill(0, MAX_BUCKETS / 2);
    this.dirty = 0;
  }

  /** Brings the quantiles up to date. */
  settle(length: number): void {
    for (let bucket = this.dirty; bucket < length; bucket++) {
      this.p50[bucket] = this.quantile(bucket, 0.5);
      this.p90[bucket] = this.quantile(bucket, 0.9);
      this.p99[bucket] = this.quantile(bucket, 0.99);
    }
    this.dirty = Math.max(0, length - 1);
  }

  private quantile(bucket: number, share: number): number {
    const count = this.counts[bucket]!;
    if (count === 0) return NaN;
    const rank = share * (count - 1);
    let before = 0;
    const start = bucket * BAND_BINS;
    for (let bin = 0; bin < BAND_BINS; bin++) {
      const here = this.bins[start + bin]!;
      if (here > 0 && before + here > rank) {
        // Bin edges are spaced evenly between powers of two.
        const exponent = Math.floor(bin / 16) - 14;
        const power = exponent >= 0 ? 1 << exponent : 1 / (1 << -exponent);
        return power * (1 + ((bin % 16) + (rank - before + 0.5) / here) / 16);
      }
      before += here;
    }
    return NaN;
  }
}

export class TimeSeries {
  width = FIRST_BUCKET_SECONDS;
  /** 1 / width: exact, as the width is a power of two. */
  perSecond = 1 / FIRST_BUCKET_SECONDS;
  /** Buckets in use. */
  length = 0;
  readonly arrivals = new Float64Array(MAX_BUCKETS);
  readonly completions = new Float64Array(MAX_BUCKETS);
  readonly refusals = new Float64Array(MAX_BUCKETS);
  readonly late = new Float64Array(MAX_BUCKETS);
  readonly preemptions = new Float64Array(MAX_BUCKETS);
  /**
   * By tenant: prompt tokens computed; first tokens, and tokens that end a break; tokens of decodes. Apart, so that the order in which they are added
   * within a column is always the same.
   */
  readonly prefillTokens: Float64Array[];
  readonly firstTokens: Float64Array[];
  readonly decodeTokens: Float64Array[];
  readonly ttft = new Band();
  readonly tpot = new Band();
  /** Called before buckets are merged: whoever holds amounts back adds them now, so that when results are read does not matter to the last bit. */
  beforeMerge: () => void = () => undefined;
  /** Told when the width doubles. */
  onMerge: () => void = () => undefined;

  constructor(tenants: number) {
    this.prefillTokens = Array.from({ length: tenants }, () => new Float64Array(MAX_BUCKETS));
    this.firstTokens = Array.from({ length: tenants }, () => new Float64Array(MAX_BUCKETS));
    this.decodeTokens = Array.from({ length: tenants }, () => new Float64Array(MAX_BUCKETS));
  }

  /** The bucket of a time, which comes into use. */
  bucket(time: number): number {
    let bucket = Math.floor(time * this.perSecond);
    while (bucket >= MAX_BUCKETS) {
      this.beforeMerge();
      // That may have merged already.
      if (Math.floor(time * this.perSecond) >= MAX_BUCKETS) this.merge();
      bucket = Math.floor(time * this.perSecond);
    }
    // Whole, and known to be: an engine that once sees a fraction in `length` stores every series anew, and compiles again what reads one.
    bucket |= 0;
    if (bucket >= this.length) this.length = bucket + 1;
    return bucket;
  }

  /** Spreads an amount evenly over [from, to]. */
  spread(column: Float64Array, from: number, to: number, amount: number): void {
    const last = this.bucket(to);
    const { width } = this;
    const first = Math.floor(from * this.perSecond);
    if (first === last) {
      column[last] = column[last]! + amount;
      return;
    }
    const density = amount / (to - from);
    for (let bucket = first; bucket <= last; bucket++) {
      const start = bucket === first ? from : bucket * width;
      const end = bucket === last ? to : (bucket + 1) * width;
      column[bucket] = column[bucket]! + density * (end - start);
    }
  }

  private columns(): Float64Array[] {
    return [
      this.arrivals,
      this.completions,
      this.refusals,
      this.late,
      this.preemptions,
      ...this.prefillTokens,
      ...this.firstTokens,
      ...this.decodeTokens,
    ];
  }

  private merge(): void {
    for (const column of this.columns()) {
      for (let i = 0; i < MAX_BUCKETS / 2; i++) column[i] = column[2 * i]! + column[2 * i + 1]!;
      column.fill(0, MAX_BUCKETS / 2);
    }
    this.ttft.merge();
    this.tpot.merge();
    this.width *= 2;
    this.perSecond /= 2;
    this.length = Math.ceil(this.length / 2);
    this.onMerge();
  }

  /** A copy of the series so far, for another thread. */
  picture(): Series {
    const { length } = this;
    this.ttft.settle(length);
    this.tpot.settle(length);
    const copy = (column: Float64Array): Float64Array => column.slice(0, length);
    const sumOf = (columns: readonly Float64Array[]): Float64Array =>
      Float64Array.from({ length }, (_, bucket) => columns.reduce((sum, column) => sum + column[bucket]!, 0));
    return {
      bucketSeconds: this.width,
      length,
      arrivals: copy(this.arrivals),
      completions: copy(this.completions),
      refusals: copy(this.refusals),
      late: copy(this.late),
      preemptions: copy(this.preemptions),
      ttftP50: copy(this.ttft.p50),
      ttftP90: copy(this.ttft.p90),
      ttftP99: copy(this.ttft.p99),
      tpotP50: copy(this.tpot.p50),
      tpotP90: copy(this.tpot.p90),
      tpotP99: copy(this.tpot.p99),
      inputTokens: sumOf(this.prefillTokens),
      outputTokens: sumOf([...this.firstTokens, ...this.decodeTokens]),
      tenantTokens: this.prefillTokens.map((own, tenant) => sumOf([own, this.firstTokens[tenant]!, this.decodeTokens[tenant]!])),
    };
  }
}
