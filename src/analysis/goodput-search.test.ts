// The highest rate that meets the SLOs: against theory where there is one, against trying every rate where there is none.
import { describe, expect, test } from "vitest";
import { complete } from "../scenario/complete.ts";
import type { ScenarioDraft } from "../scenario/complete.ts";
import type { Scenario } from "../scenario/types.ts";
import { findGoodput, findSloScale, withSloScale } from "./goodput-search.ts";
import { createSweepRunner } from "./sweep-host.ts";
import { exhaustiveScale } from "./testing-exhaustive.ts";
import { constantService, rateOfConstantService, SERVICE } from "./testing-queue.ts";
import type { GoodputSearch, RatePoint, RunScenario } from "./types.ts";

const runner = createSweepRunner();
const run: RunScenario = (scenario, measure) => runner.run(scenario, measure);

const search = (scenario: Scenario, more: Partial<GoodputSearch> = {}): GoodputSearch => ({
  scenario,
  share: 0.9,
  confidence: 0.95,
  seeds: [1, 2, 3, 4],
  tolerance: 0.005,
  window: [0.1, 1],
  ...more,
});

test("theory by hand: nobody waits with probability 1 - load, and half a service time later by the first term alone", () => {
  // Within one service time: 1 - load = 0.9.
  expect(rateOfConstantService(1, 0.9)).toBeCloseTo(0.1 / SERVICE, 9);
  // Within one and a half: (1 - load) e^(load / 2) = 0.9; load 0.17569 is its root.
  expect(rateOfConstantService(1.5, 0.9) * SERVICE).toBeCloseTo(0.17569, 5);
});

/** Repetitions, of six, whose interval holds the true rate. */
async function held(): Promise<number> {
  const truth = rateOfConstantService(5, 0.9);
  let count = 0;
  for (let repetition = 0; repetition < 6; repetition++) {
    const seeds = Array.from({ length: 8 }, (_, i) => 1000 * repetition + i);
    const { low, high, rate, perGpu } = await findGoodput(
      run,
      search(constantService({ requests: 600, load: 0.7, limit: 5 }), { seeds, tolerance: 0.01 }),
    );
    if (low <= truth && truth <= high!) count++;
    expect(Math.abs(rate / truth - 1)).toBeLessThan(0.1);
    expect(perGpu).toBe(rate);
    // Eight runs of 600 requests.
    expect(high! / low).toBeLessThan(1.5);
  }
  return count;
}

// `npm run -s bench -- goodput` has 100 repetitions of longer runs.
test(
  "M/D/1: the interval holds the true rate, and is narrow enough to say something",
  async () => expect(await held()).toBeGreaterThanOrEqual(5),
  240_000,
);

const fleet = (draft: ScenarioDraft, rate: number, slo: { ttft?: number; tpot?: number; e2e?: number }, lengths = "lognormal"): Scenario =>
  complete({
    ...draft,
    traffic: {
      source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate } }, lengths: { id: lengths } },
      maxRequests: 800,
      maxSeconds: null,
    },
    sloClasses: [{ name: "standard", ...slo }],
  });

const chat = fleet({ pools: [{ name: "a", replicas: 2 }] }, 20, { ttft: 1, tpot: 0.03 });

const three: readonly (readonly [string, Scenario])[] = [
  ["one server", constantService({ requests: 600, load: 0.5, limit: 4 })],
  ["two replicas", chat],
  ["static batches", fleet({ pools: [{ name: "a", replicas: 2, batching: { id: "orca", params: { batchCap: 16 } } }] }, 10, { e2e: 12 })],
];

// `npm run -s bench -- goodput` has ten scenarios and longer runs.
describe("against every rate", () => {
  test.each(three)(
    "%s: within 1 % of the highest rate that meets the SLOs",
    async (_name, scenario) => {
      const asked = search(scenario);
      const { rateScale, curve, runs } = await findGoodput(run, asked);
      const best = await exhaustiveScale(run, asked, [rateScale / 1.3, rateScale * 1.3]);
      expect(Math.abs(rateScale / best - 1)).toBeLessThan(0.01);
      expect(runs).toBe(4 * curve.length);
      expect(runs).toBeLessThan(160);
    },
    240_000,
  );
});

describe("what it says", () => {
  test("one sentence with rate, rate per GPU and interval; the curve ascends; progress tells the bracket", async () => {
    const brackets: (readonly [number, number] | null)[] = [];
    const result = await findGoodput(run, search(chat), { progress: ({ bracket }) => brackets.push(bracket) });
    expect(result.statement).toMatch(
      /^90 % of the requests meet every SLO up to [\d.]+ requests per second, [\d.]+ per GPU; with 95 % confidence \(4 replications\) the limit lies between [\d.]+ and [\d.]+\.$/,
    );
    expect(result.low <= result.rate && result.rate <= result.high!).toBe(true);
    const rates = result.curve.map(({ rate }: RatePoint) => rate);
    expect(rates).toEqual([...rates].sort((a, b) => a - b));
    expect(brackets[0]).toBeNull();
    expect(brackets.at(-1)![0]).toBeLessThan(brackets.at(-1)![1]);
    expect(result.monotone).toBe(true);
  });
  test("SLOs that nobody can meet", async () => {
    const { rate, low, statement } = await findGoodput(
      run,
      search(constantService({ requests: 200, load: 0.5, limit: 0.5 }), { seeds: [1, 2] }),
    );
    expect({ rate, low }).toEqual({ rate: 0, low: 0 });
    expect(statement).toMatch(/^No rate was found at which 90 %/);
  });
  test("what has no rate, and what has no limit, is refused", async () => {
    const loop = complete({
      traffic: { source: { kind: "synthetic", arrivals: { id: "closed-loop" }, lengths: { id: "fixed" } }, maxRequests: 50 },
    });
    await expect(findGoodput(run, search(loop))).rejects.toThrow(/closed loop/);
    await expect(
      findGoodput(run, search({ ...loop, sloClasses: [{ name: "standard", ttft: null, tpot: null, e2e: null }] })),
    ).rejects.toThrow(/No SLO class has a limit/);
  });
  test("it ends when it is told to", async () => {
    const controller = new AbortController();
    const asked = findGoodput(run, search(chat), {
      signal: controller.signal,
      progress: () => controller.abort(new Error("enough")),
    });
    await expect(asked).rejects.toThrow("enough");
  });
});

test("the tightest SLOs at a rate: with limits scaled by it the share meets them, with tighter ones not", async () => {
  const asked = search(chat);
  const { factor, low, high, statement } = await findSloScale(run, asked);
  expect(low <= factor && factor <= high!).toBe(true);
  const attained = async (by: number): Promise<number> => {
    const answers = await Promise.all(
      asked.seeds.map((seed) => run({ ...withSloScale(asked.scenario, by), seed }, { window: asked.window })),
    );
    return answers.reduce((sum, answer) => sum + (answer.ok ? answer.figures.metrics.slo! : 0), 0) / answers.length;
  };
  expect(await attained(factor)).toBeGreaterThanOrEqual(0.9);
  expect(await attained(factor * 0.99)).toBeLessThan(0.9);
  expect(statement).toMatch(/limits times [\d.]+; with 95 % confidence/);
});
