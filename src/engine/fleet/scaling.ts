// The ticks of autoscalers: replicas added and drained, within limits that hold whatever a policy answers.
import type { SimulationConfig } from "../config.ts";
import type { Timers } from "../kernel/timers.ts";
import type { Listeners } from "../recorder.ts";
import type { Policies } from "./policies.ts";
import type { Replica } from "./replica.ts";
import type { Roster } from "./roster.ts";
import { Timer } from "./timer-kinds.ts";
import type { PoolCounts } from "./view.ts";

/** Ticks in a row after which a fleet in which nothing else happens is given up. */
const MOST_IDLE_TICKS = 1000;
/** Seconds. A policy that wants to be asked more often, or names no number, is asked this often. */
const SHORTEST_TICK = 0.1;
/** Replicas ever made in a pool: a policy that starts and stops without end must not fill the memory. */
const MOST_MADE = 10_000;

/** What scaling needs from the simulation around it. */
export interface ScalingHost {
  readonly config: SimulationConfig;
  readonly policies: Policies;
  readonly hear: Listeners;
  readonly roster: Roster;
  readonly timers: Timers;
  readonly now: number;
  /** No lane runs and no arrival is to come. */
  readonly still: boolean;
  /** A pool as its autoscaler sees it now. */
  poolView(pool: number): PoolCounts;
}

export class Scaling {
  private readonly host: ScalingHost;
  private idleTicks = 0;
  /** Timers that come again for ever. */
  private periodic = 0;

  constructor(host: ScalingHost) {
    this.host = host;
  }

  start(): void {
    const { config, policies, timers } = this.host;
    if (config.loadStaleness > 0) this.periodic++;
    policies.autoscalers.forEach((policy, pool) => {
      if (policy.tickSeconds !== Infinity && policy.tick !== undefined) {
        timers.add(0, Timer.tick, pool);
        this.periodic++;
      }
    });
  }

  onTick(pool: number): void {
    const { host } = this;
    const { timers } = host;
    const policy = host.policies.autoscalers[pool]!;
    const view = host.poolView(pool);
    view.reasons = [];
    const answered = policy.tick!(view);
    // Whatever is no number counts as 0, and fractions are cut.
    const change = Math.trunc(answered) || 0;
    if (change !== 0) this.change(view, answered, change > 0 ? upWithin(view, change) : -downWithin(view, -change));
    // With requests that nobody can serve, and nothing on its way that could change it, only the autoscalers are left to help. They get a while.
    const alone = host.still && timers.length < this.periodic;
    this.idleTicks = alone ? this.idleTicks + 1 : 0;
    const seconds = policy.tickSeconds >= SHORTEST_TICK ? policy.tickSeconds : SHORTEST_TICK;
    if (this.idleTicks < MOST_IDLE_TICKS) timers.add(host.now + seconds, Timer.tick, pool);
  }

  /** The delay of a scale-down is over. */
  onDrainDue(pool: number): void {
    const view = this.host.poolView(pool);
    view.leaving--;
    this.drainOne(view);
  }

  private change(view: PoolCounts, answered: number, ordered: number): void {
    const { host } = this;
    const pool = view.index;
    const { ready, starting, draining, leaving, reasons } = view;
    for (const recorder of host.hear.scaled)
      recorder.scaled({ at: host.now, pool, ready, starting, draining, leaving, answered, ordered, because: reasons });
    for (let i = 0; i < ordered; i++) host.roster.addStarting(pool, "autoscaler");
    const delay = host.config.pools[pool]!.scaleDownSeconds;
    for (let i = 0; i < -ordered; i++) {
      if (delay > 0) {
        view.leaving++;
        host.timers.add(host.now + delay, Timer.drain, pool);
      } else this.drainOne(view);
    }
  }

  /** The last ready replica stays: without it nobody could take a request until another is ready. */
  private drainOne(view: PoolCounts): void {
    if (view.ready > 1) this.host.roster.drain(this.toDrain(view), "autoscaler");
  }

  /** The first idle replica; where none is, the router's choice; where it has none, the one with the fewest requests. */
  private toDrain(view: PoolCounts): Replica {
    const { policies, roster } = this.host;
    const { outstanding } = roster.load;
    const ready = view.replicas.subarray(0, view.replicaCount);
    let best = ready[0]!;
    for (const replica of ready) if (outstanding[replica]! < outstanding[best]!) best = replica;
    const chosen = outstanding[best]! > 0 ? policies.router.release?.(view) : undefined;
    return roster.replicas[chosen !== undefined && ready.includes(chosen) ? chosen : best]!;
  }
}

/** Of `wanted` further replicas, how many the limits allow. */
const upWithin = (view: PoolCounts, wanted: number): number =>
  Math.max(0, Math.min(wanted, view.maxReplicas - view.ordered, MOST_MADE - view.made));

/** Of `wanted` replicas fewer, how many the limits allow: what still starts cannot be drained, and one ready replica stays. */
const downWithin = (view: PoolCounts, wanted: number): number =>
  Math.max(0, Math.min(wanted, view.ordered - view.minReplicas, view.ready - view.leaving - 1));
