// What the engine gives and promises to autoscalers, and what every autoscaler must hold.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Autoscaler, AutoscalingDefinition, PoolView } from "../../engine/contracts.ts";
import type { PoolConfig } from "../../engine/config.ts";
import { createEngine } from "../../engine/index.ts";
import { Ledger } from "../../engine/testing-ledger.ts";
import { configOf, linearLatency, runAll, textOf } from "../../engine/testing.ts";
import type { Row } from "../../engine/testing.ts";
import { sarathi } from "../batching/sarathi.ts";
import { routing } from "../routing/index.ts";
import { leastOutstanding } from "../routing/least-outstanding.ts";
import { roundRobin } from "../routing/round-robin.ts";
import { configFrom, recipes, routerOf } from "../testing-scenarios.ts";
import { autoscaling } from "./index.ts";

const scaler = (create: () => Autoscaler): AutoscalingDefinition => ({
  kind: "autoscaling",
  id: "test",
  label: "Test",
  help: "",
  params: {},
  create,
});

/** Answers ticks 0, 1, 2, ... seconds with the deltas, and notes what it saw. */
function scripted(deltas: readonly number[], seen: number[][] = []): AutoscalingDefinition {
  return scaler(() => {
    const state = { tick: 0 };
    return {
      state,
      tickSeconds: 1,
      tick: (pool: PoolView) => {
        seen.push([pool.now, pool.ready, pool.starting, pool.draining, pool.replicaCount]);
        return deltas[state.tick++] ?? 0;
      },
    };
  });
}

const latency = linearLatency({ base: 0.01, perToken: 1e-4 });
const run = (autoscaler: AutoscalingDefinition, rows: readonly Row[], more: object = {}) =>
  runAll(
    configOf({
      pools: [{ batching: sarathi, autoscaling: autoscaler, latency, startupSeconds: 2.5, pricePerReplicaHour: 7200, ...more }],
      routing: leastOutstanding,
      source: rows,
    }),
  );

/** Runs a recipe with these options in every pool, and a ledger that must balance. */
function audited(recipe: Parameters<typeof configFrom>[0], step: boolean, options: Partial<PoolConfig>) {
  const config = configFrom(recipe, sarathi, routerOf(recipe), step);
  const ledger = new Ledger();
  const engine = createEngine(
    { ...config, pools: config.pools.map((pool) => ({ ...pool, ...options })) },
    { keepRequests: true, recorders: [ledger] },
  );
  ledger.attach(engine);
  engine.simulation.runUntil(Infinity, 200_000);
  engine.simulation.finish();
  expect(ledger.check(engine, true)).toEqual([]);
  return { engine, ledger };
}

/** A router that asks replicas for their queues hears from one that an autoscaler has taken away meanwhile. */
const goneWhileAsked = {
  seed: routing.findIndex(({ id }) => id === "ray-power-of-two"),
  ties: false,
  requests: [0, 0].map((gap) => ({ gap, prompt: 1, output: 1, tenant: 0, head: 0 })),
  caching: false,
  users: 0,
  latency: "closed" as const,
  perContext: 0,
  layout: "one" as const,
  replicas: 2,
  stages: 1,
  blockSize: 1,
  spareBlocks: 0,
  batchCap: 1,
  budget: 16,
  watermark: 0,
  staleness: 0,
  admission: "none" as const,
  ordering: 0,
  prediction: "none" as const,
  cost: "linear" as const,
  faults: [],
};

/** One request at the start and one at 10 s: the run ends at 10.011 s. */
const quiet = [0, 10].map((at) => ({ at, prompt: 10, output: 1 }));

