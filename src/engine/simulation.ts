// The event loop, and the way of a request through it. Order at equal times: arrivals, then the fleet's own events (timers), then lanes by
// number; so no result depends on the order in which events were put in the queue, and leaping gives the same order as stepping.
import type { SimulationConfig } from "./config.ts";
import { REFUSE, ReplicaState, Status, Verdict, emptyRow } from "./contracts.ts";
import type { Admission, Autoscaler, RequestSource, Router } from "./contracts.ts";
import { Faults } from "./fleet/faults.ts";
import type { FaultsHost } from "./fleet/faults.ts";
import { Handover } from "./fleet/handover.ts";
import type { HandoverHost } from "./fleet/handover.ts";
import type { Lane } from "./fleet/lane.ts";
import { Content } from "./fleet/content.ts";
import { Policies } from "./fleet/policies.ts";
import type { Replica } from "./fleet/replica.ts";
import { Phase, REUSED_TOGETHER, Requests } from "./fleet/requests.ts";
import { Roster } from "./fleet/roster.ts";
import type { RosterHost } from "./fleet/roster.ts";
import { Scaling } from "./fleet/scaling.ts";
import type { ScalingHost } from "./fleet/scaling.ts";
import { Timer } from "./fleet/timer-kinds.ts";
import { View } from "./fleet/view.ts";
import type { Load, PoolCounts } from "./fleet/view.ts";
import { Deque } from "./kernel/deque.ts";
import { Schedule } from "./kernel/schedule.ts";
import { Timers } from "./kernel/timers.ts";
import { listenersOf } from "./recorder.ts";
import type { Listeners, Recorder } from "./recorder.ts";
import { restoreSnapshot, takeSnapshot } from "./snapshot.ts";
import type { Snapshot } from "./snapshot.ts";

/** Events between two checks of the caller's limits. */
const SLICE = 4096;

/** Above every lane's number. */
const EVERY_LANE = 0x7fffffff;

export class Simulation implements RosterHost, ScalingHost, FaultsHost, HandoverHost {
  readonly config: SimulationConfig;
  readonly recorders: readonly Recorder[];
  readonly hear: Listeners;
  readonly hearsGroups: boolean;
  readonly requests = new Requests();
  readonly content: Content;
  readonly queue = new Schedule();
  readonly timers = new Timers();
  readonly policies: Policies;
  readonly roster: Roster;
  readonly handover: Handover;
  private readonly scaling: Scaling;
  private readonly faults: Faults;
  // Parts of the above that every event needs.
  readonly replicas: readonly Replica[];
  readonly load: Load;
  private readonly lanes: readonly Lane[];
  private readonly heldMoves: Deque;
  private readonly router: Router;
  private readonly admission: Admission;
  private readonly autoscalers: readonly Autoscaler[];
  private readonly source: RequestSource;
  private readonly view: View;
  /** Held at the door or the router; those held after their prefill do not wait behind them. */
  private readonly held = new Deque();
  private readonly row = emptyRow();
  private readonly watchesArrivals: boolean;
  private readonly watchesBatches: boolean;
  /** By pool: one iteration at a time. */
  readonly single: readonly boolean[];
  now = -0;
  nextId = 0;
  ended = 0;
  events = 0;
  iterations = 0;
  done = false;
  /** Time of the next arrival, as the source last said. */
  private nextArrival = -0;
  /** Simulated time up to which the caller wants events. */
  private limit = -0;
  /** Time of the event that comes now. */
  private upcoming = -0;
  private lookAt = Infinity;
  private nextSample = Infinity;
  private finishing = false;
  /** The highest lane that has had its turn at `turnTime`: lanes take turns by number, so all below it have had theirs. */
  private turnTime = -Infinity;
  private turnKey = 0;

