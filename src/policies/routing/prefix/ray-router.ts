// Ray Serve's request router: queue lengths known from a cache or asked for, rounds with pauses, tiers of locality, several routers that know nothing of
// each other. What group of replicas a round chooses among is the policy's (a random pair, or by prefix). Requests are placed in the order of arrival.
import { WAIT } from "../../../engine/contracts.ts";
import type { FleetView, Router } from "../../../engine/contracts.ts";
import type { Random } from "../../../engine/kernel/random.ts";
import { RAY_PAUSES, chooseAnswered, chooseKnown, pauseBefore, probeDeadline } from "./lowest-queue.ts";

export interface RayOptions {
  /** Requests on a replica at which it takes no more. */
  readonly maxOngoing: number;
  /** Seconds for which a queue length is trusted, and from asking for one to the answer. */
  readonly cacheSeconds: number;
  readonly probeSeconds: number;
  readonly routers: number;
  /** Replicas of a node and of a zone; 0: no such tier. */
  readonly perNode: number;
  readonly perZone: number;
}

/** Chooses the replicas of a round. */
export interface Grouping {
  /** Whether the lengths of all candidates' queues are read first. */
  readonly readsQueues: boolean;
  /** `queues` are those of the candidates, where they are read. */
  groupOf(
    slot: number,
    fleet: FleetView,
    candidates: readonly number[],
    pair: readonly number[],
    queues: readonly number[],
    /** Candidates of every tier. */
    all: readonly number[],
  ): readonly number[];
}

const NOBODY: readonly number[] = [];

interface Waiting {
  /** Request in the slot, for a slot is reused. */
  readonly id: number;
  readonly router: number;
  tier: number;
  round: number;
  pair: readonly number[];
  group: readonly number[] | null;
  /** Replicas that were asked, and what for; empty: none. */
  asked: readonly number[];
  askedFor: "spread" | "group";
  /** When the answers are there, or the next round begins. */
  until: number;
}

/** Queue lengths as one router knows them, by replica: -1 is unknown. */
interface Cache {
  readonly length: number[];
  readonly at: number[];
  /** When the answer to a question in the background comes; Infinity: none was asked. */
  readonly due: number[];
}

export class RayRouter {
  private readonly options: RayOptions;
  private readonly grouping: Grouping;
  private readonly draw: Random;
  private readonly tiered: boolean;
  /** The candidates of the last decision, as a list. */
  private candidates: number[] = [];
  readonly state = {
    turn: 0,
    caches: [] as Cache[],
    waiting: new Map<number, Waiting>(),
    /** By slot: request that was sent, its router and replica. */
    sentId: [] as number[],
    sentBy: [] as number[],
    sentTo: [] as number[],
    probes: 0,
    rounds: 0,
    refusals: 0,
  };

  constructor(options: RayOptions, grouping: Grouping, draw: Random) {
    this.options = options;
    this.grouping = grouping;
    this.draw = draw;
    this.tiered = options.perNode > 0 || options.perZone > 0;
    for (let i = 0; i < options.routers; i++) this.state.caches.push({ length: [], at: [], due: [] });
  }

  route(slot: number, fleet: FleetView): number {
    const { state } = this;
    const { now, requests } = fleet;
    const id = requests.id[slot]!;
    const known = state.waiting.size > 0 ? state.waiting.get(slot) : undefined;
    let entry = known;
    if (entry === undefined || entry.id !== id) {
      // Who comes in while others wait stands behind them.
      if (state.waiting.size > 0 && requests.arrivedAt[slot] === now) return WAIT;
      entry = {
        id,
        router: state.turn++ % this.options.routers,
        tier: 0,
        round: 0,
        pair: NOBODY,
        group: null,
        asked: NOBODY,
        askedFor: "group",
        until: now,
      };
    }
    const chosen = now < entry.until ? -1 : this.attempt(slot, fleet, entry);
    if (chosen < 0) {
      state.waiting.set(slot, entry);
      fleet.lookAgainAt(entry.until);
      return WAIT;
    }
    if (known !== undefined) state.waiting.delete(slot);
    this.count(slot, id, entry.router, chosen, now);
    return chosen;
  }

  finished(slot: number, replica: number, fleet: FleetView): void {
    if (this.state.sentTo[slot] === replica && this.state.sentId[slot] === fleet.requests.id[slot]) this.uncount(slot, fleet.now);
  }

