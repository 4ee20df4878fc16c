// Arrivals, prompt tokens and first tokens over time. Each is written down when it happens and worked off a batch at a time: in a tight loop that
// costs a fraction of doing it between two events. What is known of a request is read from its slot then: before slots are used again, all is worked off.
import type { Requests } from "../fleet/requests.ts";
import type { Counts } from "./digest.ts";
import type { TimeSeries } from "./time-series.ts";

/** Few, so that they leave the fast memory of a processor to the events between which they are written. */
const ROWS = 64;

// Places of a row, from its first: begin and end of the iteration that computed a chunk; its slot, its tokens, and what followed.
const TO = 1;
const SLOT = 2;
const TOKENS = 3;
const OUTCOME = 4;
const WIDTH = 5;

/** What follows from a chunk of a prompt. */
const Outcome = { more: 0, firstToken: 1, resumed: 2 } as const;

export class PromptRecorder {
  private readonly series: TimeSeries;
  private readonly tenants: readonly Counts[];
  private readonly classes: readonly Counts[];
  private requests!: Requests;
  private arrivals = 0;
  /** Slots of the arrivals. */
  private readonly arrived = new Int32Array(ROWS);
  /** Rows of chunks, one after the other; a plain array, whose start and length JavaScript engines look up once for a row, not for every place. */
  private readonly chunks: number[] = [];
  /** Places of it in use. */
  private used = 0;

  constructor(series: TimeSeries, tenants: readonly Counts[], classes: readonly Counts[]) {
    this.series = series;
    this.tenants = tenants;
    this.classes = classes;
    // Fractions, so that engines keep it as an array of doubles from the start.
    for (let i = 0; i < ROWS * WIDTH; i++) this.chunks.push(0.5);
  }

  attach(requests: Requests): void {
    this.requests = requests;
  }

  noteArrival(slot: number): void {
    if (this.arrivals === ROWS) this.settle();
    this.arrived[this.arrivals++] = slot;
  }

  /** `tokens` of a prompt, computed in an iteration over [from, to]. */
  noteChunk(slot: number, tokens: number, from: number, to: number): void {
    if (this.used === this.chunks.length) this.settle();
    const { chunks, used: at } = this;
    this.used = at + WIDTH;
    chunks[at] = from;
    chunks[at + TO] = to;
    chunks[at + SLOT] = slot;
    chunks[at + TOKENS] = tokens;
    chunks[at + OUTCOME] = Outcome.more;
  }

  /** The chunk noted last gave the first token of its request. */
  noteFirstToken(): void {
    this.chunks[this.used - WIDTH + OUTCOME] = Outcome.firstToken;
  }

  /** The chunk noted last gave a token that ends a break. */
  noteResumed(): void {
    this.chunks[this.used - WIDTH + OUTCOME] = Outcome.resumed;
  }

  /** Works off what is written down. Must come before the series is read, before its buckets are merged, and before slots are used again. */
  settle(): void {
    this.settleArrivals();
    this.settleChunks();
  }

  private settleArrivals(): void {
    const { arrivals } = this;
    this.arrivals = 0;
    if (arrivals === 0) return;
    this.plotArrivals(arrivals);
    countBy(this.arrived, arrivals, this.requests.tenant, this.tenants);
    countBy(this.arrived, arrivals, this.requests.sloClass, this.classes);
  }

  private plotArrivals(arrivals: number): void {
    const { series, arrived } = this;
    const { arrivedAt } = this.requests;
    // Those of a bucket follow each other.
    for (let row = 0; row < arrivals;) {
      const start = row++;
      const bucket = series.bucket(arrivedAt[arrived[start]!]!);
      const edge = (bucket + 1) * series.width;
      while (row < arrivals && arrivedAt[arrived[row]!]! < edge) row++;
      series.arrivals[bucket] = series.arrivals[bucket]! + row - start;
    }
  }

  private settleChunks(): void {
    const { series, chunks, used } = this;
    const { tenant, arrivedAt } = this.requests;
    this.used = 0;
    // The bucket and the tenant of the chunk before, most often those of this one too.
    let bucket = 0;
    let begin = Infinity;
    let end = -Infinity;
    let before = 0;
    let prefillTokens = series.prefillTokens[0]!;
    let firstTokens = series.firstTokens[0]!;
    for (let at = 0; at < used; at += WIDTH) {
      const from = chunks[at]!;
      const to = chunks[at + TO]!;
      const slot = chunks[at + SLOT]! | 0;
      const tokens = chunks[at + TOKENS]!;
      const outcome = chunks[at + OUTCOME]!;
      if (to >= end || to < begin) {
        bucket = series.bucket(to);
        begin = bucket * series.width;
        end = begin + series.width;
      }
      const own = tenant[slot]!;
      if (own !== before) {
        before = own;
        prefillTokens = series.prefillTokens[own]!;
        firstTokens = series.firstTokens[own]!;
      }
      if (from >= begin) prefillTokens[bucket] = prefillTokens[bucket]! + tokens;
      else series.spread(prefillTokens, from, to, tokens);
      if (outcome === Outcome.more) continue;
      firstTokens[bucket] = firstTokens[bucket]! + 1;
      // The first token comes at the end of the iteration.
      if (outcome === Outcome.firstToken) series.ttft.add(bucket, to - arrivedAt[slot]!);
    }
  }
}

/** Counts requests, the first `count` of `slots`, in their groups. */
function countBy(slots: Int32Array, count: number, groupOf: Int32Array, groups: readonly Counts[]): void {
  for (let i = 0; i < count;) {
    const start = i++;
    const group = groupOf[slots[start]!]!;
    while (i < count && groupOf[slots[i]!] === group) i++;
    groups[group]!.requests += i - start;
  }
}
