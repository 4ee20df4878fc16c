// The event loop. Order at equal times: arrivals, then the fleet's own events (timers), then lanes by number; so no result depends on the
// order in which events were put in the queue, and leaping gives the same order as stepping.
import { Phase, Requests } from "./fleet/requests.ts";
import { Lane } from "./fleet/lane.ts";
import type { LaneHost } from "./fleet/lane.ts";
import { Replica } from "./fleet/replica.ts";
import { Load, PoolCounts, View } from "./fleet/view.ts";
import { Deque } from "./kernel/deque.ts";
import { IndexedHeap } from "./kernel/indexed-heap.ts";
import { load, save } from "./kernel/snapshot.ts";
import { Timers } from "./kernel/timers.ts";
import type { Random } from "./kernel/random.ts";
import { randomStream } from "./kernel/random.ts";
import { withDefaults } from "./params.ts";
import { REFUSE, ReplicaState, Status, Verdict } from "./contracts.ts";
import type { Admission, ArrivalRow, Autoscaler, PolicyContext, RequestSource, Router } from "./contracts.ts";
import type { PoolConfig, SimulationConfig } from "./config.ts";
import type { Recorder } from "./recorder.ts";
import type { FleetEvent } from "./metrics/results.ts";

/** State of a run, from Simulation.snapshot. */
export interface Snapshot {
  readonly graph: unknown;
  readonly policies: unknown;
  /** Pool of each replica ever made. */
  readonly replicas: readonly number[];
}

/** Events between two checks of the caller's limits. */
const SLICE = 4096;

/** For requests.lane of a request whose KV cache is not on its way yet; while it is, the receiver; below UNSENT, a transfer that will fail. */
const UNSENT = -1;

/** Ticks of autoscalers in a row after which a fleet in which nothing else happens is given up. */
const MOST_IDLE_TICKS = 1000;

/** Above every lane's number. */
const EVERY_LANE = 0x7fffffff;

/** Kinds of timers, in the order in which they run at equal times. */
const Timer = { fault: 0, ready: 1, replace: 2, staleness: 3, tick: 4, moved: 5, look: 6 } as const;

const HOOKS = ["arrived", "routed", "scheduled", "chunk", "firstToken", "resumed", "decoded", "preempted", "moved", "ended", "replica"] as const;
type HookName = (typeof HOOKS)[number];

export class Simulation implements LaneHost {
  readonly config: SimulationConfig;
  readonly recorders: readonly Recorder[];
  readonly requests = new Requests();
  readonly replicas: Replica[] = [];
  readonly lanes: Lane[] = [];
  readonly pools: PoolCounts[] = [];
  readonly load = new Load();
  readonly streams = new Map<string, Random>();
  private readonly staleLoad = new Load();
  private readonly queue = new IndexedHeap();
  private readonly timers = new Timers();
  private readonly view: View;
  /** Candidates for prompts and for hand-overs, ascending. */
  private promptCandidates = new Int32Array(0);
  private decodeCandidates = new Int32Array(0);
  /** Held at the door or the router; and after their prefill, for a decode replica: neither waits behind the other. */
  private readonly held = new Deque();
  private readonly heldMoves = new Deque();
  private readonly router: Router;
  private readonly admission: Admission;
  private readonly autoscalers: Autoscaler[];
  private readonly source: RequestSource;
  private readonly row: ArrivalRow = {
    arrivedAt: 0, promptTokens: 0, outputTokens: 0, tenant: 0, sloClass: 0, session: -1, prefixStart: 0, prefixCount: 0,
  };
  /** Recorders by what they listen to. */
  private readonly hear: { readonly [Hook in HookName]: readonly (Recorder & Required<Pick<Recorder, Hook>>)[] };
  private readonly watchesArrivals: boolean;
  private readonly watchesBatches: boolean;
  private readonly single: boolean[];
  /** End of the last use of the network by each replica: hand-overs queue at both ends. */
  private readonly networkFree: number[] = [];
  now = 0;
  nextId = 0;
  ended = 0;
  events = 0;
  iterations = 0;
  done = false;
  /** Time of the next arrival, as the source last said. */
  private nextArrival = 0;
  private lookAt = Infinity;
  private nextSample = Infinity;
  private finishing = false;
  /** The highest lane that has had its turn at `turnTime`: lanes take turns by number, so all below it have had theirs. */
  private turnTime = -1;
  private idleTicks = 0;
  /** Timers that come again for ever. */
  private periodic = 0;
  private turnKey = 0;

