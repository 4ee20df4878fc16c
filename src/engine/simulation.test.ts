// The event loop by hand: late binding, faults, hand-over between pools, stale load, cutting a run short.
import { describe, expect, test } from "vitest";
import { sarathi } from "../policies/batching/sarathi.ts";
import { vllm } from "../policies/batching/vllm.ts";
import { leastOutstanding } from "../policies/routing/least-outstanding.ts";
import { roundRobin } from "../policies/routing/round-robin.ts";
import { REFUSE, ReplicaState, Status, WAIT, definePolicy } from "./contracts.ts";
import type { FleetView, RequestSource, RoutingDefinition } from "./contracts.ts";
import { createEngine } from "./index.ts";
import { RequestTracer } from "./metrics/tracer.ts";
import { Ledger } from "./testing-ledger.ts";
import { closedSource, configOf, linearLatency, runAll, textOf } from "./testing.ts";
import type { ConfigOptions, Row } from "./testing.ts";

// 10 ms an iteration and 0.1 ms a token.
const latency = linearLatency({ base: 0.01, perToken: 1e-4 });
const pool = { batching: sarathi, latency };
const router = (route: (slot: number, fleet: FleetView) => number, more: object = {}): RoutingDefinition =>
  definePolicy({ kind: "routing", id: "test", label: "Test", help: "", params: {}, create: () => ({ route, ...more }) });
const rowsAt = (times: readonly number[], prompt = 10, output = 1): Row[] => times.map((at) => ({ at, prompt, output }));

/** Runs with a ledger, which must balance. */
function run(options: ConfigOptions, limit = Infinity) {
  const ledger = new Ledger();
  const engine = createEngine(configOf(options), { keepRequests: true, recorders: [ledger] });
  ledger.attach(engine);
  engine.simulation.runUntil(limit);
  engine.simulation.finish();
  expect(ledger.check(engine, limit === Infinity)).toEqual([]);
  return engine;
}

describe("routing", () => {
  test("a request that waits at the router is offered again at the time the router names, and at every finish", () => {
    const asked: number[] = [];
    const patient = router((_slot, fleet) => {
      asked.push(fleet.now);
      if (fleet.now === 0) fleet.lookAgainAt(0.5);
      return fleet.now < 0.5 || fleet.load.outstanding[0]! > 0 ? WAIT : 0;
    });
    const { finishedAt } = run({ pools: [pool], routing: patient, source: rowsAt([0, 0]) }).requests();
    // The first goes at 0.5 s and takes 11 ms; its end lets the second in.
    expect(asked.map((time) => Number(time.toFixed(9)))).toEqual([0, 0, 0.5, 0.5, 0.511]);
    [0.511, 0.522].forEach((time, row) => expect(finishedAt[row]).toBeCloseTo(time, 12));
  });

  test("a refused request ends at once", () => {
    const { status, finishedAt } = run({ pools: [pool], routing: router(() => REFUSE), source: rowsAt([0.25]) }).requests();
    expect([status[0], finishedAt[0]]).toEqual([Status.refused, 0.25]);
  });

  test("is told of placements, finishes and replicas, at the time they happen", () => {
    const told: string[] = [];
    const note = (what: string, fleet: FleetView): unknown => told.push(`${what} ${fleet.now.toFixed(3)}`);
    const listening = router((_slot, { candidates }) => candidates[0]!, {
      placed: (_slot: number, replica: number, fleet: FleetView) => note(`placed ${replica}`, fleet),
      finished: (_slot: number, replica: number, fleet: FleetView) => note(`finished ${replica}`, fleet),
      replicaAdded: (replica: number) => told.push(`added ${replica}`),
      replicaRemoved: (replica: number) => told.push(`removed ${replica}`),
    });
    const faults = [{ at: 1, kind: "crash" as const, pool: 0, position: 0, replaceAfter: 1 }];
    run({ pools: [{ ...pool, startupSeconds: 2 }], routing: listening, source: rowsAt([0, 5]), faults });
    expect(told).toEqual(["added 0", "placed 0 0.000", "finished 0 0.011", "removed 0", "added 0", "placed 0 5.000", "finished 0 5.011"]);
  });

  test("load may be stale: two requests within the refresh see the same load", () => {
    const seen: number[][] = [];
    const watching = router((_slot, { load, candidates }) => {
      seen.push([load.outstanding[0]!, load.at]);
      return candidates[0]!;
    });
    run({ pools: [pool], routing: watching, source: rowsAt([0, 0.1, 0.6, 1.1], 10, 200), loadStaleness: 0.5 });
    expect(seen).toEqual([
      [0, 0],
      [1, 0],
      [2, 0.5],
      [3, 1],
    ]);
  });
});

