// goodput sweep
import { axisValues } from "../analysis/axis-values.ts";
import type { Axis, DoneRun, Objectives, Plan, PlannedRun } from "../analysis/experiment.ts";
import { experimentFiles, experimentJson } from "../analysis/experiment-files.ts";
import type { ExperimentResults } from "../analysis/experiment-files.ts";
import { isMetricId, lossOf, metricById, metrics } from "../analysis/metrics.ts";
import type { MetricId } from "../analysis/metrics.ts";
import { MOST_SEEDS, planExperiment, seedsFrom, settingLabel } from "../analysis/plan.ts";
import { suggestedSweep } from "../analysis/suggested.ts";
import { createSweepRunner } from "../analysis/sweep-host.ts";
import type { SweepAnswer, SweepFiles } from "../analysis/sweep-host.ts";
import type { PresetSweep } from "../scenario/presets/preset.ts";
import { hint } from "../scenario/suggest.ts";
import type { Scenario } from "../scenario/types.ts";
import { clock } from "./format.ts";
import { InputError } from "./input-error.ts";
import { print } from "./print.ts";
import { progressLine } from "./progress.ts";
import { scenarioArgument } from "./scenario-argument.ts";
import { withAssignments, withProfileFiles, withTraceFile } from "./scenario-flags.ts";
import { sweepTable } from "./sweep-table.ts";
import { runInProcesses, processesFor } from "./sweep-processes.ts";
import { openOutFolder } from "./whole-files.ts";