  /** `attach` gets the simulation before its first replica is made, so that recorders can read from it. */
  constructor(config: SimulationConfig, recorders: readonly Recorder[], attach: (simulation: Simulation) => void = () => undefined) {
    this.config = config;
    this.recorders = recorders;
    this.hear = Object.fromEntries(HOOKS.map((hook) => [hook, recorders.filter((recorder) => recorder[hook] !== undefined)])) as never;
    this.source = config.source;
    const context = (prefix: string): PolicyContext => ({
      random: (name) => this.stream(`${prefix}/${name}`),
      tenantCount: config.tenants.length,
      tenantWeights: config.tenants.map((tenant) => tenant.weight),
    });
    const { routing, admission } = config;
    this.router = routing.definition.create(withDefaults(routing.definition.params, routing.values) as never, context("routing"));
    this.admission = admission.definition.create(withDefaults(admission.definition.params, admission.values) as never, context("admission"));
    const seen = config.loadStaleness > 0 ? this.staleLoad : this.load;
    this.view = new View(this.requests, this.replicas, seen, (time) => this.askAgain(time));
    this.autoscalers = config.pools.map(({ autoscaling }, pool) => {
      this.pools.push(new PoolCounts(pool, this.requests, this.load));
      return autoscaling.definition.create(withDefaults(autoscaling.definition.params, autoscaling.values) as never, context(`autoscaling/${pool}`));
    });
    this.watchesArrivals = this.autoscalers.some(({ arrived }) => arrived !== undefined);
    this.watchesBatches = this.autoscalers.some(({ batchEnded }) => batchEnded !== undefined);
    this.single = this.autoscalers.map((policy) => config.step || policy.batchEnded !== undefined);
    attach(this);
    this.reset();
  }

  private reset(): void {
    const { config } = this;
    config.pools.forEach((pool, index) => {
      for (let i = 0; i < pool.replicas; i++) this.addReplica(index, ReplicaState.ready, 0, "initial");
    });
    config.faults.forEach((fault, index) => this.timers.add(fault.at, Timer.fault, index));
    this.autoscalers.forEach((policy, pool) => {
      if (policy.tickSeconds < Infinity && policy.tick !== undefined) this.timers.add(0, Timer.tick, pool);
    });
    if (config.loadStaleness > 0) this.timers.add(0, Timer.staleness, 0);
    this.periodic = this.timers.length - config.faults.length;
    this.nextArrival = this.source.nextAt();
    this.updateSampleTime();
  }

  /** The random stream of a name; its state is part of a snapshot. */
  stream(name: string): Random {
    let random = this.streams.get(name);
    if (random === undefined) {
      random = randomStream(this.config.seed, name);
      this.streams.set(name, random);
    }
    return random;
  }

  // Running -------------------------------------------------------------------------------------------------------------

  /**
   * Handles events up to and including simulated time `limit`, at most `maxEvents` of them. Returns true when the run is over.
   * Stopping and going on never changes what happens.
   */
  runUntil(limit: number, maxEvents = Infinity): boolean {
    let left = maxEvents;
    while (!this.done && left > 0) {
      const size = left < SLICE ? left : SLICE;
      const count = this.slice(limit, size);
      if (count < size) break;
      left -= count;
    }
    return this.done;
  }

  /** At most `size` events up to `limit`; returns how many. Short enough that an engine compiles it from its start, not from the middle of an endless loop. */
  private slice(limit: number, size: number): number {
    const { queue, timers } = this;
    let count = 0;
    while (count < size) {
      const arrival = this.nextArrival;
      const timer = timers.topTime();
      const lane = queue.topTime();
      let time = arrival < timer ? arrival : timer;
      if (lane < time) time = lane;
      if (time === Infinity || (arrival === Infinity && this.requests.active === 0)) {
        this.done = true;
        break;
      }
      if (time > limit) {
        while (this.nextSample <= limit) this.sample();
        if (limit > this.now) this.now = limit;
        break;
      }
      while (this.nextSample < time) this.sample();
      count++;
      this.now = time;
      if (arrival === time) this.arrive();
      else if (timer === time) this.onTimer();
      else {
        if (time > this.turnTime) {
          this.turnTime = time;
          this.turnKey = queue.topKey();
        } else if (queue.topKey() > this.turnKey) this.turnKey = queue.topKey();
        this.onLane(queue.topKey());
      }
    }
    this.events += count;
    return count;
  }

  /** One event. Returns true when the run is over. */
  stepEvent(): boolean {
    return this.runUntil(Infinity, 1);
  }

