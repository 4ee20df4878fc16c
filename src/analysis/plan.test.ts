import { describe, expect, test } from "vitest";
import { presets } from "../scenario/presets/index.ts";
import type { Axis } from "./experiment.ts";
import { nameOf, planExperiment, seedsFrom, settingLabel } from "./plan.ts";

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
