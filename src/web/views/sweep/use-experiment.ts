// The experiment whose runs are on the page, as its panels see it.
import { useMemo } from "react";
import type { Constraint, DoneRun, Objectives, Plan } from "../../../analysis/experiment.ts";
import { publishedOn, type ExperimentResults } from "../../../analysis/experiment-files.ts";
import { findingsOf, spreadAt, type Findings } from "../../../analysis/findings.ts";
import { kneeOf } from "../../../analysis/knee.ts";
import { lossOf, metricById, type Metric } from "../../../analysis/metrics.ts";
import { suggestedSweep } from "../../../analysis/suggested.ts";
import { equal } from "../../../scenario/equal.ts";
import type { PresetSweep } from "../../../scenario/presets/preset.ts";
import type { Scenario } from "../../../scenario/types.ts";
import { experimentData, useExperimentStore } from "../../state/experiment-store.ts";
import { setIn } from "../../state/paths.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { formFor, objectivesOf } from "./form.ts";
import { groupsOf, type SettingGroup } from "./groups.ts";
import { labelsOf, type Labels } from "./labels.ts";

/** One of several fronts: the settings that share a value of the axis by which fronts are told apart. */
export interface ShownGroup extends SettingGroup {
  readonly findings: Findings;
}

export interface ShownExperiment extends Labels {
  readonly results: ExperimentResults;
  readonly plan: Plan;
  /** Runs by setting, each list in the order of its seeds. */
  readonly runsOf: readonly (readonly DoneRun[])[];
  /** Of the settings that keep the constraints. */
  readonly findings: Findings;
  /** By setting: keeps every constraint in the mean over its seeds. */
  readonly keeps: readonly boolean[];
  readonly constraints: readonly Constraint[];
  /** Empty where there is one front. */
  readonly groups: readonly ShownGroup[];
  /** By setting: position in `groups`, or -1. */
  readonly groupOf: readonly number[];
  /** The setting at the knee of the front. */
  readonly knee: number | null;
  readonly objectives: Objectives;
  readonly x: Metric;
  readonly y: Metric;
  /** On these axes; null where nothing is. */
  readonly published: PresetSweep | null;
  /** The scenario has changed since in more than what varies. */
  readonly stale: boolean;
}

/** All but what varies is the same; the name and the seed change nothing that is compared. */
function sameBut(plan: Plan, now: Scenario): boolean {
  const bare = (scenario: Scenario): Scenario =>
    plan.experiment.axes.reduce((left, { path }) => setIn(left, path.replace(/\[(\d+)\]/g, ".$1"), null), {
      ...scenario,
      name: "",
      seed: 0,
    });
  return equal(bare(plan.experiment.base), bare(now));
}

/** The last answer: several panels ask the same question. */
let last: {
  readonly revision: number;
  readonly scenario: Scenario;
  readonly kept: object | null;
  readonly shown: ShownExperiment | null;
} | null = null;

/** Null while nothing has been run. `slowly`: looks again once a second. */
export function useExperiment(slowly = false): ShownExperiment | null {
  const revision = useExperimentStore((state) => (slowly ? state.slowRevision : state.revision));
  const scenario = useScenarioStore((state) => state.scenario);
  const kept = useViewStore((state) => state.sweep);
  return useMemo(() => shared(revision, scenario, kept), [revision, scenario, kept]);
}

function shared(revision: number, scenario: Scenario, kept: object | null): ShownExperiment | null {
  if (last === null || last.revision !== revision || last.scenario !== scenario || last.kept !== kept)
    last = { revision, scenario, kept, shown: shownNow(scenario, kept) };
  return last.shown;
}

function bySetting(runs: readonly DoneRun[], settings: number): DoneRun[][] {
  const lists: DoneRun[][] = Array.from({ length: settings }, () => []);
  for (const run of runs) lists[run.setting]!.push(run);
  for (const list of lists) list.sort((a, b) => a.seed - b.seed);
  return lists;
}

const kept = (constraint: Constraint, value: number): boolean =>
  value <= (constraint.atMost ?? Infinity) && value >= (constraint.atLeast ?? -Infinity);

/** A front of losses has its knee where the settings stand in the order of their first quantity. */
function kneeSetting(findings: Findings, x: Metric, y: Metric): number | null {
  const points = findings.front.map((setting) => {
    const place = findings.places[setting]!;
    return { setting, at: [lossOf(x, place.x.mean), lossOf(y, place.y.mean)] as const };
  });
  points.sort((a, b) => a.at[0] - b.at[0]);
  const knee = kneeOf(points.map(({ at }) => at));
  return knee === null ? null : points[knee]!.setting;
}

/** What the panels show of runs; apart from the stores, so that tests can call it. */
export function shownExperiment(
  results: ExperimentResults,
  constraints: readonly Constraint[],
  split: string | null | undefined,
  stale: boolean,
): ShownExperiment {
  const { plan, runs, objectives } = results;
  const settings = plan.settings.length;
  const runsOf = bySetting(runs, settings);
  const keeps = runsOf.map((own, setting) =>
    constraints.every((constraint) => {
      const spread = spreadAt(own, setting, constraint.metric);
      return spread !== null && kept(constraint, spread.mean);
    }),
  );
  const counted = constraints.length === 0 ? runs : runs.filter(({ setting }) => keeps[setting]);
  // The corner follows from all settings: a constraint moves the front, not the scale.
  const { reference } = findingsOf(runs, settings, objectives);
  const fixed = { ...objectives, reference };
  const findings = findingsOf(counted, settings, fixed);
  const { groups, groupOf } = groupsOf(plan, split);
  const [x, y] = [metricById(objectives.x), metricById(objectives.y)];
  return {
    results,
    plan,
    runsOf,
    findings,
    keeps,
    constraints,
    groups: groups.map((group, i) => ({
      ...group,
      findings: findingsOf(
        counted.filter(({ setting }) => groupOf[setting] === i),
        settings,
        fixed,
      ),
    })),
    groupOf,
    knee: kneeSetting(findings, x, y),
    objectives,
    x,
    y,
    published: publishedOn(results.published, objectives),
    ...labelsOf(plan),
    stale,
  };
}

function shownNow(scenario: Scenario, kept: object | null): ShownExperiment | null {
  const { plan, runs, failed } = experimentData;
  if (plan === null) return null;
  const form = formFor(scenario, kept);
  const published = suggestedSweep(plan.experiment.base);
  return shownExperiment(
    { plan, runs, failed, objectives: objectivesOf(form), published },
    form.constraints,
    form.split,
    !sameBut(plan, scenario),
  );
}
