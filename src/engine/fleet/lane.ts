// One lane of a replica: a micro-batch in flight, and the view and actions that a replica scheduler gets. Its timing is in epoch.ts.
import type { Batching, BatchShape, LaneControl } from "../contracts.ts";
import { ChunkList, emptyShape } from "./batch.ts";
import { DecodeGroup } from "./decode-group.ts";
import type { Content } from "./content.ts";
import { Epoch } from "./epoch.ts";
import type { EpochHost } from "./epoch.ts";
import type { Replica } from "./replica.ts";
import { Phase } from "./requests.ts";
import type { Requests } from "./requests.ts";

/** What a lane needs from the simulation around it. */
export interface LaneHost extends EpochHost {
  readonly requests: Requests;
  readonly content: Content;
  readonly now: number;
  /** By pool: one iteration at a time. */
  readonly single: readonly boolean[];
  admitted(replica: Replica): void;
  startedPrefill(slot: number): void;
  preempted(slot: number, replica: Replica): void;
  epochEnded(lane: Lane, steps: number): void;
  /** Whether anybody listens to requests that join and leave decoding groups; then `joined` and `left` are called. */
  readonly hearsGroups: boolean;
  joined(slot: number, lane: Lane): void;
  left(slot: number, lane: Lane): void;
}

export class Lane extends Epoch implements LaneControl {
  declare readonly host: LaneHost;
  readonly replica: Replica;
  readonly requests: Requests;
  readonly chunks = new ChunkList();
  readonly shape: BatchShape = emptyShape();
  private readonly batching: Batching;
  private readonly steady: boolean;
  readonly lanes: number;
  readonly receives: boolean;
  /** One iteration at a time. */
  readonly single: boolean;
  readonly blockSize: number;
  readonly blocks: number;

  /** A batch is running. */
  busy = false;
  /** The batch holds the decoding group; it holds prefill chunks when chunks.count > 0. */
  decodes = false;
  /** Blocks that decode() took for the batch. */
  private taken = 0;
  startedAt = -0;
  /** A request was preempted while the batch was planned. */
  private lost = false;
  /** No look is needed when a request arrives meanwhile. */
  deaf = false;

  /** End of the last iteration in which the group took a token, and times of joins since then: for the gaps between tokens. */
  lastTokensAt = -0;
  joins = 0;
  readonly joinTimes: number[] = [];

  /** Requests with part of the prompt to compute, in arrival order. */
  prefillSlots = new Int32Array(8);
  prefillCount = 0;
  /** Blocks of requests that have ended, in use until the lane is empty (Batching.keepsBlocks). */
  keptBlocks = 0;

  constructor(key: number, replica: Replica, host: LaneHost, tenantCount: number) {
    super(key, host, replica.latency, new DecodeGroup(host.requests, replica.blockSize, tenantCount));
    this.replica = replica;
    this.requests = host.requests;
    this.batching = replica.batching;
    this.steady = replica.batching.steady === true;
    this.lanes = replica.stageFree.length;
    this.receives = replica.receives;
    this.single = host.single[replica.pool]!;
    this.blockSize = replica.blockSize;
    this.blocks = replica.blocks;
  }

  // What a scheduler sees -----------------------------------------------------------------------------------------------

  get now(): number {
    return this.host.now;
  }
  get waitingCount(): number {
    return this.replica.waiting.length;
  }
  nextWaiting(): number {
    const { ordering, waiting } = this.replica;
    return ordering === null ? waiting.at(0) : ordering.next(this.replica);
  }
  get freeBlocks(): number {
    return this.replica.blocks - this.replica.usedBlocks;
  }
  blocksNeeded(slot: number): number {
    const { replica, requests } = this;
    const total = replica.blocksFor(requests.target[slot]!);
    const { cache } = replica;
    if (cache === null) return total;
    cache.settle(replica.usedBlocks);
    const holding = this.host.content.holdingOf(slot);
    cache.find(holding, requests.target[slot]!);
    requests.computed[slot] = holding.hits * replica.blockSize;
    return total - holding.hits + holding.idle;
  }
  get holders(): number {
    return this.replica.holders;
  }
  get decodeCount(): number {
    return this.group.count;
  }
  prefillAt(position: number): number {
    return this.prefillSlots[position]!;
  }
  get decodeGrowth(): number {
    return this.group.nextGrowth();
  }
  startsBlock(slot: number): boolean {
    return this.group.startsBlock(slot);
  }
  isDecoding(slot: number): boolean {
    return this.requests.phase[slot] === Phase.decoding;
  }
  contextOf(slot: number): number {
    return this.isDecoding(slot) ? this.group.contextOf(slot) : this.requests.computed[slot]!;
  }
  leftOf(slot: number): number {
    return this.isDecoding(slot) ? this.requests.endsAt[slot]! - this.group.iteration : this.requests.left[slot]!;
  }
  get index(): number {
    return this.replica.lanes.indexOf(this);
  }
  get decodeIterations(): number {
    return this.group.iteration;
  }
  /** Decode iterations when the one that runs now ends. */
  get iterationAhead(): number {
    if (!this.busy || !this.decodes) return this.group.iteration;
    return this.open ? (this.epochIteration + this.iterationAt(this.host.now)) | 0 : this.targetIteration;
  }
  membersByArrival(): readonly number[] {
    const { arrivedAt, id } = this.requests;
    const members = [...this.group.members(), ...this.prefillSlots.subarray(0, this.prefillCount)];
    return members.sort((a, b) => arrivedAt[a]! - arrivedAt[b]! || id[a]! - id[b]!);
  }

