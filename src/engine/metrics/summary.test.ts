// The summary and the samples of the fleet against values worked out by hand or apart.
import { describe, expect, test } from "vitest";
import { sarathi } from "../../policies/batching/sarathi.ts";
import { leastOutstanding } from "../../policies/routing/least-outstanding.ts";
import { roundRobin } from "../../policies/routing/round-robin.ts";
import { ReplicaState } from "../contracts.ts";
import type { AutoscalingDefinition, PoolView } from "../contracts.ts";
import { drawExponential } from "../kernel/math.ts";
import { randomStream } from "../kernel/random.ts";
import { configOf, linearLatency, runAll } from "../testing.ts";
import { initialsOf } from "./fleet-recorder.ts";

// 10 ms an iteration and 0.1 ms a token.
const latency = linearLatency({ base: 0.01, perToken: 1e-4 });

test("a run of three requests, by hand", () => {
  // Alone: a prompt of 100 takes 20 ms, each decode 10.1 ms. The second comes at 1 s, the third, refused by nobody, has a prompt of 400: 50 ms.
  const source = [
    { at: 0, prompt: 100, output: 11, tenant: 0 },
    { at: 1, prompt: 100, output: 1, tenant: 1 },
    { at: 2, prompt: 400, output: 2, tenant: 1 },
  ];
  const config = configOf({
    pools: [{ batching: sarathi, latency, pricePerReplicaHour: 3.6, gpusPerReplica: 4 }],
    routing: roundRobin,
    source,
    tenants: 2,
    slo: { ttft: 0.04, tpot: 0.0102, e2e: 1 },
  });
  const summary = runAll(config).summary(true);
  const end = 2 + 0.05 + 0.0101;
  expect(summary.requests).toEqual({ total: 3, completed: 3, refused: 0, failed: 0, unfinished: 0 });
  expect(summary.makespan).toBeCloseTo(end, 12);
  expect(summary.throughput.requestsPerS).toBeCloseTo(3 / end, 12);
  expect(summary.throughput.inputTokensPerS).toBeCloseTo(600 / end, 9);
  expect(summary.throughput.outputTokensPerS).toBeCloseTo(14 / end, 12);
  expect(summary.ttft.mean).toBeCloseTo(0.03, 12);
  expect(summary.ttft.p50).toBeCloseTo(0.02, 12);
  // Linear between 20 and 50 ms: rank 0.9 x 2 = 1.8.
  expect(summary.ttft.p90).toBeCloseTo(0.02 + 0.8 * 0.03, 12);
  expect(summary.tpot.count).toBe(2);
  expect(summary.tpot.mean).toBeCloseTo(0.0101, 12);
  expect([summary.itl.count, summary.itl.max]).toEqual([11, expect.closeTo(0.0101, 12)]);
  expect(summary.e2e.max).toBeCloseTo(0.121, 12);
  expect(summary.queueing.max).toBe(0);
  // The third misses its TTFT.
  expect(summary.slo.attainment).toBeCloseTo(2 / 3, 12);
  expect(summary.slo.late).toBe(1);
  expect(summary.slo.goodputPerS).toBeCloseTo(2 / end, 12);
  expect(summary.slo.classes[0]).toMatchObject({ ttftAttainment: expect.closeTo(2 / 3, 12), tpotAttainment: 1, e2eAttainment: 1 });
  expect(
    summary.tenants.map(({ requests, attainment, inputTokens, outputTokens }) => [requests, attainment, inputTokens, outputTokens]),
  ).toEqual([
    [1, 1, 100, 11],
    [2, 0.5, 500, 3],
  ]);
  expect(summary.cost.total).toBeCloseTo(end / 1000, 12);
  expect(summary.cost.perHour).toBeCloseTo(3.6, 12);
  expect(summary.cost.perMillionOutputTokens).toBeCloseTo((end / 1000 / 14) * 1e6, 9);
  expect(summary.fleet.gpuSeconds).toBeCloseTo(4 * end, 12);
  expect(summary.fleet.utilisation).toBeCloseTo((0.121 + 0.02 + 0.0601) / end, 12);
  expect(summary.fleet.iterations).toBe(14);
});

test("nothing happened: counts are zero, and what nobody has is null", () => {
  const summary = runAll(configOf({ pools: [{ batching: sarathi }], routing: roundRobin, source: [] })).summary(true);
  expect([summary.ttft.count, summary.ttft.p99, summary.slo.attainment, summary.cost.perMillionTokens]).toEqual([0, null, null, null]);
});