  replicaAdded(replica: number): void {
    for (const { length, at, due } of this.state.caches) {
      length[replica] = -1;
      at[replica] = 0;
      due[replica] = Infinity;
    }
  }

  replicaRemoved(replica: number): void {
    for (const { length } of this.state.caches) length[replica] = -1;
  }

  figures(): Readonly<Record<string, number>> {
    const { probes, rounds, refusals } = this.state;
    return { rounds: rounds, probes: probes, refusals: refusals };
  }

  /** Rounds until one gives a replica, or the request must wait: then `until` says how long. */
  private attempt(slot: number, fleet: FleetView, entry: Waiting): number {
    for (;;) {
      const chosen = this.round(slot, fleet, entry);
      if (chosen >= 0 && this.accepts(fleet, entry, chosen)) return chosen;
      if (entry.asked.length > 0) return -1;
      entry.group = null;
      if (this.tiered && this.tiers(fleet, entry).length > 1) {
        // Each narrow tier is tried once, and costs no pause.
        entry.tier++;
        continue;
      }
      entry.round++;
      entry.until = fleet.now + pauseBefore(entry.round, RAY_PAUSES);
      if (entry.until > fleet.now) return -1;
    }
  }

  /** One round: -1 when it fails, or when answers must be waited for (`asked`). */
  private round(slot: number, fleet: FleetView, entry: Waiting): number {
    const { grouping, state } = this;
    const all = this.all(fleet);
    const candidates = this.tiered ? this.tiers(fleet, entry)[0]! : all;
    // Who went while it was asked is nobody's choice.
    const there = (replica: number): boolean => all.includes(replica);
    const answered = entry.asked.every(there) ? entry.asked : entry.asked.filter(there);
    const answeredFor = entry.askedFor;
    entry.asked = NOBODY;
    const inTime = this.options.probeSeconds <= probeDeadline(entry.round);
    if (answered.length > 0 && inTime) for (const replica of answered) this.learn(fleet, entry.router, replica);
    if (entry.group !== null && answered.length > 0 && answeredFor === "group")
      return chooseAnswered(
        answered,
        (replica) => (inTime ? fleet.load.outstanding[replica]! : null),
        () => this.options.maxOngoing,
      );
    if (answered.length === 0 || !entry.pair.every(there)) {
      state.rounds++;
      entry.pair = this.pair(candidates);
      if (grouping.readsQueues && this.ask(fleet, entry, this.unknown(fleet, entry.router, candidates), "spread")) return -1;
    }
    const queues = grouping.readsQueues ? this.queues(entry.router, candidates) : [];
    entry.group = grouping.groupOf(slot, fleet, candidates, entry.pair, queues, all);
    const { chosen, ask } = chooseKnown(entry.group, (replica) => this.known(fleet, entry.router, replica));
    if (chosen >= 0) {
      for (const replica of ask) this.askAside(fleet, entry.router, replica);
      return chosen;
    }
    if (this.ask(fleet, entry, ask, "group")) return -1;
    return chooseAnswered(
      ask,
      (replica) => fleet.load.outstanding[replica]!,
      () => this.options.maxOngoing,
    );
  }

  /** Candidates of the present tier first, then of those after it that differ: a router sits on a node, and its replicas are numbered node by node. */
  private tiers(fleet: FleetView, { router, tier }: Waiting): number[][] {
    const all = this.all(fleet);
    const { perNode, perZone, routers } = this.options;
    const tiers: number[][] = [];
    for (const size of [perNode, perZone]) {
      if (size === 0) continue;
      const places = Math.ceil((all.at(-1)! + 1) / size);
      const own = Math.floor((router * places) / routers);
      const near = all.filter((replica) => Math.floor(replica / size) === own);
      if (near.length > 0 && near.length < all.length) tiers.push(near);
    }
    tiers.push(all);
    return tiers.slice(Math.min(tier, tiers.length - 1));
  }

  private all({ candidates, candidateCount }: FleetView): number[] {
    const before = this.candidates;
    let same = before.length === candidateCount;
    for (let i = 0; same && i < candidateCount; i++) same = before[i] === candidates[i];
    if (!same) this.candidates = Array.from(candidates.subarray(0, candidateCount));
    return this.candidates;
  }

