// Contract of arrival processes and length laws, driven by the lists, and one hand-computed case or law each.
import { describe, expect, test } from "vitest";
import { randomStream } from "../../engine/kernel/random.ts";
import { withDefaults } from "../../engine/params.ts";
import type { Params, Values } from "../../engine/params.ts";
import { arrivals, lengths } from "./index.ts";
import { quantileAt, quantileMean, quantileTable, withMean } from "./quantiles.ts";
import { advanceClock, clockStart, stepPieces } from "./rate-clock.ts";
import type { ArrivalProcess, LengthLaw } from "./types.ts";

const process = (id: string, values: Record<string, unknown> = {}, rateScale = 1, seed = 1): ArrivalProcess => {
  const definition = arrivals.find((entry) => entry.id === id)!;
  return definition.create(withDefaults(definition.params, values) as Values<Params>, {
    random: randomStream(seed, "arrivals"),
    rateScale,
  });
};
const law = (id: string, values: Record<string, unknown> = {}, seed = 1): LengthLaw => {
  const definition = lengths.find((entry) => entry.id === id)!;
  return definition.create(withDefaults(definition.params, values) as Values<Params>, { random: randomStream(seed, "lengths") });
};
const times = (of: ArrivalProcess, n: number): number[] =>
  Array.from({ length: n }, () => {
    const at = of.nextAt();
    of.advance();
    return at;
  });
const gapsOf = (at: readonly number[]): number[] => at.slice(1).map((time, i) => time - at[i]!);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const cv = (values: readonly number[]): number => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2))) / centre;
};
const draw = (of: LengthLaw, n: number): [number[], number[]] => {
  const sink = { promptTokens: 0, outputTokens: 0 };
  const rows = Array.from({ length: n }, () => {
    of.fill(sink);
    return [sink.promptTokens, sink.outputTokens] as const;
  });
  return [rows.map((row) => row[0]), rows.map((row) => row[1])];
};

// Those with an end of their own, and without a rate, have tests of their own.
describe.each(arrivals.filter((entry) => entry.id !== "closed-loop" && entry.id !== "tenant-rates"))(
  "arrivals $id",
  ({ id, withRate, params }) => {
    test("never goes back in time, and the mean rate is the one it states", () => {
      const of = process(id);
      const at = times(of, 40000);
      expect(gapsOf(at).every((gap) => gap >= 0)).toBe(true);
      expect(at.length / at[at.length - 1]! / of.meanRate).toBeCloseTo(1, 1);
    });
    test("the same seed gives the same times, another seed or scale does not", () => {
      expect(times(process(id), 50)).toEqual(times(process(id), 50));
      expect(times(process(id, {}, 2), 50)).not.toEqual(times(process(id), 50));
    });
    test("withRate and the scale set the mean", () => {
      const values = withRate!(withDefaults(params, {}) as Values<Params>, 3);
      expect(process(id, values).meanRate).toBeCloseTo(3, 9);
      expect(process(id, values, 2).meanRate).toBeCloseTo(6, 9);
    });
  },
);

test("constant starts at 0 and keeps its spacing without drift", () => {
  const at = times(process("constant", { rate: 10 }), 1001);
  expect(at[0]).toBe(0);
  expect(at[1000]).toBe(100);
});

test.each([0.5, 1, 3])("gamma gaps have the CV %f", (wanted) => {
  expect(cv(gapsOf(times(process("gamma", { rate: 10, cv: wanted }), 60000)))).toBeCloseTo(wanted, 1);
});

test("poisson: gaps cut at three means give 1 / (1 - e^-3) of the rate", () => {
  const of = process("poisson", { rate: 1, truncateGaps: true });
  const gaps = gapsOf(times(of, 60000));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(3 + 1e-9);
  expect(mean(gaps)).toBeCloseTo(1 - Math.exp(-3), 2);
  expect(of.meanRate).toBeCloseTo(1 / (1 - Math.exp(-3)), 12);
});

test("on-off: silence in every off period", () => {
  const at = times(process("on-off", { rate: 20, onSeconds: 10, offSeconds: 30 }), 5000);
  expect(at.every((time) => time % 40 <= 10)).toBe(true);
  expect(at.filter((time) => time < 400).length / 100).toBeCloseTo(20, -1);
});

test("piecewise: evenly spaced arrivals follow steps, ramps and repeats as computed by hand", () => {
  const steps = times(
    process("piecewise", {
      rates: [
        [0, 1],
        [2, 4],
      ],
      spacing: "even",
    }),
    6,
  );
  expect(steps).toEqual([1, 2, 2.25, 2.5, 2.75, 3]);
  // Rate t on [0, 2): t^2 / 2 arrivals by time t.
  const ramp = times(
    process("piecewise", {
      rates: [
        [0, 0],
        [2, 2],
      ],
      ramp: true,
      spacing: "even",
    }),
    2,
  );
  expect(ramp[0]).toBeCloseTo(Math.SQRT2, 12);
  expect(ramp[1]).toBeCloseTo(2, 12);
  const repeated = times(
    process("piecewise", {
      rates: [
        [0, 2],
        [1, 0],
      ],
      repeatSeconds: 10,
      spacing: "even",
    }),
    4,
  );
  expect(repeated).toEqual([0.5, 1, 10.5, 11]);
});

