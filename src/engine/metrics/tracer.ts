// Follows one request through a run, with the load of its replica beside it.
import type { FleetView, Router } from "../contracts.ts";
import type { Lane } from "../fleet/lane.ts";
import type { Recorder } from "../recorder.ts";
import type { Simulation } from "../simulation.ts";
import type { RequestTimeline, RouteChoice, TimelineEvent } from "./results.ts";

interface LoadPoint {
  readonly at: number;
  readonly running: number;
  readonly waiting: number;
}

export class RequestTracer implements Recorder {
  readonly id: number;
  private simulation!: Simulation;
  private slot = -1;
  private readonly trail: TimelineEvent[] = [];
  /** Load of each replica since the request arrived, by replica; only the one that finishes it is reported. */
  private readonly loads = new Map<number, LoadPoint[]>();
  private last = -1;
  private choice: RouteChoice | null = null;
  private cachedTokens = 0;
  finished = false;

  constructor(id: number) {
    this.id = id;
  }

  attach(simulation: Simulation): void {
    this.simulation = simulation;
  }

  private note(kind: TimelineEvent["kind"], at: number, more: Partial<TimelineEvent> = {}): void {
    this.trail.push({ at, kind, replica: this.simulation.requests.replica[this.slot]!, ...more });
  }

  private isIt(slot: number): boolean {
    return slot === this.slot && !this.finished;
  }

  private watch(replica: number, at: number): void {
    if (this.slot < 0 || this.finished || replica < 0) return;
    const it = this.simulation.replicas[replica]!;
    const point = { at, running: it.decoding() + it.prefilling(), waiting: it.waiting.length };
    const points = this.loads.get(replica);
    if (points === undefined) this.loads.set(replica, [point]);
    else if (points.at(-1)!.running !== point.running || points.at(-1)!.waiting !== point.waiting) points.push(point);
  }

  arrived(slot: number): void {
    const { now } = this.simulation;
    if (this.simulation.requests.id[slot] !== this.id) return;
    this.slot = slot;
    this.note("arrived", now);
    for (const replica of this.simulation.replicas) this.watch(replica.index, now);
  }

  chosen(slot: number, replica: number, fleet: FleetView, router: Router): void {
    if (!this.isIt(slot) || this.choice !== null) return;
    const { judges: names = [] } = router;
    const replicas = Array.from(fleet.candidates.subarray(0, fleet.candidateCount));
    const into = new Float64Array(names.length);
    const scores = replicas.map((candidate) => {
      router.judge?.(slot, candidate, fleet, into);
      return Array.from(into);
    });
    this.choice = { at: fleet.now, names, replicas, scores, chosen: replica, predictedTokens: fleet.requests.predictedTokens[slot]! };
  }

  routed(slot: number, replica: number): void {
    const { now } = this.simulation;
    if (this.isIt(slot)) this.note("routed", now);
    this.watch(replica, now);
  }

  scheduled(slot: number): void {
    const { now } = this.simulation;
    if (this.isIt(slot)) this.note("scheduled", now);
    this.watch(this.simulation.requests.replica[slot]!, now);
  }

  chunk(slot: number, tokens: number, lane: Lane): void {
    if (this.isIt(slot)) this.note("chunk", this.simulation.now, { tokens, since: lane.startedAt, sharedWith: lane.shape.decodeRequests });
  }

  firstToken(slot: number): void {
    const { now } = this.simulation;
    if (this.isIt(slot)) this.note("first-token", now);
  }

  preempted(slot: number, replica: number): void {
    const { now } = this.simulation;
    if (this.isIt(slot)) this.note("preempted", now);
    this.watch(replica, now);
  }

  moved(slot: number, replica: number): void {
    const { now } = this.simulation;
    if (this.isIt(slot)) this.note("transferred", now);
    this.watch(replica, now);
  }

  ended(slot: number): void {
    const { now } = this.simulation;
    const replica = this.simulation.requests.replica[slot]!;
    this.watch(replica, now);
    if (!this.isIt(slot)) return;
    this.note("finished", now);
    this.cachedTokens = this.simulation.requests.cachedTokens[slot]!;
    this.last = replica;
    this.finished = true;
  }

  /** Null when the request never came. */
  timeline(): RequestTimeline | null {
    if (this.slot < 0) return null;
    const index = this.last >= 0 ? this.last : (this.trail.findLast((event) => event.replica >= 0)?.replica ?? -1);
    const points = this.loads.get(index) ?? [];
    return {
      id: this.id,
      choice: this.choice,
      cachedTokens: this.cachedTokens,
      events: this.trail,
      replica: {
        index,
        at: Float64Array.from(points, ({ at }) => at),
        running: Float64Array.from(points, ({ running }) => running),
        waiting: Float64Array.from(points, ({ waiting }) => waiting),
      },
    };
  }
}
