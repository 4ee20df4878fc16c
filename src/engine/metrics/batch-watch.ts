// Batches as they ran, from the hooks of a run: when each began and ended on each stage, what was in it, how many KV blocks were in use.
// A stretch of decodes alone is told when its group changes, and the same whether the simulation leapt over it or stepped through it.
import type { BatchShape } from "../contracts.ts";
import { ReplicaState } from "../contracts.ts";
import { ChunkList, emptyShape } from "../fleet/batch.ts";
import type { Lane } from "../fleet/lane.ts";
import type { Replica } from "../fleet/replica.ts";
import type { FleetEvent } from "./results.ts";

/**
 * One batch on each of its stages, or several decode iterations of one group on a replica of one stage. Piece i is stage i of the former,
 * iteration i of the latter. Reused: read it during the call.
 */
export class BatchRecord {
  readonly replica: Replica;
  readonly lane: Lane;
  /** Composition; of several iterations, that of the first: each later one has a token more of context for each decode. */
  readonly shape: BatchShape = emptyShape();
  readonly chunks = new ChunkList();
  iterations = 1;
  stages = 1;
  /** When the batch was put together; it may wait for its first stage. */
  plannedAt = 0;
  /** Cut short by a crash, or by the end of the run: its tokens were never produced. */
  lost = false;
  begins: Float64Array;
  ends: Float64Array;
  /** KV blocks of the replica in use while the piece runs. */
  kvBlocks: Int32Array;

  constructor(lane: Lane) {
    this.lane = lane;
    this.replica = lane.replica;
    const { length } = lane.replica.stageFree;
    this.begins = new Float64Array(length);
    this.ends = new Float64Array(length);
    this.kvBlocks = new Int32Array(length);
  }

  get pieces(): number {
    return this.stages > 1 ? this.stages : this.iterations;
  }

  reserve(pieces: number): void {
    if (pieces <= this.begins.length) return;
    this.begins = new Float64Array(2 * pieces);
    this.ends = new Float64Array(2 * pieces);
    this.kvBlocks = new Int32Array(2 * pieces);
  }
}

/** Seconds in which a stage worked on the batch; waiting for a stage is not part of it. */
export function executionOf({ begins, ends, pieces }: BatchRecord): number {
  let seconds = 0;
  for (let i = 0; i < pieces; i++) seconds += ends[i]! - begins[i]!;
  return seconds;
}

const Doing = { nothing: 0, batch: 1, decodes: 2 } as const;

/** What one lane runs now. */
class Watched {
  doing: (typeof Doing)[keyof typeof Doing] = Doing.nothing;
  readonly record: BatchRecord;
  /** Of a stretch of decodes: its first iteration, and the blocks in use from an iteration on where they are not what the decodes took. */
  firstIteration = 0;
  readonly usedFrom: { iteration: number; blocks: number }[] = [];
  /** Until the lane is planned again: end of the stretch that was told last, and the blocks that the iteration after it takes. */
  toldUntil = NaN;
  blocksAfter = 0;

  constructor(lane: Lane) {
    this.record = new BatchRecord(lane);
  }
}

/** Blocks in use in iterations `from` to `to` of the group, beyond those of iteration `from`. */
const grown = ({ group }: Lane, from: number, to: number): number => group.growth(to - from, from + 1 - group.iteration);

export class BatchWatch {
  private readonly tell: (record: BatchRecord) => void;
  private readonly lanes: (Watched | undefined)[] = [];
  /** By replica: when each stage is free again. */
  private readonly stageFree: Float64Array[] = [];

  constructor(tell: (record: BatchRecord) => void) {
    this.tell = tell;
  }

  private of(lane: Lane): Watched {
    return (this.lanes[lane.key] ??= new Watched(lane));
  }

  /** Seconds of the batch, decodes alone excepted, that runs on a lane or has just ended there. */
  execution(lane: Lane): number {
    return executionOf(this.of(lane).record);
  }

  /** Whether a batch that began before `time` has not been told yet. */
  owes(time: number): boolean {
    return this.lanes.some((it) => it !== undefined && it.doing !== Doing.nothing && it.record.plannedAt < time);
  }

  planned(lane: Lane): void {
    const it = this.of(lane);
    if (it.doing === Doing.batch) {
      it.doing = Doing.nothing;
      this.tell(it.record);
    }
    it.toldUntil = NaN;
    if (!lane.busy) it.doing = Doing.nothing;
    else if (!lane.open) this.beginBatch(lane, it);
    else if (it.doing === Doing.decodes && it.firstIteration === lane.epochIteration) this.checkBlocks(lane, it);
    else this.beginDecodes(lane, it);
  }