describe("a long run with replicas that come and go", () => {
  const deltas = [0, 2, -1, 3, -2, -2, 1, 0, 0, 1];
  const scripted: AutoscalingDefinition = {
    kind: "autoscaling",
    id: "scripted",
    label: "",
    help: "",
    params: {},
    create: () => ({ tickSeconds: 77.7, tick: ({ now }: PoolView) => deltas[Math.round(now / 77.7) % deltas.length]! }),
  };
  const random = randomStream(3, "arrivals");
  let at = 0;
  const source = Array.from({ length: 3000 }, () => ({ at: (at += drawExponential(random) / 4), prompt: 200, output: 80 }));
  const faults = [{ at: 200.3, kind: "crash" as const, pool: 0, position: 0, replaceAfter: 60 }];
  const engine = runAll(
    configOf({
      pools: [{ batching: sarathi, autoscaling: scripted, latency, replicas: 2, startupSeconds: 31 }],
      routing: leastOutstanding,
      source,
      faults,
    }),
  );
  const fleet = engine.fleet();
  const events = engine.events();
  const { makespan } = engine.summary(true);
  /** State of a replica at a time, or undefined before it was made. */
  const stateAt = (replica: number, time: number): number | undefined =>
    events.findLast((event) => event.replica === replica && event.at <= time)?.state;

  test("samples at every width say what the events say", () => {
    expect(fleet.sampleSeconds).toBe(engine.series().bucketSeconds);
    expect(fleet.sampleSeconds).toBeGreaterThan(1);
    const indices = Array.from({ length: fleet.length }, (_, i) => i);
    const counted = (state: number): number[] =>
      indices.map((i) => fleet.replicas.filter((_, replica) => stateAt(replica, i * fleet.sampleSeconds) === state).length);
    const [pool] = fleet.pools;
    expect([...pool!.ready]).toEqual(counted(ReplicaState.ready));
    expect([...pool!.starting]).toEqual(counted(ReplicaState.starting));
    expect([...pool!.draining]).toEqual(counted(ReplicaState.draining));
    expect([...pool!.failed]).toEqual(counted(ReplicaState.failed));
    fleet.replicas.forEach((replica, index) => {
      const wanted = indices.slice(replica.from).map((i) => stateAt(index, i * fleet.sampleSeconds));
      const { length } = replica.state;
      expect([...replica.state]).toEqual(wanted.slice(0, length));
      // Columns end when the replica is gone.
      expect(wanted.slice(length).filter((state) => state !== ReplicaState.gone)).toEqual([]);
    });
  });

  test("the meter is the integral of the events", () => {
    let paid = 0;
    events.forEach((event, i) => {
      const until = events.find((next, j) => j > i && next.replica === event.replica)?.at ?? makespan;
      if (event.state === ReplicaState.starting || event.state === ReplicaState.ready || event.state === ReplicaState.draining)
        paid += Math.max(0, until - event.at);
    });
    expect(engine.summary(true).fleet.replicaSeconds).toBeCloseTo(paid, 6);
  });

  test("busy shares of the samples add up to the time in which iterations ran", () => {
    const { utilisation } = engine.summary(true).fleet;
    let serving = 0;
    events.forEach((event, i) => {
      const until = events.find((next, j) => j > i && next.replica === event.replica)?.at ?? makespan;
      if (event.state === ReplicaState.ready || event.state === ReplicaState.draining) serving += until - event.at;
    });
    const busy =
      fleet.replicas.reduce((sum, replica) => sum + replica.busy.reduce((total, share) => total + share, 0), 0) * fleet.sampleSeconds;
    // The samples end up to one width before the run.
    expect(Math.abs(busy - utilisation * serving)).toBeLessThan(fleet.sampleSeconds * fleet.replicas.length);
    expect(busy).toBeGreaterThan(100);
  });

  test("exact quantiles and sketches agree within 0.4 %, and curves end at 1", () => {
    const [exact, sketched] = [engine.summary(true), engine.summary(false)];
    for (const key of ["ttft", "tpot", "e2e", "queueing"] as const) {
      expect(sketched[key].count).toBe(exact[key].count);
      for (const quantile of ["p50", "p90", "p95", "p99", "max"] as const) {
        const [a, b] = [exact[key][quantile]!, sketched[key][quantile]!];
        // Below a microsecond a sketch has one bin.
        if (a > 1e-6) expect(Math.abs(b / a - 1)).toBeLessThanOrEqual(0.004);
      }
    }
    const { ttft } = engine.cdfs();
    expect(ttft.share.at(-1)).toBe(1);
    expect(ttft.seconds.at(-1)).toBe(exact.ttft.max);
    for (let i = 1; i < ttft.seconds.length; i++)
      expect(ttft.seconds[i]! >= ttft.seconds[i - 1]! && ttft.share[i]! >= ttft.share[i - 1]!).toBe(true);
  });
});

test("a replica that is always busy is busy in every sample, however often their width has doubled", () => {
  const engine = runAll(
    configOf({
      pools: [{ batching: sarathi, latency, kvBlocks: 1e6 }],
      routing: roundRobin,
      source: [{ at: 0, prompt: 10, output: 60_000 }],
    }),
  );
  const { replicas, sampleSeconds, length } = engine.fleet();
  expect([sampleSeconds, length]).toEqual([2, Math.floor((60_000 * 0.0101) / 2) + 1]);
  expect(Math.min(...replicas[0]!.busy.subarray(1))).toBeGreaterThan(0.999);
});

test("replicas are named after as many letters of their pool as tell it apart", () => {
  const pools = ["chat", "code", "batch"].map((name) => ({ batching: sarathi, name }));
  const config = configOf({ pools, routing: roundRobin, source: [] });
  expect([0, 1, 2].map((pool) => initialsOf(config, pool))).toEqual(["ch", "co", "b"]);
});