describe("the engine", () => {
  test("ticks from 0 on; new replicas are ready after the start-up delay; drained idle ones go at once; the last ready one stays", () => {
    const seen: number[][] = [];
    const engine = run(scripted([0, 2, 0, 0, 0, 0, -5, 0], seen), quiet);
    expect(seen.slice(0, 9)).toEqual([
      [0, 1, 0, 0, 1],
      [1, 1, 0, 0, 1],
      [2, 1, 2, 0, 1],
      [3, 1, 2, 0, 1],
      [4, 3, 0, 0, 3],
      [5, 3, 0, 0, 3],
      [6, 3, 0, 0, 3],
      [7, 1, 0, 0, 1],
      [8, 1, 0, 0, 1],
    ]);
    const events = engine.events().map(({ at, replica, reason }) => [at, replica, reason]);
    expect(events).toEqual([
      [0, 0, "initial"],
      [1, 1, "autoscaler"],
      [1, 2, "autoscaler"],
      [3.5, 1, "ready"],
      [3.5, 2, "ready"],
      [6, 0, "autoscaler"],
      [6, 0, "drained"],
      [6, 1, "autoscaler"],
      [6, 1, "drained"],
    ]);
  });

  test("the meter runs while replicas start, serve and drain: by hand", () => {
    // Three replicas from 1 to 6 s of which one was there before and one stays to 10.011 s: 10.011 + 2 x 5 seconds, at 2 dollars a second.
    const summary = run(scripted([0, 2, 0, 0, 0, 0, -5]), quiet).summary(true);
    expect(summary.makespan).toBeCloseTo(10.011, 12);
    expect(summary.fleet.replicaSeconds).toBeCloseTo(20.011, 12);
    expect(summary.cost.total).toBeCloseTo(40.022, 12);
    expect(summary.pools[0]!.cost).toBe(summary.cost.total);
    expect(summary.fleet.gpuSeconds).toBeCloseTo(20.011, 12);
    // Two iterations of 11 ms in 10.011 + 2 x 2.5 ready seconds.
    expect(summary.fleet.utilisation).toBeCloseTo(0.022 / 15.011, 12);
  });

  test("a draining replica gets no more requests, finishes those it has, and is paid for until then", () => {
    // Two replicas with a request of 11 + 399 x 10.1 ms each: done at 4.0409 s. One is drained at 1 s; the requests of 2 s all go to the other.
    const rows = [0, 0, 2, 2, 2].map((at) => ({ at, prompt: 10, output: at === 0 ? 400 : 1 }));
    const engine = run(scripted([0, -1]), rows, { replicas: 2 });
    const log = engine.requests();
    const drained = engine.events().find(({ reason }) => reason === "autoscaler")!.replica;
    for (let row = 0; row < log.length; row++) if (log.arrivedAt[row] === 2) expect(log.replica[row]).toBe(1 - drained);
    const gone = engine.events().find(({ reason }) => reason === "drained")!;
    expect([gone.replica, gone.at]).toEqual([drained, log.finishedAt[Array.from(log.replica).lastIndexOf(drained)]]);
    expect(gone.at).toBeCloseTo(4.0409, 9);
    const { fleet } = engine.summary(true);
    expect(fleet.replicaSeconds).toBeCloseTo(gone.at + engine.summary(true).makespan, 9);
  });

  test("tells of every arrival, and of every iteration with its tokens, also where it would leap", () => {
    fc.assert(
      fc.property(
        recipes.filter(({ faults }) => faults.every(({ crash }) => !crash)),
        (recipe) => {
          let arrivals = 0;
          let iterations = 0;
          let tokens = 0;
          const lastEnd = new Map<number, number>();
          const listening = scaler(() => ({
            tickSeconds: Infinity,
            arrived: () => arrivals++,
            batchEnded: (replica, count, startedAt, endedAt) => {
              iterations++;
              tokens += count;
              expect(endedAt).toBeGreaterThan(startedAt);
              if (recipe.stages === 1) expect(startedAt).toBeGreaterThanOrEqual(lastEnd.get(replica) ?? 0);
              lastEnd.set(replica, endedAt);
            },
          }));
          const config = configFrom(recipe, sarathi, routerOf(recipe), false);
          const pools = config.pools.map((pool) => ({ ...pool, autoscaling: { definition: listening, values: {} } }));
          const ledger = new Ledger();
          let firstTokens = 0;
          const engine = createEngine(
            { ...config, pools },
            { keepRequests: true, recorders: [ledger, { firstToken: () => firstTokens++, resumed: () => firstTokens++ }] },
          );
          ledger.attach(engine);
          engine.simulation.runUntil(Infinity, 200_000);
          engine.simulation.finish();
          expect(ledger.check(engine, true)).toEqual([]);
          expect(arrivals).toBe(ledger.arrivals * pools.length);
          expect(iterations).toBe(engine.simulation.iterations);
          // New tokens: of prompts, and one per decode; the token that ends a prompt comes with its last chunk.
          expect(tokens).toBe(ledger.chunkTokens + ledger.outputTokens - firstTokens);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("replicas that come and go change nothing in the books", () => {
    fc.assert(
      fc.property(recipes, fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 12 }), (recipe, deltas) => {
        const texts = [false, true].map((step) => {
          return textOf(audited(recipe, step, { autoscaling: { definition: scripted(deltas), values: {} } }).engine);
        });
        expect(texts[0]).toEqual(texts[1]);
      }),
      { numRuns: 60 },
    );
  });
});

const absurd = fc.oneof(
  fc.constantFrom(NaN, Infinity, -Infinity, 1e9, -1e9, 0.4, -0.4, 2.7, -2.7, -0, 1e-300, 3, -3, undefined as unknown as number),
  fc.integer({ min: -5, max: 5 }),
);

describe("whatever a policy answers", () => {
  test("every request ends exactly once, the pool stays within its limits, and one ready replica stays", () => {
    fc.assert(
      fc.property(
        recipes,
        fc.array(absurd, { minLength: 1, maxLength: 12 }),
        fc.record({
          tick: fc.constantFrom(NaN, -1, 0, 0.01, 0.25, 1),
          minReplicas: fc.integer({ min: 1, max: 3 }),
          maxReplicas: fc.integer({ min: 1, max: 5 }),
          scaleDownSeconds: fc.constantFrom(0, 0, 0.3, 2),
          node: fc.constantFrom(null, { gpus: 3, pricePerHour: 10 }),
          paysStarting: fc.boolean(),
        }),
        fc.boolean(),
        (recipe, answers, { tick, ...options }, step) => {
          const limits: number[] = [];
          const policy = scaler(() => {
            const state = { asked: 0 };
            return {
              state,
              tickSeconds: tick,
              countsTokens: true,
              tick: (pool: PoolView) => {
                // Faults may take the pool below its least; orders may not take it above its most.
                limits.push(pool.ordered - pool.maxReplicas);
                if (recipe.faults.length === 0) expect(pool.ready).toBeGreaterThanOrEqual(1);
                expect(pool.leaving).toBeGreaterThanOrEqual(0);
                pool.because("answer", state.asked);
                return answers[state.asked++ % answers.length]!;
              },
            };
          });
          const { engine } = audited(recipe, step, { ...options, autoscaling: { definition: policy, values: {} } });
          if (recipe.faults.length === 0) expect(Math.max(...limits)).toBeLessThanOrEqual(0);
          for (const decision of engine.decisions()) {
            expect(Math.abs(decision.ordered)).toBeLessThanOrEqual(Math.trunc(Math.abs(decision.answered)));
            expect(decision.because.length).toBe(1);
          }
        },
      ),
      { numRuns: 120 },
    );
  });

  test("policies that see busy time and tokens see the same, leaping and stepping", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const [leaping, stepping] = [false, true].map((step) => {
          const seen: number[][] = [];
          const policy = scaler(() => ({
            tickSeconds: recipe.ties ? 0.25 : 0.31,
            countsTokens: true,
            tick: (pool: PoolView) => {
              seen.push([pool.now, pool.tokensDone(), pool.busySeconds(), pool.busySeconds(pool.replicas[0])]);
              return 0;
            },
          }));
          const { ledger } = audited(recipe, step, { autoscaling: { definition: policy, values: {} } });
          expect(seen.at(-1)![1]).toBeLessThanOrEqual(ledger.chunkTokens + ledger.outputTokens);
          return seen;
        });
        expect(leaping).toEqual(stepping);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(autoscaling)("$id", (definition) => {
  /** Looks as often as it may, so that short runs see it at work. */
  const eager = Object.fromEntries(Object.entries({ tick: 0.2, sync: 1 }).filter(([key]) => key in definition.params));

  test("a run saved on the way and taken up elsewhere ends the same", () => {
    fc.assert(
      fc.property(recipes, fc.nat(300), (recipe, events) => {
        const fresh = () => {
          const config = configFrom(recipe, sarathi, routerOf(recipe), false);
          const pools = config.pools.map((pool) => ({ ...pool, autoscaling: { definition, values: eager } }));
          return createEngine({ ...config, pools }, { keepRequests: true });
        };
        const [whole, saved, restored] = [fresh(), fresh(), fresh()];
        saved.simulation.runUntil(Infinity, events);
        restored.simulation.restore(structuredClone(saved.simulation.snapshot()));
        for (const { simulation } of [whole, saved, restored]) {
          simulation.runUntil(Infinity, 200_000);
          simulation.finish();
        }
        expect(textOf(saved)).toEqual(textOf(whole));
        expect(textOf(restored)).toEqual(textOf(whole));
      }),
      { numRuns: 30 },
    );
  });

  test("serves everything and gives the same bytes again, stepped and leaping", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const texts = [false, false, true].map((step) => {
          return textOf(audited(recipe, step, { autoscaling: { definition, values: eager } }).engine);
        });
        expect(texts[1]).toEqual(texts[0]);
        expect(texts[2]).toEqual(texts[0]);
      }),
      { numRuns: 30, examples: [[goneWhileAsked]] },
    );
  });
});

describe("limits, delays and prices", () => {
  test("answers are cut: fractions, what is no number, what is beyond the limits; each change that is asked for is recorded with its reason", () => {
    const answers = [2.9, NaN, 1e9, -Infinity, -0.9];
    const policy = scaler(() => {
      const state = { tick: 0 };
      return {
        state,
        tickSeconds: 1,
        tick: (pool: PoolView) => {
          pool.because("tick", state.tick);
          return answers[state.tick++] ?? 0;
        },
      };
    });
    const engine = run(policy, quiet, { startupSeconds: 0.5, minReplicas: 2, maxReplicas: 5 });
    const rows = engine
      .decisions()
      .map(({ at, ready, starting, answered, ordered, because }) => [at, ready, starting, answered, ordered, because]);
    expect(rows).toEqual([
      [0, 1, 0, 2.9, 2, [["tick", 0]]],
      [2, 3, 0, 1e9, 2, [["tick", 2]]],
      [3, 5, 0, -Infinity, -3, [["tick", 3]]],
    ]);
  });

  test("a scale-down waits for its delay; until then the replica serves and is counted as leaving", () => {
    const seen: number[][] = [];
    const policy = scaler(() => ({
      tickSeconds: 1,
      tick: (pool: PoolView) => {
        seen.push([pool.now, pool.ready, pool.leaving, pool.ordered]);
        return pool.now === 1 ? -1 : 0;
      },
    }));
    const engine = run(policy, quiet, { replicas: 3, scaleDownSeconds: 1.5 });
    expect(seen.slice(0, 5)).toEqual([
      [0, 3, 0, 3],
      [1, 3, 0, 3],
      [2, 3, 1, 2],
      [3, 2, 0, 2],
      [4, 2, 0, 2],
    ]);
    expect(engine.events().find(({ reason }) => reason === "drained")?.at).toBe(2.5);
    const { pools, sampleSeconds } = engine.fleet();
    expect([1.25, 2.25, 2.75].map((at) => pools[0]!.leaving[at / sampleSeconds])).toEqual([1, 1, 0]);
  });

  test("whole nodes: three replicas of 2 GPUs need two nodes of 4, one needs one", () => {
    // One replica to 1 s, three from 3.5 s on (paid from when they are ready) to 6 s, then one to 10.011 s: 1 node but for 2.5 s of 2.
    const engine = run(scripted([0, 2, 0, 0, 0, 0, -5]), quiet, {
      gpusPerReplica: 2,
      node: { gpus: 4, pricePerHour: 3600 },
      paysStarting: false,
    });
    const summary = engine.summary(true);
    expect(summary.cost.total).toBeCloseTo(10.011 + 2.5, 12);
    expect(summary.fleet.replicaSeconds).toBeCloseTo(10.011 + 2 * 2.5, 12);
    const { pools, sampleSeconds } = engine.fleet();
    expect([0, 2, 4, 7].map((at) => pools[0]!.costPerHour[at / sampleSeconds])).toEqual([3600, 3600, 7200, 3600]);
  });

  test("round robin gives up the oldest when none is idle, least outstanding the one with the fewest", () => {
    // Requests of 400 tokens at 0 s, dealt out in turn: the first of two replicas has two of them, the second one.
    const rows = [0, 0, 0].map((at) => ({ at, prompt: 10, output: 400 }));
    const drained = [roundRobin, leastOutstanding].map((routing) => {
      const engine = runAll(
        configOf({ pools: [{ batching: sarathi, autoscaling: scripted([0, -1]), latency, replicas: 2 }], routing, source: rows }),
      );
      const ids = engine.requests();
      const perReplica = [0, 1].map((replica) => ids.replica.filter((one) => one === replica).length);
      expect(perReplica).toEqual([2, 1]);
      return engine.events().find(({ at, reason }) => at === 1 && reason === "autoscaler")?.replica;
    });
    expect(drained).toEqual([0, 1]);
  });

  test("requests that no replica may take move on when one arrives", () => {
    // The only replica is reclaimed at 0.5 s; the autoscaler orders another, ready at 3.5 s.
    const policy = scaler(() => ({ tickSeconds: 1, tick: (pool: PoolView) => (pool.ordered === 0 ? 1 : 0) }));
    const engine = runAll(
      configOf({
        pools: [{ batching: sarathi, autoscaling: policy, latency, startupSeconds: 2.5 }],
        routing: leastOutstanding,
        source: [{ at: 0.7, prompt: 10, output: 1 }],
        faults: [{ at: 0.5, kind: "reclaim", pool: 0, position: 0, replaceAfter: Infinity }],
      }),
    );
    expect(engine.requests().scheduledAt[0]).toBe(3.5);
  });
});

test("fixed: the fleet never changes", () => {
  const fixed = autoscaling.find(({ id }) => id === "fixed")!;
  const engine = run(fixed, quiet, { replicas: 3 });
  expect(engine.events().map(({ reason }) => reason)).toEqual(["initial", "initial", "initial"]);
  expect(engine.summary(true).fleet.replicaSeconds).toBeCloseTo(3 * 10.011, 12);
});