test("piecewise: a rate that stays 0 ends the traffic", () => {
  const of = process("piecewise", {
    rates: [
      [0, 2],
      [1, 0],
    ],
    spacing: "even",
  });
  expect(times(of, 4)).toEqual([0.5, 1, Infinity, Infinity]);
  expect(advanceClock(clockStart(), stepPieces(1, [0, 0]), 1)).toBe(Infinity);
});

test("closed loop: as many in flight as asked, the next when one ends, no faster than the limit", () => {
  const of = process("closed-loop", { concurrency: 3, rateLimit: 2, thinkSeconds: 5 });
  expect(times(of, 3)).toEqual([0, 0.5, 1]);
  expect(of.nextAt()).toBe(Infinity);
  of.finished!(4);
  of.finished!(2);
  expect(of.nextAt()).toBe(7);
  expect(times(of, 2)).toEqual([7, 9]);
  of.finished!(20);
  of.finished!(20);
  expect(times(of, 2)).toEqual([25, 25.5]);
  expect(times(process("closed-loop", { concurrency: 3 }, 2), 6)).toEqual([0, 0, 0, 0, 0, 0]);
});

describe.each(lengths)("lengths $id", ({ id }) => {
  test("whole numbers from 1 on, the same for the same seed", () => {
    const [prompts, outputs] = draw(law(id), 2000);
    expect([...prompts, ...outputs].every((tokens) => Number.isInteger(tokens) && tokens >= 1)).toBe(true);
    expect(draw(law(id), 100)).toEqual(draw(law(id), 100));
  });
});

test("lognormal has the mean and CV asked for", () => {
  const [prompts, outputs] = draw(law("lognormal", { promptMean: 500, promptCv: 0.5, outputMean: 80, outputCv: 0 }), 50000);
  expect(mean(prompts) / 500).toBeCloseTo(1, 1);
  expect(cv(prompts)).toBeCloseTo(0.5, 1);
  expect(new Set(outputs)).toEqual(new Set([80]));
});

test("uniform: bounds are met; the ratio form splits a total", () => {
  const [prompts] = draw(law("uniform", { promptMin: 5, promptMax: 7 }), 1000);
  expect(new Set(prompts)).toEqual(new Set([5, 6, 7]));
  const [prefill, decode] = draw(law("uniform", { split: "ratio", totalMin: 1000, totalMax: 2000, ratio: 4 }), 1000);
  prefill.forEach((tokens, i) => {
    expect(tokens + decode[i]!).toBeGreaterThanOrEqual(999);
    expect(tokens + decode[i]!).toBeLessThan(2000);
    expect(Math.abs(tokens / decode[i]! - 4)).toBeLessThan(0.03);
  });
});

test("zipf: theta 0 is uniform; the first ranks have their zipfian shares", () => {
  const options = { totalMin: 100, totalMax: 199, ratio: 1e5 };
  const totals = (theta: number): number[] => {
    const [prompts, outputs] = draw(law("zipf", { ...options, theta }), 50000);
    return prompts.map((tokens, i) => tokens + outputs[i]!);
  };
  expect(mean(totals(0)) / 149.5).toBeCloseTo(1, 1);
  const skewed = totals(0.9);
  const zeta = Array.from({ length: 100 }, (_, i) => 1 / (i + 1) ** 0.9).reduce((a, b) => a + b);
  expect(skewed.filter((total) => total === 100).length / 50000).toBeCloseTo(1 / zeta, 2);
  expect(skewed.filter((total) => total === 101).length / 50000).toBeCloseTo(1 / 2 ** 0.9 / zeta, 2);
  expect(Math.max(...skewed)).toBeLessThanOrEqual(199);
});

test("quantile tables: points, lines between them, point masses and the rank correlation", () => {
  const table = quantileTable([0, 0.25, 0.75, 1], [10, 20, 20, 40]);
  expect([0, 0.125, 0.25, 0.5, 0.75, 0.875, 1].map((u) => quantileAt(table, u))).toEqual([10, 15, 20, 20, 20, 30, 40]);
  expect(quantileMean(table)).toBeCloseTo(0.25 * 15 + 0.5 * 20 + 0.25 * 30, 9);
  const log = quantileTable([0, 1], [1, 100], "log");
  expect(quantileAt(log, 0.5)).toBeCloseTo(10, 9);
  const rows = [
    [0, 1],
    [1, 1001],
  ];
  const [prompts, outputs] = draw(law("quantiles", { prompt: rows, output: rows, correlation: 1 }), 100);
  expect(outputs).toEqual(prompts);
});

test("a table bent to a mean keeps its points", () => {
  const p = [0, 0.5, 0.9, 0.95, 0.99, 1];
  const v = [1, 20, 100, 200, 1000, 100000];
  const bent = withMean(p, v, 90);
  expect(quantileMean(bent)).toBeCloseTo(90, 1);
  p.forEach((probability, i) => expect(quantileAt(bent, probability)).toBeCloseTo(v[i]!, 6));
});
