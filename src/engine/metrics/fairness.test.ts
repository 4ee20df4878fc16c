import { describe, expect, test } from "vitest";
import { backlogs, both, largestDrift } from "./backlog.ts";
import { Fairness } from "./fairness.ts";
import type { RequestLog } from "./results.ts";
import { serviceCurves, valueAt } from "./service-curve.ts";

type Row = readonly [
  tenant: number,
  status: number,
  arrived: number,
  scheduled: number,
  first: number,
  end: number,
  prompt: number,
  output: number,
];

function logOf(rows: readonly Row[]): RequestLog {
  const column = (i: number): Float64Array => Float64Array.from(rows, (row) => row[i]!);
  return {
    length: rows.length,
    tenant: Uint16Array.from(rows, (row) => row[0]),
    status: Uint8Array.from(rows, (row) => row[1]),
    arrivedAt: column(2),
    scheduledAt: column(3),
    firstTokenAt: column(4),
    finishedAt: column(5),
    promptTokens: Int32Array.from(rows, (row) => row[6]),
    outputTokens: Int32Array.from(rows, (row) => row[7]),
  } as unknown as RequestLog;
}

const WEIGHTS = { prompt: 1, output: 2 };
// Two requests of tenant 0, one of tenant 1, and one that was refused.
const log = logOf([
  [0, 0, 0, 1, 2, 12, 10, 11],
  [1, 0, 1, 4, 5, 15, 20, 6],
  [1, 1, 3, NaN, NaN, 3, 99, 99],
  [0, 0, 6, 9, 10, 10, 7, 1],
]);

describe("service", () => {
  test("by tokens: the prompt and the first token at once, the others evenly", () => {
    const [own, other] = serviceCurves(log, 2, WEIGHTS, "tokens");
    expect([1, 2, 7, 10, 12, 99].map((t) => valueAt(own!, t))).toEqual([0, 12, 22, 12 + 16 + 9, 12 + 20 + 9, 41]);
    expect([5, 10, 15].map((t) => valueAt(other!, t))).toEqual([22, 27, 32]);
  });

  test("as the artifact: everything evenly from the first token to the last", () => {
    const [own] = serviceCurves(log, 2, WEIGHTS, "artifact");
    expect([2, 7, 12].map((t) => valueAt(own!, t))).toEqual([0, 16, 32 + 9]);
  });
});

describe("backlogs", () => {
  test("from arrival to the batch; who is refused does not wait", () => {
    expect(backlogs(log, 2)).toEqual([
      [0, 1, 6, 9],
      [1, 4],
    ]);
    expect(both([0, 4, 6, 9], [1, 7])).toEqual([1, 4, 6, 7]);
  });

  test("the largest drift is that of the best interval within a stretch", () => {
    const line = (slope: number) => ({
      at: Float64Array.of(0, 5),
      value: Float64Array.of(0, 5 * slope),
      slope: Float64Array.of(slope, -slope),
    });
    const flat = { at: Float64Array.of(), value: Float64Array.of(), slope: Float64Array.of() };
    expect(largestDrift(line(2), flat, [0, 8])).toBe(10);
    expect(largestDrift(line(2), flat, [4, 6])).toBe(2);
    expect(largestDrift(line(2), flat, [])).toBe(0);
  });
});

test("gap and Jain's index are over weights", () => {
  const fair = (shares: number[]) => new Fairness(log, "tokens", { tenants: 2, shares, weights: WEIGHTS, window: 60 });
  expect(fair([1, 1]).gapAt(99)).toBe(41 - 32);
  expect(fair([41, 32]).gapAt(99)).toBe(0);
  expect(fair([41, 32]).jainAt(99)).toBeCloseTo(1, 12);
  expect(fair([1, 1]).jainAt(99)).toBeCloseTo(73 ** 2 / (2 * (41 ** 2 + 32 ** 2)), 12);
});