  /** Requests held at the door or the router. */
  get heldRequests(): number {
    return this.held.length + this.heldMoves.length;
  }

  /** Requests that will end, as far as known. */
  get expected(): number {
    return this.source.expected;
  }

  /** Ends the run where it stands: requests in flight are recorded as unfinished. No event can follow. */
  finish(): void {
    if (this.finishing) return;
    this.finishing = true;
    this.done = true;
    while (this.nextSample <= this.now) this.sample();
    this.turnTime = this.now;
    this.turnKey = EVERY_LANE;
    for (const lane of this.lanes) this.iterations += lane.interrupt();
    const { requests } = this;
    const slots: number[] = [];
    for (let slot = 0; slot < requests.capacity; slot++) if (requests.phase[slot] !== Phase.free) slots.push(slot);
    slots.sort((a, b) => requests.id[a]! - requests.id[b]!);
    for (const slot of slots) this.end(slot, Status.unfinished);
  }

  /** Everything that the run remembers, recorders included, as plain data that can be cloned and stored. */
  snapshot(): Snapshot {
    return { graph: save(this, this.fixed()), policies: save(this.policyStates(), new Set()), replicas: this.replicas.map(({ pool }) => pool) };
  }

  /** Continues from a snapshot of a simulation of the same configuration and recorders. */
  restore(snapshot: Snapshot): void {
    for (let index = this.replicas.length; index < snapshot.replicas.length; index++) {
      this.addReplica(snapshot.replicas[index]!, ReplicaState.ready, 0, "initial");
    }
    for (const name of (snapshot.graph as { streams: Map<string, unknown> }).streams.keys()) this.stream(name);
    load(this, structuredClone(snapshot.graph) as object);
    const states = this.policyStates();
    load(states, structuredClone(snapshot.policies) as object);
  }

  /** Objects that a snapshot leaves alone: configuration and code. */
  private fixed(): Set<unknown> {
    const models = this.replicas.flatMap(({ latency, batching }) => [latency, batching]);
    return new Set<unknown>([this.config, this.source, this.router, this.admission, ...this.autoscalers, ...models]);
  }

  private policyStates(): (object | undefined)[] {
    const policies = [this.source, this.router, this.admission, ...this.autoscalers, ...this.replicas.map(({ batching }) => batching)];
    return policies.map(({ state }) => state);
  }

  private updateSampleTime(): void {
    this.nextSample = Infinity;
    for (const recorder of this.recorders) {
      if (recorder.nextSampleAt !== undefined && recorder.nextSampleAt < this.nextSample) this.nextSample = recorder.nextSampleAt;
    }
  }

  private sample(): void {
    const time = this.nextSample;
    const { now } = this;
    this.now = time;
    this.turnTime = time;
    this.turnKey = EVERY_LANE;
    for (const recorder of this.recorders) if (recorder.nextSampleAt === time) recorder.sample!(time);
    this.now = now;
    this.updateSampleTime();
  }

  // Arrivals, admission, routing ----------------------------------------------------------------------------------------

  private arrive(): void {
    const { requests, row } = this;
    this.source.take(row);
    this.nextArrival = this.source.nextAt();
    const slot = requests.take();
    requests.id[slot] = this.nextId++;
    requests.arrivedAt[slot] = row.arrivedAt;
    requests.promptTokens[slot] = row.promptTokens;
    requests.outputTokens[slot] = row.outputTokens;
    requests.tenant[slot] = row.tenant;
    requests.sloClass[slot] = row.sloClass;
    requests.session[slot] = row.session;
    requests.bestEffort[slot] = 0;
    requests.target[slot] = row.promptTokens;
    requests.computed[slot] = 0;
    requests.left[slot] = row.outputTokens;
    requests.cachedTokens[slot] = 0;
    requests.preemptions[slot] = 0;
    requests.replica[slot] = -1;
    requests.scheduledAt[slot] = NaN;
    requests.firstTokenAt[slot] = NaN;
    requests.lastTokenAt[slot] = 0;
    requests.prefixStart[slot] = row.prefixStart;
    requests.prefixCount[slot] = row.prefixCount;
    requests.phase[slot] = Phase.held;
    const { arrived } = this.hear;
    for (let i = 0; i < arrived.length; i++) arrived[i]!.arrived(slot);
    if (this.watchesArrivals) {
      this.autoscalers.forEach((policy, pool) => policy.arrived?.(slot, this.poolView(pool)));
    }
    if (row.outputTokens === 0) this.end(slot, Status.failed);
    else if (!this.offer(slot)) this.held.pushBack(slot);
  }