  /** `attach` gets the simulation before its first replica is made, so that recorders can read from it. */
  constructor(config: SimulationConfig, recorders: readonly Recorder[], attach: (simulation: Simulation) => void = () => undefined) {
    this.config = config;
    this.recorders = recorders;
    this.hear = listenersOf(recorders);
    this.hearsGroups = this.hear.joined.length > 0 || this.hear.left.length > 0;
    const policies = new Policies(config);
    this.policies = policies;
    this.source = policies.source;
    this.router = policies.router;
    this.admission = policies.admission;
    this.autoscalers = policies.autoscalers;
    this.watchesArrivals = this.autoscalers.some(({ arrived }) => arrived !== undefined);
    this.watchesBatches = this.autoscalers.some(({ batchEnded, countsTokens }) => batchEnded !== undefined || countsTokens === true);
    this.single = this.autoscalers.map((policy) => config.step || policy.batchEnded !== undefined);
    const sharing = config.pools.find(({ prefixCaching }) => prefixCaching)?.prefixCaching ?? null;
    this.content = new Content(this.requests, policies.source, sharing, policies.router.readsContent === true);
    const roster = new Roster(this);
    this.roster = roster;
    this.replicas = roster.replicas;
    this.lanes = roster.lanes;
    this.load = roster.load;
    this.handover = new Handover(this);
    this.heldMoves = this.handover.held;
    this.scaling = new Scaling(this);
    this.faults = new Faults(this);
    const seen = config.loadStaleness > 0 ? roster.staleLoad : roster.load;
    this.view = new View(this.requests, this.content, roster.replicas, seen, (time) => this.askAgain(time));
    attach(this);
    this.reset();
  }

  private reset(): void {
    const { config } = this;
    // Times start at 0, and not at the -0 that their fields start with (fleet/replica.ts).
    this.now = 0;
    this.roster.staleLoad.copyFrom(this.load, 0);
    config.pools.forEach((pool, index) => {
      for (let i = 0; i < pool.replicas; i++) this.roster.addReady(index);
    });
    this.faults.start();
    this.scaling.start();
    if (config.loadStaleness > 0) this.timers.add(0, Timer.staleness, 0);
    this.nextArrival = this.source.nextAt();
    this.updateSampleTime();
  }

  // Running -------------------------------------------------------------------------------------------------------------

  /**
   * Handles events up to and including simulated time `limit`, at most `maxEvents` of them. Returns true when the run is over.
   * Stopping and going on never changes what happens.
   */
  runUntil(limit: number, maxEvents = Infinity): boolean {
    // No event, at Infinity, is beyond every limit.
    this.limit = Math.min(limit, Number.MAX_VALUE);
    let left = maxEvents;
    while (!this.done && left > 0) {
      const size = left < SLICE ? left : SLICE;
      let count = 0;
      while (count < size && this.next()) count++;
      this.events += count;
      if (count < size) break;
      left -= count;
    }
    return this.done;
  }

  /** Handles the next event; false when there is none up to the limit. One call per event: what is rare in it is rare to the compiler too. */
  private next(): boolean {
    const { queue, timers } = this;
    const arrival = this.nextArrival;
    const timer = timers.topTime;
    const lane = queue.topTime;
    let time = arrival;
    if (timer < time) time = timer;
    if (lane < time) time = lane;
    if (time > this.limit || (arrival === Infinity && this.requests.active === 0)) return this.stop();
    if (this.nextSample < time) {
      // Not handed over: JavaScript engines allocate for fractions that pass through calls.
      this.upcoming = time;
      this.sampleBefore();
    }
    this.now = time;
    if (arrival === time) this.arrive();
    else if (timer === time) this.onTimer();
    else {
      const key = queue.topKey;
      if (time > this.turnTime) {
        this.turnTime = time;
        this.turnKey = key;
      } else if (key > this.turnKey) this.turnKey = key;
      this.onLane(this.lanes[key]!);
    }
    return true;
  }

