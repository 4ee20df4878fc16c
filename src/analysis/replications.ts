// One scenario, several seeds: the replications of a run.
import type { Scenario } from "../scenario/types.ts";
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

export const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
