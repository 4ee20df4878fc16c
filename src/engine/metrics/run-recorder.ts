// Records everything that the results of a run show: ended requests as columns (if kept), sketches of latencies, time series, the fleet.
import type { SimulationConfig } from "../config.ts";
import type { Lane } from "../fleet/lane.ts";
import type { Recorder } from "../recorder.ts";
import type { Simulation } from "../simulation.ts";
import { Digest } from "./digest.ts";
import { gather } from "./ended-rows.ts";
import { FleetRecorder } from "./fleet-recorder.ts";
import { PromptRecorder } from "./prompt-recorder.ts";
import { RequestLogWriter } from "./request-log.ts";
import type { FleetEvent, ScalingDecision } from "./results.ts";
import { FIRST_BUCKET_SECONDS, TimeSeries } from "./time-series.ts";
import { TokenRecorder } from "./token-recorder.ts";
import { WorkTally } from "./work.ts";

/** Decisions of autoscalers that are kept: the first ones. Months of simulated time have fewer. */
const MOST_DECISIONS = 10_000;

export class RunRecorder implements Recorder {
  readonly config: SimulationConfig;
  readonly series: TimeSeries;
  readonly fleet: FleetRecorder;
  readonly log: RequestLogWriter;
  readonly digested: Digest;
  /** Ended requests, of those that the simulation still holds, that are in the log. */
  private logged = 0;
  readonly prompts: PromptRecorder;
  readonly work: WorkTally;
  readonly tokens: TokenRecorder;
  readonly decisions: ScalingDecision[] = [];
  simulation!: Simulation;
  nextSampleAt = -0;

  constructor(config: SimulationConfig, options: { readonly keepRequests: boolean }) {
    this.config = config;
    this.series = new TimeSeries(config.tenants.length);
    this.tokens = new TokenRecorder(this.series, config.tenants.length);
    this.series.beforeMerge = () => this.settle();
    this.fleet = new FleetRecorder(config, FIRST_BUCKET_SECONDS);
    this.series.onMerge = () => {
      this.fleet.thin();
      this.nextSampleAt = this.fleet.count * this.fleet.width;
    };
    this.log = new RequestLogWriter(options.keepRequests);
    this.work = new WorkTally(config);
    this.digested = new Digest(config.tenants.length, config.sloClasses, config.pools.length, this.series, this.work);
    this.prompts = new PromptRecorder(this.series, this.digested.tenants, this.digested.classes);
  }

  attach(simulation: Simulation): void {
    this.simulation = simulation;
    this.fleet.attach(simulation);
    this.prompts.attach(simulation.requests);
  }

  private settle(): void {
    this.prompts.settle();
    this.tokens.settle();
  }

  /** Brings log, counts, sketches and series up to the last ended request. */
  digest(): void {
    this.settle();
    const { requests, replicas } = this.simulation;
    while (this.logged < requests.endedCount) {
      const count = gather(requests, replicas, this.logged);
      this.logged += count;
      this.digested.take(count);
      this.log.add(count);
    }
  }

  leaving(): void {
    this.digest();
    this.logged = 0;
  }

  arrived(slot: number): void {
    this.prompts.noteArrival(slot);
  }

  chunk(slot: number, tokens: number, lane: Lane): void {
    this.prompts.noteChunk(slot, tokens, lane.startedAt, this.simulation.now);
  }

  firstToken(): void {
    this.prompts.noteFirstToken();
  }

  resumed(slot: number): void {
    const { requests, now } = this.simulation;
    this.prompts.noteResumed();
    this.tokens.addGap(now - requests.lastTokenAt[slot]!);
  }

  decoded(lane: Lane, steps: number): void {
    this.tokens.note(lane, steps);
  }

  preempted(): void {
    const bucket = this.series.bucket(this.simulation.now);
    this.series.preemptions[bucket] = this.series.preemptions[bucket]! + 1;
  }

  replica(event: FleetEvent): void {
    this.fleet.onReplica(event);
  }

  scaled(decision: ScalingDecision): void {
    if (this.decisions.length < MOST_DECISIONS) this.decisions.push(decision);
  }

  sample(time: number): void {
    // Brings the bucket into use first: that may merge and move the grid.
    this.series.bucket(time);
    if (time === this.fleet.count * this.fleet.width) this.fleet.sample(time);
    this.nextSampleAt = this.fleet.count * this.fleet.width;
  }
}
