import { expect, test } from "vitest";
import { testModelWithDraws } from "../latency/fit/testing-model.ts";
import { modelHash } from "../latency/profile/encode.ts";
import { defaultScenario } from "../scenario/base.ts";
import { runsOnFit, withDraw } from "../scenario/draws.ts";
import { hashScenario } from "../scenario/hash.ts";
import { normalise } from "../scenario/normalise.ts";
import { withProfile } from "../scenario/profile-refs.ts";
import { replayHost } from "../scenario/replay.ts";
import { drawsReport, middleOf } from "./draw-intervals.ts";

const named = { hash: modelHash(testModelWithDraws), file: "m.json", profile: { version: 1 as const, fitted: testModelWithDraws } };
const scenario = {
  ...withProfile(defaultScenario, named, undefined, "fitted"),
  traffic: { ...defaultScenario.traffic, maxRequests: 60, maxSeconds: null },
};

test("the middle 95 % lies between the values in proportion", () => {
  expect(middleOf([3, 1, 2])).toEqual({ low: 1.05, median: 2, high: 2.95 });
  expect(middleOf([7])).toEqual({ low: 7, median: 7, high: 7 });
});

test("draw 0 is the scenario itself; a draw changes its hash and not its traffic", () => {
  expect(hashScenario(normalise(withDraw(scenario, 0)))).toBe(hashScenario(normalise(scenario)));
  expect(hashScenario(normalise(withDraw(scenario, 2)))).not.toBe(hashScenario(normalise(scenario)));
  expect(withDraw(scenario, 2).traffic).toBe(scenario.traffic);
  expect(withDraw(defaultScenario, 2)).toEqual(defaultScenario);
  expect([runsOnFit(scenario), runsOnFit(defaultScenario)]).toEqual([true, false]);
});

test("slower draws give longer latencies, and the run's own lies between those of its draws", async () => {
  const given = { trace: null, profiles: [named] };
  const run = (draw: number) => replayHost.draw(scenario, given, draw, () => undefined);
  const [own, fast, slow] = [await run(0), await run(1), await run(2)];
  const { count, intervals } = drawsReport([fast.summary, slow.summary]);
  expect(count).toBe(2);
  const tpot = own.summary.tpot.p50!;
  expect(intervals["tpot.p50"]!.low).toBeLessThan(tpot);
  expect(intervals["tpot.p50"]!.high).toBeGreaterThan(tpot);
  expect(own.series.ttftP90).toHaveLength(own.series.length);
  expect((await run(2)).summary).toEqual(slow.summary);
});
