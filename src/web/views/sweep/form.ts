// The form of a sweep and what it comes to.
import { axisValues, type ValuesOutcome } from "../../../analysis/axis-values.ts";
import type { Axis, Experiment, Objectives } from "../../../analysis/experiment.ts";
import { isMetricId } from "../../../analysis/metrics.ts";
import { planExperiment, seedsFrom } from "../../../analysis/plan.ts";
import { suggestedSweep } from "../../../analysis/suggested.ts";
import type { Scenario } from "../../../scenario/types.ts";
import type { AxisForm, RangeForm, SweepForm } from "./form-types.ts";
import { firstValues, isWhole, variablesOf, type Variable } from "./parameters.ts";
import { readForm } from "./read-form.ts";

const PLAIN = { design: "grid", settings: 32, constraints: [] } as const;

/** What is proposed for a scenario: its preset's sweep, or the replicas of its first pool. */
export function proposedForm(scenario: Scenario): SweepForm {
  const { name } = scenario;
  const suggested = suggestedSweep(scenario);
  if (suggested !== null) {
    const { path, values, seeds, x, y, reference } = suggested;
    return { ...PLAIN, name, axes: [{ path, values }], seeds, x, y, reference };
  }
  const path = "pools[0].replicas";
  const replicas = variablesOf(scenario).find((variable) => variable.path === path);
  const values = replicas === undefined ? "1..4" : firstValues(replicas);
  return { ...PLAIN, name, axes: [{ path, values }], seeds: 1, x: "cost", y: "e2e.p90", reference: [null, null] };
}

/** The form that a person has set for this scenario, else what is proposed. */
export function formFor(scenario: Scenario, set: unknown): SweepForm {
  const form = readForm(set);
  return form !== null && form.name === scenario.name ? form : proposedForm(scenario);
}

/** A form may come from a link: unknown quantities are the usual ones. */
export function objectivesOf({ x, y, reference }: SweepForm): Objectives {
  return { x: isMetricId(x) ? x : "cost", y: isMetricId(y) ? y : "e2e.p90", reference };
}

/** Evenly between the ends, or evenly by ratio; three digits, each value once. */
function spaced({ from, to, count, scale }: RangeForm, whole: boolean): readonly string[] {
  const at = (i: number): number => {
    const share = count > 1 ? i / (count - 1) : 0;
    return scale === "log" ? from * (to / from) ** share : from + share * (to - from);
  };
  const ends = new Map([
    [0, from],
    [count - 1, to],
  ]);
  const values = Array.from({ length: count }, (_, i) => ends.get(i) ?? (whole ? Math.round(at(i)) : Number(at(i).toPrecision(3))));
  return [...new Set(values.map(String))];
}

/** What is wrong with the ends of a range, in one sentence. */
function rangeComplaint({ from, to, scale }: RangeForm): string | null {
  if (to <= from) return `The range ends at ${to}, before it begins. Give an end above ${from}.`;
  if (scale === "log" && from <= 0) return `A range by ratio cannot begin at ${from}. Give a beginning above 0, or an even range.`;
  return null;
}

/** The values of an axis as the grid has them. */
export function valuesOf(axis: AxisForm, variable: Variable | undefined): ValuesOutcome {
  if (axis.range === undefined) return axisValues(axis.values);
  const wrong = rangeComplaint(axis.range);
  return wrong === null ? { ok: true, values: spaced(axis.range, isWhole(variable)) } : { ok: false, error: wrong };
}

export type ExperimentOutcome = { readonly ok: true; readonly experiment: Experiment } | { readonly ok: false; readonly error: string };

export function experimentOf(scenario: Scenario, form: SweepForm): ExperimentOutcome {
  const variables = variablesOf(scenario);
  const drawn = form.design !== "grid";
  const axes: Axis[] = [];
  for (const axis of form.axes) {
    const variable = variables.find(({ path }) => path === axis.path);
    const outcome = valuesOf(axis, variable);
    if (!outcome.ok) return { ok: false, error: form.axes.length > 1 ? `${axis.path}: ${outcome.error}` : outcome.error };
    const { path, range } = axis;
    if (drawn && range !== undefined) {
      const { from, to, scale } = range;
      axes.push({ path, values: [], range: { from, to, scale, whole: isWhole(variable) } });
    } else axes.push({ path, values: outcome.values });
  }
  const base: Experiment = { base: scenario, axes, seeds: seedsFrom(scenario, form.seeds) };
  const { design: kind, settings } = form;
  return { ok: true, experiment: kind === "grid" ? base : { ...base, sampling: { kind, settings, seed: scenario.seed } } };
}

/** Settings that the form comes to; null where something is wrong with it. A drawn design may have fewer: settings that come twice count once. */
export function settingsOf(scenario: Scenario, form: SweepForm): number | null {
  if (form.design !== "grid") return form.settings;
  const variables = variablesOf(scenario);
  let product = 1;
  for (const axis of form.axes) {
    const outcome = valuesOf(
      axis,
      variables.find(({ path }) => path === axis.path),
    );
    if (!outcome.ok) return null;
    product *= outcome.values.length;
  }
  return product;
}

/** What is wrong with one axis, without making every setting: the list itself, its first value and its last, on the scenario as the axes before it leave it. */
export function axisComplaint(scenario: Scenario, form: SweepForm, at: number): string | null {
  const axis = form.axes[at];
  if (axis === undefined) return null;
  if (form.axes.findIndex(({ path }) => path === axis.path) < at) return `${axis.path} varies already. Take another parameter.`;
  const variables = variablesOf(scenario);
  const outcome = valuesOf(
    axis,
    variables.find(({ path }) => path === axis.path),
  );
  if (!outcome.ok) return outcome.error;
  for (const value of new Set([outcome.values[0] ?? "", outcome.values.at(-1) ?? ""])) {
    const planned = planExperiment({ base: scenario, axes: [{ path: axis.path, values: [value] }], seeds: [scenario.seed] });
    if (!planned.ok) return planned.error;
  }
  return null;
}

/** The first complaint about any axis. */
export function complaintOf(scenario: Scenario, form: SweepForm): string | null {
  for (const i of form.axes.keys()) {
    const complaint = axisComplaint(scenario, form, i);
    if (complaint !== null) return complaint;
  }
  return null;
}
