// Statistics by hand.
import { expect, test } from "vitest";
import { statisticsOf } from "./inspect.ts";
import type { Trace } from "./types.ts";

const trace: Trace = {
  length: 5,
  arrivedAt: Float64Array.of(0, 1, 2, 2, 8),
  promptTokens: Int32Array.of(50, 10, 30, 20, 40),
  outputTokens: Int32Array.of(1, 1, 0, 1, 7),
  tenant: Uint16Array.of(0, 1, 0, 1, 0),
  tenantNames: ["a", "b"],
  session: Int32Array.of(4, -1, 4, 0, -1),
  prefix: null,
};

test("duration, rate, quantiles with linear interpolation, sessions that occur, tenants", () => {
  const statistics = statisticsOf(trace)!;
  expect([statistics.durationS, statistics.requestsPerS, statistics.sessions, statistics.tenants]).toEqual([8, 0.625, 2, 2]);
  expect(statistics.promptTokens).toEqual({ mean: 30, p50: 30, p90: 46, p99: 49.6, max: 50, sum: 150 });
  expect([statistics.outputTokens.mean, statistics.outputTokens.p50, statistics.outputTokens.max]).toEqual([2, 1, 7]);
});

test("an empty trace has none, a single moment has no rate", () => {
  expect(statisticsOf({ ...trace, length: 0 })).toBeNull();
  expect(statisticsOf({ ...trace, arrivedAt: new Float64Array(5) })!.requestsPerS).toBe(0);
});
