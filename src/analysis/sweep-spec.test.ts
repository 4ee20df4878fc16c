import { describe, expect, test } from "vitest";
import { presets } from "../scenario/presets/index.ts";
import { planExperiment } from "./plan.ts";
import { parseSweepSpec, sweepSpecJson } from "./sweep-spec.ts";
import type { SweepSpec } from "./types.ts";

const smallest = { format: "goodput-sweep", version: 1, scenario: "service-levels", axes: [{ path: "pools[0].replicas", values: [1, 2] }] };

function read(given: unknown): SweepSpec {
  const outcome = parseSweepSpec(given);
  if (!outcome.ok) throw new Error(outcome.errors.join(" "));
  return outcome.spec;
}

describe("a sweep as a file", () => {
  test("the smallest: what is left out", () => {
    const { experiment, objectives, constraints, earlyStop, metrics } = read(smallest);
    expect(experiment.axes).toEqual([{ path: "pools[0].replicas", values: ["1", "2"] }]);
    expect(experiment.seeds).toEqual([presets.find(({ id }) => id === "service-levels")!.scenario.seed]);
    expect({ objectives, constraints, earlyStop, metrics }).toEqual({
      objectives: { x: "cost", y: "e2e.p90", reference: [null, null] },
      constraints: [],
      earlyStop: null,
      metrics: null,
    });
  });
  const full = {
    ...smallest,
    axes: [
      { path: "traffic.rateScale", from: 0.5, to: 8, count: 5, scale: "log" },
      { path: "pools[0].replicas", from: 2, to: 6, step: 2 },
      { path: "pools[0].maxReplicas", from: 8, to: 32, whole: true },
      {
        name: "policy",
        values: [
          { label: "fixed", set: { "pools[0].autoscaling.id": "fixed" } },
          { label: "cheap", set: { "pools[0].autoscaling": { id: "service-level" }, "pools[0].autoscaling.params.level": 1 } },
        ],
      },
    ],
    seeds: [4, 9, 11, 12],
    sampling: { kind: "latin-hypercube", settings: 12, seed: 5 },
    metrics: ["cost", "goodput.gpu"],
    x: "cost.hour",
    y: "slo",
    reference: [40, null],
    constraints: [{ metric: "slo", atLeast: 0.9 }],
    earlyStop: { confidence: 0.95, minSeeds: 3 },
  };
  test("ranges, values that set several paths, sampling: all of it can be planned", () => {
    const { experiment } = read(full);
    expect(experiment.axes[0]?.values).toEqual(["0.5", "1", "2", "4", "8"]);
    expect(experiment.axes[1]?.values).toEqual(["2", "4", "6"]);
    expect(experiment.axes[2]).toEqual({
      path: "pools[0].maxReplicas",
      values: [],
      range: { from: 8, to: 32, scale: "linear", whole: true },
    });
    const outcome = planExperiment(experiment);
    if (!outcome.ok) throw new Error(outcome.error);
    expect(outcome.plan.runs).toHaveLength(48);
    expect(outcome.plan.settings.filter(({ values }) => values[3] === "cheap")).toHaveLength(6);
  });
  test("written and read again it is the same sweep, and its text the same text", () => {
    for (const given of [smallest, full]) {
      const spec = read(given);
      const written = JSON.stringify(sweepSpecJson(spec));
      expect(read(JSON.parse(written))).toEqual(spec);
      expect(JSON.stringify(sweepSpecJson(read(JSON.parse(written))))).toBe(written);
    }
  });
  test.each([
    [{ ...smallest, format: "other" }, /^format: "other" is not a sweep/],
    [{ ...smallest, version: 2 }, /^version: This sweep was made by a newer Goodput/],
    [{ ...smallest, scenario: "service-level" }, /^scenario: There is no preset "service-level"\..*service-levels/],
    [{ ...smallest, scenario: { seed: -1 } }, /^scenario: seed: -1 is below/],
    [{ ...smallest, axis: [] }, /Unknown field of a sweep "axis".*axes/],
    [{ ...smallest, axes: [] }, /^axes: The list is empty/],
    [{ ...smallest, axes: [{ path: "a" }] }, /^axes\[0\]: There are neither values nor a range/],
    [{ ...smallest, axes: [{ path: "a", name: "b", values: [1] }] }, /^axes\[0\]: Give either the path/],
    [{ ...smallest, axes: [{ path: "a", values: [1, 1] }] }, /^axes\[0\]\.values: 1 is there twice/],
    [{ ...smallest, axes: [{ name: "policy", values: [{ label: "x" }] }] }, /^axes\[0\]\.values\[0\]: Give an object with a label/],
    [{ ...smallest, axes: [{ path: "a", from: 0, to: 1, count: 3, scale: "log" }] }, /^axes\[0\]\.from: A log range begins above 0/],
    [{ ...smallest, axes: [{ path: "a", from: 2, to: 1, step: 1 }] }, /^axes\[0\]\.to: 1 is not above from, 2/],
    [{ ...smallest, seeds: 0 }, /^seeds: /],
    [{ ...smallest, sampling: { kind: "random" } }, /^sampling\.settings: is missing/],
    [{ ...smallest, metrics: ["costs"] }, /^metrics\[0\]: Unknown quantity "costs"\./],
    [{ ...smallest, constraints: [{ metric: "slo" }] }, /^constraints\[0\]: There is no limit/],
    [{ ...smallest, seeds: 2, earlyStop: { confidence: 0.9, minSeeds: 3 } }, /^earlyStop\.minSeeds: 3 of 2 seeds/],
  ])("refuses %#", (given, sentence) => {
    const outcome = parseSweepSpec(given);
    expect(outcome.ok ? "" : outcome.errors[0]).toMatch(sentence);
  });
});
