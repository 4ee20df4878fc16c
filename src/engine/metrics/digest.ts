// Ended requests turned into counts, sketches and series, a batch of rows at a time: a tight loop over columns costs a third of doing the same
// between two events of the simulation. Whoever reads the results calls RunRecorder.digest() first.
import { Status } from "../contracts.ts";
import type { SloLimits } from "../config.ts";
import type { LogChunk } from "./request-log.ts";
import { Sketch } from "./sketch.ts";
import type { TimeSeries } from "./time-series.ts";

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
  lastEnd = 0;
  private readonly limits: readonly SloLimits[];
  private readonly series: TimeSeries;

  constructor(tenants: number, limits: readonly SloLimits[], pools: number, series: TimeSeries) {
    this.byTenant = Array.from({ length: tenants }, () => new LatencySketches());
    this.tenants = Array.from({ length: tenants }, () => new Counts());
    this.classes = limits.map(() => new Counts());
    this.poolRequests = new Float64Array(pools);
    this.limits = limits;
    this.series = series;
  }

  /** Takes in the rows [from, to), and writes their `met` column: 1 when every SLO of the class was met (0 on entry: it does not count, best effort). */
  take(chunk: LogChunk, from: number, to: number): void {
    const { statuses, queueing, poolRequests, series } = this;
    const { tenant, sloClass, status, met, pool, arrivedAt, scheduledAt, firstTokenAt, finishedAt } = chunk;
    for (let row = from; row < to; row++) {
      const end = status[row]!;
      statuses[end] = statuses[end]! + 1;
      const arrived = arrivedAt[row]!;
      const ofTenant = this.tenants[tenant[row]!]!;
      const ofClass = this.classes[sloClass[row]!]!;
      if (pool[row]! >= 0) poolRequests[pool[row]!] = poolRequests[pool[row]!]! + 1;
      if (scheduledAt[row]! >= 0) queueing.add(scheduledAt[row]! - arrived);
      if (firstTokenAt[row]! >= 0) this.byTenant[tenant[row]!]!.ttft.add(firstTokenAt[row]! - arrived);
      if (finishedAt[row]! > this.lastEnd) this.lastEnd = finishedAt[row]!;
      if (end === Status.completed) this.complete(chunk, row, ofTenant, ofClass);
      else met[row] = 0;
      if (end === Status.unfinished) continue;
      ofTenant.ended++;
      ofClass.ended++;
      if (met[row] === 1) {
        ofTenant.met++;
        ofClass.met++;
      } else {
        const bucket = series.bucket(arrived);
        this.late++;
        series.late[bucket] = series.late[bucket]! + 1;
      }
      if (end === Status.refused) {
        const bucket = series.bucket(finishedAt[row]!);
        series.refusals[bucket] = series.refusals[bucket]! + 1;
      }
    }
  }

  private complete(chunk: LogChunk, row: number, ofTenant: Counts, ofClass: Counts): void {
    const { series } = this;
    const finished = chunk.finishedAt[row]!;
    const e2e = finished - chunk.arrivedAt[row]!;
    const first = chunk.firstTokenAt[row]!;
    const prompt = chunk.promptTokens[row]!;
    const output = chunk.outputTokens[row]!;
    const limits = this.limits[chunk.sloClass[row]!]!;
    const sketches = this.byTenant[chunk.tenant[row]!]!;
    const bucket = series.bucket(finished);
    series.completions[bucket] = series.completions[bucket]! + 1;
    sketches.e2e.add(e2e);
    let inTpot = true;
    if (output > 1) {
      const tpot = (finished - first) / (output - 1);
      sketches.tpot.add(tpot);
      series.tpot.add(bucket, tpot);
      inTpot = tpot <= limits.tpot;
    }
    const inTtft = first - chunk.arrivedAt[row]! <= limits.ttft;
    const inE2e = e2e <= limits.e2e;
    if (inTtft) ofClass.metTtft++;
    if (inTpot) ofClass.metTpot++;
    if (inE2e) ofClass.metE2e++;
    ofClass.completed++;
    ofTenant.completed++;
    ofTenant.inputTokens += prompt;
    ofTenant.outputTokens += output;
    ofTenant.cachedTokens += chunk.cachedTokens[row]!;
    if (!(inTtft && inTpot && inE2e)) chunk.met[row] = 0;
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
