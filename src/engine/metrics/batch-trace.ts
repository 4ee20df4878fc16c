// Records a run as slices on a time line, for a trace viewer: batches per replica and stage, requests in queues, KV blocks, what happened to replicas.
// Within a window of time, and up to a number of events.
import { ReplicaState } from "../contracts.ts";
import type { Lane } from "../fleet/lane.ts";
import type { Recorder } from "../recorder.ts";
import type { Simulation } from "../simulation.ts";
import { BatchWatch } from "./batch-watch.ts";
import type { BatchRecord } from "./batch-watch.ts";
import { GrowingColumns, type Columns } from "./columns.ts";
import type { FleetEvent, ScalingDecision } from "./results.ts";

/** Decode iterations of one group in a row: each a slice, one slice for all, or each as long as there is room. */
export type DecodeSlices = "each" | "runs" | "auto";

export interface BatchTraceOptions {
  /** Seconds; what overlaps [from, to) is recorded. */
  readonly from: number;
  readonly to: number;
  readonly decodes: DecodeSlices;
  readonly maxEvents: number;
}

const SLICES = {
  start: "f64",
  end: "f64",
  replica: "i32",
  stage: "i32",
  iterations: "i32",
  prefillRequests: "i32",
  prefillTokens: "i32",
  decodeRequests: "i32",
  kvBlocks: "i32",
  lost: "u8",
} as const;
const LEVELS = { at: "f64", replica: "i32", value: "i32" } as const;
const PREEMPTIONS = { at: "f64", replica: "i32", request: "i32" } as const;

export interface BatchTraceResult {
  readonly from: number;
  /** Infinity: to the end of the run. Earlier than asked for when the events ran out. */
  readonly to: number;
  readonly cut: boolean;
  /** Stretches of decodes are one slice each because there were too many events otherwise. */
  readonly merged: boolean;
  readonly slices: Columns<typeof SLICES>;
  readonly waiting: Columns<typeof LEVELS>;
  readonly kvBlocks: Columns<typeof LEVELS>;
  readonly preemptions: Columns<typeof PREEMPTIONS>;
  readonly fleet: readonly FleetEvent[];
  readonly decisions: readonly ScalingDecision[];
}

/** One level of each replica over time: a row where it changes. */
class Levels {
  private readonly rows = new GrowingColumns(LEVELS);
  private readonly values: number[] = [];
  /** By replica: its last row, and the time of that. */
  private readonly lastRow: number[] = [];
  private readonly lastAt: number[] = [];
  private readonly from: number;

  constructor(from: number) {
    this.from = from;
  }

  /** Rows added: 0 or 1. What was before the window counts as of its beginning. */
  set(at: number, replica: number, value: number): 0 | 1 {
    const before = this.values[replica];
    if (before === value) return 0;
    this.values[replica] = value;
    if (at < this.from) return 0;
    const row = this.lastRow[replica];
    // Of several changes at one moment the last counts.
    if (row !== undefined && this.lastAt[replica] === at) {
      this.rows.amend(row, "value", value);
      return 0;
    }
    if (row === undefined && before !== undefined && at > this.from) this.push(this.from, replica, before);
    this.push(at, replica, value);
    return 1;
  }

  private push(at: number, replica: number, value: number): void {
    this.lastRow[replica] = this.rows.length;
    this.lastAt[replica] = at;
    this.rows.push({ at, replica, value });
  }

  /** Rows of replicas whose level never changed in the window too. */
  take(): Columns<typeof LEVELS> {
    this.values.forEach((value, replica) => {
      if (this.lastRow[replica] === undefined) this.push(this.from, replica, value);
    });
    return this.rows.take();
  }
}

/** Slices with their KV blocks: decode iterations one by one, or a stretch as one. */
class Slices {
  readonly rows = new GrowingColumns(SLICES);
  readonly kvBlocks: Levels;
  events = 0;

  constructor(from: number) {
    this.kvBlocks = new Levels(from);
  }
}

export class BatchTrace implements Recorder {
  private simulation!: Simulation;
  private readonly options: BatchTraceOptions;
  private to: number;
  private cut = false;
  private readonly watch = new BatchWatch((record) => this.note(record));
  /** Null when not asked for, or too many. */
  private each: Slices | null;
  private readonly runs: Slices | null;
  private readonly waiting: Levels;
  private readonly preemptions = new GrowingColumns(PREEMPTIONS);
  private readonly fleet: FleetEvent[] = [];
  private readonly decisions: ScalingDecision[] = [];
  /** Events besides slices and KV blocks. */
  private others = 0;

  constructor(options: BatchTraceOptions) {
    this.options = options;
    this.to = options.to;
    this.each = options.decodes === "runs" ? null : new Slices(options.from);
    this.runs = options.decodes === "each" ? null : new Slices(options.from);
    this.waiting = new Levels(options.from);
  }

  begin(simulation: Simulation): void {
    this.simulation = simulation;
  }

  /** Whether all that belongs into the window has been recorded. */
  get complete(): boolean {
    return this.simulation.now >= this.to && !this.watch.owes(this.to);
  }

  // Hooks ---------------------------------------------------------------------------------------------------------------