  private beginDecodes(lane: Lane, it: Watched): void {
    const { record } = it;
    it.doing = Doing.decodes;
    Object.assign(record.shape, emptyShape());
    record.chunks.count = 0;
    record.shape.decodeRequests = lane.group.count;
    record.shape.decodeContext = lane.epochContext;
    record.stages = 1;
    record.lost = false;
    record.plannedAt = lane.epochTime;
    it.firstIteration = lane.epochIteration;
    it.usedFrom.length = 0;
    it.usedFrom.push({ iteration: lane.epochIteration, blocks: lane.replica.usedBlocks });
  }

  /** A prompt in the middle of its prefill may lose its blocks while the decodes go on. */
  private checkBlocks(lane: Lane, it: Watched): void {
    const { iteration, blocks } = it.usedFrom.at(-1)!;
    const now = lane.group.iteration;
    if (blocks + grown(lane, iteration, now) !== lane.replica.usedBlocks)
      it.usedFrom.push({ iteration: now, blocks: lane.replica.usedBlocks });
  }

  private beginBatch(lane: Lane, it: Watched): void {
    const { record } = it;
    const { replica, shape, chunks } = lane;
    const free = (this.stageFree[replica.index] ??= new Float64Array(replica.stageFree.length));
    it.doing = Doing.batch;
    Object.assign(record.shape, shape);
    record.chunks.count = 0;
    for (let i = 0; i < chunks.count; i++) record.chunks.add(chunks.slots[i]!, chunks.tokens[i]!, chunks.past[i]!);
    record.iterations = 1;
    record.stages = free.length;
    record.lost = false;
    record.plannedAt = lane.startedAt;
    record.kvBlocks.fill(replica.usedBlocks, 0, free.length);
    let time = lane.startedAt;
    // The times that the lane worked out, from the same calls: the model is pure.
    for (let stage = 0; stage < free.length; stage++) {
      const begin = Math.max(time, free[stage]!);
      time = begin + replica.latency.iteration(shape, stage, chunks);
      record.begins[stage] = begin;
      record.ends[stage] = time;
      free[stage] = time;
    }
  }

  /** `steps` iterations in which the group of the lane took a token each. */
  decoded(lane: Lane, steps: number): void {
    if (!lane.epochPure) return;
    const it = this.of(lane);
    const { record, usedFrom, firstIteration } = it;
    record.reserve(steps);
    const { begins, ends, kvBlocks } = record;
    const walked = lane.stepsInClosedForm ? null : lane.walkedTimes(steps);
    let change = 0;
    let blocks = 0;
    for (let i = 0; i < steps; i++) {
      begins[i] = i === 0 ? lane.epochTime : ends[i - 1]!;
      ends[i] = walked === null ? lane.timeAt(i + 1) : walked[i]!;
      const from = usedFrom[change];
      if (from !== undefined && from.iteration === firstIteration + i) {
        blocks = from.blocks;
        change++;
      } else blocks += grown(lane, firstIteration + i - 1, firstIteration + i);
      kvBlocks[i] = blocks;
    }
    record.iterations = steps;
    it.doing = Doing.nothing;
    it.toldUntil = lane.epochEnd;
    it.blocksAfter = blocks + grown(lane, firstIteration + steps - 1, firstIteration + steps);
    this.tell(record);
  }

  /** A crash takes the batches that run on the replica. */
  replica({ at, replica, state }: FleetEvent): void {
    if (state !== ReplicaState.failed) return;
    this.stageFree[replica]?.fill(at);
    for (const it of this.lanes) if (it?.record.replica.index === replica) this.cut(it, at);
  }

  /** The end of the run: what still runs is told as far as it got. */
  close(now: number): void {
    for (const it of this.lanes) if (it !== undefined) this.cut(it, now);
  }

  private cut(it: Watched, at: number): void {
    const { record } = it;
    if (it.doing === Doing.decodes) {
      // In the middle of the first iteration.
      record.begins[0] = record.plannedAt;
      record.kvBlocks[0] = it.usedFrom.at(-1)!.blocks;
    } else if (it.toldUntil < at) {
      // In the middle of the iteration after the stretch that was told.
      record.begins[0] = it.toldUntil;
      record.kvBlocks[0] = it.blocksAfter;
      record.shape.decodeContext += record.iterations * record.shape.decodeRequests;
    } else if (it.doing === Doing.nothing) return;
    if (it.doing !== Doing.batch) {
      record.iterations = 1;
      record.ends[0] = at;
    }
    it.doing = Doing.nothing;
    it.toldUntil = NaN;
    let kept = 0;
    while (kept < record.pieces && record.begins[kept]! < at) {
      record.ends[kept] = Math.min(record.ends[kept]!, at);
      kept++;
    }
    if (kept === 0) return;
    if (record.stages > 1) record.stages = kept;
    record.lost = true;
    this.tell(record);
  }
}
