// Which runs of a plan are due. With early stopping, seeds come in rounds, and a setting that another one beats for certain gets no further ones: what is
// run depends on figures of whole rounds alone, so that it is the same for any number of workers, in any order, and after an interruption.
import type { DoneRun, EarlyStop, Objectives, Plan, PlannedRun, RunFigures } from "./experiment.ts";
import { lossOf, metricById } from "./metrics.ts";
import { meanInterval } from "./student.ts";

export interface Due {
  /** Not done yet, and to be done now. Empty: the sweep is over. */
  readonly runs: readonly PlannedRun[];
  /** Settings that get no further seeds, each with one that beats it. */
  readonly dropped: ReadonlyMap<number, number>;
}

/** A run that is over, with figures or without. */
export interface EndedRun extends Pick<DoneRun, "setting" | "seed"> {
  readonly figures: RunFigures | null;
}

export interface ScheduleOptions {
  readonly objectives: Objectives;
  readonly earlyStop: EarlyStop | null;
}

const keyOf = (setting: number, seed: number): string => `${setting}/${seed}`;

type Losses = readonly (readonly [x: number, y: number])[];

/** `a` is smaller in both, or equal in one of them, with the confidence; paired by seed. */
function beats(a: Losses, b: Losses, confidence: number): boolean {
  const highs = [0, 1].map((axis) => {
    const { mean, sd, high } = meanInterval(
      a.map((losses, i) => losses[axis as 0 | 1] - b[i]![axis as 0 | 1]),
      confidence,
    );
    return sd === 0 ? mean : high;
  });
  return highs.every((high) => high <= 0) && highs.some((high) => high < 0);
}

/** Settings among `alive` that another one of them beats. The chance of a wrong one among all looks is at most 1 - confidence (Bonferroni). */
function beaten(alive: readonly number[], lossesOf: (setting: number) => Losses | null, confidence: number): Map<number, number> {
  const all = alive.flatMap((setting) => {
    const losses = lossesOf(setting);
    return losses === null ? [] : [{ setting, losses }];
  });
  const found = new Map<number, number>();
  for (const b of all) {
    const winner = all.find((a) => a !== b && beats(a.losses, b.losses, confidence));
    if (winner !== undefined) found.set(b.setting, winner.setting);
  }
  return found;
}

export function dueRuns(plan: Plan, ended: readonly EndedRun[], { objectives, earlyStop }: ScheduleOptions): Due {
  const figures = new Map(ended.map((run) => [keyOf(run.setting, run.seed), run.figures]));
  const missing = (runs: readonly PlannedRun[]): PlannedRun[] => runs.filter(({ setting, seed }) => !figures.has(keyOf(setting, seed)));
  const { settings, runs, experiment } = plan;
  const dropped = new Map<number, number>();
  if (earlyStop === null) return { runs: missing(runs), dropped };
  const { seeds } = experiment;
  const [mx, my] = [metricById(objectives.x), metricById(objectives.y)];
  const looks = Math.max(1, seeds.length - Math.max(2, earlyStop.minSeeds));
  const tests = looks * Math.max(1, settings.length - 1) * 2;
  for (const [round, seed] of seeds.entries()) {
    const alive = settings.map((_, setting) => setting).filter((setting) => !dropped.has(setting));
    const due = missing(runs.slice(round * settings.length, (round + 1) * settings.length).filter(({ setting }) => !dropped.has(setting)));
    if (due.length > 0) return { runs: due, dropped };
    const count = round + 1;
    if (count < Math.max(2, earlyStop.minSeeds) || seed === seeds.at(-1)) continue;
    const lossesOf = (setting: number): Losses | null => {
      const losses = seeds.slice(0, count).map((one) => {
        const metrics = figures.get(keyOf(setting, one))?.metrics;
        const [x, y] = [metrics?.[mx.id] ?? null, metrics?.[my.id] ?? null];
        return x === null || y === null ? null : ([lossOf(mx, x), lossOf(my, y)] as const);
      });
      return losses.includes(null) ? null : (losses as Losses);
    };
    for (const [setting, by] of beaten(alive, lossesOf, 1 - (2 * (1 - earlyStop.confidence)) / tests)) dropped.set(setting, by);
  }
  return { runs: [], dropped };
}