  // Actions of a scheduler ----------------------------------------------------------------------------------------------

  admit(slot: number, reserve = 0): void {
    const { replica, requests } = this;
    const { waiting } = replica;
    waiting.removeAt(waiting.at(0) === slot ? 0 : waiting.indexOf(slot));
    replica.ordering?.admitted(slot, replica);
    requests.reserved[slot] = reserve;
    const blocks = replica.blocksOf(requests, slot, requests.target[slot]!);
    if (replica.cache === null) replica.usedBlocks += blocks;
    else this.share(slot, blocks);
    replica.holders++;
    requests.lane[slot] = this.key;
    this.host.admitted(replica);
    if (requests.computed[slot]! >= requests.target[slot]!) {
      this.host.startedPrefill(slot);
      this.enter(slot, requests.lastTokenAt[slot]!);
      return;
    }
    requests.phase[slot] = Phase.prefilling;
    this.insertPrefill(slot);
  }

  /** Gives a request its blocks on a replica with prefix caching: what is found there is not computed again. */
  private share(slot: number, blocks: number): void {
    const { replica, requests, host } = this;
    const cache = replica.cache!;
    cache.sync(replica.usedBlocks);
    const found = cache.admit(host.content.holdingOf(slot), requests.target[slot]!, blocks);
    replica.usedBlocks = cache.pool.referenced;
    requests.computed[slot] = found;
    if (requests.preemptions[slot] === 0) requests.cachedTokens[slot] = found;
  }

  chunk(slot: number, tokens: number): void {
    const { shape } = this;
    const past = this.requests.computed[slot]!;
    const { cache } = this.replica;
    if (cache !== null) {
      cache.sync(this.replica.usedBlocks);
      cache.name(this.host.content.holdingOf(slot), past + tokens);
    }
    this.chunks.add(slot, tokens, past);
    shape.prefillTokens += tokens;
    shape.prefillRequests++;
    shape.prefillContext += past;
    shape.prefillWork += tokens * (past + tokens / 2);
    shape.prefillSquares += tokens * tokens;
    this.host.startedPrefill(slot);
  }

  decode(): void {
    if (this.group.count === 0 || this.decodes === true) return;
    this.decodes = true;
    this.taken = this.group.nextGrowth();
    this.replica.usedBlocks += this.taken;
  }

  preempt(slot: number, asVidur = false): void {
    const { replica, requests } = this;
    if (requests.phase[slot] === Phase.decoding) {
      const context = this.group.contextOf(slot);
      this.leave(slot);
      this.releaseBlocks(slot, context, context);
      requests.target[slot] = context + 1;
    } else {
      const computed = requests.phase[slot] === Phase.paused ? requests.target[slot]! : requests.computed[slot]!;
      this.releaseBlocks(slot, requests.target[slot]!, computed);
      if (requests.phase[slot] === Phase.paused) requests.target[slot] = requests.target[slot]! + 1;
      else {
        this.removePrefill(slot);
        if (asVidur) {
          requests.left[slot] = requests.left[slot]! + requests.target[slot]! - requests.computed[slot]!;
          requests.target[slot] = requests.computed[slot]!;
        }
      }
    }
    replica.holders--;
    requests.computed[slot] = 0;
    requests.phase[slot] = Phase.waiting;
    requests.preemptions[slot] = requests.preemptions[slot]! + 1;
    replica.preemptions++;
    replica.waiting.pushFront(slot);
    replica.ordering?.queued(slot, true, replica);
    this.lost = true;
    this.host.preempted(slot, replica);
  }

