import { describe, expect, test } from "vitest";
import { axisValues } from "../../../analysis/axis-values.ts";
import { isMetricId, metricById } from "../../../analysis/metrics.ts";
import { suggestedSweep } from "../../../analysis/suggested.ts";
import { presets } from "../../../scenario/presets/index.ts";
import { parseScenario } from "../../../scenario/schema.ts";
import { planExperiment } from "../../../analysis/plan.ts";
import { complaintOf, experimentOf, formFor, objectivesOf, proposedForm } from "./form.ts";
import { firstValues, variablesOf } from "./parameters.ts";
import { deviationOf, inUnit } from "./units.ts";
import { labelsOf } from "./labels.ts";

const planOf = (...args: Parameters<typeof experimentOf>) => {
  const outcome = experimentOf(...args);
  return outcome.ok ? planExperiment(outcome.experiment) : outcome;
};

describe.each(presets.map((preset) => [preset.id, preset] as const))("%s", (_, { scenario, sweep }) => {
  test("what is proposed can be run", () => {
    const form = proposedForm(scenario);
    expect(complaintOf(scenario, form)).toBeNull();
    expect(planOf(scenario, form).ok).toBe(true);
    if (sweep !== undefined) {
      expect(form).toMatchObject({ axes: [{ path: sweep.path, values: sweep.values }], seeds: sweep.seeds });
      expect([sweep.x, sweep.y].every(isMetricId)).toBe(true);
    }
  });
  test("every parameter has a path that the schema knows, and values of its kind to begin with", () => {
    const variables = variablesOf(scenario);
    expect(new Set(variables.map(({ path }) => path)).size).toBe(variables.length);
    const wrong = variables.flatMap((variable) => {
      const parsed = axisValues(firstValues(variable));
      if (!parsed.ok) return [`${variable.path}: ${parsed.error}`];
      // The schema alone: whether a fleet of such values can serve is another question.
      const complaint = complaintOf(scenario, {
        ...proposedForm(scenario),
        axes: [{ path: variable.path, values: firstValues(variable) }],
      });
      return complaint !== null && /Unknown|not a |not a whole|limit/.test(complaint) ? [complaint] : [];
    });
    expect(wrong).toEqual([]);
  });
});

describe("form", () => {
  const { scenario } = presets.find(({ id }) => id === "service-levels")!;
  test("a person's form holds for the scenario that it was set for", () => {
    const own = { ...proposedForm(scenario), seeds: 3 };
    expect(formFor(scenario, own)).toEqual(own);
    expect(formFor({ ...scenario, name: "Other" }, own).seeds).toBe(1);
  });
  test("quantities that a link makes up are the usual ones", () => {
    expect(objectivesOf({ ...proposedForm(scenario), x: "joy", y: "e2e.p99" })).toMatchObject({ x: "cost", y: "e2e.p99" });
  });
  test("says what is wrong with values", () => {
    const form = proposedForm(scenario);
    const withValues = (from: typeof form, values: string) => ({ ...from, axes: [{ path: from.axes[0]!.path, values }] });
    expect(complaintOf(scenario, withValues(form, "1,2,9"))).toMatch(/level=9: .*9 is above the limit 3/);
    expect(complaintOf(scenario, withValues(form, "1,,2"))).toMatch(/empty value/);
  });
  test("published points stay while the traffic does, through a link, too", () => {
    const parsed = parseScenario(JSON.parse(JSON.stringify(scenario)));
    if (!parsed.ok) throw new Error(parsed.errors[0]);
    expect(suggestedSweep(parsed.scenario)?.published.points).toHaveLength(3);
    expect(suggestedSweep({ ...scenario, pools: [] })).not.toBeNull();
    expect(suggestedSweep({ ...scenario, traffic: { ...scenario.traffic, rateScale: 2 } })).toBeNull();
  });
});

test("values with their units, deviations in the unit of the mean", () => {
  const at = (mean: number, sd: number | null) => ({ count: 2, mean, sd, min: mean, max: mean });
  expect(inUnit(metricById("e2e.p90"), 0.2204)).toBe("220\u00a0ms");
  expect(deviationOf(metricById("e2e.p90"), at(0.2204, 0.014))).toBe("± 14");
  expect(deviationOf(metricById("e2e.p90"), at(0.2204, 0.0003))).toBe("± 0.3");
  expect(inUnit(metricById("e2e.p99"), 1.73)).toBe("1.73\u00a0s");
  expect(inUnit(metricById("cost.hour"), 34.9)).toBe("$34.90/h");
  expect(inUnit(metricById("cost.tokens"), 1.5)).toBe("$1.50/M\u00a0tok");
  expect(inUnit(metricById("slo"), 0.964)).toBe("96.4\u00a0%");
  expect(deviationOf(metricById("cost"), at(1, null))).toBe("");
});

test("options of a choice are called by their names, numbers by what they are", () => {
  const { scenario } = presets.find(({ id }) => id === "service-levels")!;
  const labels = (path: string, values: string): unknown => {
    const outcome = planOf(scenario, { ...proposedForm(scenario), axes: [{ path, values }] });
    if (!outcome.ok) throw new Error(outcome.error);
    return labelsOf(outcome.plan);
  };
  expect(labels("pools[0].autoscaling", "inferline,hpa")).toMatchObject({
    labels: ["InferLine", "Kubernetes HPA"],
    axes: [{ name: "Autoscaler" }],
  });
  expect(labels("pools[0].autoscaling.params.level", "1,3")).toMatchObject({
    labels: ["level 1", "level 3"],
    axes: [{ name: "Level" }],
  });
});
