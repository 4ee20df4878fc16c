// Runs of a sweep as text, apart from where they were made: what a shard hands to a merge, and what is kept of a sweep that was stopped.
// A row is named by the hash of its scenario (run-id.ts): the same run has the same row, to the byte, on every machine.
import { ENGINE_VERSION } from "../scenario/version.ts";
import type { DoneRun, FailedRun, FleetSteps, Plan, PlannedRun, RunFigures } from "./experiment.ts";
import { runId } from "./run-id.ts";
import type { EndedRun } from "./schedule.ts";
import type { MeasuredAnswer } from "./types.ts";

export interface SweepRow {
  readonly id: string;
  readonly engineVersion: string;
  readonly answer: MeasuredAnswer;
}

interface PlainSteps {
  readonly at: readonly number[];
  readonly serving: readonly number[];
  readonly costPerHour: readonly number[];
  readonly end: number;
}

const plainSteps = ({ at, serving, costPerHour, end }: FleetSteps): PlainSteps => ({
  at: [...at],
  serving: [...serving],
  costPerHour: [...costPerHour],
  end,
});

/** One line of JSON; its fields keep their order, which is that of the files of results. */
export function rowText(id: string, answer: MeasuredAnswer): string {
  const plain = answer.ok ? { ...answer, figures: { ...answer.figures, fleet: plainSteps(answer.figures.fleet) } } : answer;
  return JSON.stringify({ id, engineVersion: ENGINE_VERSION, answer: plain });
}

/** Null for what is no row of this version of the engine: it is run again. */
export function readRow(given: unknown): SweepRow | null {
  const { id, engineVersion, answer } = (given ?? {}) as Partial<SweepRow>;
  if (typeof id !== "string" || engineVersion !== ENGINE_VERSION || typeof answer !== "object" || answer === null) return null;
  if (!answer.ok) return typeof answer.error === "string" ? { id, engineVersion, answer: { ok: false, error: answer.error } } : null;
  const figures = answer.figures as RunFigures | undefined;
  const fleet = figures?.fleet as PlainSteps | undefined;
  if (figures === undefined || fleet === undefined || !Array.isArray(fleet.at)) return null;
  const steps: FleetSteps = {
    at: Float64Array.from(fleet.at),
    serving: Uint16Array.from(fleet.serving),
    costPerHour: Float64Array.from(fleet.costPerHour),
    end: fleet.end,
  };
  return { id, engineVersion, answer: { ok: true, figures: { ...figures, fleet: steps } } };
}

/** The runs of a plan by the row that they need: settings that come to the same scenario need the same one. */
export class PlanRows {
  readonly plan: Plan;
  private readonly ids: ReadonlyMap<PlannedRun, string>;
  private readonly rows = new Map<string, MeasuredAnswer>();

  constructor(plan: Plan) {
    this.plan = plan;
    this.ids = new Map(plan.runs.map((run) => [run, runId(run.scenario)]));
  }

  idOf(run: PlannedRun): string {
    return this.ids.get(run)!;
  }

  /** Of this shard of several, from 1: every n-th run, so that shards take about as long. */
  shard(runs: readonly PlannedRun[], [part, parts]: readonly [part: number, parts: number]): PlannedRun[] {
    const mine = new Set(this.plan.runs.filter((_, i) => i % parts === part - 1));
    return runs.filter((run) => mine.has(run));
  }

  add(id: string, answer: MeasuredAnswer): void {
    this.rows.set(id, answer);
  }

  has(run: PlannedRun): boolean {
    return this.rows.has(this.idOf(run));
  }

  answerOf(run: PlannedRun): MeasuredAnswer | null {
    return this.rows.get(this.idOf(run)) ?? null;
  }

  /** In the order of the plan. */
  get ended(): EndedRun[] {
    return this.plan.runs.flatMap((run) => {
      const answer = this.answerOf(run);
      return answer === null ? [] : [{ setting: run.setting, seed: run.seed, figures: answer.ok ? answer.figures : null }];
    });
  }

  get done(): DoneRun[] {
    return this.ended.flatMap(({ setting, seed, figures }) => (figures === null ? [] : [{ setting, seed, figures }]));
  }

  get failed(): FailedRun[] {
    return this.plan.runs.flatMap((run) => {
      const answer = this.answerOf(run);
      return answer === null || answer.ok ? [] : [{ setting: run.setting, seed: run.seed, error: answer.error }];
    });
  }
}
