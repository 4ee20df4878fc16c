import { describe, expect, test } from "vitest";
import { presets } from "../scenario/presets/index.ts";
import type { MetricId } from "./metrics.ts";
import { planExperiment } from "./plan.ts";
import type { RunFigures } from "./experiment.ts";
import { dueRuns } from "./schedule.ts";
import type { EndedRun } from "./schedule.ts";

const base = presets.find(({ id }) => id === "service-levels")!.scenario;
const outcome = planExperiment({ base, axes: [{ path: "pools[0].replicas", values: ["1", "2", "3"] }], seeds: [1, 2, 3, 4, 5] });
if (!outcome.ok) throw new Error(outcome.error);
const { plan } = outcome;
const objectives = { x: "cost", y: "e2e.p90", reference: [null, null] } as const;

const figures = (cost: number, p90: number): RunFigures =>
  ({ metrics: { cost, "e2e.p90": p90 } as Record<MetricId, number> }) as RunFigures;

/** Setting 2 costs as much as setting 1 and is slower; setting 0 is cheap and slow. */
const valuesOf = (setting: number, seed: number): RunFigures =>
  figures([10, 20, 20][setting]!, [3, 1, 2][setting]! + 0.01 * ((seed * 7) % 5) * (setting + 1));

/** Runs all that is due until nothing is. */
function play(shuffle: boolean): { ended: EndedRun[]; dropped: ReadonlyMap<number, number> } {
  const ended: EndedRun[] = [];
  for (;;) {
    const due = dueRuns(plan, ended, { objectives, earlyStop: { confidence: 0.95, minSeeds: 3 } });
    if (due.runs.length === 0) return { ended, dropped: due.dropped };
    // One at a time, from either end.
    const run = due.runs.at(shuffle ? -1 : 0)!;
    ended.push({ setting: run.setting, seed: run.seed, figures: valuesOf(run.setting, run.seed) });
  }
}

describe("due runs", () => {
  test("without early stopping: what is not done", () => {
    const ended = [{ setting: 1, seed: 1, figures: null }];
    const due = dueRuns(plan, ended, { objectives, earlyStop: null });
    expect(due.runs).toHaveLength(14);
    expect(due.runs.some(({ setting, seed }) => setting === 1 && seed === 1)).toBe(false);
  });
  test("a setting that is beaten for certain gets no further seeds; one that is cheaper goes on; in any order the same runs", () => {
    const [first, last] = [play(false), play(true)];
    expect([...first.dropped]).toEqual([[2, 1]]);
    const keys = (ended: readonly EndedRun[]): string[] => ended.map(({ setting, seed }) => `${setting}/${seed}`).sort();
    expect(keys(first.ended)).toEqual(keys(last.ended));
    expect(first.ended.filter(({ setting }) => setting === 2).map(({ seed }) => seed)).toEqual([1, 2, 3]);
    expect(first.ended.filter(({ setting }) => setting === 0)).toHaveLength(5);
  });
  test("runs without figures beat nobody and are not beaten", () => {
    const ended = plan.runs.map(({ setting, seed }) => ({ setting, seed, figures: setting === 2 ? null : valuesOf(setting, seed) }));
    expect(dueRuns(plan, ended, { objectives, earlyStop: { confidence: 0.95, minSeeds: 2 } }).dropped.size).toBe(0);
  });
});
