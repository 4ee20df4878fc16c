// An experiment -> the scenarios to run. Each passes the schema here, so that workers can trust them.
import { setPath } from "../scenario/set-path.ts";
import type { Scenario } from "../scenario/types.ts";
import type { Axis, Experiment, Plan, PlannedRun, Sampling, Setting } from "./experiment.ts";
import { sampledRows } from "./sampling.ts";

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

/** What a value of an axis sets, as assignments "path=value". */
const assignmentsOf = ({ path, values, sets }: Axis, value: string): readonly string[] =>
  sets === undefined ? [`${path}=${value}`] : (sets[values.indexOf(value)] ?? []);

type Made = { readonly scenario: Scenario } | { readonly error: string };

function settle(base: Scenario, axes: readonly Axis[], values: readonly string[]): Made {
  let scenario = base;
  for (const [i, axis] of axes.entries())
    for (const assignment of assignmentsOf(axis, values[i] ?? "")) {
      const outcome = setPath(scenario, assignment);
      if (!outcome.ok) return { error: `${assignment}: ${outcome.errors[0] ?? ""}` };
      scenario = outcome.scenario;
    }
  return { scenario };
}

/** What is wrong with the axes before any value is looked at. */
function axesProblem({ axes, seeds, sampling = GRID }: Experiment): string | null {
  const twice = axes.find(({ path }, i) => axes.findIndex((other) => other.path === path) < i);
  if (twice !== undefined) return `${twice.path} varies twice. Give all its values at once.`;
  if (axes.some(({ path }) => path === "seed") && seeds.length > 1)
    return `The seed varies already. Leave either seed or the number of seeds away.`;
  const open = sampling.kind === "grid" ? axes.find(({ values }) => values.length === 0) : undefined;
  if (open !== undefined)
    return `${open.path} is a range without values, which a grid cannot list. Give its values or a step, or sample at random.`;
  return null;
}

const GRID: Sampling = { kind: "grid" };

/** Yields after every setting. */
function* planning(experiment: Experiment): Generator<void, PlanOutcome, void> {
  const { base, axes, seeds, sampling = GRID } = experiment;
  const problem = axesProblem(experiment);
  if (problem !== null) return { ok: false, error: problem };
  const count = sampling.kind === "grid" ? axes.reduce((product, { values }) => product * values.length, 1) : sampling.settings;
  if (count * seeds.length > MOST_RUNS)
    return {
      ok: false,
      error: `${count} settings with ${seeds.length} seeds are ${count * seeds.length} runs. Give fewer values or seeds: at most ${MOST_RUNS} runs.`,
    };
  const rows = sampling.kind === "grid" ? grid(axes) : sampledRows(axes, sampling);
  const settings: Setting[] = [];
  for (const values of rows) {
    const made = settle(base, axes, values);
    if ("error" in made) return { ok: false, error: made.error };
    settings.push({ values, scenario: made.scenario });
    yield;
  }
  const varied = axes.some(({ path }) => path === "seed");
  const runs = seeds.flatMap((seed) =>
    settings.map(({ scenario }, setting): PlannedRun =>
      varied ? { setting, seed: scenario.seed, scenario } : { setting, seed, scenario: { ...scenario, seed } },
    ),
  );
  return { ok: true, plan: { experiment, settings, runs } };
}

export function planExperiment(experiment: Experiment): PlanOutcome {
  const steps = planning(experiment);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The same plan; `pause` is asked after every setting and may hand the thread back: a thousand settings take the schema most of a second. */
export async function planInSlices(experiment: Experiment, pause: () => Promise<void> | null): Promise<PlanOutcome> {
  const steps = planning(experiment);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
    const wait = pause();
    if (wait !== null) await wait;
  }
}
