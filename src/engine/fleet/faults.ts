// Faults: replicas that are reclaimed or crash, what a crash costs the requests on them, and their replacement.
import type { SimulationConfig } from "../config.ts";
import { ReplicaState } from "../contracts.ts";
import type { Timers } from "../kernel/timers.ts";
import type { Content } from "./content.ts";
import type { Handover } from "./handover.ts";
import type { Lane } from "./lane.ts";
import type { Replica } from "./replica.ts";
import { Phase } from "./requests.ts";
import type { Requests } from "./requests.ts";
import type { Roster } from "./roster.ts";
import { Timer } from "./timer-kinds.ts";

/** What faults need from the simulation around them. */
export interface FaultsHost {
  readonly config: SimulationConfig;
  readonly requests: Requests;
  readonly content: Content;
  readonly roster: Roster;
  readonly handover: Handover;
  readonly timers: Timers;
  readonly now: number;
  /** Takes back the batch that runs on a lane. */
  stopLane(lane: Lane): void;
  lanesRunning(replica: Replica, change: number): void;
  unload(slot: number, replica: number): void;
  /** Holds requests, in this order, before all that are held, and offers them again. */
  putBack(slots: readonly number[]): void;
}

export class Faults {
  private readonly host: FaultsHost;

  constructor(host: FaultsHost) {
    this.host = host;
  }

  start(): void {
    const { config, timers } = this.host;
    config.faults.forEach((fault, index) => timers.add(fault.at, Timer.fault, index));
  }

  onFault(index: number): void {
    const { config, roster, timers, now } = this.host;
    const fault = config.faults[index]!;
    const replica = roster.find(fault.pool, fault.position);
    if (replica === undefined || replica.state === ReplicaState.gone || replica.state === ReplicaState.failed) return;
    if (fault.replaceAfter < Infinity) timers.add(now + fault.replaceAfter, Timer.replace, index);
    if (fault.kind === "reclaim") roster.drain(replica, "reclaim");
    else this.crash(replica);
  }

  /** A replica that failed starts again; in the place of one that was reclaimed a new one does. */
  onReplace(index: number): void {
    const { config, roster } = this.host;
    const { pool, position } = config.faults[index]!;
    const replica = roster.find(pool, position);
    if (replica?.state === ReplicaState.failed) roster.begin(replica, "recovered");
    else roster.addStarting(pool, "recovered");
  }

  /** A replica is lost with all it holds; its requests go back to the router in arrival order and compute everything again. */
  private crash(replica: Replica): void {
    const { host } = this;
    const { requests } = host;
    const lost: number[] = [];
    for (const lane of replica.lanes) host.stopLane(lane);
    for (let slot = 0; slot < requests.capacity; slot++) {
      const phase = requests.phase[slot];
      if (phase === Phase.free) continue;
      if (phase === Phase.moving && host.handover.lose(slot, replica)) continue;
      if (requests.replica[slot] === replica.index) lost.push(slot);
    }
    lost.sort((a, b) => requests.id[a]! - requests.id[b]!);
    replica.cache?.giveBack(replica.usedBlocks);
    for (const slot of lost) this.evacuate(slot, replica);
    for (const lane of replica.lanes) lane.releaseKept();
    replica.cache?.forgetAll();
    replica.waiting.clear();
    replica.ordering?.cleared();
    replica.stageFree.fill(host.now);
    if (replica.running > 0) host.lanesRunning(replica, -replica.running);
    host.roster.setState(replica, ReplicaState.failed, "fault");
    host.putBack(lost);
  }

  /** Takes a request off a lost replica. */
  private evacuate(slot: number, replica: Replica): void {
    const { requests, roster } = this.host;
    const { load, lanes } = roster;
    const phase = requests.phase[slot];
    if (phase === Phase.moving) {
      replica.freeComputed(requests, this.host.content, slot, requests.target[slot]!);
      replica.holders--;
    } else {
      // What was in a batch stands in the waiting queue after this.
      if (phase !== Phase.waiting) lanes[requests.lane[slot]!]!.preempt(slot);
      load.waiting[replica.index] = load.waiting[replica.index]! - 1;
    }
    this.host.unload(slot, replica.index);
    requests.startOver(slot);
  }
}
