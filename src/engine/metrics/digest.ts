// Ended requests turned into counts, sketches and series, a batch of rows at a time: a tight loop over columns costs a third of doing the same
// between two events of the simulation. Whoever reads the results calls RunRecorder.digest() first.
import { Status } from "../contracts.ts";
import type { SloLimits } from "../config.ts";
import { BATCH_ROWS, Latencies } from "./latencies.ts";
import type { LogRows } from "./request-log.ts";
import { Sketch } from "./sketch.ts";
import type { TimeSeries } from "./time-series.ts";
import type { WorkTally } from "./work.ts";

/** Latencies of a group of requests. */
export class LatencySketches {
  readonly ttft = new Sketch();
  readonly tpot = new Sketch();
  readonly e2e = new Sketch();
}

/** Counts of a tenant or an SLO class. */
export class Counts {
  /** Arrived. */
  requests = 0;
  /** Completed, refused or failed. */
  ended = 0;
  completed = 0;
  met = 0;
  metTtft = 0;
  metTpot = 0;
  metE2e = 0;
  inputTokens = 0;
  outputTokens = 0;
  cachedTokens = 0;
}

export class Digest {
  readonly byTenant: LatencySketches[];
  readonly tenants: Counts[];
  readonly classes: Counts[];
  readonly queueing = new Sketch();
  readonly statuses = new Float64Array(4);
  readonly poolRequests: Float64Array;
  late = 0;
  lastEnd = -0;
  private readonly limits: readonly SloLimits[];
  private readonly series: TimeSeries;
  private readonly work: WorkTally;
  /** Of the rows at hand. */
  private readonly latencies = new Latencies();

  constructor(tenants: number, limits: readonly SloLimits[], pools: number, series: TimeSeries, work: WorkTally) {
    this.byTenant = Array.from({ length: tenants }, () => new LatencySketches());
    this.tenants = Array.from({ length: tenants }, () => new Counts());
    this.classes = limits.map(() => new Counts());
    this.poolRequests = new Float64Array(pools);
    this.limits = limits;
    this.series = series;
    this.work = work;
  }

  /** Takes in the rows [from, to), and writes their `met` column: 1 when every SLO of the class was met (0 on entry: it does not count, best effort). */
  take(rows: LogRows, from: number, to: number): void {
    for (let row = from; row < to; row += BATCH_ROWS) this.takeSome(rows, row, Math.min(to, row + BATCH_ROWS));
  }

  private takeSome(rows: LogRows, from: number, to: number): void {
    this.latencies.fill(rows, from, to);
    // Rows are written as requests end.
    this.lastEnd = rows.finishedAt[to - 1]!;
    this.queueing.addAll(this.latencies.queueing, 0, to - from);
    this.count(rows, from, to);
    this.plot(rows, from, to);
    this.work.take(rows, from, to);
  }

  /** Rows of one tenant and class in a row are counted together: with one tenant that is all of them. */
  private count(rows: LogRows, from: number, to: number): void {
    const { tenant, sloClass } = rows;
    for (let row = from; row < to;) {
      const start = row++;
      while (row < to && tenant[row] === tenant[start] && sloClass[row] === sloClass[start]) row++;
      this.countGroup(rows, start, row, from);
      const own = this.byTenant[tenant[start]!]!;
      own.ttft.addAll(this.latencies.ttft, start - from, row - from);
      own.tpot.addAll(this.latencies.tpot, start - from, row - from);
      own.e2e.addAll(this.latencies.e2e, start - from, row - from);
    }
  }

  /** Rows [start, end) of one tenant and class; latencies stand in the buffers from row `from` on. */
  private countGroup(rows: LogRows, start: number, end: number, from: number): void {
    const { statuses, poolRequests } = this;
    const { ttft, tpot, e2e } = this.latencies;
    const { status, met, pool, promptTokens, outputTokens, cachedTokens } = rows;
    const ofTenant = this.tenants[rows.tenant[start]!]!;
    const ofClass = this.classes[rows.sloClass[start]!]!;
    const limits = this.limits[rows.sloClass[start]!]!;
    let ended = 0;
    let completed = 0;
    let allMet = 0;
    let metTtft = 0;
    let metTpot = 0;
    let metE2e = 0;
    let input = 0;
    let output = 0;
    let cached = 0;
    for (let row = start; row < end; row++) {
      const i = row - from;
      if (pool[row]! >= 0) poolRequests[pool[row]!] = poolRequests[pool[row]!]! + 1;
      const last = status[row]!;
      if (last !== Status.completed) {
        statuses[last] = statuses[last]! + 1;
        if (last !== Status.unfinished) ended++;
        met[row] = 0;
        continue;
      }
      const inTtft = ttft[i]! <= limits.ttft;
      // A single token has no TPOT, and misses no limit.
      const inTpot = !(tpot[i]! > limits.tpot);
      const inE2e = e2e[i]! <= limits.e2e;
      if (inTtft) metTtft++;
      if (inTpot) metTpot++;
      if (inE2e) metE2e++;
      completed++;
      input += promptTokens[row]!;
      output += outputTokens[row]!;
      cached += cachedTokens[row]!;
      if (inTtft && inTpot && inE2e && met[row] === 1) allMet++;
      else met[row] = 0;
    }
    statuses[Status.completed] = statuses[Status.completed]! + completed;
    ofTenant.ended += ended + completed;
    ofClass.ended += ended + completed;
    ofTenant.completed += completed;
    ofClass.completed += completed;
    ofTenant.met += allMet;
    ofClass.met += allMet;
    ofClass.metTtft += metTtft;
    ofClass.metTpot += metTpot;
    ofClass.metE2e += metE2e;
    ofTenant.inputTokens += input;
    ofTenant.outputTokens += output;
    ofTenant.cachedTokens += cached;
  }

  /** Ends by bucket. Buckets are those of the time of the call: merging later gives the same counts. */
  private plot({ status, met, arrivedAt, finishedAt }: LogRows, from: number, to: number): void {
    const { series } = this;
    const { tpot } = this.latencies;
    if (to > from) series.bucket(finishedAt[to - 1]!);
    const { perSecond, completions, refusals, late } = series;
    for (let row = from; row < to; row++) {
      const end = status[row]!;
      if (end === Status.unfinished) continue;
      const bucket = Math.floor(finishedAt[row]! * perSecond);
      if (end === Status.completed) {
        completions[bucket] = completions[bucket]! + 1;
        const gap = tpot[row - from]!;
        if (gap === gap) series.tpot.add(bucket, gap);
      } else if (end === Status.refused) refusals[bucket] = refusals[bucket]! + 1;
      if (met[row] === 0) {
        const arrival = Math.floor(arrivedAt[row]! * perSecond);
        late[arrival] = late[arrival]! + 1;
        this.late++;
      }
    }
  }

  /** Latencies of all requests: those of the tenants together. */
  all(): LatencySketches {
    const all = new LatencySketches();
    for (const own of this.byTenant) for (const key of ["ttft", "tpot", "e2e"] as const) all[key].merge(own[key]);
    return all;
  }

  /** Sum of a count over the tenants. */
  total(key: keyof Counts): number {
    return this.tenants.reduce((sum, counts) => sum + counts[key], 0);
  }
}
