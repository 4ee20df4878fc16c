// The replicas ever made, with their lanes: their states and what follows from them (counts by pool, candidates of the router).
import type { SimulationConfig } from "../config.ts";
import { ReplicaState } from "../contracts.ts";
import type { Schedule } from "../kernel/schedule.ts";
import type { Timers } from "../kernel/timers.ts";
import type { FleetEvent } from "../metrics/results.ts";
import type { Listeners } from "../recorder.ts";
import { Lane } from "./lane.ts";
import type { LaneHost } from "./lane.ts";
import type { Policies } from "./policies.ts";
import { Replica } from "./replica.ts";
import { Timer } from "./timer-kinds.ts";
import { Load, PoolCounts } from "./view.ts";

/** What the roster needs from the simulation around it; it is the host of the lanes too. */
export interface RosterHost extends LaneHost {
  readonly config: SimulationConfig;
  readonly policies: Policies;
  readonly hear: Listeners;
  readonly timers: Timers;
  /** Of the lanes. */
  readonly queue: Schedule;
  /** There may be room for requests that wait for a replica. */
  offerHeld(): void;
}

export class Roster {
  readonly replicas: Replica[] = [];
  /** Those that are not gone, ascending. */
  readonly standing: Replica[] = [];
  readonly lanes: Lane[] = [];
  readonly pools: PoolCounts[];
  /** Load by replica as it is, and as policies see it where they see a copy. */
  readonly load = new Load();
  readonly staleLoad = new Load();
  /** Candidates for prompts and for hand-overs, ascending. */
  promptCandidates = new Int32Array(0);
  decodeCandidates = new Int32Array(0);
  private readonly host: RosterHost;

  constructor(host: RosterHost) {
    this.host = host;
    this.pools = host.config.pools.map((config, pool) => new PoolCounts(pool, config, host.requests, this.load, this.replicas));
  }

  /** The replica at a position of a pool, from 0. */
  find(pool: number, position: number): Replica | undefined {
    return this.replicas.find((replica) => replica.pool === pool && replica.position === position);
  }

  // Making replicas -----------------------------------------------------------------------------------------------------

  /** A new replica that is ready at once. */
  addReady(pool: number): void {
    this.setState(this.add(pool), ReplicaState.ready, "initial");
  }

  /** A new replica that starts. */
  addStarting(pool: number, reason: FleetEvent["reason"]): void {
    this.begin(this.add(pool), reason);
  }

  private add(pool: number): Replica {
    const { host, lanes } = this;
    const config = host.config.pools[pool]!;
    const index = this.replicas.length;
    const batching = host.policies.addBatching(config);
    const ordering = host.policies.addOrdering(config, host.requests);
    const replica = new Replica(index, pool, this.pools[pool]!.made++, config, batching, ordering);
    const { router } = host.policies;
    if (replica.cache !== null && router.kvEvent !== undefined)
      replica.cache.listen((stored, hi, lo) => router.kvEvent!(index, stored, hi, lo, host.now));
    this.replicas.push(replica);
    this.standing.push(replica);
    this.load.reserve(index + 1);
    this.staleLoad.reserve(index + 1);
    for (let stage = 0; stage < config.stages; stage++) {
      const lane = new Lane(lanes.length, replica, host, host.config.tenants.length);
      lanes.push(lane);
      replica.lanes.push(lane);
    }
    host.queue.reserve(lanes.length);
    return replica;
  }

  // States --------------------------------------------------------------------------------------------------------------

  /** Starts a replica: it will be ready after its pool's start-up time. */
  begin(replica: Replica, reason: FleetEvent["reason"]): void {
    const { host } = this;
    replica.readyAt = host.now + host.config.pools[replica.pool]!.startupSeconds;
    this.setState(replica, ReplicaState.starting, reason, replica.readyAt);
    host.timers.add(replica.readyAt, Timer.ready, replica.index);
  }

  /** The start-up time of a replica is over, unless it failed meanwhile. */
  onReady(index: number): void {
    const replica = this.replicas[index]!;
    if (replica.state !== ReplicaState.starting || replica.readyAt !== this.host.now) return;
    this.setState(replica, ReplicaState.ready, "ready");
    this.host.offerHeld();
  }

  /** No further requests for a replica; it is gone when it has none left. */
  drain(replica: Replica, reason: FleetEvent["reason"]): void {
    this.setState(replica, ReplicaState.draining, reason);
    this.settleDrain(replica);
  }

  /** Must come when a draining replica may have lost its last request. */
  settleDrain(replica: Replica): void {
    if (this.load.outstanding[replica.index] === 0) this.setState(replica, ReplicaState.gone, "drained");
  }

  setState(replica: Replica, state: ReplicaState, reason: FleetEvent["reason"], until?: number): void {
    const { host } = this;
    const { router } = host.policies;
    const wasReady = replica.state === ReplicaState.ready;
    replica.state = state;
    replica.since = host.now;
    if (state === ReplicaState.gone) this.standing.splice(this.standing.indexOf(replica), 1);
    this.recount();
    const event: FleetEvent = { at: host.now, replica: replica.index, state, reason, ...(until === undefined ? {} : { until }) };
    for (const recorder of host.hear.replica) recorder.replica(event);
    if (state === ReplicaState.ready) router.replicaAdded?.(replica.index);
    else if (wasReady) router.replicaRemoved?.(replica.index);
  }

  /** Rebuilds the counts and candidate lists: only when a replica changes state. */
  private recount(): void {
    const { standing } = this;
    for (const view of this.pools) {
      view.ready = view.starting = view.draining = view.failed = 0;
      view.replicaCount = 0;
      if (view.replicas.length < standing.length + 1) view.replicas = new Int32Array(standing.length * 2 + 16);
    }
    const prompt: number[] = [];
    const decode: number[] = [];
    for (const replica of standing) {
      const view = this.pools[replica.pool]!;
      if (replica.state === ReplicaState.starting) view.starting++;
      else if (replica.state === ReplicaState.draining) view.draining++;
      else if (replica.state === ReplicaState.failed) view.failed++;
      else if (replica.state === ReplicaState.ready) {
        view.ready++;
        view.replicas[view.replicaCount++] = replica.index;
        (this.host.config.pools[replica.pool]!.role === "decode" ? decode : prompt).push(replica.index);
      }
    }
    this.promptCandidates = Int32Array.from(prompt);
    this.decodeCandidates = Int32Array.from(decode);
  }
}