  /** Takes a request as far as it goes: admission, then routing. False when it must be held. */
  private offer(slot: number): boolean {
    const { requests, view } = this;
    const moving = requests.phase[slot] === Phase.moving;
    view.now = this.now;
    this.load.at = this.now;
    view.heldCount = this.heldRequests;
    const candidates = moving ? this.decodeCandidates : this.promptCandidates;
    view.candidates = candidates;
    view.candidateCount = candidates.length;
    if (requests.phase[slot] === Phase.held) {
      const verdict = this.admission.admit(slot, view);
      if (verdict === Verdict.hold) return false;
      if (verdict === Verdict.refuse) {
        this.end(slot, Status.refused);
        return true;
      }
      if (verdict === Verdict.downgrade) requests.bestEffort[slot] = 1;
      requests.phase[slot] = Phase.unplaced;
    }
    if (candidates.length === 0) return false;
    const replica = this.router.route(slot, view);
    if (replica >= 0) {
      if (moving) this.move(slot, replica);
      else this.place(slot, replica);
      return true;
    }
    if (replica === REFUSE) {
      if (moving) this.release(slot);
      this.end(slot, Status.refused);
      return true;
    }
    return false;
  }

  private askAgain(time: number): void {
    if (time < this.lookAt && time > this.now) {
      this.lookAt = time;
      this.timers.add(time, Timer.look, 0);
    }
  }

  /** Offers held requests again, in order, until one must still wait. */
  private offerHeld(): void {
    this.offerFrom(this.heldMoves);
    this.offerFrom(this.held);
  }

  private offerFrom(held: Deque): void {
    while (held.length > 0) {
      const slot = held.shift();
      if (!this.offer(slot)) {
        held.pushFront(slot);
        return;
      }
    }
  }

  private place(slot: number, index: number): void {
    const { requests, load } = this;
    const replica = this.replicas[index]!;
    requests.replica[slot] = index;
    const tokens = requests.promptTokens[slot]! + requests.outputTokens[slot]!;
    if (replica.blocksFor(tokens - 1) > replica.blocks) {
      // It could never finish: its cache alone is larger than the replica's.
      this.end(slot, Status.failed);
      return;
    }
    load.outstanding[index] = load.outstanding[index]! + 1;
    load.outstandingTokens[index] = load.outstandingTokens[index]! + tokens;
    const { routed } = this.hear;
    for (let i = 0; i < routed.length; i++) routed[i]!.routed(slot, index);
    if (this.router.placed !== undefined) this.router.placed(slot, index, this.view);
    this.enqueue(slot, replica);
  }

  private enqueue(slot: number, replica: Replica): void {
    this.requests.phase[slot] = Phase.waiting;
    this.load.waiting[replica.index] = this.load.waiting[replica.index]! + 1;
    replica.waiting.pushBack(slot);
    if (replica.batching.arrived !== undefined) replica.batching.arrived(slot, this.requests);
    const { lanes } = replica;
    for (let i = 0; i < lanes.length; i++) {
      const lane = lanes[i]!;
      if (!lane.busy) {
        this.wake(lane);
        return;
      }
    }
    const lane = lanes[0]!;
    if (lanes.length === 1 && !lane.deaf && lane.leaping) {
      lane.shorten(this.queue.next);
      this.queue.move(lane.key);
    }
  }

  // Lanes ---------------------------------------------------------------------------------------------------------------

  private onLane(key: number): void {
    const lane = this.lanes[key]!;
    if (lane.busy) {
      const ended = this.ended;
      this.complete(lane);
      if (this.ended !== ended && this.heldRequests > 0) this.offerHeld();
      if (lane.replica.state === ReplicaState.draining) this.settleDrain(lane.replica);
    }
    this.startLane(lane);
    const { replica } = lane;
    if (replica.lanes.length > 1 && lane.busy && (replica.waiting.length > 0 || (lane.group.count > 0 && !lane.decodes))) {
      for (const other of replica.lanes) {
        if (!other.busy) {
          this.startLane(other);
          if (!other.busy) break;
        }
      }
    }
  }

  /** Looks at an idle lane after the arrivals of this moment. */
  private wake(lane: Lane): void {
    this.queue.next[lane.key] = this.now;
    this.queue.move(lane.key);
  }

  private startLane(lane: Lane): void {
    const { replica } = lane;
    const was = lane.busy;
    lane.start(this.single[replica.pool]!, this.queue.next);
    this.queue.move(lane.key);
    if (lane.busy !== was) this.lanesRunning(replica, lane.busy ? 1 : -1);
  }