  /** A request ends with this many tokens in its cache. */
  freeBlocksOf(slot: number, tokens: number): void {
    const { replica } = this;
    if (this.batching.keepsBlocks === true) this.keptBlocks += replica.blocksOf(this.requests, slot, tokens);
    else replica.freeComputed(this.requests, this.host.content, slot, tokens);
    replica.holders--;
  }

  /** A preempted request loses the blocks of `tokens` tokens, of which the first `computed` are in the cache: what it has computed it may find again. */
  private releaseBlocks(slot: number, tokens: number, computed: number): void {
    const { replica, requests, host } = this;
    const blocks = replica.blocksOf(requests, slot, tokens);
    if (replica.cache === null) {
      replica.usedBlocks -= blocks;
      return;
    }
    const holding = host.content.holdingOf(slot);
    replica.cache.nameAsOwn(holding, requests.id[slot]!, computed);
    replica.releaseShared(holding, computed, blocks);
  }

  /** Frees the blocks of ended requests that static batching has kept. */
  releaseKept(): void {
    this.replica.usedBlocks -= this.keptBlocks;
    this.keptBlocks = 0;
  }

  pause(slot: number): void {
    const { requests } = this;
    requests.target[slot] = this.group.contextOf(slot);
    this.leave(slot);
    requests.phase[slot] = Phase.paused;
  }

  resume(slot: number): void {
    this.requests.lane[slot] = this.key;
    this.enter(slot, this.requests.lastTokenAt[slot]!);
  }

  gather(most: number): void {
    const { arrivedAt, id, lane } = this.requests;
    const stalled = this.replica.lanes.filter((other) => other !== this && other.group.count > 0 && !(other.busy && other.decodes));
    if (stalled.length === 0) return;
    const members = [this, ...stalled].flatMap(({ group }) => group.members());
    members.sort((a, b) => arrivedAt[a]! - arrivedAt[b]! || id[a]! - id[b]!);
    members.forEach((slot, place) => {
      const from = this.replica.lanes.find(({ key }) => key === lane[slot])!;
      const to = place < most ? this : from === this ? stalled[0]! : from;
      if (from === to) return;
      from.pause(slot);
      to.resume(slot);
    });
  }

  // The group and the epoch ---------------------------------------------------------------------------------------------

  /** Puts a request whose prompt is in the cache into the decoding group. */
  join(slot: number): void {
    this.requests.lastTokenAt[slot] = this.host.now;
    this.enter(slot, this.host.now);
  }

  /** `since`: time of the request's last token. */
  private enter(slot: number, since: number): void {
    const { requests } = this;
    this.closeEpoch();
    requests.phase[slot] = Phase.decoding;
    if (this.group.count === 0) {
      this.lastTokensAt = since;
      this.joins = 0;
    } else if (this.lastTokensAt !== since) {
      this.joinTimes[this.joins++] = since;
    }
    this.group.add(slot, requests.target[slot]!, requests.left[slot]!);
    this.replica.ordering?.joined(slot, this.index, this.group.iteration);
    if (this.host.hearsGroups) this.host.joined(slot, this);
  }

  /** Takes a request out of the decoding group, and notes what it still needs and when it had its last token. */
  private leave(slot: number): void {
    const { lastTokenAt, left, endsAt } = this.requests;
    this.closeEpoch();
    if (this.host.hearsGroups) this.host.left(slot, this);
    this.replica.ordering?.left(slot, this.index, this.group.iteration);
    this.group.remove(slot);
    const rest = endsAt[slot]! - this.group.iteration;
    if (rest < left[slot]!) {
      left[slot] = rest;
      lastTokenAt[slot] = this.lastTokensAt;
      return;
    }
    // It joined and leaves without having decoded: no gap to report.
    const joined = this.joins > 0 ? this.joinTimes.lastIndexOf(lastTokenAt[slot]!, this.joins - 1) : -1;
    if (joined >= 0) this.joinTimes.copyWithin(joined, joined + 1, this.joins--);
  }

  private insertPrefill(slot: number): void {
    const { arrivedAt, id } = this.requests;
    if (this.prefillCount === this.prefillSlots.length) {
      const wide = new Int32Array(this.prefillCount * 2);
      wide.set(this.prefillSlots);
      this.prefillSlots = wide;
    }
    const slots = this.prefillSlots;
    let place = this.prefillCount++;
    while (place > 0) {
      const other = slots[place - 1]!;
      if (arrivedAt[other]! < arrivedAt[slot]! || (arrivedAt[other] === arrivedAt[slot] && id[other]! < id[slot]!)) break;
      slots[place--] = other;
    }
    slots[place] = slot;
  }

