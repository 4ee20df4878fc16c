// For tests only: keeps its own books of a run from what the recorder hooks say, and checks at the end that everything adds up.
import { Status } from "./contracts.ts";
import type { Lane } from "./fleet/lane.ts";
import type { Engine } from "./index.ts";
import type { Recorder } from "./recorder.ts";
import type { Simulation } from "./simulation.ts";

export class Ledger implements Recorder {
  private simulation!: Simulation;
  private inside = 0;
  private since = 0;
  /** Integral of the number of requests in the system, request-seconds. */
  area = 0;
  arrivals = 0;
  outputTokens = 0;
  /** Prompt tokens computed, repeated work after preemptions included. */
  chunkTokens = 0;
  readonly byStatus = [0, 0, 0, 0];
  readonly problems: string[] = [];

  /** Must be called before the first event. */
  attach(engine: Engine): void {
    this.simulation = engine.simulation;
  }

  private move(change: number): void {
    const { now } = this.simulation;
    if (now < this.since) this.problems.push(`time went back from ${this.since} to ${now}`);
    this.area += this.inside * (now - this.since);
    this.since = now;
    this.inside += change;
  }

  arrived(): void {
    this.arrivals++;
    this.move(1);
  }

  ended(_slot: number, status: Status): void {
    this.byStatus[status]!++;
    this.move(-1);
  }

  chunk(_slot: number, tokens: number, lane: Lane): void {
    this.chunkTokens += tokens;
    if (lane.startedAt > this.simulation.now)
      this.problems.push(`a chunk ends before it starts: ${lane.startedAt}, ${this.simulation.now}`);
  }

  firstToken(): void {
    this.outputTokens++;
  }

  resumed(): void {
    this.outputTokens++;
  }

  decoded(lane: Lane, steps: number): void {
    this.outputTokens += lane.group.count * steps;
    if (lane.epochEnd < lane.epochTime) this.problems.push(`an epoch ends before it starts: ${lane.epochTime}, ${lane.epochEnd}`);
    this.checkBlocks();
  }

  private checkBlocks(): void {
    for (const replica of this.simulation.replicas) {
      if (replica.usedBlocks > replica.blocks)
        this.problems.push(`replica ${replica.index} uses ${replica.usedBlocks} of ${replica.blocks} blocks`);
      if (replica.usedBlocks < 0) this.problems.push(`replica ${replica.index} uses ${replica.usedBlocks} blocks`);
    }
  }

  /** What does not add up; `through`: the run went to its end and every request had somewhere to go. */
  check(engine: Engine, through: boolean): string[] {
    const { problems, simulation } = this;
    const log = engine.requests();
    const near = (what: string, a: number, b: number, tolerance: number): void => {
      if (!(Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a), Math.abs(b)))) problems.push(`${what}: ${a} and ${b}`);
    };
    const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
    near("requests in and out", this.arrivals, sum(this.byStatus), 0);
    near("log rows", log.length, this.arrivals, 0);
    near("distinct ids", new Set(log.id).size, this.arrivals, 0);
    // Little's law, with both sides counted apart: the integral of the number inside = the sum of the times inside.
    near("Little's law", this.area, sum(Array.from(log.finishedAt, (end, row) => end - log.arrivedAt[row]!)), 1e-9);
    let produced = 0;
    for (let row = 0; row < log.length; row++) {
      const { arrivedAt, scheduledAt, firstTokenAt, finishedAt } = log;
      const [a, s, f, e] = [arrivedAt[row]!, scheduledAt[row]!, firstTokenAt[row]!, finishedAt[row]!];
      if (s < a || f < s || e < f || e < a) problems.push(`request ${log.id[row]}: times ${a} ${s} ${f} ${e}`);
      if (log.status[row] === Status.completed) {
        produced += log.outputTokens[row]!;
        if (!(e >= f)) problems.push(`request ${log.id[row]} completed without a first token`);
      }
    }
    const series = engine.series();
    near("output tokens in the series", sum(series.outputTokens), this.outputTokens, 1e-9);
    near("prompt tokens in the series", sum(series.inputTokens), this.chunkTokens, 1e-9);
    near("tokens by tenant", sum(series.tenantTokens.map((column) => sum(column))), this.outputTokens + this.chunkTokens, 1e-9);
    near("arrivals in the series", sum(series.arrivals), this.arrivals, 0);
    near(
      "gaps between tokens",
      engine.summary(false).itl.count,
      this.outputTokens - sum(log.firstTokenAt.map((time) => (time >= 0 ? 1 : 0))),
      0,
    );
    near("utilisation at most 1", Math.max(1, engine.summary(false).fleet.utilisation), 1, 1e-9);
    if (!through) return problems;
    // The gaps between a request's tokens add up to the time from its first to its last.
    let gaps = 0;
    for (let row = 0; row < log.length; row++)
      if (log.status[row] === Status.completed) gaps += log.finishedAt[row]! - log.firstTokenAt[row]!;
    const { itl } = engine.summary(false);
    near("sum of gaps between tokens", (itl.mean ?? 0) * itl.count, gaps, 1e-9);
    near("output tokens", produced, this.outputTokens, 0);
    near("unfinished", this.byStatus[Status.unfinished]!, 0, 0);
    for (const replica of simulation.replicas) {
      const at = `of replica ${replica.index} at the end`;
      near(`blocks in use ${at}`, replica.usedBlocks, 0, 0);
      near(`holders ${at}`, replica.holders, 0, 0);
      near(`waiting ${at}`, replica.waiting.length, 0, 0);
      near(`load.waiting ${at}`, simulation.load.waiting[replica.index]!, 0, 0);
      near(`load.outstanding ${at}`, simulation.load.outstanding[replica.index]!, 0, 0);
      near(`load.outstandingTokens ${at}`, simulation.load.outstandingTokens[replica.index]!, 0, 0);
      near(`lanes running ${at}`, replica.running, 0, 0);
      for (const lane of replica.lanes) {
        near(`decoding ${at}`, lane.group.count, 0, 0);
        near(`prefilling ${at}`, lane.prefillCount, 0, 0);
      }
    }
    near("slots in use", simulation.requests.active, 0, 0);
    return problems;
  }
}
