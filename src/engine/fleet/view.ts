// The fleet as policies see it: load by replica, live or copied every so often, and the candidates of a decision.
import type { PoolConfig } from "../config.ts";
import type { FleetView, LoadColumns, PoolView } from "../contracts.ts";
import type { Content } from "./content.ts";
import type { Replica } from "./replica.ts";
import type { Requests } from "./requests.ts";

export class Load implements LoadColumns {
  at = -0;
  // Plain arrays: routers read them in loops, for which JavaScript engines look up where those lie once, not for every element.
  readonly outstanding: number[] = [];
  readonly waiting: number[] = [];
  readonly outstandingTokens: number[] = [];

  reserve(count: number): void {
    while (this.outstanding.length < count) {
      this.outstanding.push(0);
      this.waiting.push(0);
      // First a fraction, so that engines keep the array as one of doubles: tokens may be many.
      this.outstandingTokens.push(0.5);
      this.outstandingTokens[this.outstandingTokens.length - 1] = 0;
    }
  }

  copyFrom(live: Load, now: number): void {
    const { length } = live.outstanding;
    this.reserve(length);
    for (let index = 0; index < length; index++) {
      this.outstanding[index] = live.outstanding[index]!;
      this.waiting[index] = live.waiting[index]!;
      this.outstandingTokens[index] = live.outstandingTokens[index]!;
    }
    this.at = now;
  }
}

export class View implements FleetView {
  now = -0;
  readonly requests: Requests;
  candidates = new Int32Array(16);
  candidateCount = 0;
  load: Load;
  heldCount = 0;
  readonly content: Content;
  /** Request being decided. */
  slot = 0;
  private readonly replicas: readonly Replica[];
  private readonly look: (time: number) => void;

  constructor(requests: Requests, content: Content, replicas: readonly Replica[], load: Load, look: (time: number) => void) {
    this.requests = requests;
    this.content = content;
    this.replicas = replicas;
    this.load = load;
    this.look = look;
  }

  poolOf(replica: number): number {
    return this.replicas[replica]!.pool;
  }
  kvUsedBlocks(replica: number): number {
    return this.replicas[replica]!.usedBlocksAt(this.now);
  }
  kvBlocks(replica: number): number {
    return this.replicas[replica]!.blocks;
  }
  blockSizeOf(replica: number): number {
    return this.replicas[replica]!.blockSize;
  }
  predict(tokens: number): void {
    this.requests.predictedTokens[this.slot] = tokens;
  }
  lookAgainAt(time: number): void {
    this.look(time);
  }
}

export class PoolCounts implements PoolView {
  now = -0;
  readonly index: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly startupSeconds: number;
  ready = 0;
  starting = 0;
  draining = 0;
  leaving = 0;
  failed = 0;
  readonly requests: Requests;
  load: Load;
  replicas = new Int32Array(16);
  replicaCount = 0;
  heldCount = 0;
  /** Replicas ever made in this pool. */
  made = 0;
  /** New tokens of ended batches; kept only where a policy counts them. */
  tokens = 0;
  /** What the policy has named since it was asked. */
  reasons: [name: string, value: number][] = [];
  private readonly members: readonly Replica[];

  /** `members`: the replicas ever made, of all pools. */
  constructor(index: number, config: PoolConfig, requests: Requests, load: Load, members: readonly Replica[]) {
    this.index = index;
    this.minReplicas = config.minReplicas;
    this.maxReplicas = Math.max(config.maxReplicas, config.replicas, config.minReplicas);
    this.startupSeconds = config.startupSeconds;
    this.requests = requests;
    this.load = load;
    this.members = members;
  }

  get ordered(): number {
    return this.ready + this.starting - this.leaving;
  }

  tokensDone(): number {
    let { tokens } = this;
    for (const { pool, lanes } of this.members) if (pool === this.index) for (const lane of lanes) tokens += lane.tokensSince(this.now);
    return tokens;
  }

  busySeconds(replica?: number): number {
    if (replica !== undefined) return this.members[replica]!.busyUntil(this.now);
    let seconds = 0;
    for (const member of this.members) if (member.pool === this.index) seconds += member.busyUntil(this.now);
    return seconds;
  }

  because(name: string, value: number): void {
    this.reasons.push([name, value]);
  }
}