  private removePrefill(slot: number): void {
    const slots = this.prefillSlots;
    let place = 0;
    while (slots[place] !== slot) place++;
    slots.copyWithin(place, place + 1, this.prefillCount--);
  }

  /** Drops finished prefills from the list. */
  compactPrefills(): void {
    const { computed, target, phase } = this.requests;
    let kept = 0;
    for (let i = 0; i < this.prefillCount; i++) {
      const slot = this.prefillSlots[i]!;
      if (phase[slot] === Phase.prefilling && computed[slot]! < target[slot]!) this.prefillSlots[kept++] = slot;
    }
    this.prefillCount = kept;
  }

  /** Must come before any change of the group. */
  private closeEpoch(): void {
    if (this.open === true) this.endEpoch();
  }

  /**
   * Closes what ran and reports it: the open epoch of decodes, or an iteration that ends now and held more than decodes.
   * One place for both, as its code is long once recorders are put in place, and processors have room for little of it.
   */
  endEpoch(): void {
    let steps = 1;
    if (this.open === true) {
      this.open = false;
      steps = this.group.iteration - this.epochIteration;
      if (steps === 0) return;
      this.epochEnd = this.timeAt(steps);
      this.epochPure = true;
    } else {
      this.epochEnd = this.host.now;
      this.epochPure = false;
    }
    this.host.epochEnded(this, steps);
    this.lastTokensAt = this.epochEnd;
    this.joins = 0;
  }

  // Planning and timing -------------------------------------------------------------------------------------------------

  /**
   * Asks the scheduler for the next batch and starts it. Writes the time of its next look into `next[key]`: Infinity when the lane stays idle.
   */
  start(next: number[]): void {
    this.clear();
    let wish = Infinity;
    if (this.steady === true && this.prefillCount === 0 && this.goesOn()) this.deaf = false;
    else wish = this.ask();
    if (this.chunks.count > 0 || this.lanes > 1 || this.decodes === false) this.startOnce(next);
    else this.startDecodes(wish, next);
  }

  /** A batch of one iteration: with chunks of prompts, or on several stages. Or none: then the lane is idle. */
  private startOnce(next: number[]): void {
    const { shape, group, chunks } = this;
    const now = this.host.now;
    this.closeEpoch();
    if (this.decodes === false && chunks.count === 0) {
      this.busy = false;
      next[this.key] = Infinity;
      return;
    }
    this.busy = true;
    this.startedAt = now;
    shape.decodeRequests = this.decodes === true ? group.count : 0;
    shape.decodeContext = this.decodes === true ? group.context() : 0;
    this.epochTime = now;
    this.epochIteration = group.iteration;
    this.epochContext = shape.decodeContext;
    // Of prompts alone: the decodes stand still, and whoever asks while the next batch is planned must find them where they are.
    this.targetIteration = group.iteration + (this.decodes === true ? 1 : 0);
    next[this.key] = this.lanes === 1 ? now + this.model.iteration(shape, 0, chunks) : this.passStages(now);
  }

  /** Decodes alone: as many iterations as nothing changes. */
  private startDecodes(wish: number, next: number[]): void {
    const { shape, group } = this;
    const now = this.host.now;
    this.busy = true;
    this.startedAt = now;
    if (this.open === true && group.context() >= this.form.below) this.endEpoch();
    if (this.open === false) this.openEpoch(now);
    this.boundary = group.iteration - this.epochIteration;
    this.boundaryTime = now;
    shape.decodeRequests = group.count;
    this.targetIteration = group.iteration + (this.single === true ? 1 : this.leapLength(wish));
    next[this.key] = this.timeAt(this.targetIteration - this.epochIteration);
  }

  /** Empties the batch. */
  private clear(): void {
    const { shape } = this;
    this.chunks.count = 0;
    this.decodes = false;
    if (shape.prefillRequests === 0) return;
    shape.prefillTokens = 0;
    shape.prefillRequests = 0;
    shape.prefillContext = 0;
    shape.prefillWork = 0;
    shape.prefillSquares = 0;
  }

  /**
   * Decodes to go on with, nobody in the queue, and a block to spare beyond those that the decodes take: nothing to ask a steady scheduler about. Then the
   * decodes are in the batch.
   */
  private goesOn(): boolean {
    const { replica, group } = this;
    if (group.count === 0 || replica.waiting.length > 0) return false;
    const growth = group.nextGrowth();
    if (growth >= replica.blocks - replica.usedBlocks) return false;
    this.decodes = true;
    this.taken = growth;
    replica.usedBlocks += growth;
    return true;
  }