describe("requests that cannot be served", () => {
  test("a request of no output tokens failed at its origin, and one larger than the cache fails on its replica", () => {
    const source = [
      { at: 0, prompt: 10, output: 0 },
      { at: 0, prompt: 300, output: 22 },
      { at: 0, prompt: 300, output: 21 },
    ];
    // 20 blocks of 16 hold 320 tokens; the last token produced needs no room.
    const log = run({ pools: [{ ...pool, kvBlocks: 20 }], routing: roundRobin, source }).requests();
    expect(Array.from(log.id, (id, row) => [id, log.status[row]])).toEqual([
      [0, Status.failed],
      [1, Status.failed],
      [2, Status.completed],
    ]);
  });

  test("a run ends when nothing can happen any more, also with stale load: what is left is unfinished", () => {
    const faults = [{ at: 1, kind: "crash" as const, pool: 0, position: 0, replaceAfter: Infinity }];
    const engine = createEngine(configOf({ pools: [pool], routing: roundRobin, source: rowsAt([0, 2]), faults, loadStaleness: 0.1 }), {
      keepRequests: true,
    });
    expect(engine.simulation.runUntil(Infinity, 10_000)).toBe(true);
    engine.simulation.finish();
    expect([...engine.requests().status]).toEqual([Status.completed, Status.unfinished]);
  });
});

test("a run also ends when an autoscaler only looks on", () => {
  const autoscaling = {
    kind: "autoscaling" as const,
    id: "idle",
    label: "",
    help: "",
    params: {},
    create: () => ({ tickSeconds: 1, tick: () => 0 }),
  };
  const faults = [{ at: 1, kind: "crash" as const, pool: 0, position: 0, replaceAfter: Infinity }];
  const pools = [
    { ...pool, autoscaling },
    { ...pool, autoscaling, role: "decode" as const },
  ];
  const engine = createEngine(configOf({ pools, routing: roundRobin, source: rowsAt([0, 2]), faults, loadStaleness: 0.1 }), {
    keepRequests: true,
  });
  expect(engine.simulation.runUntil(Infinity, 100_000)).toBe(true);
  engine.simulation.finish();
  expect([...engine.requests().status]).toEqual([Status.completed, Status.unfinished]);
});

