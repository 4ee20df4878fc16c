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
  private readonly tenantOf = new Int32Array(ROWS);
  private readonly classOf = new Int32Array(ROWS);
  private chunks = 0;
  /** Of a chunk: the iteration that computed it, its tokens and their tenant; what followed, and the TTFT if that was a first token. */
  private readonly from = new Float64Array(ROWS);
  private readonly to = new Float64Array(ROWS);
  private readonly tokens = new Int32Array(ROWS);
  private readonly owner = new Int32Array(ROWS);
  private readonly outcome = new Uint8Array(ROWS);
  private readonly ttft = new Float64Array(ROWS);

  constructor(series: TimeSeries, tenants: readonly Counts[], classes: readonly Counts[]) {
    this.series = series;
    this.tenants = tenants;
    this.classes = classes;
  }

  arrived(at: number, tenant: number, sloClass: number): void {
    if (this.arrivals === ROWS) this.settle();
    const row = this.arrivals++;
    this.arrivedAt[row] = at;
    this.tenantOf[row] = tenant;
    this.classOf[row] = sloClass;
  }

  /** `tokens` of a prompt, computed in an iteration over [from, to]. */
  chunk(from: number, to: number, tokens: number, tenant: number): void {
    if (this.chunks === ROWS) this.settle();
    const row = this.chunks++;
    this.from[row] = from;
    this.to[row] = to;
    this.tokens[row] = tokens;
    this.owner[row] = tenant;
    this.outcome[row] = Outcome.more;
  }

  /** The chunk noted last gave the first token of its request. */
  firstToken(ttft: number): void {
    const row = this.chunks - 1;
    this.outcome[row] = Outcome.firstToken;
    this.ttft[row] = ttft;
  }

  /** The chunk noted last gave a token that ends a break. */
  resumed(): void {
    this.outcome[this.chunks - 1] = Outcome.resumed;
  }

  /** Works off what is written down. Must come before the series is read, and before its buckets are merged. */
  settle(): void {
    this.settleArrivals();
    this.settleChunks();
  }

  private settleArrivals(): void {
    const { series, arrivals, arrivedAt, tenantOf, classOf, tenants, classes } = this;
    this.arrivals = 0;
    for (let row = 0; row < arrivals; row++) {
      const bucket = series.bucket(arrivedAt[row]!);
      series.arrivals[bucket] = series.arrivals[bucket]! + 1;
      tenants[tenantOf[row]!]!.requests++;
      classes[classOf[row]!]!.requests++;
    }
  }

  private settleChunks(): void {
    const { series, chunks, from, to, tokens, owner, outcome, ttft } = this;
    const { inputTokens, firstTokens } = series;
    this.chunks = 0;
    for (let row = 0; row < chunks; row++) {
      const start = from[row]!;
      const end = to[row]!;
      const amount = tokens[row]!;
      const ofTenant = series.prefillTokens[owner[row]!]!;
      const bucket = series.bucket(end);
      if (bucket === Math.floor(start * series.perSecond)) {
        inputTokens[bucket] = inputTokens[bucket]! + amount;
        ofTenant[bucket] = ofTenant[bucket]! + amount;
      } else {
        series.spread(inputTokens, start, end, amount);
        series.spread(ofTenant, start, end, amount);
      }
      if (outcome[row] === Outcome.more) continue;
      firstTokens[bucket] = firstTokens[bucket]! + 1;
      ofTenant[bucket] = ofTenant[bucket]! + 1;
      if (outcome[row] === Outcome.firstToken) series.ttft.add(bucket, ttft[row]!);
    }
  }
}
