// One scenario, several seeds: the replications of a run.
import type { Scenario } from "../scenario/types.ts";
import { meanInterval } from "./student.ts";
import type { MeanInterval } from "./student.ts";
import type { MeasuredFigures, Measure, RunScenario } from "./types.ts";

/** A scenario that cannot be run, in one sentence. */
export class RunProblem extends Error {}

/** All at once: how many run at a time is the pool's affair. In the order of the seeds. */
export async function replicate(
  run: RunScenario,
  scenario: Scenario,
  seeds: readonly number[],
  measure?: Measure,
): Promise<readonly MeasuredFigures[]> {
  const answers = await Promise.all(seeds.map((seed) => run({ ...scenario, seed }, measure)));
  return answers.map((answer) => {
    if (!answer.ok) throw new RunProblem(answer.error);
    return answer.figures;
  });
}

/**
 * Interval of an attainment. Shares near 1 are skewed: most replications lie above the mean and a few far below, so that a t interval of ten of them holds
 * the true value less often than it says (92 instead of 95 % on M/D/1). Half the error makes up for that.
 */
export const attainmentInterval = (values: readonly number[], confidence: number): MeanInterval =>
  meanInterval(values, 1 - (1 - confidence) / 2);

export const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