  /** Asks the scheduler to fill the batch; its wish (see Batching.plan), without the sign. */
  private ask(): number {
    const { chunks } = this;
    let wish = this.batching.plan(this);
    // Making room may have preempted everybody: then the blocks are free, and the queue can be looked at again.
    if (this.lost === true && this.decodes === false && chunks.count === 0 && this.replica.waiting.length > 0)
      wish = this.batching.plan(this);
    this.deaf = wish < 0;
    if (wish < 0) wish = -wish;
    const { ordering, waiting } = this.replica;
    if (ordering !== null && waiting.length > 0) {
      // Whoever comes, and what is served meanwhile, may change who is next.
      this.deaf = false;
      if (wish > 1) wish = Math.min(wish, ordering.staysFor(this.replica));
    }
    // What was preempted stands at the head of the queue, and may fit again.
    if (this.lost === true && wish > 1) wish = 1;
    this.lost = false;
    return wish;
  }

  private passStages(now: number): number {
    const { model, shape, chunks } = this;
    const { stageFree } = this.replica;
    let time = now;
    for (let stage = 0; stage < this.lanes; stage++) {
      const begin = Math.max(time, stageFree[stage]!);
      time = begin + model.iteration(shape, stage, chunks);
      stageFree[stage] = time;
    }
    return time;
  }

  /** Iterations until something in this lane changes: a finish, a block that is not there, the end of the model's piece, the scheduler's wish. */
  private leapLength(wish: number): number {
    const { group, form, replica } = this;
    let steps = (group.firstEnd - group.iteration) | 0;
    if (wish < steps) steps = wish | 0;
    if (form.below !== Infinity) {
      const perStep = group.count;
      const room = Math.ceil((form.below - group.context()) / perStep);
      if (room < steps) steps = Math.max(1, room) | 0;
    }
    // The first iteration's blocks are taken already.
    const free = replica.blocks - replica.usedBlocks + this.taken;
    const within = group.stepsWithin(free, steps);
    return within < 1 ? 1 : within;
  }

  /** Shortens a leap so that the lane is looked at when the iteration that runs now ends: writes the time of that into `next[key]`. */
  shorten(next: number[]): void {
    const j = this.iterationAt(this.host.now);
    this.targetIteration = (this.epochIteration + j) | 0;
    next[this.key] = this.timeAt(j);
  }

  /** True when the lane leaps: several iterations of decodes alone are under way. */
  get leaping(): boolean {
    return this.busy === true && this.open === true && this.targetIteration - this.group.iteration > 1;
  }

  /** KV blocks that started since the last boundary, the running iteration's included (beyond what usedBlocks holds). */
  growthSince(now: number): number {
    if (!this.leaping) return 0;
    const running = this.iterationAt(now) - (this.group.iteration - this.epochIteration);
    return this.group.growth(running - 1, 1);
  }

  /** Tokens of the iterations of a leap that have ended since the last boundary: those of all others are counted when they end. */
  tokensSince(now: number): number {
    if (!this.leaping) return 0;
    return (this.iterationAt(now) - 1 - (this.group.iteration - this.epochIteration)) * this.group.count;
  }

  /** Moves the group on to the end of its batch: `targetIteration`. */
  advance(): number {
    const { group } = this;
    if (this.decodes === false) return 0;
    const steps = (this.targetIteration - group.iteration) | 0;
    if (steps > 1) this.replica.usedBlocks += group.growth(steps - 1, 1);
    group.iteration += steps;
    return steps;
  }

  /** Stops a leap in the middle of the iteration that runs now (a crash): only the iterations before it count. Returns their number. */
  interrupt(): number {
    if (!this.busy) return 0;
    let steps = 0;
    if (this.open && this.decodes) {
      this.targetIteration = (this.epochIteration + this.iterationAt(this.host.now) - 1) | 0;
      steps = Math.max(0, this.targetIteration - this.group.iteration);
      if (steps > 0) this.replica.usedBlocks += this.group.growth(steps, 1);
      this.group.iteration += steps;
    }
    // The iteration that is lost gives back the blocks it took.
    if (this.decodes) this.replica.usedBlocks -= this.group.nextGrowth();
    this.closeEpoch();
    this.chunks.count = 0;
    this.busy = false;
    return steps;
  }
}
