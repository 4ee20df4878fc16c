import { describe, expect, test } from "vitest";
import { presets } from "../scenario/presets/index.ts";
import type { Axis } from "./experiment.ts";
import { nameOf, planExperiment, seedsFrom, settingLabel } from "./plan.ts";
import { runId } from "./run-id.ts";

const base = presets.find(({ id }) => id === "service-levels")!.scenario;
const level: Axis = { path: "pools[0].autoscaling.params.level", values: ["1", "3"] };
const replicas: Axis = { path: "pools[0].replicas", values: ["1", "2"] };

describe("plan", () => {
  test("every setting with the first seed, then with the next", () => {
    const outcome = planExperiment({ base, axes: [level], seeds: seedsFrom(base, 2) });
    if (!outcome.ok) throw new Error(outcome.error);
    const { settings, runs } = outcome.plan;
    expect(settings.map(({ scenario }) => scenario.pools[0]?.autoscaling.params?.["level"])).toEqual([1, 3]);
    expect(runs.map(({ setting, seed, scenario }) => [setting, seed, scenario.seed])).toEqual([
      [0, base.seed, base.seed],
      [1, base.seed, base.seed],
      [0, base.seed + 1, base.seed + 1],
      [1, base.seed + 1, base.seed + 1],
    ]);
    // Nothing else differs: settings are compared on the same traffic.
    expect(runs[0]?.scenario.traffic).toEqual(runs[1]?.scenario.traffic);
  });
  test("several axes make a grid, and settings say their values", () => {
    const axes = [level, replicas];
    const outcome = planExperiment({ base, axes, seeds: [1] });
    if (!outcome.ok) throw new Error(outcome.error);
    expect(outcome.plan.settings.map((setting) => settingLabel(axes, setting))).toEqual([
      "level 1, replicas 1",
      "level 1, replicas 2",
      "level 3, replicas 1",
      "level 3, replicas 2",
    ]);
    expect(nameOf({ path: "traffic.source.arrivals.params.rate", values: [] })).toBe("rate");
  });
  test("a policy varies by its id, without the parameters of the one before", () => {
    const outcome = planExperiment({ base, axes: [{ path: "pools[0].autoscaling", values: ["inferline", "fixed"] }], seeds: [1] });
    expect(outcome.ok && outcome.plan.settings.map(({ scenario }) => scenario.pools[0]?.autoscaling)).toEqual([
      { id: "inferline" },
      { id: "fixed" },
    ]);
  });
  test("a seed that varies is the seed of its run", () => {
    const axis: Axis = { path: "seed", values: ["5", "9"] };
    const outcome = planExperiment({ base, axes: [axis], seeds: [1] });
    expect(outcome.ok && outcome.plan.runs.map(({ seed, scenario }) => [seed, scenario.seed])).toEqual([
      [5, 5],
      [9, 9],
    ]);
    expect(planExperiment({ base, axes: [axis], seeds: [1, 2] })).toMatchObject({
      ok: false,
      error: expect.stringContaining("varies already"),
    });
  });
  test.each([
    [[{ path: "pools[0].replicaz", values: ["1"] }], /^pools\[0\]\.replicaz=1: .*replicas/],
    [[{ path: "pools[0].replicas", values: ["1", "many"] }], /^pools\[0\]\.replicas=many: .*whole number/],
    [[level, level], /varies twice/],
    [
      [{ path: "pools[0].replicas", values: Array.from({ length: 60 }, (_, i) => String(i + 1)) }],
      /60 settings with 50 seeds are 3000 runs\. .*at most 2000/,
    ],
  ] as const)("refuses %#", (axes, sentence) => {
    const outcome = planExperiment({ base, axes, seeds: seedsFrom(base, 50) });
    expect(outcome.ok ? "" : outcome.error).toMatch(sentence);
  });
});

describe("axes beyond single fields", () => {
  const policy: Axis = {
    path: "policy",
    values: ["cheap", "fast"],
    sets: [
      ["pools[0].autoscaling=service-level", "pools[0].autoscaling.params.level=1"],
      ["pools[0].autoscaling=fixed", "pools[0].replicas=9"],
    ],
  };
  test("a value may set several paths", () => {
    const outcome = planExperiment({ base, axes: [policy], seeds: [1] });
    if (!outcome.ok) throw new Error(outcome.error);
    const made = outcome.plan.settings.map(({ scenario }) => [scenario.pools[0]?.autoscaling.id, scenario.pools[0]?.replicas]);
    expect(made).toEqual([
      ["service-level", base.pools[0]?.replicas],
      ["fixed", 9],
    ]);
    expect(outcome.plan.settings.map((setting) => settingLabel([policy], setting))).toEqual(["policy cheap", "policy fast"]);
  });
  const rate: Axis = { path: "traffic.rateScale", values: [], range: { from: 0.25, to: 4, scale: "log", whole: false } };
  const sampled = (axes: readonly Axis[], kind: "random" | "latin-hypercube", settings = 8) => {
    const outcome = planExperiment({ base, axes, seeds: [1], sampling: { kind, settings, seed: 3 } });
    if (!outcome.ok) throw new Error(outcome.error);
    return outcome.plan.settings.map(({ values }) => values);
  };
  test("a Latin hypercube has one value in each part of every axis, and a further axis moves no other", () => {
    const scales = sampled([rate], "latin-hypercube").map(([value]) => Number(value));
    const parts = scales.map((value) => Math.floor((8 * Math.log(value / 0.25)) / Math.log(16)));
    expect([...parts].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(sampled([rate, replicas], "latin-hypercube").map(([value]) => Number(value))).toEqual(scales);
    expect(sampled([rate, replicas], "latin-hypercube").filter(([, value]) => value === "1")).toHaveLength(4);
  });
  test("random values stay in their range; whole ones are whole; rows that are there already are left out", () => {
    const whole: Axis = { path: "pools[0].replicas", values: [], range: { from: 2, to: 5, scale: "linear", whole: true } };
    const rows = sampled([whole], "random", 60);
    expect(rows.map(([value]) => value).sort()).toEqual(["2", "3", "4", "5"]);
    for (const [value] of sampled([rate], "random", 50)) expect(Number(value) >= 0.25 && Number(value) <= 4).toBe(true);
  });
  test("a grid needs values", () => {
    expect(planExperiment({ base, axes: [rate], seeds: [1] })).toMatchObject({
      ok: false,
      error: expect.stringContaining("range without values"),
    });
  });
  test("runs have ids that do not depend on how a scenario came about", () => {
    const outcome = planExperiment({ base, axes: [replicas], seeds: [1, 2] });
    if (!outcome.ok) throw new Error(outcome.error);
    const ids = outcome.plan.runs.map(({ scenario }) => runId(scenario));
    expect(new Set(ids).size).toBe(4);
    const alone = planExperiment({ base: { ...base, seed: 2 }, axes: [{ ...replicas, values: ["2"] }], seeds: [2] });
    expect(alone.ok && runId(alone.plan.runs[0]!.scenario)).toBe(ids[3]);
  });
});
