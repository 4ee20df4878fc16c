// The ticks of autoscalers: replicas added and drained.
import type { SimulationConfig } from "../config.ts";
import type { Timers } from "../kernel/timers.ts";
import type { Policies } from "./policies.ts";
import type { Replica } from "./replica.ts";
import type { Roster } from "./roster.ts";
import { Timer } from "./timer-kinds.ts";
import type { PoolCounts } from "./view.ts";

/** Ticks in a row after which a fleet in which nothing else happens is given up. */
const MOST_IDLE_TICKS = 1000;

/** What scaling needs from the simulation around it. */
export interface ScalingHost {
  readonly config: SimulationConfig;
  readonly policies: Policies;
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
      if (policy.tickSeconds < Infinity && policy.tick !== undefined) {
        timers.add(0, Timer.tick, pool);
        this.periodic++;
      }
    });
  }

  onTick(pool: number): void {
    const { host } = this;
    const { roster, timers } = host;
    const policy = host.policies.autoscalers[pool]!;
    const view = host.poolView(pool);
    const delta = policy.tick!(view);
    for (let i = 0; i < delta; i++) roster.addStarting(pool, "autoscaler");
    for (let i = 0; i < -delta && view.ready > 1; i++) roster.drain(this.leastLoaded(view), "autoscaler");
    // With requests that nobody can serve, and nothing on its way that could change it, only the autoscalers are left to help. They get a while.
    const alone = host.still && timers.length < this.periodic;
    this.idleTicks = alone ? this.idleTicks + 1 : 0;
    if (this.idleTicks < MOST_IDLE_TICKS) timers.add(host.now + policy.tickSeconds, Timer.tick, pool);
  }

  private leastLoaded(view: PoolCounts): Replica {
    const { load, replicas } = this.host.roster;
    let best = view.replicas[0]!;
    for (let i = 1; i < view.replicaCount; i++) {
      const replica = view.replicas[i]!;
      if (load.outstanding[replica]! < load.outstanding[best]!) best = replica;
    }
    return replicas[best]!;
  }
}