  private lanesRunning(replica: Replica, change: number): void {
    if (replica.running === 0) replica.busySince = this.now;
    replica.running += change;
    if (replica.running === 0) replica.busySeconds += this.now - replica.busySince;
  }

  /** The end of a lane's batch: tokens, finishes, first tokens. */
  private complete(lane: Lane): void {
    const { requests, now } = this;
    const { group, replica } = lane;
    const steps = lane.advance();
    this.iterations += steps > 1 ? steps : 1;
    if (steps === 1 && !lane.open) {
      lane.epochPure = false;
      lane.epochEnd = now;
      this.epochEnded(lane, 1);
      lane.lastTokensAt = now;
      lane.joins = 0;
    }
    if (steps > 0 && group.count > 0 && group.firstEnd <= group.iteration) {
      lane.endEpoch();
      do {
        const slot = group.takeFirst();
        const context = group.contextOf(slot);
        replica.usedBlocks -= replica.blocksFor(context);
        replica.holders--;
        requests.left[slot] = 0;
        this.endOn(slot, replica);
      } while (group.count > 0 && group.firstEnd <= group.iteration);
    }
    const { chunks } = lane;
    if (chunks.count > 0) this.completeChunks(lane);
    if (!this.watchesBatches) return;
    const policy = this.autoscalers[replica.pool]!;
    if (policy.batchEnded !== undefined) policy.batchEnded(replica.index, lane.shape.prefillTokens + steps * lane.shape.decodeRequests, lane.startedAt, now);
  }

