// The experiment whose runs are on the page, as its panels see it.
import { useEffect, useMemo, useState } from "react";
import { flushSync } from "react-dom";
import type { DoneRun, Objectives, Plan } from "../../../analysis/experiment.ts";
import { findingsOfResults, publishedOn, type ExperimentResults } from "../../../analysis/experiment-files.ts";
import { findingsOf, type Findings } from "../../../analysis/findings.ts";
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
import { takeTurn } from "../../ui/turns.ts";
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
  readonly findings: Findings;
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

/** Each panel is drawn in a task and a frame of its own: together they would keep the page from answering, tables of many settings are laid out for long. */
function useRevision(key: "revision" | "slowRevision"): number {
  const [revision, setRevision] = useState(() => useExperimentStore.getState()[key]);
  useEffect(() => {
    let leave: (() => void) | null = null;
    const show = (): void => {
      leave = null;
      // Without it React would draw the panels of several turns together.
      flushSync(() => setRevision(useExperimentStore.getState()[key]));
    };
    const stop = useExperimentStore.subscribe((now, before) => {
      if (now[key] !== before[key]) leave ??= takeTurn(show, { ownFrame: true });
    });
    // What has come since the first rendering.
    leave = takeTurn(show, { ownFrame: true });
    return () => {
      stop();
      leave?.();
    };
  }, [key]);
  return revision;
}

/** Null while nothing has been run. `slowly`: looks again once a second. */
export function useExperiment(slowly = false): ShownExperiment | null {
  const revision = useRevision(slowly ? "slowRevision" : "revision");
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
export function shownExperiment(results: ExperimentResults, split: string | null | undefined, stale: boolean): ShownExperiment {
  const { plan, runs, objectives, constraints } = results;
  const settings = plan.settings.length;
  const findings = findingsOfResults(results);
  // All fronts to the same corner.
  const toCorner = { ...objectives, reference: findings.reference };
  const { groups, groupOf } = groupsOf(plan, split);
  const [x, y] = [metricById(objectives.x), metricById(objectives.y)];
  return {
    results,
    plan,
    runsOf: bySetting(runs, settings),
    findings,
    groups: groups.map((group, i) => ({
      ...group,
      findings: findingsOf(
        runs.filter(({ setting }) => groupOf[setting] === i),
        settings,
        toCorner,
        constraints,
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
    { plan, runs, failed, objectives: objectivesOf(form), constraints: form.constraints, published },
    form.split,
    !sameBut(plan, scenario),
  );
}
