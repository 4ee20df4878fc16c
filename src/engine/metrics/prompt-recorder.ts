// Arrivals, prompt tokens and first tokens over time. Each is written down when it happens and worked off a batch at a time: in a tight loop that
// costs a fraction of doing it between two events.
import type { Counts } from "./digest.ts";
import type { TimeSeries } from "./time-series.ts";

const ROWS = 256;

/** What follows from a chunk of a prompt. */
const Outcome = { more: 0, firstToken: 1, resumed: 2 } as const;

export class PromptRecorder {
  private readonly series: TimeSeries;
  private readonly tenants: readonly Counts[];
  private readonly classes: readonly Counts[];
  private arrivals = 0;
  private readonly arrivedAt = new Float64Array(ROWS);
  /** Tenant and class of each arrival. */
  private readonly origins = new Int32Array(2 * ROWS);
  private chunks = 0;
  /** Of a chunk: begin and end of the iteration that computed it, and the TTFT if a first token followed. */
  private readonly times = new Float64Array(3 * ROWS);
  /** Its tokens, their tenant, and what followed. */
  private readonly facts = new Int32Array(3 * ROWS);

  constructor(series: TimeSeries, tenants: readonly Counts[], classes: readonly Counts[]) {
    this.series = series;
    this.tenants = tenants;
    this.classes = classes;
  }

  arrived(at: number, tenant: number, sloClass: number): void {
    if (this.arrivals === ROWS) this.settle();
    const { origins } = this;
    const row = this.arrivals++;
    this.arrivedAt[row] = at;
    origins[2 * row] = tenant;
    origins[2 * row + 1] = sloClass;
  }

  /** `tokens` of a prompt, computed in an iteration over [from, to]. */
  chunk(from: number, to: number, tokens: number, tenant: number): void {
    if (this.chunks === ROWS) this.settle();
    const { times, facts } = this;
    const at = 3 * this.chunks++;
    times[at] = from;
    times[at + 1] = to;
    facts[at] = tokens;
    facts[at + 1] = tenant;
    facts[at + 2] = Outcome.more;
  }

  /** The chunk noted last gave the first token of its request. */
  firstToken(ttft: number): void {
    const at = 3 * this.chunks - 1;
    this.facts[at] = Outcome.firstToken;
    this.times[at] = ttft;
  }

  /** The chunk noted last gave a token that ends a break. */
  resumed(): void {
    this.facts[3 * this.chunks - 1] = Outcome.resumed;
  }

  /** Works off what is written down. Must come before the series is read, and before its buckets are merged. */
  settle(): void {
    this.settleArrivals();
    this.settleChunks();
  }

  private settleArrivals(): void {
    const { series, arrivals, arrivedAt, origins, tenants, classes } = this;
    this.arrivals = 0;
    for (let row = 0; row < arrivals; row++) {
      const bucket = series.bucket(arrivedAt[row]!);
      series.arrivals[bucket] = series.arrivals[bucket]! + 1;
      tenants[origins[2 * row]!]!.requests++;
      classes[origins[2 * row + 1]!]!.requests++;
    }
  }

  private settleChunks(): void {
    const { series, chunks, times, facts } = this;
    const { inputTokens, firstTokens } = series;
    this.chunks = 0;
    // The bucket of the chunk before, most often that of this one too.
    let bucket = 0;
    let begin = Infinity;
    let end = -Infinity;
    for (let at = 0; at < 3 * chunks; at += 3) {
      const from = times[at]!;
      const to = times[at + 1]!;
      const tokens = facts[at]!;
      const outcome = facts[at + 2]!;
      const ofTenant = series.prefillTokens[facts[at + 1]!]!;
      if (to >= end || to < begin) {
        bucket = series.bucket(to);
        begin = bucket * series.width;
        end = begin + series.width;
      }
      if (from >= begin) {
        inputTokens[bucket] = inputTokens[bucket]! + tokens;
        ofTenant[bucket] = ofTenant[bucket]! + tokens;
      } else {
        series.spread(inputTokens, from, to, tokens);
        series.spread(ofTenant, from, to, tokens);
      }
      if (outcome === Outcome.more) continue;
      firstTokens[bucket] = firstTokens[bucket]! + 1;
      ofTenant[bucket] = ofTenant[bucket]! + 1;
      if (outcome === Outcome.firstToken) series.ttft.add(bucket, times[at + 2]!);
    }
  }
}
