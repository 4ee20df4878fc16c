// Records what costs something for every iteration, and so only when asked for: batches, stages, parts of the time, where requests spend theirs.
import { ReplicaState } from "../contracts.ts";
import type { LatencyParts, Status } from "../contracts.ts";
import type { PoolConfig, SimulationConfig } from "../config.ts";
import type { Lane } from "../fleet/lane.ts";
import type { Replica } from "../fleet/replica.ts";
import { emptyShape } from "../fleet/batch.ts";
import type { Recorder } from "../recorder.ts";
import type { Simulation } from "../simulation.ts";
import { BatchWatch, executionOf } from "./batch-watch.ts";
import type { BatchRecord } from "./batch-watch.ts";
import { GrowingColumns } from "./columns.ts";
import type { BatchColumns, BatchCounts, PartDetail, RequestTimeColumns, RunDetail, Spread, StageDetail } from "./detail-results.ts";
import { initialsOf } from "./fleet-recorder.ts";
import { RequestClock } from "./request-clock.ts";
import type { FleetEvent } from "./results.ts";
import { SKETCH_BINS, Sketch, edgeOf } from "./sketch.ts";
import { distribution } from "./summary.ts";
import { Tally } from "./tally.ts";
import { batchFlops } from "./work.ts";

/** A level over time: least, most, and its integral, while it counts. */
class Level {
  private value = 0;
  private since = 0;
  private integral = 0;
  private min = Infinity;
  private max = -Infinity;
  private seconds = 0;
  private counts = false;

  set(time: number, value: number): void {
    this.passed(time);
    this.value = value;
  }

  count(time: number, counts: boolean): void {
    this.passed(time);
    this.counts = counts;
  }

  /** A level that stands for no time is no level: it is not among least and most. */
  private passed(time: number): void {
    const width = time - this.since;
    this.since = time;
    if (!this.counts || width <= 0) return;
    this.seconds += width;
    this.integral += this.value * width;
    if (this.value < this.min) this.min = this.value;
    if (this.value > this.max) this.max = this.value;
  }

  served(now: number): number {
    return this.seconds + (this.counts ? Math.max(0, now - this.since) : 0);
  }

  spread(now: number): Spread {
    this.passed(Math.max(now, this.since));
    if (this.seconds === 0) return { min: 0, mean: 0, max: 0 };
    return { min: this.min, mean: this.integral / this.seconds, max: this.max };
  }
}

class Stage {
  busy = 0;
  flops = 0;
  leastMfu = Infinity;
  mostMfu = -Infinity;
}

class Watched {
  readonly kv = new Level();
  readonly stages: readonly Stage[];

  constructor(stages: number) {
    this.stages = Array.from({ length: stages }, () => new Stage());
  }
}

export interface DetailOptions {
  /** By pool: where the time of its iterations goes; null where that is not known. */
  readonly parts: readonly (LatencyParts | null)[];
  /** A row for every batch: for batches.csv. */
  readonly keepBatches: boolean;
}

export class DetailRecorder implements Recorder {
  private readonly config: SimulationConfig;
  private simulation!: Simulation;
  private clock!: RequestClock;
  private readonly watch = new BatchWatch((record) => this.note(record));
  private readonly requests = new Tally();
  private readonly tokens = new Tally();
  private readonly prefillTokens = new Tally();
  private readonly decodeTokens = new Tally();
  private readonly executionTime = new Sketch();
  private readonly replicas: Watched[] = [];
  /** By pool: seconds by part of the latency model, and room for those of one batch. */
  private readonly parts: readonly (LatencyParts | null)[];
  private readonly secondsOfParts: readonly Float64Array[];
  private readonly partsOfBatch: readonly Float64Array[];
  private readonly shape = emptyShape();
  private readonly batches: GrowingColumns<typeof BATCH_COLUMNS> | null;

  constructor(config: SimulationConfig, { keepBatches, parts }: DetailOptions) {
    this.config = config;
    this.parts = parts;
    this.secondsOfParts = parts.map((known) => new Float64Array(known?.names.length ?? 0));
    this.partsOfBatch = this.secondsOfParts.map(({ length }) => new Float64Array(length));
    this.batches = keepBatches ? new GrowingColumns(BATCH_COLUMNS) : null;
  }

