// The experiment whose runs are on the page, as its panels see it.
import { useMemo } from "react";
import type { Objectives, Plan } from "../../../analysis/experiment.ts";
import { publishedOn, type ExperimentResults } from "../../../analysis/experiment-files.ts";
import { findingsOf, type Findings } from "../../../analysis/findings.ts";
import { metricById, type Metric } from "../../../analysis/metrics.ts";
import { nameOf, settingLabel } from "../../../analysis/plan.ts";
import { suggestedSweep } from "../../../analysis/suggested.ts";
import { equal } from "../../../scenario/equal.ts";
import type { PresetSweep } from "../../../scenario/presets/preset.ts";
import type { Scenario } from "../../../scenario/types.ts";
import { experimentData, useExperimentStore } from "../../state/experiment-store.ts";
import { setIn } from "../../state/paths.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { useViewStore, type SweepForm } from "../../state/view-store.ts";
import { formFor, objectivesOf } from "./form.ts";
import { variablesOf, WHICH } from "./parameters.ts";

export interface ShownExperiment {
  readonly results: ExperimentResults;
  readonly plan: Plan;
  readonly findings: Findings;
  readonly objectives: Objectives;
  readonly x: Metric;
  readonly y: Metric;
  /** On these axes; null where nothing is. */
  readonly published: PresetSweep | null;
  /** "level 2" or "InferLine", by setting; and without the name of what varies, where that is one thing. */
  readonly labels: readonly string[];
  readonly shortLabels: readonly string[];
  /** Head of the short labels: "Level". */
  readonly variesLabel: string;
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
  readonly kept: SweepForm | null;
  readonly shown: ShownExperiment | null;
} | null = null;

/** Options of a choice by their own names, numbers by the name of what they are. */
export function labelsOf({ experiment: { base, axes }, settings }: Plan): Pick<ShownExperiment, "labels" | "shortLabels" | "variesLabel"> {
  const labels = settings.map((setting) => settingLabel(axes, setting));
  const [axis] = axes;
  if (axis === undefined || axes.length > 1) return { labels, shortLabels: labels, variesLabel: "Setting" };
  const variable = variablesOf(base).find(({ path }) => path === axis.path);
  const options = variable?.param.kind === "choice" ? variable.param.options : [];
  const named = settings.map(({ values: [value] }) => options.find(({ id }) => id === value)?.label);
  const name = variable?.label === WHICH ? variable.group : nameOf(axis);
  return {
    labels: labels.map((label, i) => named[i] ?? label),
    shortLabels: settings.map(({ values: [value = ""] }, i) => named[i] ?? value),
    variesLabel: name.charAt(0).toUpperCase() + name.slice(1),
  };
}

/** Null while nothing has been run. `slowly`: looks again once a second. */
export function useExperiment(slowly = false): ShownExperiment | null {
  const revision = useExperimentStore((state) => (slowly ? state.slowRevision : state.revision));
  const scenario = useScenarioStore((state) => state.scenario);
  const kept = useViewStore((state) => state.sweep);
  return useMemo(() => shared(revision, scenario, kept), [revision, scenario, kept]);
}

function shared(revision: number, scenario: Scenario, kept: SweepForm | null): ShownExperiment | null {
  if (last === null || last.revision !== revision || last.scenario !== scenario || last.kept !== kept)
    last = { revision, scenario, kept, shown: shownNow(scenario, kept) };
  return last.shown;
}

function shownNow(scenario: Scenario, kept: SweepForm | null): ShownExperiment | null {
  const { plan, runs, failed } = experimentData;
  if (plan === null) return null;
  const objectives = objectivesOf(formFor(scenario, kept));
  const suggested = suggestedSweep(plan.experiment.base);
  return {
    results: { plan, runs, failed, objectives, published: suggested },
    plan,
    findings: findingsOf(runs, plan.settings.length, objectives),
    objectives,
    x: metricById(objectives.x),
    y: metricById(objectives.y),
    published: publishedOn(suggested, objectives),
    ...labelsOf(plan),
    stale: !sameBut(plan, scenario),
  };
}
