// The form of a sweep and what it comes to.
import { axisValues } from "../../../analysis/axis-values.ts";
import type { Objectives } from "../../../analysis/experiment.ts";
import { isMetricId } from "../../../analysis/metrics.ts";
import { planExperiment, seedsFrom, type PlanOutcome } from "../../../analysis/plan.ts";
import { suggestedSweep } from "../../../analysis/suggested.ts";
import type { Scenario } from "../../../scenario/types.ts";
import type { SweepForm } from "../../state/view-store.ts";
import { firstValues, variablesOf } from "./parameters.ts";

/** What is proposed for a scenario: its preset's sweep, or the replicas of its first pool. */
export function proposedForm(scenario: Scenario): SweepForm {
  const { name } = scenario;
  const suggested = suggestedSweep(scenario);
  if (suggested !== null) {
    const { path, values, seeds, x, y, reference } = suggested;
    return { name, path, values, seeds, x, y, reference };
  }
  const replicas = variablesOf(scenario).find(({ path }) => path === "pools[0].replicas");
  return {
    name,
    path: "pools[0].replicas",
    values: replicas === undefined ? "1..4" : firstValues(replicas),
    seeds: 1,
    x: "cost",
    y: "e2e.p90",
    reference: [null, null],
  };
}

/** The form that a person has set for this scenario, else what is proposed. */
export const formFor = (scenario: Scenario, set: SweepForm | null): SweepForm =>
  set !== null && set.name === scenario.name ? set : proposedForm(scenario);

/** A form may come from a link: unknown quantities are the usual ones. */
export function objectivesOf({ x, y, reference }: SweepForm): Objectives {
  return { x: isMetricId(x) ? x : "cost", y: isMetricId(y) ? y : "e2e.p90", reference };
}

export function planOf(scenario: Scenario, { path, values, seeds }: SweepForm): PlanOutcome {
  const parsed = axisValues(values);
  if (!parsed.ok) return parsed;
  return planExperiment({ base: scenario, axes: [{ path, values: parsed.values }], seeds: seedsFrom(scenario, seeds) });
}

/** What is wrong with the form, without making every setting: the list itself, its first value and its last. */
export function complaintOf(scenario: Scenario, form: SweepForm): string | null {
  const parsed = axisValues(form.values);
  if (!parsed.ok) return parsed.error;
  for (const value of new Set([parsed.values[0] ?? "", parsed.values.at(-1) ?? ""])) {
    const outcome = planExperiment({ base: scenario, axes: [{ path: form.path, values: [value] }], seeds: [scenario.seed] });
    if (!outcome.ok) return outcome.error;
  }
  return null;
}
