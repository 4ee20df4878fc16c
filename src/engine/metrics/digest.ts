// Ended requests turned into counts, sketches and series, a batch of rows at a time: a tight loop over columns costs a third of doing the same
// between two events of the simulation. Whoever reads the results calls RunRecorder.digest() first.
import { Status } from "../contracts.ts";
import type { SloLimits } from "../config.ts";
import { fillLatencies, latencies, rows } from "./ended-rows.ts";
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

  constructor(tenants: number, limits: readonly SloLimits[], pools: number, series: TimeSeries, work: WorkTally) {
    this.byTenant = Array.from({ length: tenants }, () => new LatencySketches());
    this.tenants = Array.from({ length: tenants }, () => new Counts());
    this.classes = limits.map(() => new Counts());
    this.poolRequests = new Float64Array(pools);
    this.limits = limits;
    this.series = series;
    this.work = work;
  }

  /** Takes in the first `count` of the ended rows, and completes their `met` column. */
  take(count: number): void {
    fillLatencies(count);
    // Rows are written as requests end.
    this.lastEnd = rows.finishedAt[count - 1]!;
    this.queueing.addAll(latencies.queueing, 0, count);
    this.count(count);
    this.countPools(count);
    this.plot(count);
  }

  /** Rows of one tenant and class in a row are counted together: with one tenant that is all of them. */
  private count(count: number): void {
    const { tenant, sloClass } = rows;
    for (let row = 0; row < count;) {
      const start = row++;
      while (row < count && tenant[row] === tenant[start] && sloClass[row] === sloClass[start]) row++;
      this.countTokens(start, row);
      this.countMet(start, row);
      const own = this.byTenant[tenant[start]!]!;
      own.ttft.addAll(latencies.ttft, start, row);
      own.tpot.addAll(latencies.tpot, start, row);
      own.e2e.addAll(latencies.e2e, start, row);
    }
  }

  /** Ends and tokens of the rows [start, end), of one tenant and class. */
  private countTokens(start: number, end: number): void {
    const { statuses } = this;
    let ended = 0;
    let completed = 0;
    let input = 0;
    let output = 0;
    let cached = 0;
    for (let row = start; row < end; row++) {
      const last = rows.status[row]!;
      if (last !== Status.completed) {
        statuses[last] = statuses[last]! + 1;
        if (last !== Status.unfinished) ended++;
        continue;
      }
      completed++;
      input += rows.promptTokens[row]!;
      output += rows.outputTokens[row]!;
      cached += rows.cachedTokens[row]!;
    }
    statuses[Status.completed] = statuses[Status.completed]! + completed;
    for (const counts of [this.tenants[rows.tenant[start]!]!, this.classes[rows.sloClass[start]!]!]) {
      counts.ended += ended + completed;
      counts.completed += completed;
      counts.inputTokens += input;
      counts.outputTokens += output;
      counts.cachedTokens += cached;
    }
  }

  /** Limits met by the rows [start, end), of one tenant and class. Completes the `met` column. */
  private countMet(start: number, end: number): void {
    const { met } = rows;
    const ofClass = this.classes[rows.sloClass[start]!]!;
    const limits = this.limits[rows.sloClass[start]!]!;
    const { ttft: mostTtft, tpot: mostTpot, e2e: mostE2e } = limits;
    let allMet = 0;
    let metTtft = 0;
    let metTpot = 0;
    let metE2e = 0;
    for (let row = start; row < end; row++) {
      if (rows.status[row] !== Status.completed) {
        met[row] = 0;
        continue;
      }
      const inTtft = latencies.ttft[row]! <= mostTtft;
      // A single token has no TPOT, and misses no limit.
      const inTpot = !(latencies.tpot[row]! > mostTpot);
      const inE2e = latencies.e2e[row]! <= mostE2e;
      if (inTtft) metTtft++;
      if (inTpot) metTpot++;
      if (inE2e) metE2e++;
      if (inTtft && inTpot && inE2e && met[row] === 1) allMet++;
      else met[row] = 0;
    }
    this.tenants[rows.tenant[start]!]!.met += allMet;
    ofClass.met += allMet;
    ofClass.metTtft += metTtft;
    ofClass.metTpot += metTpot;
    ofClass.metE2e += metE2e;
  }

  /** Rows of one pool in a row are counted together. */
  private countPools(count: number): void {
    for (let row = 0; row < count;) {
      const start = row++;
      const own = rows.pool[start]!;
      while (row < count && rows.pool[row] === own) row++;
      if (own < 0) continue;
      this.poolRequests[own] = this.poolRequests[own]! + row - start;
      this.work.take(own, start, row);
    }
  }

  /** Ends by bucket. Buckets are those of the time of the call: merging later gives the same counts. */
  private plot(count: number): void {
    const { series } = this;
    const { finishedAt } = rows;
    series.bucket(finishedAt[count - 1]!);
    // Rows are written as requests end: those of a bucket follow each other.
    for (let row = 0; row < count;) {
      const start = row++;
      const bucket = Math.floor(finishedAt[start]! * series.perSecond);
      const edge = (bucket + 1) * series.width;
      while (row < count && finishedAt[row]! < edge) row++;
      series.tpot.addAll(bucket, latencies.tpot, start, row);
      this.plotEnds(start, row, bucket);
    }
  }

  /** Rows [start, end), which ended in one bucket. */
  private plotEnds(start: number, end: number, bucket: number): void {
    const { status, met, arrivedAt } = rows;
    const { perSecond, completions, refusals, late } = this.series;
    let completed = 0;
    let refused = 0;
    for (let row = start; row < end; row++) {
      const last = status[row]!;
      if (last === Status.unfinished) continue;
      if (last === Status.completed) completed++;
      else if (last === Status.refused) refused++;
      if (met[row] !== 0) continue;
      const arrival = Math.floor(arrivedAt[row]! * perSecond);
      late[arrival] = late[arrival]! + 1;
      this.late++;
    }
    completions[bucket] = completions[bucket]! + completed;
    refusals[bucket] = refusals[bucket]! + refused;
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