  /** The next event is not to be handled now: the limit comes first, or there is none and the run is over. */
  private stop(): false {
    if (this.nextArrival === Infinity && (this.requests.active === 0 || (this.timers.length === 0 && this.queue.topTime === Infinity))) {
      this.done = true;
      return false;
    }
    const { limit } = this;
    while (this.nextSample <= limit) this.sample();
    if (limit > this.now) this.now = limit;
    return false;
  }

  private sampleBefore(): void {
    while (this.nextSample < this.upcoming) this.sample();
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
    return takeSnapshot(this);
  }

  /** Continues from a snapshot of a simulation of the same configuration and recorders. */
  restore(snapshot: Snapshot): void {
    restoreSnapshot(this, snapshot);
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

  private onTimer(): void {
    const { timers } = this;
    const kind = timers.topKind();
    const datum = timers.topDatum();
    timers.pop();
    switch (kind) {
      case Timer.fault:
        this.faults.onFault(datum);
        break;
      case Timer.ready:
        this.roster.onReady(datum);
        break;
      case Timer.replace:
        this.faults.onReplace(datum);
        break;
      case Timer.staleness:
        this.roster.staleLoad.copyFrom(this.load, this.now);
        // When nothing else can happen any more, copying the load would go on for ever.
        if (!this.still || timers.length > 0) timers.add(this.now + this.config.loadStaleness, Timer.staleness, 0);
        break;
      case Timer.drain:
        this.scaling.onDrainDue(datum);
        break;
      case Timer.tick:
        this.scaling.onTick(datum);
        break;
      case Timer.moved:
        this.handover.onMoved(datum);
        break;
      default:
        this.lookAt = Infinity;
        this.offerHeld();
    }
  }

  // Arrivals, admission, routing ----------------------------------------------------------------------------------------

  private arrive(): void {
    const { requests, row } = this;
    this.source.take(row);
    this.nextArrival = this.source.nextAt();
    if (requests.endedCount >= REUSED_TOGETHER) this.reuseSlots();
    const slot = requests.take(this.nextId++, row);
    if (this.content.asked) this.content.take(slot, row, this.source.prefixIds);
    const { arrived } = this.hear;
    for (let i = 0; i < arrived.length; i++) arrived[i]!.arrived(slot);
    if (this.watchesArrivals) {
      this.autoscalers.forEach((policy, pool) => policy.arrived?.(slot, this.poolView(pool)));
    }
    if (row.outputTokens === 0) this.end(slot, Status.failed);
    else if (!this.offer(slot)) this.held.pushBack(slot);
  }

  /** The slots of ended requests become free, once whoever records them has read them. */
  private reuseSlots(): void {
    for (const recorder of this.hear.leaving) recorder.leaving();
    this.requests.reuse();
  }

  /** Takes a request as far as it goes: admission, then routing. False when it must be held. */
  offer(slot: number): boolean {
    const { requests, view, roster } = this;
    const moving = requests.phase[slot] === Phase.moving;
    view.now = this.now;
    this.load.at = this.now;
    view.heldCount = this.heldRequests;
    view.slot = slot;
    const candidates = moving ? roster.decodeCandidates : roster.promptCandidates;
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
    if (this.router.kvEvent !== undefined) this.syncCaches();
    const replica = this.router.route(slot, view);
    if (replica >= 0) {
      const { chosen } = this.hear;
      for (let i = 0; i < chosen.length; i++) chosen[i]!.chosen(slot, replica, view, this.router);
      if (moving) this.handover.send(slot, replica);
      else this.place(slot, replica);
      return true;
    }
    if (replica === REFUSE) {
      if (moving) this.handover.release(slot);
      this.end(slot, Status.refused);
      return true;
    }
    return false;
  }

  /** Tells a router that follows KV events what decodes have evicted by now. */
  private syncCaches(): void {
    for (const replica of this.roster.standing) replica.cache?.sync(replica.usedBlocksAt(this.now));
  }

  private askAgain(time: number): void {
    if (time < this.lookAt && time > this.now) {
      this.lookAt = time;
      this.timers.add(time, Timer.look, 0);
    }
  }

  /** Offers held requests again, in order, until one must still wait. */
  offerHeld(): void {
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

  /** Puts a request in the waiting queue of a replica. */
  enqueue(slot: number, replica: Replica): void {
    this.requests.phase[slot] = Phase.waiting;
    this.load.waiting[replica.index] = this.load.waiting[replica.index]! + 1;
    if (replica.cache !== null) this.content.nameFor(slot, replica);
    replica.waiting.pushBack(slot);
    replica.ordering?.queued(slot, false, replica);
    if (replica.batching.arrived !== undefined) replica.batching.arrived(slot, this.requests);
    const { lanes } = replica;
    if (lanes.length > 1) {
      const idle = lanes.find(({ busy }) => !busy);
      if (idle !== undefined) this.wake(idle);
      return;
    }
    const lane = lanes[0]!;
    if (lane.busy === false) this.wake(lane);
    else if (lane.deaf === false && lane.leaping) {
      lane.shorten(this.queue.times);
      this.queue.update(lane.key);
    }
  }

  // Lanes ---------------------------------------------------------------------------------------------------------------

  private onLane(lane: Lane): void {
    const { replica } = lane;
    if (lane.busy === true) {
      const ended = this.ended;
      this.complete(lane);
      if (this.ended !== ended) {
        if (this.heldRequests > 0) this.offerHeld();
        if (replica.state === ReplicaState.draining) this.roster.settleDrain(replica);
      }
    }
    this.startLane(lane);
    if (lane.lanes > 1) this.startOthers(lane);
  }

  /** What a lane left in the queue, or let go, may start the other lanes of its replica. */
  private startOthers(lane: Lane): void {
    const { replica } = lane;
    if (!lane.busy || (replica.waiting.length === 0 && (lane.group.count === 0 || lane.decodes))) return;
    for (const other of replica.lanes) {
      if (other.busy) continue;
      this.startLane(other);
      if (!other.busy) return;
    }
  }

  /** Looks at an idle lane after the arrivals of this moment. */
  wake(lane: Lane): void {
    this.queue.times[lane.key] = this.now;
    this.queue.update(lane.key);
  }

  private startLane(lane: Lane): void {
    const { replica } = lane;
    const was = lane.busy === true;
    lane.start(this.queue.times);
    this.queue.update(lane.key);
    const { planned } = this.hear;
    for (let i = 0; i < planned.length; i++) planned[i]!.planned(lane);
    if (was ? lane.busy === false : lane.busy === true) this.lanesRunning(replica, was ? -1 : 1);
  }

  /** Counts the lanes of a replica that run a batch. */
  lanesRunning(replica: Replica, change: number): void {
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
    const ends = steps > 0 && group.count > 0 && group.firstEnd <= group.iteration;
    if (lane.open === true ? ends : steps === 1) lane.endEpoch();
    if (ends) {
      do {
        const slot = group.takeFirst();
        requests.left[slot] = 0;
        replica.ordering?.left(slot, lane.index, group.iteration);
        lane.freeBlocksOf(slot, group.contextOf(slot));
        this.endOn(slot, replica);
      } while (group.count > 0 && group.firstEnd <= group.iteration);
    }
    const { chunks } = lane;
    if (chunks.count > 0) this.completeChunks(lane);
    if (lane.keptBlocks > 0 && group.count === 0 && lane.prefillCount === 0) lane.releaseKept();
    if (this.watchesBatches === false) return;
    const policy = this.autoscalers[replica.pool]!;
    const tokens = lane.shape.prefillTokens + steps * lane.shape.decodeRequests;
    const counts = this.roster.pools[replica.pool]!;
    counts.tokens += tokens;
    if (policy.batchEnded !== undefined) policy.batchEnded(replica.index, tokens, lane.startedAt, now);
  }

  private completeChunks(lane: Lane): void {
    const { requests, now } = this;
    const { chunk, resumed, firstToken } = this.hear;
    const { chunks, replica } = lane;
    const { slots, tokens, count } = chunks;
    let done = 0;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      const size = tokens[i]!;
      requests.computed[slot] = requests.computed[slot]! + size;
      for (let r = 0; r < chunk.length; r++) chunk[r]!.chunk(slot, size, lane);
      if (requests.computed[slot]! < requests.target[slot]!) continue;
      done++;
      const left = requests.left[slot]! - 1;
      requests.left[slot] = left;
      if (requests.firstTokenAt[slot]! >= 0) {
        for (let r = 0; r < resumed.length; r++) resumed[r]!.resumed(slot);
      } else {
        requests.firstTokenAt[slot] = now;
        for (let r = 0; r < firstToken.length; r++) firstToken[r]!.firstToken(slot);
      }
      replica.ordering?.produced(slot);
      requests.phase[slot] = Phase.decoding;
      if (left === 0) {
        lane.freeBlocksOf(slot, requests.target[slot]!);
        this.endOn(slot, replica);
      } else if (replica.handsOver) {
        this.handover.begin(slot);
      } else {
        lane.join(slot);
      }
    }
    if (done === lane.prefillCount) lane.prefillCount = 0;
    else if (done > 0) lane.compactPrefills();
    chunks.count = 0;
  }

  // Told and asked by lanes ---------------------------------------------------------------------------------------------

  passed(key: number): boolean {
    return this.turnTime === this.now && key < this.turnKey;
  }

  epochEnded(lane: Lane, steps: number): void {
    const { decoded } = this.hear;
    for (let i = 0; i < decoded.length; i++) decoded[i]!.decoded(lane, steps);
  }

  admitted(replica: Replica): void {
    const { load } = this;
    load.waiting[replica.index] = load.waiting[replica.index]! - 1;
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

  joined(slot: number, lane: Lane): void {
    for (const recorder of this.hear.joined) recorder.joined(slot, lane);
  }

  left(slot: number, lane: Lane): void {
    for (const recorder of this.hear.left) recorder.left(slot, lane);
  }

  // Ends ----------------------------------------------------------------------------------------------------------------

  /** Takes a request off the load of a replica. */
  unload(slot: number, index: number): void {
    const { requests, load } = this;
    load.outstanding[index] = load.outstanding[index]! - 1;
    load.outstandingTokens[index] = load.outstandingTokens[index]! - (requests.promptTokens[slot]! + requests.outputTokens[slot]!);
  }

  /** A request that finishes on a replica. */
  private endOn(slot: number, replica: Replica): void {
    this.unload(slot, replica.index);
    replica.ordering?.finished(slot);
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
    requests.end(slot, status, now);
  }

  // For the parts of the fleet ------------------------------------------------------------------------------------------

  /** No lane runs and no arrival is to come. */
  get still(): boolean {
    return this.queue.topTime === Infinity && this.nextArrival === Infinity;
  }

  /** A pool as its autoscaler sees it now. */
  poolView(pool: number): PoolCounts {
    const view = this.roster.pools[pool]!;
    view.now = this.now;
    view.heldCount = this.heldRequests;
    return view;
  }

  /** Takes back the batch that runs on a lane. */
  stopLane(lane: Lane): void {
    const steps = lane.interrupt();
    this.iterations += steps;
    this.roster.pools[lane.replica.pool]!.tokens += steps * lane.group.count;
    this.queue.times[lane.key] = Infinity;
    this.queue.update(lane.key);
  }

  /** Asks admission and the router, and holds the request where they say so. */
  offerOrHold(slot: number): void {
    if (!this.offer(slot)) this.held.pushBack(slot);
  }

  /** Holds requests, in this order, before all that are held, and offers them again. */
  putBack(slots: readonly number[]): void {
    for (let i = slots.length - 1; i >= 0; i--) this.held.pushFront(slots[i]!);
    this.offerHeld();
  }
}
