// Records everything that the results of a run show: ended requests as columns (if kept), sketches of latencies, time series, the fleet.
import { Status } from "../contracts.ts";
import type { SimulationConfig } from "../config.ts";
import type { Lane } from "../fleet/lane.ts";
import type { Recorder } from "../recorder.ts";
import type { Simulation } from "../simulation.ts";
import { FleetRecorder } from "./fleet-recorder.ts";
import { RequestLogWriter } from "./request-log.ts";
import type { FleetEvent } from "./results.ts";
import { Sketch, binOf, edgeOf } from "./sketch.ts";
import { FIRST_BUCKET_SECONDS, TimeSeries } from "./time-series.ts";

/** Latencies of a group of requests. */
export class LatencySketches {
  readonly ttft = new Sketch();
  readonly tpot = new Sketch();
  readonly e2e = new Sketch();
}

/** Counts of a tenant or an SLO class. */
export class Counts {
  requests = 0;
  ended = 0;
  completed = 0;
  met = 0;
  metTtft = 0;
  metTpot = 0;
  metE2e = 0;
  inputTokens = 0;
  outputTokens = 0;
}

export class RunRecorder implements Recorder {
  readonly config: SimulationConfig;
  readonly series: TimeSeries;
  readonly fleet: FleetRecorder;
  readonly log: RequestLogWriter | null;
  readonly queueing = new Sketch();
  readonly itl = new Sketch();
  readonly byTenant: LatencySketches[];
  readonly tenants: Counts[];
  readonly classes: Counts[];
  readonly poolRequests: Int32Array;
  readonly statuses = new Float64Array(4);
  late = 0;
  inputTokens = 0;
  outputTokens = 0;
  cachedTokens = 0;
  promptTokensOfCompleted = 0;
  lastEnd = 0;
  simulation!: Simulation;
  nextSampleAt = 0;

  constructor(config: SimulationConfig, options: { readonly keepRequests: boolean }) {
    this.config = config;
    this.series = new TimeSeries(config.tenants.length);
    this.fleet = new FleetRecorder(config, FIRST_BUCKET_SECONDS);
    this.series.onMerge = () => {
      this.fleet.thin();
      this.nextSampleAt = this.fleet.count * this.fleet.width;
    };
    this.log = options.keepRequests ? new RequestLogWriter() : null;
    this.byTenant = config.tenants.map(() => new LatencySketches());
    this.tenants = config.tenants.map(() => new Counts());
    this.classes = config.sloClasses.map(() => new Counts());
    this.poolRequests = new Int32Array(config.pools.length);
  }

  attach(simulation: Simulation): void {
    this.simulation = simulation;
    this.fleet.attach(simulation);
  }

  /** Latencies of all requests: those of the tenants together. */
  all(): LatencySketches {
    const all = new LatencySketches();
    for (const own of this.byTenant) for (const key of ["ttft", "tpot", "e2e"] as const) all[key].merge(own[key]);
    return all;
  }

  arrived(slot: number, now: number): void {
    const { series } = this;
    const { requests } = this.simulation;
    const bucket = series.bucket(now);
    series.arrivals[bucket] = series.arrivals[bucket]! + 1;
    this.tenants[requests.tenant[slot]!]!.requests++;
    this.classes[requests.sloClass[slot]!]!.requests++;
  }

  scheduled(slot: number, now: number): void {
    this.queueing.add(now - this.simulation.requests.arrivedAt[slot]!);
  }

  chunk(slot: number, tokens: number, startedAt: number, endedAt: number): void {
    const { series } = this;
    series.spread(series.inputTokens, startedAt, endedAt, tokens);
    series.spread(series.tenantTokens[this.simulation.requests.tenant[slot]!]!, startedAt, endedAt, tokens);
  }

  firstToken(slot: number, now: number): void {
    const { series } = this;
    const { requests } = this.simulation;
    const ttft = now - requests.arrivedAt[slot]!;
    const bucket = series.bucket(now);
    series.ttft.add(bucket, ttft);
    series.outputTokens[bucket] = series.outputTokens[bucket]! + 1;
    const tenant = requests.tenant[slot]!;
    this.byTenant[tenant]!.ttft.add(ttft);
    const tokens = series.tenantTokens[tenant]!;
    tokens[bucket] = tokens[bucket]! + 1;
  }

  resumed(slot: number, gap: number, now: number): void {
    const { series } = this;
    const bucket = series.bucket(now);
    series.outputTokens[bucket] = series.outputTokens[bucket]! + 1;
    const tokens = series.tenantTokens[this.simulation.requests.tenant[slot]!]!;
    tokens[bucket] = tokens[bucket]! + 1;
    this.itl.add(gap);
  }

  decoded(lane: Lane, steps: number, endedAt: number): void {
    const { series } = this;
    const { group } = lane;
    const from = lane.epochTime;
    const { tenants } = group;
    const bucket = series.bucket(endedAt);
    const { outputTokens, tenantTokens } = series;
    if (bucket === Math.floor(from * series.perSecond)) {
      outputTokens[bucket] = outputTokens[bucket]! + group.count * steps;
      for (let tenant = 0; tenant < tenants.length; tenant++) {
        const column = tenantTokens[tenant]!;
        column[bucket] = column[bucket]! + tenants[tenant]! * steps;
      }
    } else {
      series.spread(outputTokens, from, endedAt, group.count * steps);
      for (let tenant = 0; tenant < tenants.length; tenant++) {
        if (tenants[tenant]! > 0) series.spread(tenantTokens[tenant]!, from, endedAt, tenants[tenant]! * steps);
      }
    }
    this.gaps(lane, steps, endedAt);
  }