describe("faults", () => {
  test("after a crash the requests go back to the router, and what they had is computed again", () => {
    // Prompt of 10: 11 ms. Decodes of 10.1 ms end at 21.1, 31.2, 41.3 ... The crash at 35 ms loses the iteration that runs: 3 tokens are out.
    const faults = [{ at: 0.035, kind: "crash" as const, pool: 0, position: 0, replaceAfter: 1 }];
    const tracer = new RequestTracer(0);
    const engine = createEngine(
      configOf({ pools: [{ ...pool, startupSeconds: 2 }], routing: roundRobin, source: rowsAt([0], 10, 5), faults }),
      {
        keepRequests: true,
        recorders: [tracer],
      },
    );
    tracer.attach(engine.simulation);
    engine.simulation.runUntil(Infinity);
    const log = engine.requests();
    // Back at 3.035 s: 13 tokens in 11.3 ms give the fourth, 10.1 ms the fifth.
    expect(log.firstTokenAt[0]).toBeCloseTo(0.011, 12);
    expect(log.finishedAt[0]).toBeCloseTo(3.035 + 0.0113 + 0.0101, 12);
    expect(
      tracer
        .timeline()!
        .events.filter(({ kind }) => kind === "chunk")
        .map(({ tokens }) => tokens),
    ).toEqual([10, 13]);
    expect(engine.events().map(({ at, state, reason }) => [at, state, reason])).toEqual([
      [0, ReplicaState.ready, "initial"],
      [0.035, ReplicaState.failed, "fault"],
      [1.035, ReplicaState.starting, "recovered"],
      [3.035, ReplicaState.ready, "ready"],
    ]);
    // A replica that is down costs nothing: 0.035 s, then from 1.035 s on.
    expect(engine.summary(true).fleet.replicaSeconds).toBeCloseTo(log.finishedAt[0]! - 1, 12);
  });

  test("a reclaimed replica finishes what it has", () => {
    const faults = [{ at: 0.035, kind: "reclaim" as const, pool: 0, position: 0, replaceAfter: 0 }];
    const engine = run({ pools: [{ ...pool, startupSeconds: 2 }], routing: roundRobin, source: rowsAt([0, 0.5], 10, 5), faults });
    const log = engine.requests();
    expect(log.finishedAt[0]).toBeCloseTo(0.011 + 4 * 0.0101, 12);
    // The second waits for the replacement.
    expect(log.scheduledAt[1]).toBeCloseTo(2.035, 12);
    expect([...log.replica]).toEqual([0, 1]);
  });
});

describe("prefill and decode pools", () => {
  const pools = [
    { ...pool, role: "prefill" as const, kvBytesPerToken: 1e6 },
    { ...pool, role: "decode" as const },
  ];
  const network = { bytesPerS: 1e9, latencyS: 0.005 };

  test("the cache moves over the network, and the decode replica goes on: by hand", () => {
    // Prompt of 10 on the first: 11 ms, with the first token. 10 tokens of 1 MB at 1 GB/s and 5 ms: 15 ms. Two decodes of 10.1 ms.
    const engine = run({ pools, routing: leastOutstanding, source: rowsAt([0], 10, 3), network });
    const log = engine.requests();
    expect(log.firstTokenAt[0]).toBeCloseTo(0.011, 12);
    expect(log.finishedAt[0]).toBeCloseTo(0.011 + 0.015 + 0.0202, 12);
    expect([log.replica[0], log.pool[0]]).toEqual([1, 1]);
    // The gap before the second token holds the transfer.
    expect(engine.summary(true).itl.max).toBeCloseTo(0.015 + 0.0101, 12);
  });

  test("transfers queue at both ends", () => {
    // Two prompts of 10 in one batch: 12 ms. The second transfer begins when the first is through: at 27 and 42 ms.
    const log = run({ pools, routing: leastOutstanding, source: rowsAt([0, 0], 10, 2), network }).requests();
    expect(log.finishedAt[0]).toBeCloseTo(0.027 + 0.0101, 12);
    expect(log.finishedAt[1]).toBeCloseTo(0.042 + 0.0101, 12);
  });

  test.each([
    ["the receiver is lost while the cache is on its way", 1],
    ["the sender is lost while the cache is on its way", 0],
  ])("%s: the request starts over", (_name, lost) => {
    const faults = [{ at: 0.02, kind: "crash" as const, pool: lost, position: 0, replaceAfter: 0 }];
    const startupSeconds = 1;
    const engine = run({
      pools: pools.map((one) => ({ ...one, startupSeconds })),
      routing: leastOutstanding,
      source: rowsAt([0], 10, 3),
      network,
      faults,
    });
    const log = engine.requests();
    // The prompt and the first token are computed again: 11 tokens, 11.1 ms, which gives the second; then 16 ms on the way and a decode of 10.1 ms.
    // It is noticed at 26 ms, when the transfer should have been through. The lost replica is back at 1.02 s.
    const start = lost === 0 ? 1.02 : 0.026;
    const moved = lost === 0 ? start + 0.0111 : 1.02;
    expect(log.firstTokenAt[0]).toBeCloseTo(0.011, 12);
    expect(log.finishedAt[0]).toBeCloseTo(moved + 0.016 + 0.0101, 12);
  });

  test("a prompt held for want of prefill replicas does not stand in the way of finished prefills", () => {
    // The prefill replica is reclaimed at 5 ms and ends its prompt of 11 ms; the request of 8 ms has nowhere to go until there is another.
    const faults = [{ at: 0.005, kind: "reclaim" as const, pool: 0, position: 0, replaceAfter: 50 }];
    const log = run({ pools, routing: leastOutstanding, source: rowsAt([0, 0.008], 10, 2), network, faults }).requests();
    expect([...log.id]).toEqual([0, 1]);
    expect(log.finishedAt[0]).toBeCloseTo(0.011 + 0.015 + 0.0101, 12);
    expect(log.scheduledAt[1]).toBeCloseTo(55.005, 12);
  });
});

