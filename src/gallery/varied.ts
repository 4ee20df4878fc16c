// Scenarios of a card: a base with changes as `run --set` takes them, and means over seeds.
import type { RunFigures } from "../analysis/experiment.ts";
import type { MetricId } from "../analysis/metrics.ts";
import { setPath } from "../scenario/set-path.ts";
import type { Scenario } from "../scenario/types.ts";
import type { CardRun } from "./card.ts";

export function changed(base: Scenario, changes: readonly string[]): Scenario {
  let scenario = base;
  for (const change of changes) {
    const outcome = setPath(scenario, change);
    if (!outcome.ok) throw new Error(`${change}: ${outcome.errors.join(" ")}`);
    scenario = outcome.scenario;
  }
  return scenario;
}

/** One run per seed, keyed "name 1", "name 2", ... */
export const seeded = (name: string, scenario: Scenario, seeds: number): CardRun[] =>
  Array.from({ length: seeds }, (_, i) => ({ key: `${name} ${i + 1}`, scenario: { ...scenario, seed: i + 1 } }));

/** Mean of a quantity over the seeds of `seeded`. */
export function meanOf(of: (key: string) => RunFigures, name: string, seeds: number, metric: MetricId): number {
  let sum = 0;
  for (let seed = 1; seed <= seeds; seed++) {
    const value = of(`${name} ${seed}`).metrics[metric];
    if (value === null) throw new Error(`${name} ${seed} has no ${metric}.`);
    sum += value;
  }
  return sum / seeds;
}
