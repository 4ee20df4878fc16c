// The fleet over time: its state at the times i x width of the series, the time that replicas spend in each state, and what it costs.
import { ReplicaState } from "../contracts.ts";
import type { SimulationConfig } from "../config.ts";
import type { Simulation } from "../simulation.ts";
import { NodeMeter, costPerHour, isPaid } from "./billing.ts";
import type { FleetEvent, FleetSamples, LoadDistribution } from "./results.ts";

const STATES = 5;
/** Places of a sample in the counts of a replica. */
const Count = { state: 0, decoding: 1, prefilling: 2, waiting: 3, kvUsed: 4 } as const;
const COUNTS = 5;

/** Samples of one replica, from sample `from` on. */
class ReplicaSamples {
  from: number;
  length = 0;
  counts = new Int32Array(16 * COUNTS);
  busy = new Float64Array(16);
  /** No further samples: one has found it gone. */
  closed = false;
  /** State, its beginning, and seconds spent in each state. */
  now: ReplicaState = ReplicaState.starting;
  since: number;
  readonly seconds = new Float64Array(STATES);
  // Seconds and shares: -0, as they are no whole numbers (fleet/replica.ts says why).
  busyBefore = -0;
  /** Sums over samples while ready, weighted by the sample width: outstanding requests, KV share. */
  weight = -0;
  load = -0;
  kvShare = -0;

  constructor(from: number, since: number) {
    this.from = from;
    this.since = since;
  }

  add(state: ReplicaState, decoding: number, prefilling: number, waiting: number, kvUsed: number): void {
    if (this.length === this.busy.length) {
      const counts = new Int32Array(2 * this.counts.length);
      const busy = new Float64Array(2 * this.busy.length);
      counts.set(this.counts);
      busy.set(this.busy);
      this.counts = counts;
      this.busy = busy;
    }
    const { counts } = this;
    const at = COUNTS * this.length++;
    counts[at] = state;
    counts[at + Count.decoding] = decoding;
    counts[at + Count.prefilling] = prefilling;
    counts[at + Count.waiting] = waiting;
    counts[at + Count.kvUsed] = kvUsed;
  }

  /** Keeps the samples with an even number; `width`: theirs from now on, seconds. */
  thin(width: number): void {
    const { counts, busy, length, from } = this;
    // A last sample that is dropped belongs to the next one.
    if (length > 0 && (from + length - 1) % 2 === 1) this.busyBefore -= (busy[length - 1]! * width) / 2;
    let kept = 0;
    for (let i = from % 2; i < length; i += 2) {
      // The share of a sample that is kept is that of both.
      busy[kept] = i === 0 ? busy[0]! : (busy[i]! + busy[i - 1]!) / 2;
      counts.copyWithin(COUNTS * kept++, COUNTS * i, COUNTS * (i + 1));
    }
    this.length = kept;
    this.from = Math.ceil(from / 2);
  }

  /** One count of all samples. */
  column<T extends Uint8Array | Uint16Array | Uint32Array>(count: number, into: T): T {
    for (let i = 0; i < this.length; i++) into[i] = this.counts[COUNTS * i + count]!;
    return into;
  }
}

class PoolColumns {
  readonly ready: number[] = [];
  readonly starting: number[] = [];
  readonly draining: number[] = [];
  readonly leaving: number[] = [];
  readonly failed: number[] = [];
}

export class FleetRecorder {
  readonly config: SimulationConfig;
  private simulation!: Simulation;
  readonly replicas: ReplicaSamples[] = [];
  readonly pools: PoolColumns[];
  readonly held: number[] = [];
  readonly events: FleetEvent[] = [];
  /** By pool. */
  readonly meters: readonly NodeMeter[];
  /** Samples taken; the next one is at count x width. */
  count = 0;
  width: number;
  kvPeak = 0;
  /** Replica-seconds (sampled) by size of the running batch. */
  readonly batchSizes: Float64Array;

  constructor(config: SimulationConfig, width: number) {
    this.config = config;
    this.width = width;
    this.pools = config.pools.map(() => new PoolColumns());
    this.meters = config.pools.map((pool) => new NodeMeter(pool));
    this.batchSizes = new Float64Array(1 + Math.max(...config.pools.map(batchCapOf)));
  }

  attach(simulation: Simulation): void {
    this.simulation = simulation;
  }

  onReplica(event: FleetEvent): void {
    this.events.push(event);
    const isNew = this.replicas.length <= event.replica;
    if (isNew) this.replicas.push(new ReplicaSamples(this.count, event.at));
    const samples = this.replicas[event.replica]!;
    const { pool } = this.simulation.replicas[event.replica]!;
    const config = this.config.pools[pool]!;
    const paid = !isNew && isPaid(config, samples.now);
    if (isPaid(config, event.state) !== paid) this.meters[pool]!.change(paid ? -1 : 1, event.at);
    samples.seconds[samples.now] = samples.seconds[samples.now]! + (event.at - samples.since);
    samples.now = event.state;
    samples.since = event.at;
  }