  private completeChunks(lane: Lane): void {
    const { requests, now } = this;
    const { chunk, resumed, firstToken } = this.hear;
    const { chunks, replica } = lane;
    const { slots, tokens, count } = chunks;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const size = tokens[i]!;
      requests.computed[slot] = requests.computed[slot]! + size;
      for (let r = 0; r < chunk.length; r++) chunk[r]!.chunk(slot, size, lane);
      if (requests.computed[slot]! < requests.target[slot]!) continue;
      const left = requests.left[slot]! - 1;
      requests.left[slot] = left;
      if (requests.firstTokenAt[slot]! >= 0) {
        for (let r = 0; r < resumed.length; r++) resumed[r]!.resumed(slot);
      } else {
        requests.firstTokenAt[slot] = now;
        for (let r = 0; r < firstToken.length; r++) firstToken[r]!.firstToken(slot);
      }
      requests.phase[slot] = Phase.decoding;
      if (left === 0) {
        replica.usedBlocks -= lane.blocksNeeded(slot);
        replica.holders--;
        this.endOn(slot, replica);
      } else if (replica.handsOver) {
        this.handOver(slot);
      } else {
        lane.join(slot);
      }
    }
    lane.compactPrefills();
    chunks.count = 0;
  }

  /** Whether an iteration of the lane that ends at this very moment is over already. */
  passed(key: number): boolean {
    return this.turnTime === this.now && key < this.turnKey;
  }

  /** Told by lanes. */
  epochEnded(lane: Lane, steps: number): void {
    const { decoded } = this.hear;
    for (let i = 0; i < decoded.length; i++) decoded[i]!.decoded(lane, steps);
  }

  admitted(slot: number, replica: Replica): void {
    const { load } = this;
    load.waiting[replica.index] = load.waiting[replica.index]! - 1;
    void slot;
  }

  startedPrefill(slot: number): void {
    const { requests, now } = this;
    const { scheduled } = this.hear;
    const at = requests.scheduledAt[slot]!;
    if (at >= 0) return;
    requests.scheduledAt[slot] = now;
    for (let i = 0; i < scheduled.length; i++) scheduled[i]!.scheduled(slot);
  }

  preempted(slot: number, replica: Replica): void {
    const { load } = this;
    const { preempted } = this.hear;
    load.waiting[replica.index] = load.waiting[replica.index]! + 1;
    for (let i = 0; i < preempted.length; i++) preempted[i]!.preempted(slot, replica.index);
  }

  // Ends ----------------------------------------------------------------------------------------------------------------

  private unload(slot: number, index: number): void {
    const { requests, load } = this;
    load.outstanding[index] = load.outstanding[index]! - 1;
    load.outstandingTokens[index] = load.outstandingTokens[index]! - (requests.promptTokens[slot]! + requests.outputTokens[slot]!);
  }

  /** A request that finishes on a replica. */
  private endOn(slot: number, replica: Replica): void {
    this.unload(slot, replica.index);
    if (replica.batching.finished !== undefined) replica.batching.finished(slot, this.requests);
    if (this.router.finished !== undefined) {
      this.view.now = this.now;
      this.router.finished(slot, replica.index, this.view);
    }
    this.end(slot, Status.completed);
  }

  private end(slot: number, status: Status): void {
    const { requests, now } = this;
    const { ended } = this.hear;
    this.ended++;
    for (let i = 0; i < ended.length; i++) ended[i]!.ended(slot, status);
    if (this.admission.finished !== undefined) {
      this.view.now = now;
      this.admission.finished(slot, this.view);
    }
    if (this.source.finished !== undefined) {
      this.source.finished(requests.id[slot]!, now);
      this.nextArrival = this.source.nextAt();
    }
    requests.give(slot);
  }

  // Hand-over between prefill and decode pools --------------------------------------------------------------------------

  private handOver(slot: number): void {
    this.requests.phase[slot] = Phase.moving;
    this.requests.lastTokenAt[slot] = this.now;
    this.requests.lane[slot] = UNSENT;
    if (this.heldMoves.length > 0 || !this.offer(slot)) this.heldMoves.pushBack(slot);
  }

  /** Frees what a request holds at its prefill replica. */
  private release(slot: number): void {
    const { requests } = this;
    const replica = this.replicas[requests.replica[slot]!]!;
    replica.usedBlocks -= replica.blocksFor(requests.target[slot]!);
    replica.holders--;
    this.unload(slot, replica.index);
    for (const lane of replica.lanes) if (!lane.busy) this.wake(lane);
    if (replica.state === ReplicaState.draining) this.settleDrain(replica);
  }

  /** Starts the transfer of a KV cache: it occupies the sender and the receiver until it is through. */
  private move(slot: number, to: number): void {
    const { requests, networkFree, config } = this;
    const from = requests.replica[slot]!;
    const bytes = requests.target[slot]! * config.pools[this.replicas[from]!.pool]!.kvBytesPerToken;
    const begin = Math.max(this.now, networkFree[from]!, networkFree[to]!);
    const end = begin + config.network.latencyS + bytes / config.network.bytesPerS;
    networkFree[from] = end;
    networkFree[to] = end;
    requests.lane[slot] = to;
    this.load.outstanding[to] = this.load.outstanding[to]! + 1;
    this.load.outstandingTokens[to] = this.load.outstandingTokens[to]! + requests.promptTokens[slot]! + requests.outputTokens[slot]!;
    this.timers.add(end, Timer.moved, slot);
  }

  private onMoved(slot: number): void {
    const { requests } = this;
    const { moved } = this.hear;
    const lane = requests.lane[slot]!;
    const to = lane < UNSENT ? UNSENT - 1 - lane : lane;
    this.release(slot);
    if (lane < UNSENT) {
      this.unload(slot, to);
      this.startOver(slot);
      if (!this.offer(slot)) this.held.pushBack(slot);
      if (this.replicas[to]!.state === ReplicaState.draining) this.settleDrain(this.replicas[to]!);
    } else {
      requests.replica[slot] = to;
      for (let i = 0; i < moved.length; i++) moved[i]!.moved(slot, to);
      this.enqueue(slot, this.replicas[to]!);
    }
    if (this.heldRequests > 0) this.offerHeld();
  }

  /** Back to the router. A token produced from a prompt in the cache is part of the prompt now. */
  private startOver(slot: number): void {
    const { requests } = this;
    if (requests.computed[slot]! >= requests.target[slot]!) requests.target[slot] = requests.target[slot]! + 1;
    requests.computed[slot] = 0;
    requests.replica[slot] = -1;
    requests.phase[slot] = Phase.unplaced;
  }

  // Replicas: start, drain, crash ---------------------------------------------------------------------------------------

  private onTimer(): void {
    const { timers } = this;
    const kind = timers.topKind();
    const datum = timers.topDatum();
    timers.pop();
    switch (kind) {
      case Timer.fault:
        this.onFault(datum);
        break;
      case Timer.ready:
        this.onReady(datum);
        break;
      case Timer.replace:
        this.onReplace(datum);
        break;
      case Timer.staleness:
        this.staleLoad.copyFrom(this.load, this.now);
        // When nothing else can happen any more, copying the load would go on for ever.
        if (this.queue.length > 0 || timers.length > 0 || this.nextArrival < Infinity) {
          timers.add(this.now + this.config.loadStaleness, Timer.staleness, 0);
        }
        break;
      case Timer.tick:
        this.onTick(datum);
        break;
      case Timer.moved:
        this.onMoved(datum);
        break;
      default:
        this.lookAt = Infinity;
        this.offerHeld();
    }
  }

  private poolView(pool: number): PoolCounts {
    const view = this.pools[pool]!;
    view.now = this.now;
    view.heldCount = this.heldRequests;
    return view;
  }

  private onTick(pool: number): void {
    const policy = this.autoscalers[pool]!;
    const view = this.poolView(pool);
    const delta = policy.tick!(view);
    for (let i = 0; i < delta; i++) {
      this.addReplica(pool, ReplicaState.starting, this.config.pools[pool]!.startupSeconds, "autoscaler");
    }
    for (let i = 0; i < -delta && view.ready > 1; i++) this.drain(this.leastLoaded(view), "autoscaler");
    // With requests that nobody can serve, and nothing on its way that could change it, only the autoscalers are left to help. They get a while.
    const alone = this.queue.length === 0 && this.nextArrival === Infinity && this.timers.length < this.periodic;
    this.idleTicks = alone ? this.idleTicks + 1 : 0;
    if (this.idleTicks < MOST_IDLE_TICKS) this.timers.add(this.now + policy.tickSeconds, Timer.tick, pool);
  }

  private leastLoaded(view: PoolCounts): Replica {
    let best = view.replicas[0]!;
    for (let i = 1; i < view.replicaCount; i++) {
      const replica = view.replicas[i]!;
      if (this.load.outstanding[replica]! < this.load.outstanding[best]!) best = replica;
    }
    return this.replicas[best]!;
  }

  private addReplica(pool: number, state: ReplicaState, startup: number, reason: FleetEvent["reason"]): Replica {
    const config = this.config.pools[pool]!;
    const index = this.replicas.length;
    const replica = this.makeReplica(index, pool, config, state);
    this.replicas.push(replica);
    this.networkFree.push(0);
    this.load.reserve(index + 1);
    this.staleLoad.reserve(index + 1);
    for (let stage = 0; stage < config.stages; stage++) {
      const lane = new Lane(this.lanes.length, replica, this, this.config.tenants.length);
      this.lanes.push(lane);
      replica.lanes.push(lane);
      this.queue.reserve(this.lanes.length);
    }
    if (state === ReplicaState.starting) this.begin(replica, startup, reason);
    else this.setState(replica, ReplicaState.ready, reason);
    return replica;
  }

  private makeReplica(index: number, pool: number, config: PoolConfig, state: ReplicaState): Replica {
    const { batching } = config;
    const policy = batching.definition.create(withDefaults(batching.definition.params, batching.values) as never, {
      random: (name) => this.stream(`batching/${index}/${name}`),
      tenantCount: this.config.tenants.length,
      tenantWeights: this.config.tenants.map((tenant) => tenant.weight),
      lanes: config.stages,
      blockSize: config.blockSize,
      blocks: config.kvBlocks,
    });
    const position = this.pools[pool]!.made++;
    return new Replica(index, pool, position, config.kvBlocks, config.blockSize, config.stages, policy, config.latency, state, config.role === "prefill");
  }

  private begin(replica: Replica, startup: number, reason: FleetEvent["reason"]): void {
    replica.readyAt = this.now + startup;
    this.setState(replica, ReplicaState.starting, reason, replica.readyAt);
    this.timers.add(replica.readyAt, Timer.ready, replica.index);
  }

  private setState(replica: Replica, state: ReplicaState, reason: FleetEvent["reason"], until?: number): void {
    const wasReady = replica.state === ReplicaState.ready;
    replica.state = state;
    replica.since = this.now;
    this.recount();
    const event: FleetEvent = { at: this.now, replica: replica.index, state, reason, ...(until === undefined ? {} : { until }) };
    for (const recorder of this.hear.replica) recorder.replica(event);
    if (state === ReplicaState.ready) this.router.replicaAdded?.(replica.index);
    else if (wasReady) this.router.replicaRemoved?.(replica.index);
  }

  /** Rebuilds the counts and candidate lists: only when a replica changes state. */
  private recount(): void {
    for (const view of this.pools) {
      view.ready = view.starting = view.draining = view.failed = 0;
      view.replicaCount = 0;
      if (view.replicas.length < this.replicas.length + 1) view.replicas = new Int32Array(this.replicas.length * 2 + 16);
    }
    const prompt: number[] = [];
    const decode: number[] = [];
    for (const replica of this.replicas) {
      const view = this.pools[replica.pool]!;
      if (replica.state === ReplicaState.starting) view.starting++;
      else if (replica.state === ReplicaState.draining) view.draining++;
      else if (replica.state === ReplicaState.failed) view.failed++;
      else if (replica.state === ReplicaState.ready) {
        view.ready++;
        view.replicas[view.replicaCount++] = replica.index;
        (this.config.pools[replica.pool]!.role === "decode" ? decode : prompt).push(replica.index);
      }
    }
    this.promptCandidates = Int32Array.from(prompt);
    this.decodeCandidates = Int32Array.from(decode);
  }

  private onReady(index: number): void {
    const replica = this.replicas[index]!;
    if (replica.state !== ReplicaState.starting || replica.readyAt !== this.now) return;
    this.setState(replica, ReplicaState.ready, "ready");
    this.offerHeld();
  }

  private drain(replica: Replica, reason: FleetEvent["reason"]): void {
    this.setState(replica, ReplicaState.draining, reason);
    this.settleDrain(replica);
  }

  private settleDrain(replica: Replica): void {
    if (this.load.outstanding[replica.index] === 0) this.setState(replica, ReplicaState.gone, "drained");
  }

  private onFault(index: number): void {
    const fault = this.config.faults[index]!;
    const replica = this.replicas.find((r) => r.pool === fault.pool && r.position === fault.position);
    if (replica === undefined || replica.state === ReplicaState.gone || replica.state === ReplicaState.failed) return;
    if (fault.replaceAfter < Infinity) this.timers.add(this.now + fault.replaceAfter, Timer.replace, index);
    if (fault.kind === "reclaim") this.drain(replica, "reclaim");
    else this.crash(replica);
  }

  private onReplace(index: number): void {
    const fault = this.config.faults[index]!;
    const startup = this.config.pools[fault.pool]!.startupSeconds;
    const failed = this.replicas.find((r) => r.pool === fault.pool && r.position === fault.position && r.state === ReplicaState.failed);
    if (failed !== undefined) this.begin(failed, startup, "recovered");
    else this.addReplica(fault.pool, ReplicaState.starting, startup, "recovered");
  }

  /** A replica is lost with all it holds; its requests go back to the router in arrival order and compute everything again. */
  private crash(replica: Replica): void {
    const { requests } = this;
    const lost: number[] = [];
    for (const lane of replica.lanes) {
      this.iterations += lane.interrupt();
      this.queue.next[lane.key] = Infinity;
      this.queue.move(lane.key);
    }
    for (let slot = 0; slot < requests.capacity; slot++) {
      const phase = requests.phase[slot];
      if (phase === Phase.free) continue;
      if (phase === Phase.moving && this.loseTransfer(slot, replica)) continue;
      if (requests.replica[slot] === replica.index) lost.push(slot);
    }
    lost.sort((a, b) => requests.id[a]! - requests.id[b]!);
    for (const slot of lost) this.evacuate(slot, replica);
    replica.waiting.clear();
    replica.stageFree.fill(this.now);
    if (replica.running > 0) this.lanesRunning(replica, -replica.running);
    this.setState(replica, ReplicaState.failed, "fault");
    for (let i = lost.length - 1; i >= 0; i--) this.held.pushFront(lost[i]!);
    this.offerHeld();
  }

  /** Whether a transfer is under way: then it fails, if the replica is at either end, when it should have been through. */
  private loseTransfer(slot: number, replica: Replica): boolean {
    const { requests, heldMoves } = this;
    const to = requests.lane[slot]!;
    if (to === UNSENT) {
      if (requests.replica[slot] === replica.index) heldMoves.removeAt(heldMoves.indexOf(slot));
      return false;
    }
    if (to === replica.index || (to >= 0 && requests.replica[slot] === replica.index)) requests.lane[slot] = UNSENT - 1 - to;
    return true;
  }

  private evacuate(slot: number, replica: Replica): void {
    const { requests } = this;
    const phase = requests.phase[slot];
    if (phase === Phase.moving) {
      replica.usedBlocks -= replica.blocksFor(requests.target[slot]!);
      replica.holders--;
    } else if (phase === Phase.waiting) {
      this.load.waiting[replica.index] = this.load.waiting[replica.index]! - 1;
    } else {
      const lane = this.lanes[requests.lane[slot]!]!;
      lane.preempt(slot);
      this.load.waiting[replica.index] = this.load.waiting[replica.index]! - 1;
    }
    this.unload(slot, replica.index);
    this.startOver(slot);
  }
}
