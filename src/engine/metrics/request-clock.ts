// Where each request spends its time: in batches, without KV blocks after a preemption, or stalled. What is left of it was before its first batch.
import type { Lane } from "../fleet/lane.ts";
import type { Simulation } from "../simulation.ts";
import type { RequestTimeColumns, RequestTimes } from "./detail-results.ts";
import { GrowingColumns } from "./columns.ts";
import { distributionOf } from "./sorted.ts";

export class RequestClock {
  private readonly simulation: Simulation;
  /** By lane: seconds of all batches that held its decoding group. */
  private readonly decoded: number[] = [];
  /** By slot: seconds in batches before it joined the group that it is in; those of the group when it joined, NaN outside a group. */
  private readonly running: number[] = [];
  private readonly joinedAt: number[] = [];
  /** By slot: seconds without blocks so far, and since when it has none. */
  private readonly preempted: number[] = [];
  private readonly lostAt: number[] = [];
  private readonly rows = new GrowingColumns({ waiting: "f64", running: "f64", preempted: "f64", stalled: "f64", served: "u8" });

  constructor(simulation: Simulation) {
    this.simulation = simulation;
  }

  arrived(slot: number): void {
    this.running[slot] = 0;
    this.joinedAt[slot] = NaN;
    this.preempted[slot] = 0;
    this.lostAt[slot] = NaN;
  }

  /** A batch of the lane with its decoding group, or a stretch of them, took so long. */
  groupRan(lane: Lane, seconds: number): void {
    this.decoded[lane.key] = (this.decoded[lane.key] ?? 0) + seconds;
  }

  /** A part of the request's prompt was in a batch since `since`. */
  chunkRan(slot: number, seconds: number, since: number): void {
    this.running[slot] = this.running[slot]! + seconds;
    this.regained(slot, since);
  }

  joined(slot: number, lane: Lane): void {
    this.joinedAt[slot] = this.decoded[lane.key] ?? 0;
    this.regained(slot, this.simulation.now);
  }

  left(slot: number, lane: Lane): void {
    this.running[slot] = this.running[slot]! + ((this.decoded[lane.key] ?? 0) - this.joinedAt[slot]!);
    this.joinedAt[slot] = NaN;
  }

  lostBlocks(slot: number): void {
    const at = this.lostAt[slot]!;
    if (at !== at) this.lostAt[slot] = this.simulation.now;
  }

  private regained(slot: number, at: number): void {
    const lost = this.lostAt[slot]!;
    if (lost !== lost) return;
    this.preempted[slot] = this.preempted[slot]! + (at - lost);
    this.lostAt[slot] = NaN;
  }

  ended(slot: number): void {
    const { now, requests, roster } = this.simulation;
    if (this.joinedAt[slot]! >= 0) this.left(slot, roster.lanes[requests.lane[slot]!]!);
    this.regained(slot, now);
    const scheduled = requests.scheduledAt[slot]!;
    const arrived = requests.arrivedAt[slot]!;
    const served = scheduled >= 0;
    const running = this.running[slot]!;
    const preempted = this.preempted[slot]!;
    const waiting = served ? scheduled - arrived : now - arrived;
    const rest = served ? now - scheduled - running - preempted : 0;
    // The sums of many times are off in their last bits.
    const stalled = rest > 1e-9 * (now - scheduled) ? rest : 0;
    this.rows.push({ waiting, running, preempted, stalled, served: served ? 1 : 0 });
  }

  columns(): RequestTimeColumns {
    const { running, preempted, stalled } = this.rows.take();
    return { running, preempted, stalled };
  }

  /** Of requests that were in a batch. */
  distributions(): RequestTimes {
    const { served, ...columns } = this.rows.take();
    const of = (column: Float64Array) => distributionOf(column.filter((_, row) => served[row] === 1));
    return { waiting: of(columns.waiting), running: of(columns.running), preempted: of(columns.preempted), stalled: of(columns.stalled) };
  }
}
