// Traffic drawn once gives the bytes of traffic drawn anew; windows and early stopping.
import { describe, expect, test } from "vitest";
import { complete } from "../scenario/complete.ts";
import { presets } from "../scenario/presets/index.ts";
import type { Scenario } from "../scenario/types.ts";
import type { MetricId } from "./metrics.ts";
import { createSweepRunner } from "./sweep-host.ts";

const short = (scenario: Scenario): Scenario => ({ ...scenario, traffic: { ...scenario.traffic, maxRequests: 200 } });

describe("shared traffic", () => {
  test.each(presets.map(({ id, scenario }) => [id, scenario] as const))(
    "%s: a runner that has the traffic gives the same figures",
    async (_id, scenario) => {
      const base = short(scenario);
      const other = { ...base, pools: base.pools.map((pool) => ({ ...pool, batching: { id: "vllm" } })) };
      const used = createSweepRunner();
      await used.run(base);
      for (const each of [other, base, { ...base, seed: base.seed + 1 }])
        expect(await used.run(each)).toEqual(await createSweepRunner().run(each));
    },
  );
  test("what decides the traffic is told apart: tenants, classes, scale", async () => {
    const base = complete({
      traffic: { maxRequests: 300 },
      tenants: [{ name: "a" }, { name: "b", sloClass: "tight" }],
      sloClasses: [{ name: "standard" }, { name: "tight", ttft: 0.05 }],
    });
    const used = createSweepRunner();
    await used.run(base);
    const others: Scenario[] = [
      { ...base, tenants: [base.tenants[0]!, { ...base.tenants[1]!, share: 9 }] },
      { ...base, sloClasses: [...base.sloClasses].reverse() },
      { ...base, traffic: { ...base.traffic, rateScale: 2 } },
    ];
    for (const each of others) expect(await used.run(each)).toEqual(await createSweepRunner().run(each));
  });
});

describe("measures", () => {
  const base = short(presets[0]!.scenario);
  test("the whole window is the run", async () => {
    const runner = createSweepRunner();
    const [all, whole] = [await runner.run(base), await runner.run(base, { window: [0, 1] })];
    if (!all.ok || !whole.ok) throw new Error("no figures");
    const { goodput: rate, "goodput.gpu": perGpu, throughput, ...rest } = whole.figures.metrics;
    // Means are added up in another order.
    for (const [id, value] of Object.entries(rest)) expect(value, id).toBeCloseTo(all.figures.metrics[id as MetricId]!, 12);
    // Of the window: per second from its first arrival on.
    expect(throughput! >= all.figures.metrics.throughput!).toBe(true);
    expect(rate! >= all.figures.metrics.goodput! && perGpu! >= all.figures.metrics["goodput.gpu"]!).toBe(true);
  });
  test("two halves meet the SLOs as the whole does, and where it settles is said when asked", async () => {
    const runner = createSweepRunner();
    const slos = await Promise.all(
      (
        [
          [0, 1],
          [0, 0.5],
          [0.5, 1],
        ] as const
      ).map(async (window) => {
        const answer = await runner.run(base, { window, settling: true });
        if (!answer.ok) throw new Error(answer.error);
        const { from, to } = answer.figures.settling!;
        expect(from >= 0 && from <= 0.5 && to > from && to <= 1).toBe(true);
        return answer.figures.metrics.slo!;
      }),
    );
    expect((slos[1]! + slos[2]!) / 2).toBeCloseTo(slos[0]!, 10);
  });
});
