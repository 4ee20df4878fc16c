// An experiment -> the scenarios to run. Each passes the schema here, so that workers can trust them.
import { setPath } from "../scenario/set-path.ts";
import type { Scenario } from "../scenario/types.ts";
import type { Axis, Experiment, Plan, PlannedRun, Setting } from "./experiment.ts";

/** Runs that one experiment may have: what is kept of each is tens of kilobytes. */
export const MOST_RUNS = 2000;
export const MOST_SEEDS = 1000;

export type PlanOutcome = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly error: string };

/** `count` seeds from that of the scenario on. */
export const seedsFrom = (scenario: Scenario, count: number): number[] => Array.from({ length: count }, (_, i) => scenario.seed + i);

/** "pools[0].replicas" without the place where there is one pool: "replicas"; the last name of a path is what people call it. */
export const nameOf = ({ path }: Axis): string =>
  path
    .replace(/\.params\./g, ".")
    .split(/[.[\]]+/)
    .filter((key) => key !== "" && !/^\d+$/.test(key))
    .at(-1) ?? path;

/** "level 2", or "window 5, headroom 1.2". */
export const settingLabel = (axes: readonly Axis[], { values }: Pick<Setting, "values">): string =>
  axes.map((axis, i) => `${nameOf(axis)} ${values[i] ?? ""}`).join(", ");

function grid(axes: readonly Axis[]): string[][] {
  let rows: string[][] = [[]];
  for (const { values } of axes) rows = rows.flatMap((row) => values.map((value) => [...row, value]));
  return rows;
}

export function planExperiment(experiment: Experiment): PlanOutcome {
  const { base, axes, seeds } = experiment;
  const twice = axes.find(({ path }, i) => axes.findIndex((other) => other.path === path) < i);
  if (twice !== undefined) return { ok: false, error: `${twice.path} varies twice. Give all its values at once.` };
  if (axes.some(({ path }) => path === "seed") && seeds.length > 1)
    return { ok: false, error: `The seed varies already. Leave either seed or the number of seeds away.` };
  const rows = grid(axes);
  if (rows.length * seeds.length > MOST_RUNS)
    return {
      ok: false,
      error: `${rows.length} settings with ${seeds.length} seeds are ${rows.length * seeds.length} runs. Give fewer values or seeds: at most ${MOST_RUNS} runs.`,
    };
  const settings: Setting[] = [];
  for (const values of rows) {
    let scenario = base;
    for (const [i, axis] of axes.entries()) {
      const outcome = setPath(scenario, `${axis.path}=${values[i] ?? ""}`);
      if (!outcome.ok) return { ok: false, error: `${axis.path}=${values[i] ?? ""}: ${outcome.errors[0] ?? ""}` };
      scenario = outcome.scenario;
    }
    settings.push({ values, scenario });
  }
  const varied = axes.some(({ path }) => path === "seed");
  const runs = seeds.flatMap((seed) =>
    settings.map(({ scenario }, setting): PlannedRun =>
      varied ? { setting, seed: scenario.seed, scenario } : { setting, seed, scenario: { ...scenario, seed } },
    ),
  );
  return { ok: true, plan: { experiment, settings, runs } };
}