describe("time", () => {
  test("a run that is cut stands at the cut, whatever the last event", () => {
    const engine = createEngine(configOf({ pools: [pool], routing: roundRobin, source: rowsAt([0, 9], 10, 100) }), { keepRequests: true });
    const { simulation } = engine;
    expect(simulation.runUntil(0.5)).toBe(false);
    expect(simulation.now).toBe(0.5);
    // 11 ms, then 48 whole decodes of 10.1 ms.
    simulation.finish();
    expect([...engine.requests().status]).toEqual([Status.unfinished]);
    expect(engine.summary(true).makespan).toBe(0.5);
    expect(engine.series().outputTokens.reduce((sum, x) => sum + x, 0)).toBeCloseTo(49, 9);
  });

  test("what ends at the same moment ends by number of the lane: leaping and stepping agree where a closed loop makes everything coincide", () => {
    // Eight clients with equal requests: batches on four replicas end at the same instants, and new requests come at those instants.
    const exact = linearLatency({ base: 1 / 64, perToken: 1 / 1024 });
    const lengths: Row[] = Array.from({ length: 120 }, (_, i) => ({ at: 0, prompt: 16, output: 2 + (i % 5) * 3 }));
    const options = (step: boolean, think: number): ConfigOptions => ({
      pools: [{ batching: vllm, latency: exact, replicas: 4 }],
      routing: leastOutstanding,
      source: closedSource(13, think, lengths),
      step,
    });
    for (const think of [0, 1 / 64, 5 / 64]) expect(textOf(run(options(false, think)))).toEqual(textOf(run(options(true, think))));
  });

  test("sources are asked again after every end, and a run without requests is over at once", () => {
    expect(runAll(configOf({ pools: [pool], routing: roundRobin, source: [] })).summary(true).requests.total).toBe(0);
    const ends: number[] = [];
    const closed = closedSource(2, 0.5, rowsAt([0, 0, 0]));
    const source: RequestSource = {
      ...closed,
      finished: (id, now) => {
        ends.push(id);
        closed.finished!(id, now);
      },
    };
    const log = run({ pools: [pool], routing: roundRobin, source }).requests();
    expect(ends).toEqual([0, 1, 2]);
    // Both clients end at 12 ms and think for half a second.
    expect(log.arrivedAt[2]).toBeCloseTo(0.512, 12);
  });
});

test("gaps between tokens without a closed form are those with one", () => {
  const source = rowsAt([0, 0.02, 0.3], 40, 60);
  const hidden = { iteration: linearLatency({ base: 0.01, perToken: 1e-4, perContext: 1e-6 }).iteration };
  const open = linearLatency({ base: 0.01, perToken: 1e-4, perContext: 1e-6 });
  const [a, b] = [hidden, open].map((model) => run({ pools: [{ ...pool, latency: model }], routing: roundRobin, source }).summary(true));
  for (const key of ["itl", "ttft", "tpot", "e2e"] as const) {
    expect(a![key].count).toBe(b![key].count);
    expect(a![key].mean).toBeCloseTo(b![key].mean!, 9);
    expect(a![key].p99! / b![key].p99!).toBeCloseTo(1, 2);
  }
});