  /** Gaps between tokens: of the first iteration since each request's last token, of the others the iteration's own time. */
  private gaps(lane: Lane, steps: number, endedAt: number): void {
    const { itl } = this;
    const { group, form, epochTime, joins } = lane;
    const { count } = group;
    const stepped = lane.stepsInClosedForm;
    const base = form.base + form.perContext * lane.epochContext;
    const slope = form.perContext * count;
    const first = stepped ? base : (lane.walkedTime(1) ?? endedAt) - epochTime;
    for (let i = 0; i < joins; i++) itl.add(first + (epochTime - lane.joinTimes[i]!));
    const older = count - joins;
    if (older > 0) itl.addMany(first + (epochTime - lane.lastTokensAt), older);
    if (steps === 1) return;
    if (!stepped) {
      let before = lane.walkedTime(1)!;
      for (let j = 2; j <= steps; j++) {
        const time = lane.walkedTime(j)!;
        itl.addMany(time - before, count);
        before = time;
      }
      return;
    }
    // Iteration j takes base + slope x (j - 1), which grows: all iterations up to the edge of a bin fall into it.
    let j = 2;
    while (j <= steps) {
      const gap = base + slope * (j - 1);
      let last = steps;
      if (slope > 0) {
        const edge = edgeOf(binOf(gap) + 1);
        last = Math.min(steps, Math.max(j, Math.ceil((edge - base) / slope)));
        while (last > j && base + slope * (last - 1) >= edge) last--;
        while (last < steps && base + slope * last < edge) last++;
      }
      // The sum is that of the iterations, the bin that of the first.
      const repeats = last - j + 1;
      itl.addRun(gap, base + slope * (last - 1), repeats * count);
      j = last + 1;
    }
  }

  preempted(_slot: number, _replica: number, now: number): void {
    const bucket = this.series.bucket(now);
    this.series.preemptions[bucket] = this.series.preemptions[bucket]! + 1;
  }

  ended(slot: number, status: Status, now: number): void {
    const { series } = this;
    const { requests } = this.simulation;
    const tenant = requests.tenant[slot]!;
    const sloClass = requests.sloClass[slot]!;
    const limits = this.config.sloClasses[sloClass]!;
    const arrivedAt = requests.arrivedAt[slot]!;
    const firstTokenAt = requests.firstTokenAt[slot]!;
    const output = requests.outputTokens[slot]!;
    const replica = requests.replica[slot]!;
    this.statuses[status] = this.statuses[status]! + 1;
    if (now > this.lastEnd) this.lastEnd = now;
    let met = 0;
    const ofTenant = this.tenants[tenant]!;
    const ofClass = this.classes[sloClass]!;
    const arrivalBucket = Math.floor(arrivedAt * series.perSecond);
    if (status === Status.completed) {
      const bucket = series.bucket(now);
      series.completions[bucket] = series.completions[bucket]! + 1;
      const e2e = now - arrivedAt;
      const ttft = firstTokenAt - arrivedAt;
      const sketches = this.byTenant[tenant]!;
      sketches.e2e.add(e2e);
      let inTpot = true;
      if (output > 1) {
        const tpot = (now - firstTokenAt) / (output - 1);
        sketches.tpot.add(tpot);
        series.tpot.add(bucket, tpot);
        inTpot = tpot <= limits.tpot;
      }
      const inTtft = ttft <= limits.ttft;
      const inE2e = e2e <= limits.e2e;
      if (inTtft) ofClass.metTtft++;
      if (inTpot) ofClass.metTpot++;
      if (inE2e) ofClass.metE2e++;
      const prompt = requests.promptTokens[slot]!;
      ofTenant.completed++;
      ofClass.completed++;
      ofTenant.inputTokens += prompt;
      ofTenant.outputTokens += output;
      this.inputTokens += prompt;
      this.outputTokens += output;
      this.cachedTokens += requests.cachedTokens[slot]!;
      if (inTtft && inTpot && inE2e && requests.bestEffort[slot] === 0) {
        met = 1;
        ofTenant.met++;
        ofClass.met++;
      }
    } else if (status === Status.refused) {
      const bucket = series.bucket(now);
      series.refusals[bucket] = series.refusals[bucket]! + 1;
    }
    if (status !== Status.unfinished) {
      ofTenant.ended++;
      ofClass.ended++;
      if (met === 0) {
        this.late++;
        series.late[arrivalBucket] = series.late[arrivalBucket]! + 1;
      }
    }
    const pool = replica < 0 ? -1 : this.simulation.replicas[replica]!.pool;
    if (pool >= 0) this.poolRequests[pool] = this.poolRequests[pool]! + 1;
    const { log } = this;
    if (log === null) return;
    const row = log.next();
    const { current } = log;
    current.id[row] = requests.id[slot]!;
    current.tenant[row] = tenant;
    current.sloClass[row] = sloClass;
    current.status[row] = status;
    current.met[row] = met;
    current.pool[row] = pool;
    current.replica[row] = replica;
    current.promptTokens[row] = requests.promptTokens[slot]!;
    current.outputTokens[row] = output;
    current.preemptions[row] = requests.preemptions[slot]!;
    current.cachedTokens[row] = requests.cachedTokens[slot]!;
    current.arrivedAt[row] = arrivedAt;
    current.scheduledAt[row] = requests.scheduledAt[slot]!;
    current.firstTokenAt[row] = firstTokenAt;
    current.finishedAt[row] = now;
  }

  replica(event: FleetEvent): void {
    this.fleet.onReplica(event);
  }

  sample(time: number): void {
    // Brings the bucket into use first: that may merge and move the grid.
    this.series.bucket(time);
    if (time === this.fleet.count * this.fleet.width) this.fleet.sample(time);
    this.nextSampleAt = this.fleet.count * this.fleet.width;
  }
}