  private pair(candidates: readonly number[]): number[] {
    const count = candidates.length;
    if (count === 1) return [candidates[0]!];
    const first = this.draw.below(count);
    let second = this.draw.below(count - 1);
    if (second >= first) second++;
    return [candidates[first]!, candidates[second]!];
  }

  /** Queue length in the cache, or -1 when it is not known, too old, or full. */
  private known(fleet: FleetView, router: number, replica: number): number {
    const cache = this.state.caches[router]!;
    const { now } = fleet;
    if (cache.due[replica]! <= now) this.learn(fleet, router, replica);
    const length = cache.length[replica] ?? -1;
    return length < 0 || length >= this.options.maxOngoing || now - cache.at[replica]! > this.options.cacheSeconds ? -1 : length;
  }

  private unknown(fleet: FleetView, router: number, candidates: readonly number[]): number[] {
    const unknown: number[] = [];
    for (const replica of candidates) if (this.known(fleet, router, replica) < 0) unknown.push(replica);
    return unknown;
  }

  /** Lengths as last heard of those that have answered. */
  private queues(router: number, candidates: readonly number[]): number[] {
    const { length } = this.state.caches[router]!;
    const queues: number[] = [];
    for (const replica of candidates) if (length[replica]! >= 0) queues.push(length[replica]!);
    return queues;
  }

  /** The answer of a replica is there. */
  private learn(fleet: FleetView, router: number, replica: number): void {
    const cache = this.state.caches[router]!;
    cache.length[replica] = fleet.load.outstanding[replica]!;
    cache.at[replica] = fleet.now;
    cache.due[replica] = Infinity;
  }

  /** Asks replicas for their queues. True when the answers must be waited for. */
  private ask(fleet: FleetView, entry: Waiting, replicas: readonly number[], askedFor: Waiting["askedFor"]): boolean {
    const { probeSeconds } = this.options;
    if (replicas.length === 0) return false;
    this.state.probes += replicas.length;
    if (probeSeconds === 0) {
      for (const replica of replicas) this.learn(fleet, entry.router, replica);
      return false;
    }
    entry.asked = replicas;
    entry.askedFor = askedFor;
    entry.until = fleet.now + Math.min(probeSeconds, probeDeadline(entry.round));
    return true;
  }

  private askAside(fleet: FleetView, router: number, replica: number): void {
    const { due } = this.state.caches[router]!;
    if ((due[replica] ?? Infinity) < Infinity) return;
    this.state.probes++;
    due[replica] = fleet.now + this.options.probeSeconds;
  }

  /** A replica that is full refuses: its answer corrects what was known of it. */
  private accepts(fleet: FleetView, entry: Waiting, replica: number): boolean {
    if (fleet.load.outstanding[replica]! < this.options.maxOngoing) return true;
    this.learn(fleet, entry.router, replica);
    this.state.refusals++;
    return false;
  }

  private count(slot: number, id: number, router: number, replica: number, now: number): void {
    const { state } = this;
    while (state.sentId.length <= slot) {
      state.sentId.push(-1);
      state.sentBy.push(0);
      state.sentTo.push(-1);
    }
    // Handed over, or lost and sent again: it is no longer where it was.
    if (state.sentId[slot] === id && state.sentTo[slot]! >= 0) this.uncount(slot, now);
    state.sentId[slot] = id;
    state.sentBy[slot] = router;
    state.sentTo[slot] = replica;
    this.change(router, replica, 1, now);
  }

  private uncount(slot: number, now: number): void {
    const { sentBy, sentTo } = this.state;
    this.change(sentBy[slot]!, sentTo[slot]!, -1, now);
    sentTo[slot] = -1;
  }

  private change(router: number, replica: number, by: number, now: number): void {
    const { length, at } = this.state.caches[router]!;
    if (!(length[replica]! >= 0)) return;
    length[replica] = Math.max(0, length[replica]! + by);
    at[replica] = now;
  }
}

/** The part of a Router that is the same for all policies of this kind. */
export function rayMethods(ray: RayRouter): Pick<Router, "route" | "finished" | "replicaAdded" | "replicaRemoved"> {
  return {
    route: (slot, fleet) => ray.route(slot, fleet),
    finished: (slot, replica, fleet) => ray.finished(slot, replica, fleet),
    replicaAdded: (replica) => ray.replicaAdded(replica),
    replicaRemoved: (replica) => ray.replicaRemoved(replica),
  };
}