  begin(simulation: Simulation): void {
    this.simulation = simulation;
    this.clock = new RequestClock(simulation);
  }

  // Hooks ---------------------------------------------------------------------------------------------------------------

  arrived(slot: number): void {
    this.clock.arrived(slot);
  }

  planned(lane: Lane): void {
    this.watch.planned(lane);
    if (!lane.open) this.of(lane.replica.index).kv.set(this.simulation.now, lane.replica.usedBlocks / lane.replica.blocks);
  }

  decoded(lane: Lane, steps: number): void {
    this.watch.decoded(lane, steps);
    this.clock.groupRan(lane, lane.epochPure ? lane.epochEnd - lane.epochTime : this.watch.execution(lane));
  }

  chunk(slot: number, _tokens: number, lane: Lane): void {
    this.clock.chunkRan(slot, this.watch.execution(lane), lane.startedAt);
  }

  joined(slot: number, lane: Lane): void {
    this.clock.joined(slot, lane);
  }

  left(slot: number, lane: Lane): void {
    this.clock.left(slot, lane);
  }

  preempted(slot: number): void {
    this.clock.lostBlocks(slot);
  }

  ended(slot: number, _status: Status): void {
    this.clock.ended(slot);
  }

  replica(event: FleetEvent): void {
    this.watch.replica(event);
    const { kv } = this.of(event.replica);
    const serves = event.state === ReplicaState.ready || event.state === ReplicaState.draining;
    if (!serves) kv.set(event.at, 0);
    kv.count(event.at, serves);
  }

  private of(replica: number): Watched {
    while (this.replicas.length <= replica) {
      const { pool } = this.simulation.replicas[this.replicas.length]!;
      this.replicas.push(new Watched(this.config.pools[pool]!.stages));
    }
    return this.replicas[replica]!;
  }

  // Batches -------------------------------------------------------------------------------------------------------------

  private note(record: BatchRecord): void {
    const { replica, shape, iterations, begins, ends, kvBlocks, pieces, lost } = record;
    const pool = this.config.pools[replica.pool]!;
    const { kv, stages } = this.of(replica.index);
    const multi = record.stages > 1;
    if (!multi) for (let i = 0; i < pieces; i++) kv.set(begins[i]!, kvBlocks[i]! / replica.blocks);
    for (let i = 0; i < pieces; i++) {
      const seconds = ends[i]! - begins[i]!;
      const stage = stages[multi ? i : 0]!;
      stage.busy += seconds;
      if (!lost) {
        this.addWork(pool, stage, record, multi ? i : 0, multi ? 0 : i, seconds);
        if (!multi) this.executionTime.add(seconds);
      }
    }
    this.keep(record);
    if (lost) return;
    if (multi) this.executionTime.add(executionOf(record));
    this.requests.add(shape.prefillRequests + shape.decodeRequests, iterations);
    this.tokens.add(shape.prefillTokens + shape.decodeRequests, iterations);
    this.prefillTokens.add(shape.prefillTokens, iterations);
    this.decodeTokens.add(shape.decodeRequests, iterations);
    this.addParts(replica, record);
  }

  private addWork(pool: PoolConfig, it: Stage, { shape }: BatchRecord, stage: number, iteration: number, seconds: number): void {
    const { work } = pool;
    if (work === undefined) return;
    const { shape: now } = this;
    Object.assign(now, shape);
    now.decodeContext += iteration * shape.decodeRequests;
    const flops = batchFlops(work.stages[stage]!, work.window, now);
    const mfu = flops / (seconds * (work.peakFlopsPerS / work.stages.length));
    it.flops += flops;
    if (mfu < it.leastMfu) it.leastMfu = mfu;
    if (mfu > it.mostMfu) it.mostMfu = mfu;
  }

  /** Of several iterations, at their mean context: parts are affine in it. */
  private addParts(replica: Replica, { shape, iterations, stages, chunks }: BatchRecord): void {
    const known = this.parts[replica.pool] ?? null;
    if (known === null) return;
    const sums = this.secondsOfParts[replica.pool]!;
    const own = this.partsOfBatch[replica.pool]!;
    const { shape: now } = this;
    Object.assign(now, shape);
    now.decodeContext += (shape.decodeRequests * (iterations - 1)) / 2;
    for (let stage = 0; stage < stages; stage++) {
      known.of(now, stage, own, chunks);
      for (let i = 0; i < own.length; i++) sums[i] = sums[i]! + own[i]! * iterations;
    }
  }

