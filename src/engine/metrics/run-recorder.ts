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

  arrived(slot: number): void {
    const { series } = this;
    const { requests, now } = this.simulation;
    const bucket = series.bucket(now);
    series.arrivals[bucket] = series.arrivals[bucket]! + 1;
    this.tenants[requests.tenant[slot]!]!.requests++;
    this.classes[requests.sloClass[slot]!]!.requests++;
  }

  scheduled(slot: number): void {
    const { requests, now } = this.simulation;
    this.queueing.add(now - requests.arrivedAt[slot]!);
  }

  chunk(slot: number, tokens: number, lane: Lane): void {
    const { series } = this;
    const { requests, now } = this.simulation;
    const { startedAt } = lane;
    const { inputTokens } = series;
    const ofTenant = series.tenantTokens[requests.tenant[slot]!]!;
    const bucket = series.bucket(now);
    if (bucket === Math.floor(startedAt * series.perSecond)) {
      inputTokens[bucket] = inputTokens[bucket]! + tokens;
      ofTenant[bucket] = ofTenant[bucket]! + tokens;
    } else {
      series.spread(inputTokens, startedAt, now, tokens);
      series.spread(ofTenant, startedAt, now, tokens);
    }
  }

  firstToken(slot: number): void {
    const { series } = this;
    const { requests, now } = this.simulation;
    const ttft = now - requests.arrivedAt[slot]!;
    const bucket = series.bucket(now);
    series.ttft.add(bucket, ttft);
    series.outputTokens[bucket] = series.outputTokens[bucket]! + 1;
    const tenant = requests.tenant[slot]!;
    this.byTenant[tenant]!.ttft.add(ttft);
    const tokens = series.tenantTokens[tenant]!;
    tokens[bucket] = tokens[bucket]! + 1;
  }

  resumed(slot: number): void {
    const { series } = this;
    const { requests, now } = this.simulation;
    const bucket = series.bucket(now);
    series.outputTokens[bucket] = series.outputTokens[bucket]! + 1;
    const tokens = series.tenantTokens[requests.tenant[slot]!]!;
    tokens[bucket] = tokens[bucket]! + 1;
    this.itl.add(now - requests.lastTokenAt[slot]!);
  }

  decoded(lane: Lane, steps: number): void {
    this.tokens(lane, steps);
    this.gaps(lane, steps);
  }

  private tokens(lane: Lane, steps: number): void {
    const { series } = this;
    const { group, epochTime: from, epochEnd: endedAt } = lane;
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
  }

  /** Gaps between tokens: of the first iteration since each request's last token, of the others the iteration's own time. */
  private gaps(lane: Lane, steps: number): void {
    const { itl } = this;
    const { group, form, epochTime, joins } = lane;
    const { count } = group;
    const stepped = lane.stepsInClosedForm;
    const base = form.base + form.perContext * lane.epochContext;
    const slope = form.perContext * count;
    const first = stepped ? base : (lane.walkedTime(1) ?? lane.epochEnd) - epochTime;
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

  preempted(): void {
    const bucket = this.series.bucket(this.simulation.now);
    this.series.preemptions[bucket] = this.series.preemptions[bucket]! + 1;
  }

  ended(slot: number, status: Status): void {
    const { requests, now } = this.simulation;
    this.statuses[status] = this.statuses[status]! + 1;
    if (now > this.lastEnd) this.lastEnd = now;
    let met = 0;
    if (status === Status.completed) {
      this.latencies(slot);
      met = this.completed(slot);
    } else if (status === Status.refused) {
      const { series } = this;
      const bucket = series.bucket(now);
      series.refusals[bucket] = series.refusals[bucket]! + 1;
    }
    if (status !== Status.unfinished) this.count(slot, met);
    const replica = requests.replica[slot]!;
    const pool = replica < 0 ? -1 : this.simulation.replicas[replica]!.pool;
    if (pool >= 0) this.poolRequests[pool] = this.poolRequests[pool]! + 1;
    if (this.log !== null) this.keep(this.log, slot, status, met, pool);
  }

  private latencies(slot: number): void {
    const { series } = this;
    const { requests, now } = this.simulation;
    const sketches = this.byTenant[requests.tenant[slot]!]!;
    const bucket = series.bucket(now);
    series.completions[bucket] = series.completions[bucket]! + 1;
    sketches.e2e.add(now - requests.arrivedAt[slot]!);
    const output = requests.outputTokens[slot]!;
    if (output > 1) {
      const tpot = (now - requests.firstTokenAt[slot]!) / (output - 1);
      sketches.tpot.add(tpot);
      series.tpot.add(bucket, tpot);
    }
  }

  /** Books a completed request; 1 when it met every SLO of its class. */
  private completed(slot: number): number {
    const { requests, now } = this.simulation;
    const ofTenant = this.tenants[requests.tenant[slot]!]!;
    const sloClass = requests.sloClass[slot]!;
    const ofClass = this.classes[sloClass]!;
    const limits = this.config.sloClasses[sloClass]!;
    const arrivedAt = requests.arrivedAt[slot]!;
    const firstTokenAt = requests.firstTokenAt[slot]!;
    const prompt = requests.promptTokens[slot]!;
    const output = requests.outputTokens[slot]!;
    const inTtft = firstTokenAt - arrivedAt <= limits.ttft;
    const inTpot = output <= 1 || (now - firstTokenAt) / (output - 1) <= limits.tpot;
    const inE2e = now - arrivedAt <= limits.e2e;
    if (inTtft) ofClass.metTtft++;
    if (inTpot) ofClass.metTpot++;
    if (inE2e) ofClass.metE2e++;
    ofTenant.completed++;
    ofClass.completed++;
    ofTenant.inputTokens += prompt;
    ofTenant.outputTokens += output;
    this.inputTokens += prompt;
    this.outputTokens += output;
    this.cachedTokens += requests.cachedTokens[slot]!;
    return inTtft && inTpot && inE2e && requests.bestEffort[slot] === 0 ? 1 : 0;
  }

  private count(slot: number, met: number): void {
    const { requests } = this.simulation;
    const ofTenant = this.tenants[requests.tenant[slot]!]!;
    const ofClass = this.classes[requests.sloClass[slot]!]!;
    ofTenant.ended++;
    ofClass.ended++;
    if (met === 1) {
      ofTenant.met++;
      ofClass.met++;
      return;
    }
    const { series } = this;
    const bucket = Math.floor(requests.arrivedAt[slot]! * series.perSecond);
    this.late++;
    series.late[bucket] = series.late[bucket]! + 1;
  }

  private keep(log: RequestLogWriter, slot: number, status: Status, met: number, pool: number): void {
    const { requests, now } = this.simulation;
    const row = log.next();
    const { current } = log;
    current.id[row] = requests.id[slot]!;
    current.tenant[row] = requests.tenant[slot]!;
    current.sloClass[row] = requests.sloClass[slot]!;
    current.status[row] = status;
    current.met[row] = met;
    current.pool[row] = pool;
    current.replica[row] = requests.replica[slot]!;
    current.promptTokens[row] = requests.promptTokens[slot]!;
    current.outputTokens[row] = requests.outputTokens[slot]!;
    current.preemptions[row] = requests.preemptions[slot]!;
    current.cachedTokens[row] = requests.cachedTokens[slot]!;
    current.arrivedAt[row] = requests.arrivedAt[slot]!;
    current.scheduledAt[row] = requests.scheduledAt[slot]!;
    current.firstTokenAt[row] = requests.firstTokenAt[slot]!;
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