  sample(time: number): void {
    const { simulation, width } = this;
    const counts = this.pools.map(() => [0, 0, 0, 0, 0]);
    for (let index = 0; index < this.replicas.length; index++) {
      const samples = this.replicas[index]!;
      if (samples.closed) continue;
      samples.closed = samples.now === ReplicaState.gone;
      const replica = simulation.replicas[index]!;
      const decoding = replica.decoding();
      const prefilling = replica.prefilling();
      const waiting = replica.waiting.length;
      const used = replica.usedBlocksAt(time);
      const busy = replica.busyUntil(time);
      samples.add(replica.state, decoding, prefilling, waiting, used);
      samples.busy[samples.length - 1] = this.count === 0 ? 0 : Math.min(1, (busy - samples.busyBefore) / width);
      samples.busyBefore = busy;
      const pool = counts[replica.pool]!;
      pool[replica.state] = pool[replica.state]! + 1;
      if (replica.state === ReplicaState.ready) {
        const share = used / replica.blocks;
        samples.weight += width;
        samples.load += width * (decoding + prefilling + waiting);
        samples.kvShare += width * share;
        if (share > this.kvPeak) this.kvPeak = share;
        const size = Math.min(decoding + prefilling, this.batchSizes.length - 1);
        this.batchSizes[size] = this.batchSizes[size]! + width;
      }
    }
    this.pools.forEach((pool, index) => {
      const count = counts[index]!;
      pool.ready.push(count[ReplicaState.ready]!);
      pool.starting.push(count[ReplicaState.starting]!);
      pool.draining.push(count[ReplicaState.draining]!);
      pool.leaving.push(simulation.roster.pools[index]!.leaving);
      pool.failed.push(count[ReplicaState.failed]!);
    });
    this.held.push(simulation.heldRequests);
    this.count++;
  }

  /** Keeps every second sample: the width of the series has doubled. */
  thin(): void {
    this.width *= 2;
    const keepEven = (column: number[]): void => {
      for (let i = 0; 2 * i < column.length; i++) column[i] = column[2 * i]!;
      column.length = Math.ceil(column.length / 2);
    };
    for (const samples of this.replicas) samples.thin(this.width);
    for (const pool of this.pools)
      for (const column of [pool.ready, pool.starting, pool.draining, pool.leaving, pool.failed]) keepEven(column);
    keepEven(this.held);
    this.count = this.held.length;
  }

  /** Seconds that a replica has spent in each state, up to now. */
  secondsOf(index: number, now: number): Float64Array {
    const samples = this.replicas[index]!;
    const seconds = samples.seconds.slice();
    seconds[samples.now] = seconds[samples.now]! + Math.max(0, now - samples.since);
    return seconds;
  }

  /** Seconds of a replica that cost money, up to now. */
  paidSeconds(index: number, now: number): number {
    const seconds = this.secondsOf(index, now);
    const served = seconds[ReplicaState.ready]! + seconds[ReplicaState.draining]!;
    return this.config.pools[this.simulation.replicas[index]!.pool]!.paysStarting ? seconds[ReplicaState.starting]! + served : served;
  }

  picture(): FleetSamples {
    const { simulation, config } = this;
    return {
      sampleSeconds: this.width,
      length: this.count,
      heldAtRouter: Uint32Array.from(this.held),
      pools: this.pools.map((columns, index) => {
        const pool = config.pools[index]!;
        return {
          name: pool.name,
          gpu: pool.gpu,
          gpusPerReplica: pool.gpusPerReplica,
          pricePerReplicaHour: pool.pricePerReplicaHour,
          batchCap: batchCapOf(pool),
          ready: Uint16Array.from(columns.ready),
          starting: Uint16Array.from(columns.starting),
          draining: Uint16Array.from(columns.draining),
          leaving: Uint16Array.from(columns.leaving),
          failed: Uint16Array.from(columns.failed),
          costPerHour: Float64Array.from(columns.ready, (ready, i) =>
            costPerHour(pool, ready + (pool.paysStarting ? columns.starting[i]! : 0) + columns.draining[i]!),
          ),
        };
      }),
      replicas: this.replicas.map((samples, index) => {
        const replica = simulation.replicas[index]!;
        return {
          name: `${initialsOf(config, replica.pool)}${replica.position + 1}`,
          pool: replica.pool,
          kvBlocks: replica.blocks,
          from: samples.from,
          state: samples.column(Count.state, new Uint8Array(samples.length)),
          decoding: samples.column(Count.decoding, new Uint16Array(samples.length)),
          prefilling: samples.column(Count.prefilling, new Uint16Array(samples.length)),
          waiting: samples.column(Count.waiting, new Uint32Array(samples.length)),
          kvUsedBlocks: samples.column(Count.kvUsed, new Uint32Array(samples.length)),
          busy: Float32Array.from(samples.busy.subarray(0, samples.length)),
        };
      }),
    };
  }

  loadDistribution(): LoadDistribution {
    const means: number[] = [];
    for (const { weight, load } of this.replicas) if (weight > 0) means.push(load / weight);
    const batchSize = this.batchSizes.slice();
    const total = means.reduce((sum, x) => sum + x, 0);
    if (means.length < 2 || total === 0) return { batchSize, maxOverMin: null, cv: null, jain: null };
    const mean = total / means.length;
    const squares = means.reduce((sum, x) => sum + x * x, 0);
    const least = Math.min(...means);
    return {
      batchSize,
      maxOverMin: least === 0 ? null : Math.max(...means) / least,
      cv: Math.sqrt(Math.max(0, squares / means.length - mean * mean)) / mean,
      jain: (total * total) / (means.length * squares),
    };
  }
}

/** The scheduler's cap on a batch, for bars and histograms; schedulers without one get 256. */
export function batchCapOf(pool: SimulationConfig["pools"][number]): number {
  const { definition, values } = pool.batching;
  const cap = values["batchCap"] ?? (definition.params["batchCap"] as { default?: unknown } | undefined)?.default;
  return typeof cap === "number" ? cap : 256;
}

/** First letter of the pool's name, or as many as tell it from the pools before and after. */
export function initialsOf(config: SimulationConfig, pool: number): string {
  const names = config.pools.map(({ name }) => name.toLowerCase());
  const name = names[pool]!;
  for (let length = 1; length < name.length; length++) {
    const initials = name.slice(0, length);
    if (names.every((other, index) => index === pool || !other.startsWith(initials))) return initials;
  }
  return name;
}