  private keep(record: BatchRecord): void {
    if (this.batches === null) return;
    const { replica, shape, iterations, begins, ends, kvBlocks, pieces, lost } = record;
    this.batches.push({
      replica: replica.index,
      iterations,
      prefillRequests: shape.prefillRequests,
      prefillTokens: shape.prefillTokens,
      decodeRequests: shape.decodeRequests,
      decodeContext: shape.decodeContext,
      kvUsedBlocks: kvBlocks[0]!,
      startedAt: begins[0]!,
      endedAt: ends[pieces - 1]!,
      executionTime: executionOf(record),
      lost: lost ? 1 : 0,
    });
  }

  // Results -------------------------------------------------------------------------------------------------------------

  /** At the end of a run: what still runs is counted as far as it got. */
  finish(): void {
    this.watch.close(this.simulation.now);
  }

  /** `end`: of the run, seconds. */
  detail(end: number): RunDetail {
    return {
      batches: {
        requests: this.requests.distribution(),
        tokens: this.tokens.distribution(),
        prefillTokens: this.prefillTokens.distribution(),
        decodeTokens: this.decodeTokens.distribution(),
        executionTime: distribution(this.executionTime),
      },
      stages: this.replicas.flatMap((_, index) => this.stagesOf(index, end)),
      parts: this.partsOfPools(),
      requestTimes: this.clock.distributions(),
    };
  }

  private stagesOf(index: number, end: number): StageDetail[] {
    const { pool, position } = this.simulation.replicas[index]!;
    const { work, name } = this.config.pools[pool]!;
    const { kv, stages } = this.replicas[index]!;
    const served = kv.served(end);
    const kvUse = kv.spread(end);
    return stages.map((it, stage) => ({
      pool: name,
      replica: `${initialsOf(this.config, pool)}${position + 1}`,
      stage: stage + 1,
      busy: served > 0 ? it.busy / served : 0,
      mfu:
        work === undefined || it.mostMfu < 0 || served === 0
          ? null
          : { min: it.leastMfu, mean: it.flops / (served * (work.peakFlopsPerS / work.stages.length)), max: it.mostMfu },
      kvUse,
    }));
  }

  private partsOfPools(): PartDetail[] {
    return this.config.pools.flatMap((pool, index) => {
      const sums = this.secondsOfParts[index]!;
      const total = sums.reduce((sum, seconds) => sum + seconds, 0);
      return (this.parts[index]?.names ?? []).map((part, i) => ({
        pool: pool.name,
        part,
        seconds: sums[i]!,
        share: total > 0 ? sums[i]! / total : 0,
      }));
    });
  }

  counts(): BatchCounts {
    const { bins } = this.executionTime;
    const used = Array.from({ length: SKETCH_BINS }, (_, bin) => bin).filter((bin) => bins[bin]! > 0);
    const first = used[0] ?? 0;
    const last = used.at(-1) ?? -1;
    return {
      requests: this.requests.values(),
      tokens: this.tokens.values(),
      prefillTokens: this.prefillTokens.values(),
      decodeTokens: this.decodeTokens.values(),
      executionTime: {
        edges: Float64Array.from({ length: last < first ? 0 : last - first + 2 }, (_, i) => edgeOf(first + i)),
        counts: bins.slice(first, last + 1),
      },
    };
  }

  batchColumns(): BatchColumns | null {
    return this.batches === null ? null : { length: this.batches.length, ...this.batches.take() };
  }

  requestColumns(): RequestTimeColumns {
    return this.clock.columns();
  }
}

const BATCH_COLUMNS = {
  replica: "i32",
  iterations: "i32",
  prefillRequests: "i32",
  prefillTokens: "i32",
  decodeRequests: "i32",
  decodeContext: "f64",
  kvUsedBlocks: "i32",
  startedAt: "f64",
  endedAt: "f64",
  executionTime: "f64",
  lost: "u8",
} as const;
