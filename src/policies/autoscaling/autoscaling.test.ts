// What the engine gives and promises to autoscalers, and what every autoscaler must hold.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Autoscaler, AutoscalingDefinition, PoolView } from "../../engine/contracts.ts";
import { createEngine } from "../../engine/index.ts";
import { Ledger } from "../../engine/testing-ledger.ts";
import { configOf, linearLatency, runAll, textOf } from "../../engine/testing.ts";
import type { Row } from "../../engine/testing.ts";
import { sarathi } from "../batching/sarathi.ts";
import { leastOutstanding } from "../routing/least-outstanding.ts";
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
          const config = configFrom(recipe, sarathi, routerOf(recipe), step);
          const pools = config.pools.map((pool) => ({ ...pool, autoscaling: { definition: scripted(deltas), values: {} } }));
          const ledger = new Ledger();
          const engine = createEngine({ ...config, pools }, { keepRequests: true, recorders: [ledger] });
          ledger.attach(engine);
          engine.simulation.runUntil(Infinity, 200_000);
          engine.simulation.finish();
          expect(ledger.check(engine, true)).toEqual([]);
          return textOf(engine);
        });
        expect(texts[0]).toEqual(texts[1]);
      }),
      { numRuns: 60 },
    );
  });
});

describe.each(autoscaling)("$id", (definition) => {
  test("serves everything and gives the same bytes again, stepped and leaping", () => {
    fc.assert(
      fc.property(recipes, (recipe) => {
        const texts = [false, false, true].map((step) => {
          const config = configFrom(recipe, sarathi, routerOf(recipe), step);
          const pools = config.pools.map((pool) => ({ ...pool, autoscaling: { definition, values: {} } }));
          const ledger = new Ledger();
          const engine = createEngine({ ...config, pools }, { keepRequests: true, recorders: [ledger] });
          ledger.attach(engine);
          engine.simulation.runUntil(Infinity, 200_000);
          engine.simulation.finish();
          expect(ledger.check(engine, true)).toEqual([]);
          return textOf(engine);
        });
        expect(texts[1]).toEqual(texts[0]);
        expect(texts[2]).toEqual(texts[0]);
      }),
      { numRuns: 30 },
    );
  });
});

test("fixed: the fleet never changes", () => {
  const fixed = autoscaling.find(({ id }) => id === "fixed")!;
  const engine = run(fixed, quiet, { replicas: 3 });
  expect(engine.events().map(({ reason }) => reason)).toEqual(["initial", "initial", "initial"]);
  expect(engine.summary(true).fleet.replicaSeconds).toBeCloseTo(3 * 10.011, 12);
});