export interface SweepFlags {
  readonly vary: readonly string[];
  readonly seeds?: string;
  readonly x?: string;
  readonly y?: string;
  readonly reference?: string;
  readonly trace?: string;
  readonly profile: readonly string[];
  readonly set: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

/** "path=values"; a "=" may stand in the values. */
function axisOf(given: string): Axis {
  const cut = given.indexOf("=");
  if (cut <= 0) throw new InputError(`--vary ${given}: This is not path=values. Give for example --vary pools[0].replicas=2,4,8.`);
  const outcome = axisValues(given.slice(cut + 1));
  if (!outcome.ok) throw new InputError(`--vary ${given}: ${outcome.error}`);
  return { path: given.slice(0, cut), values: outcome.values };
}

function axesOf({ vary }: SweepFlags, suggested: PresetSweep | null): Axis[] {
  if (vary.length > 0) return vary.map(axisOf);
  if (suggested === null) throw new InputError(`Nothing varies. Give --vary path=values, for example --vary pools[0].replicas=2,4,8.`);
  return [axisOf(`${suggested.path}=${suggested.values}`)];
}

function seedsOf({ vary, seeds }: SweepFlags, suggested: PresetSweep | null): number {
  if (seeds === undefined) return vary.length > 0 ? 1 : (suggested?.seeds ?? 1);
  const count = Number(seeds);
  if (!Number.isInteger(count) || count < 1 || count > MOST_SEEDS)
    throw new InputError(`--seeds ${seeds}: This is not a number of seeds. Give a whole number from 1 to ${MOST_SEEDS}.`);
  return count;
}

function metricOf(flag: "--x" | "--y", given: string | undefined, otherwise: string): MetricId {
  const id = given ?? otherwise;
  const known = metrics.map((metric) => metric.id);
  if (!isMetricId(id)) throw new InputError(`${flag} ${id}: There is no such quantity.${hint(id, known)} Give one of ${known.join(", ")}.`);
  return id;
}

function referenceOf(given: string, x: MetricId, y: MetricId): readonly [number, number] {
  const parts = given.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [rx = NaN, ry = NaN] = parts;
  const fits = (id: MetricId, value: number): boolean => {
    const metric = metricById(id);
    return Number.isFinite(value) && lossOf(metric, value) > 0 && (!metric.wantsMore || value >= 0);
  };
  if (parts.length !== 2 || !fits(x, rx) || !fits(y, ry))
    throw new InputError(
      `--reference ${given}: This is not a corner. Give a value of ${x} and one of ${y}, above 0 (a share: below 1), such as 50,0.5.`,
    );
  return [rx, ry];
}

function objectivesOf(flags: SweepFlags, suggested: PresetSweep | null): Objectives {
  const x = metricOf("--x", flags.x, suggested?.x ?? "cost");
  const y = metricOf("--y", flags.y, suggested?.y ?? "e2e.p90");
  if (flags.reference !== undefined) return { x, y, reference: referenceOf(flags.reference, x, y) };
  return { x, y, reference: suggested !== null && suggested.x === x && suggested.y === y ? suggested.reference : [null, null] };
}

function planOf(base: Scenario, axes: readonly Axis[], seeds: number): Plan {
  const outcome = planExperiment({ base, axes, seeds: seedsFrom(base, seeds) });
  if (!outcome.ok) throw new InputError(`--vary ${outcome.error}`);
  return outcome.plan;
}

/** Seconds that a run must take before processes are worth their start. */
const WORTH_PROCESSES = 0.3;

/** The first run here, which tells how long one takes; the others in processes where that pays. What cannot be run ends the sweep. */
async function runAll(plan: Plan, files: SweepFiles): Promise<DoneRun[]> {
  const { runs, settings, experiment } = plan;
  const done: DoneRun[] = [];
  const progress = progressLine();
  const labelOf = ({ setting, seed }: PlannedRun): string => `${settingLabel(experiment.axes, settings[setting]!)}, seed ${seed}`;
  let trouble: string | null = null;
  const take = (run: PlannedRun, answer: SweepAnswer): boolean => {
    if (answer.ok) done.push({ setting: run.setting, seed: run.seed, figures: answer.figures });
    else trouble ??= `${labelOf(run)}: ${answer.error}`;
    progress.text(`${done.length} of ${runs.length} runs`);
    return answer.ok;
  };
  const here = async (own: readonly PlannedRun[]): Promise<void> => {
    const runner = createSweepRunner();
    await runner.useFiles(files);
    for (const run of own) {
      const answer = await runner.run(run.scenario, async ({ simulation }) => {
        progress.text(`${done.length} of ${runs.length} runs; ${labelOf(run)}, simulated ${clock(simulation.now)}`);
        // Lets an interrupt in.
        await new Promise((resolve) => setImmediate(resolve));
      });
      if (!take(run, answer)) return;
    }
  };
  try {
    const begun = performance.now();
    await here(runs.slice(0, 1));
    const seconds = (performance.now() - begun) / 1000;
    const rest = trouble === null ? runs.slice(1) : [];
    if (seconds > WORTH_PROCESSES && processesFor(rest.length) > 1) await runInProcesses(rest, files, take);
    else await here(rest);
  } finally {
    progress.clear();
  }
  if (trouble !== null) throw new InputError(trouble);
  return done;
}

export async function sweep(given: string, flags: SweepFlags): Promise<void> {
  const argument = await scenarioArgument(given);
  const source = await withTraceFile(argument.scenario, flags.trace);
  const measured = await withProfileFiles(source.scenario, flags.profile, argument.models);
  const base = withAssignments(measured.scenario, { set: flags.set });
  const suggested = suggestedSweep(base);
  const objectives = objectivesOf(flags, suggested);
  const plan = planOf(base, axesOf(flags, suggested), seedsOf(flags, suggested));
  const out = flags.out === undefined ? null : openOutFolder(flags.out);
  try {
    const results: ExperimentResults = {
      plan,
      runs: await runAll(plan, { trace: source.trace, profiles: measured.profiles }),
      failed: [],
      objectives,
      published: suggested,
    };
    out?.write(experimentFiles(results));
    print(flags.json === true ? experimentJson(results) : sweepTable(results));
  } finally {
    out?.discard();
  }
}
