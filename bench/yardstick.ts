// How fast one core of this machine can serve requests in a loop that leaves out all that makes a simulator useful: round robin, one prompt
// at a time in chunks, decodes in leaps, memory reserved up front, no policies, no blocks, nothing recorded but two times per request.
// A figure of the engine is a share of what this loop does, beside it, on the same machine: shares compare between machines, seconds do not.

/** Arrivals and lengths by column. */
export interface Requests {
  readonly arrivedAt: Float64Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
}

/** Time of an iteration, seconds: per iteration, per new token, per token of context (an 8-billion-parameter model on an 80 GB GPU, roughly). */
const FIXED = 0.008;
const PER_TOKEN = 4.5e-5;
const PER_CONTEXT = 2.2e-8;
const CHUNK = 2048;
const BATCH_CAP = 256;
const KV_TOKENS = 400_000;
/** Requests per second that one replica of this loop sustains with lognormal chat lengths. */
const REPLICA_RATE = 14;

/** A 32-bit xorshift: good enough for lengths of a yardstick. Uniform in [0, 1). */
function uniform(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
}

/** Poisson arrivals at a share of what the fleet sustains; lognormal prompts (median 665) and outputs (median 134). */
export function yardstickRequests(count: number, replicas: number, utilisation: number): Requests {
  const draw = uniform(20_231_116);
  const normal = (): number => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += draw();
    return sum;
  };
  const length = (mu: number, sigma: number, most: number): number =>
    Math.floor(Math.max(1, Math.min(most, Math.exp(mu + sigma * normal()))));
  const requests = { arrivedAt: new Float64Array(count), promptTokens: new Int32Array(count), outputTokens: new Int32Array(count) };
  const rate = utilisation * replicas * REPLICA_RATE;
  let now = 0;
  for (let i = 0; i < count; i++) {
    now -= Math.log(1 - draw()) / rate;
    requests.arrivedAt[i] = now;
    requests.promptTokens[i] = length(6.5, 1, 8000);
    requests.outputTokens[i] = length(4.9, 0.8, 1500);
  }
  return requests;
}

/** One replica: a queue, at most one prompt in the works, and a heap of decodes by the iteration that ends them. */
class Replica {
  private readonly requests: Requests;
  private readonly firstTokenAt: Float64Array;
  private readonly finishedAt: Float64Array;
  private queue: number[] = [];
  private head = 0;
  private now = 0;
  private iteration = 0;
  private context = 0;
  private reserved = 0;
  private prompt = -1;
  private promptDone = 0;
  private decodes = 0;
  private readonly endsAt = new Float64Array(BATCH_CAP);
  private readonly who = new Int32Array(BATCH_CAP);

  constructor(requests: Requests, firstTokenAt: Float64Array, finishedAt: Float64Array) {
    this.requests = requests;
    this.firstTokenAt = firstTokenAt;
    this.finishedAt = finishedAt;
  }

  push(request: number): void {
    if (this.head > 1024 && this.head * 2 > this.queue.length) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    this.queue.push(request);
  }

  /** Serves until `until`, or a little beyond: an iteration that has begun is ended. */
  serve(until: number): void {
    while (this.now < until) {
      this.admit();
      if (this.prompt >= 0) this.mixed();
      else if (this.decodes > 0) this.leap(until);
      else {
        this.now = until;
        return;
      }
      while (this.decodes > 0 && this.endsAt[0]! <= this.iteration) this.pop();
    }
  }

  private tokensOf(request: number): number {
    return this.requests.promptTokens[request]! + this.requests.outputTokens[request]!;
  }

  private admit(): void {
    if (this.prompt >= 0 || this.head >= this.queue.length || this.decodes >= BATCH_CAP) return;
    const request = this.queue[this.head]!;
    if (this.reserved + this.tokensOf(request) > KV_TOKENS) return;
    this.head++;
    this.reserved += this.tokensOf(request);
    this.prompt = request;
    this.promptDone = 0;
  }

  private mixed(): void {
    const request = this.prompt;
    const prompt = this.requests.promptTokens[request]!;
    const chunk = Math.min(CHUNK - this.decodes, prompt - this.promptDone);
    this.now += FIXED + PER_TOKEN * (chunk + this.decodes) + PER_CONTEXT * (this.context + this.promptDone);
    this.iteration++;
    this.context += this.decodes;
    this.promptDone += chunk;
    if (this.promptDone < prompt) return;
    this.prompt = -1;
    this.firstTokenAt[request] = this.now;
    const left = this.requests.outputTokens[request]! - 1;
    if (left > 0) this.insert(request, this.iteration + left, prompt + 1);
    else this.leave(request, 0);
  }

  /** All iterations up to the next finish, or up to the one that passes `until`: their times form an arithmetic series. */
  private leap(until: number): void {
    const n = this.decodes;
    const first = FIXED + PER_TOKEN * n + PER_CONTEXT * this.context;
    const growth = PER_CONTEXT * n;
    let steps = this.endsAt[0]! - this.iteration;
    if (this.now + steps * first + (growth * steps * (steps - 1)) / 2 > until) {
      const b = first - growth / 2;
      const enough = Math.ceil((Math.sqrt(b * b + 2 * growth * (until - this.now)) - b) / growth);
      steps = Math.min(steps, Math.max(1, enough));
    }
    this.now += steps * first + (growth * steps * (steps - 1)) / 2;
    this.iteration += steps;
    this.context += n * steps;
  }

  private leave(request: number, context: number): void {
    this.finishedAt[request] = this.now;
    this.reserved -= this.tokensOf(request);
    this.context -= context;
  }

  private insert(request: number, end: number, context: number): void {
    const { endsAt, who } = this;
    let at = this.decodes++;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (endsAt[parent]! <= end) break;
      endsAt[at] = endsAt[parent]!;
      who[at] = who[parent]!;
      at = parent;
    }
    endsAt[at] = end;
    who[at] = request;
    this.context += context;
  }

  private pop(): void {
    const { endsAt, who } = this;
    const request = who[0]!;
    const size = --this.decodes;
    const end = endsAt[size]!;
    const moved = who[size]!;
    let at = 0;
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && endsAt[child + 1]! < endsAt[child]!) child++;
      if (endsAt[child]! >= end) break;
      endsAt[at] = endsAt[child]!;
      who[at] = who[child]!;
      at = child;
    }
    endsAt[at] = end;
    who[at] = moved;
    this.leave(request, this.tokensOf(request));
  }
}

/** Serves all requests and returns the requests per second of wall time; `meanTtft` shows that the loop did its work. */
export function runYardstick(requests: Requests, replicas: number): { readonly requestsPerSecond: number; readonly meanTtft: number } {
  const count = requests.arrivedAt.length;
  const firstTokenAt = new Float64Array(count);
  const finishedAt = new Float64Array(count);
  const fleet = Array.from({ length: replicas }, () => new Replica(requests, firstTokenAt, finishedAt));
  const begun = performance.now();
  for (let i = 0; i < count; i++) {
    const replica = fleet[i % replicas]!;
    replica.serve(requests.arrivedAt[i]!);
    replica.push(i);
  }
  for (const replica of fleet) replica.serve(Infinity);
  const seconds = (performance.now() - begun) / 1000;
  let waited = 0;
  for (let i = 0; i < count; i++) waited += firstTokenAt[i]! - requests.arrivedAt[i]!;
  return { requestsPerSecond: count / seconds, meanTtft: waited / count };
}
