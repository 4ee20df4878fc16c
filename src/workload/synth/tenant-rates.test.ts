import { expect, test } from "vitest";
import { withDefaults } from "../../engine/params.ts";
import type { Params, Values } from "../../engine/params.ts";
import { MersenneTwister } from "./mersenne-twister.ts";
import { tenantLengths } from "./tenant-lengths.ts";
import { tenantRates } from "./tenant-rates.ts";

const arrivals = (values: Readonly<Record<string, unknown>>): [number, number][] => {
  const process = tenantRates.create(withDefaults(tenantRates.params, values) as Values<Params>, {
    random: undefined as never,
    rateScale: 1,
  });
  const found: [number, number][] = [];
  for (; process.nextAt() < Infinity; process.advance()) found.push([process.nextAt(), process.tenant!()]);
  return found;
};

test("the first numbers of seed 42 are numpy's", () => {
  const random = new MersenneTwister(42);
  expect([random.uniform(), random.uniform(), random.uniform()]).toEqual([0.3745401188473625, 0.9507143064099162, 0.7319939418114051]);
});

test("constant gaps: a phase per stretch, then as many requests as the rate gives", () => {
  const found = arrivals({
    rates: [
      [1, 0, 10, 0.5, 0.5, 0],
      [2, 0, 10, 1, 1, 0],
    ],
  });
  expect(found.filter(([, tenant]) => tenant === 0).map(([at]) => at)).toEqual([1, 2, 3, 4, 5].map((k) => (0.3745401188473625 + k) / 0.5));
  expect(found.filter(([, tenant]) => tenant === 1).length).toBe(10);
});

test("on and off: nothing in the second period", () => {
  const found = arrivals({ gaps: "even", rates: [[1, 0, 120, 1, 1, 60]] });
  // The last one comes as the third period begins.
  expect(found.map(([at]) => at)).toEqual([...Array.from({ length: 59 }, (_, i) => i + 1), 120]);
});

test("a rate that moves: each gap is that of the rate at the request before", () => {
  const found = arrivals({ gaps: "even", rates: [[1, 0, 10, 1, 2, 0]] });
  expect(found.slice(0, 2).map(([at]) => at)).toEqual([1, 1 + 1 / 1.1]);
  expect(found.length).toBe(15);
});

test("lengths by tenant: those beyond the last row are like its last", () => {
  const law = tenantLengths.create(withDefaults(tenantLengths.params, {}) as Values<Params>, { random: undefined as never });
  const of = (tenant: number): number[] => {
    const row = { promptTokens: 0, outputTokens: 0, tenant };
    law.fill(row);
    return [row.promptTokens, row.outputTokens];
  };
  expect([of(0), of(1), of(7)]).toEqual([
    [64, 64],
    [256, 256],
    [256, 256],
  ]);
});
