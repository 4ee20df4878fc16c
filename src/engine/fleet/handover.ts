// KV caches on their way from prefill to decode replicas. A transfer occupies the network of both ends, and the cache at its sender, until it is through.
import type { SimulationConfig } from "../config.ts";
import { ReplicaState } from "../contracts.ts";
import { Deque } from "../kernel/deque.ts";
import type { Timers } from "../kernel/timers.ts";
import type { Listeners } from "../recorder.ts";
import type { Content } from "./content.ts";
import type { Lane } from "./lane.ts";
import type { Replica } from "./replica.ts";
import { Phase } from "./requests.ts";
import type { Requests } from "./requests.ts";
import type { Roster } from "./roster.ts";
import { Timer } from "./timer-kinds.ts";

/** What the hand-over needs from the simulation around it. */
export interface HandoverHost {
  readonly config: SimulationConfig;
  readonly requests: Requests;
  readonly content: Content;
  readonly roster: Roster;
  readonly hear: Listeners;
  readonly timers: Timers;
  readonly heldRequests: number;
  readonly now: number;
  /** Asks the router; false when the request must wait. */
  offer(slot: number): boolean;
  offerHeld(): void;
  /** Asks admission and the router, and holds the request where they say so. */
  offerOrHold(slot: number): void;
  enqueue(slot: number, replica: Replica): void;
  unload(slot: number, replica: number): void;
  wake(lane: Lane): void;
}

/** For requests.lane of a request whose KV cache is not on its way yet; while it is, the receiver; below UNSENT, a transfer that will fail. */
const UNSENT = -1;

export class Handover {
  /** Requests that wait for a decode replica after their prefill, and keep their place at the prefill replica meanwhile. */
  readonly held = new Deque();
  private readonly host: HandoverHost;

  constructor(host: HandoverHost) {
    this.host = host;
  }

  /** A request on a prefill replica has its first token. */
  begin(slot: number): void {
    const { host, held } = this;
    const { requests } = host;
    requests.phase[slot] = Phase.moving;
    requests.lastTokenAt[slot] = host.now;
    requests.lane[slot] = UNSENT;
    if (held.length > 0 || !host.offer(slot)) held.pushBack(slot);
  }

  /** Starts the transfer to the replica that the router chose. */
  send(slot: number, to: number): void {
    const { requests, roster, config, now, timers } = this.host;
    const { load, replicas } = roster;
    const sender = replicas[requests.replica[slot]!]!;
    const receiver = replicas[to]!;
    const bytes = requests.target[slot]! * config.pools[sender.pool]!.kvBytesPerToken;
    const begin = Math.max(now, sender.networkFree, receiver.networkFree);
    const end = begin + config.network.latencyS + bytes / config.network.bytesPerS;
    sender.networkFree = end;
    receiver.networkFree = end;
    requests.lane[slot] = to;
    load.outstanding[to] = load.outstanding[to]! + 1;
    load.outstandingTokens[to] = load.outstandingTokens[to]! + requests.promptTokens[slot]! + requests.outputTokens[slot]!;
    timers.add(end, Timer.moved, slot);
  }

  /** Frees what a request holds at its prefill replica. */
  release(slot: number): void {
    const { host } = this;
    const { requests, roster } = host;
    const replica = roster.replicas[requests.replica[slot]!]!;
    replica.freeComputed(requests, host.content, slot, requests.target[slot]!);
    replica.holders--;
    host.unload(slot, replica.index);
    for (const lane of replica.lanes) if (!lane.busy) host.wake(lane);
    if (replica.state === ReplicaState.draining) roster.settleDrain(replica);
  }

  /** The time of a transfer is over. */
  onMoved(slot: number): void {
    const { host } = this;
    const { requests, roster } = host;
    const { moved } = host.hear;
    const lane = requests.lane[slot]!;
    const to = lane < UNSENT ? UNSENT - 1 - lane : lane;
    const receiver = roster.replicas[to]!;
    this.release(slot);
    if (lane < UNSENT) {
      host.unload(slot, to);
      requests.startOver(slot);
      host.offerOrHold(slot);
      if (receiver.state === ReplicaState.draining) roster.settleDrain(receiver);
    } else {
      requests.replica[slot] = to;
      for (const recorder of moved) recorder.moved(slot, to);
      host.enqueue(slot, receiver);
    }
    if (host.heldRequests > 0) host.offerHeld();
  }

  /** After the loss of a replica. Whether a transfer is under way: then it fails, if the replica is at either end, when it should have been through. */
  lose(slot: number, replica: Replica): boolean {
    const { held } = this;
    const { requests } = this.host;
    const to = requests.lane[slot]!;
    if (to === UNSENT) {
      if (requests.replica[slot] === replica.index) held.removeAt(held.indexOf(slot));
      return false;
    }
    if (to === replica.index || (to >= 0 && requests.replica[slot] === replica.index)) requests.lane[slot] = UNSENT - 1 - to;
    return true;
  }
}