  routed(_slot: number, replica: number): void {
    // It stands in the queue in a moment.
    this.setWaiting(replica, 1);
  }

  moved(_slot: number, replica: number): void {
    this.setWaiting(replica, 1);
  }

  planned(lane: Lane): void {
    const { replica } = lane;
    this.watch.planned(lane);
    this.setWaiting(replica.index, 0);
    // A stretch of decodes is told, with its blocks, when it is over.
    if (!lane.open) this.setBlocks(this.simulation.now, replica.index, replica.usedBlocks);
  }

  decoded(lane: Lane, steps: number): void {
    this.watch.decoded(lane, steps);
  }

  preempted(slot: number, replica: number): void {
    const { now, requests } = this.simulation;
    this.setWaiting(replica, 0);
    if (!this.inWindow(now)) return;
    this.preemptions.push({ at: now, replica, request: requests.id[slot]! });
    this.added(1);
  }

  replica(event: FleetEvent): void {
    this.watch.replica(event);
    if (event.state === ReplicaState.failed) {
      this.setWaiting(event.replica, 0);
      this.setBlocks(event.at, event.replica, 0);
    }
    if (!this.inWindow(event.at)) return;
    this.fleet.push(event);
    this.added(1);
  }

  scaled(decision: ScalingDecision): void {
    if (!this.inWindow(decision.at)) return;
    this.decisions.push(decision);
    this.added(1);
  }

  // Rows ----------------------------------------------------------------------------------------------------------------

  private inWindow(at: number): boolean {
    return at >= this.options.from && at < this.to;
  }

  private setWaiting(index: number, more: number): void {
    const { now, replicas } = this.simulation;
    if (now < this.to) this.added(this.waiting.set(now, index, replicas[index]!.waiting.length + more));
  }

  private setBlocks(at: number, replica: number, blocks: number): void {
    if (at >= this.to) return;
    for (const slices of [this.each, this.runs]) if (slices !== null) slices.events += slices.kvBlocks.set(at, replica, blocks);
    this.added(0);
  }

  private note(record: BatchRecord): void {
    const { begins, ends, pieces, stages } = record;
    const { from } = this.options;
    // The pieces that overlap the window: they follow one another.
    let first = 0;
    while (first < pieces && ends[first]! <= from) first++;
    let last = pieces;
    while (last > first && begins[last - 1]! >= this.to) last--;
    if (first === last) {
      if (pieces > 0 && ends[pieces - 1]! <= from) this.setBlocksOf(record, pieces - 1, pieces);
      return;
    }
    this.setBlocksOf(record, first, last);
    for (let i = first; i < last; i++) {
      if (this.each !== null || stages > 1) this.push(record, i, i + 1, stages > 1 ? [this.each, this.runs] : [this.each]);
    }
    if (stages === 1) this.push(record, first, last, [this.runs]);
    this.added(0);
  }

  private setBlocksOf({ begins, kvBlocks, replica, stages }: BatchRecord, first: number, last: number): void {
    const { each, runs } = this;
    if (stages > 1) return;
    if (each !== null) for (let i = first; i < last; i++) each.events += each.kvBlocks.set(begins[i]!, replica.index, kvBlocks[i]!);
    if (runs !== null) runs.events += runs.kvBlocks.set(begins[first]!, replica.index, kvBlocks[first]!);
  }

  private push(record: BatchRecord, first: number, last: number, into: readonly (Slices | null)[]): void {
    const { replica, stages, shape, begins, ends, kvBlocks, lost } = record;
    for (const slices of into) {
      if (slices === null) continue;
      slices.rows.push({
        start: begins[first]!,
        end: ends[last - 1]!,
        replica: replica.index,
        stage: stages > 1 ? first : 0,
        iterations: last - first,
        prefillRequests: shape.prefillRequests,
        prefillTokens: shape.prefillTokens,
        decodeRequests: shape.decodeRequests,
        kvBlocks: kvBlocks[first]!,
        lost: lost ? 1 : 0,
      });
      slices.events++;
    }
  }

  /** Keeps to the number of events: stretches of decodes become one slice first; then the window ends. */
  private added(events: number): void {
    const { maxEvents, decodes } = this.options;
    this.others += events;
    if (this.each !== null && decodes === "auto" && this.each.events + this.others > maxEvents) this.each = null;
    const kept = this.each ?? this.runs!;
    if (this.cut || kept.events + this.others <= maxEvents) return;
    this.cut = true;
    this.to = Math.min(this.to, this.simulation.now);
  }

  // Result --------------------------------------------------------------------------------------------------------------

  /** At the end of a run: what still runs is recorded as far as it got. */
  finish(): void {
    this.watch.close(this.simulation.now);
  }

  result(): BatchTraceResult {
    const kept = this.each ?? this.runs!;
    return {
      from: this.options.from,
      to: this.to,
      cut: this.cut,
      merged: this.options.decodes === "auto" && this.each === null,
      slices: kept.rows.take(),
      waiting: this.waiting.take(),
      kvBlocks: kept.kvBlocks.take(),
      preemptions: this.preemptions.take(),
      fleet: this.fleet,
      decisions: this.decisions,
    };
  }
}
