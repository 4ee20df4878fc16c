import { describe, expect, test } from "vitest";
import type { DoneRun, RunFigures } from "./experiment.ts";
import { findingsOf, spreadOf } from "./findings.ts";
import { isMetricId, lossOf, metricById, metrics } from "./metrics.ts";
import type { MetricId } from "./metrics.ts";

const run = (setting: number, seed: number, cost: number | null, p90: number | null, slo = 1): DoneRun => ({
  setting,
  seed,
  figures: { metrics: { cost, "e2e.p90": p90, slo } as Record<MetricId, number | null> } as RunFigures,
});
const objectives = { x: "cost", y: "e2e.p90", reference: [50, 0.5] } as const;

describe("findings", () => {
  test("the published levels of the autoscaling lab dominate 0.159210 of 50 dollars and half a second", () => {
    const runs = [run(0, 1, 36.079, 0.278698), run(1, 1, 38.3128, 0.237716), run(2, 1, 40.6573, 0.192705)];
    const found = findingsOf(runs, 3, objectives);
    expect(found.front).toEqual([0, 1, 2]);
    expect(found.hypervolume?.formula).toBeCloseTo(0.15921, 5);
    expect(found.hypervolume?.area).toBeCloseTo(0.15921, 5);
  });
  test("where a setting is dominated the formula gives less than the area", () => {
    const found = findingsOf([run(0, 1, 20, 0.1), run(1, 1, 30, 0.2)], 2, objectives);
    expect(found.places.map((place) => [place?.onFront, place?.dominatedBy])).toEqual([
      [true, -1],
      [false, 0],
    ]);
    // By hand: (30 - 20) / 50 x 0.8 + 20 / 50 x 0.6 = 0.40; (50 - 20) / 50 x 0.8 = 0.48.
    expect(found.hypervolume?.formula).toBeCloseTo(0.4, 12);
    expect(found.hypervolume?.area).toBeCloseTo(0.48, 12);
  });
  test("means over seeds, their deviation, and the hypervolume of each seed", () => {
    const runs = [run(0, 2, 30, 0.3), run(0, 1, 20, 0.1), run(1, 1, 40, 0.05)];
    const found = findingsOf(runs, 3, objectives);
    expect(found.places[0]?.x).toEqual({ count: 2, mean: 25, sd: Math.sqrt(50), min: 20, max: 30 });
    expect(found.places[1]?.x.sd).toBeNull();
    expect(found.places[2]).toBeNull();
    // Seed 2 has not run with every setting: no area of its own. Seed 1: 0.4 x 0.8 + 0.2 x 0.9.
    expect(found.bySeed).toEqual([{ seed: 1, formula: expect.closeTo(0.5, 12), area: expect.closeTo(0.5, 12) }]);
  });
  test("a setting of which a run lacks the quantity is not placed, and takes no front from others", () => {
    const found = findingsOf([run(0, 1, 1, null), run(0, 2, 1, 0.1), run(1, 1, 30, 0.2)], 2, objectives);
    expect(found.places[0]).toBeNull();
    expect(found.front).toEqual([1]);
  });
  test("a share that is to be large: more of it wins, and the area counts what is missing", () => {
    const runs = [run(0, 1, 20, 0.1, 0.9), run(1, 1, 30, 0.1, 0.99), run(2, 1, 40, 0.1, 0.95)];
    const found = findingsOf(runs, 3, { x: "cost", y: "slo", reference: [50, 0.8] });
    expect(found.front).toEqual([0, 1]);
    expect(found.places[2]?.dominatedBy).toBe(1);
    // (30 - 20) / 50 x (1 - 0.1 / 0.2) + (50 - 30) / 50 x (1 - 0.01 / 0.2)
    expect(found.hypervolume?.area).toBeCloseTo(0.2 * 0.5 + 0.4 * 0.95, 12);
  });
  test("without a reference: two digits, at least a tenth beyond the worst", () => {
    const free = { ...objectives, reference: [null, null] } as const;
    expect(findingsOf([run(0, 1, 40.74, 0.288)], 1, free).reference).toEqual([45, 0.32]);
    expect(findingsOf([run(0, 1, 0, 0)], 1, free).reference).toEqual([1, 1]);
    expect(findingsOf([run(0, 1, 1, 1, 0.9)], 1, { x: "cost", y: "slo", reference: [null, null] }).reference).toEqual([1.1, 0.89]);
    // Nothing is missing anywhere: the corner is nobody served, and the only loss is the cost.
    const perfect = findingsOf([run(0, 1, 1, 1, 1)], 1, { x: "cost", y: "slo", reference: [null, null] });
    expect(perfect.reference).toEqual([1.1, 0]);
    expect(perfect.hypervolume?.area).toBeCloseTo(1 - 1 / 1.1, 12);
  });
  test("nothing has run", () => {
    expect(findingsOf([], 2, objectives)).toMatchObject({ places: [null, null], front: [], hypervolume: null, bySeed: [] });
  });
});

test("a spread of one has no deviation", () => expect(spreadOf([3])).toEqual({ count: 1, mean: 3, sd: null, min: 3, max: 3 }));

test("metrics have ids of their own; shares and rates want more, and a rate loses the time per request", () => {
  expect(new Set(metrics.map(({ id }) => id)).size).toBe(metrics.length);
  expect(metrics.filter(({ wantsMore }) => wantsMore).every(({ unit }) => unit === "share" || unit.startsWith("req/s"))).toBe(true);
  expect(isMetricId("e2e.p95")).toBe(false);
  expect(lossOf(metricById("slo"), 0.75)).toBe(0.25);
  expect(lossOf(metricById("goodput.gpu"), 4)).toBe(0.25);
});
