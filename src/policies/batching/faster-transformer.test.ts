import { expect, test } from "vitest";
import { createEngine } from "../../engine/index.ts";
import { configOf, linearLatency, runAll } from "../../engine/testing.ts";
import { roundRobin } from "../routing/round-robin.ts";
import { fasterTransformer } from "./faster-transformer.ts";

// 10 ms an iteration and 0.1 ms a token; 10 blocks of 16 for each request.
const latency = linearLatency({ base: 0.01, perToken: 1e-4 });
const rows = [
  { at: 0, prompt: 100, output: 3 },
  { at: 0, prompt: 50, output: 2 },
  { at: 0.001, prompt: 20, output: 1 },
];
const config = (more: object = {}) =>
  configOf({
    pools: [{ batching: { definition: fasterTransformer, values: { maxTokens: 160, batchCap: 2 } }, latency, kvBlocks: 30, ...more }],
    routing: roundRobin,
    source: rows,
  });

test("a batch runs to the end of its last request, and the next waits: by hand", () => {
  // A and B: 150 tokens, 25 ms. Both decode: 10.2, to 35.2, and B is done. A alone: 10.1, to 45.3. Then C: 12, to 57.3.
  const { id, scheduledAt, finishedAt } = runAll(config()).requests();
  expect([...id]).toEqual([1, 0, 2]);
  [0, 0, 0.0453].forEach((time, row) => expect(scheduledAt[row]).toBeCloseTo(time, 12));
  [0.0352, 0.0453, 0.0573].forEach((time, row) => expect(finishedAt[row]).toBeCloseTo(time, 12));
});

test("blocks of a request that ends early stay in use until its batch is done", () => {
  const { simulation } = createEngine(config(), { keepRequests: false });
  const used = [0.03, 0.04, 0.05, Infinity].map((time) => {
    simulation.runUntil(time);
    const { usedBlocks, holders } = simulation.replicas[0]!;
    return [usedBlocks, holders];
  });
  expect(used).toEqual([
    [20, 2],
    [20, 1],
    [10, 1],
    [0, 0],
  ]);
});

test("with two stages, the other lane finds no room until the whole batch is done", () => {
  // 25 blocks: C would fit beside A as soon as B's 10 were free.
  const log = runAll(config({ stages: 2, kvBlocks: 25 })).requests();
  const [a, b, c] = [0, 1, 2].map((id) => log.id.indexOf(id)) as [number, number, number];
  expect(log.finishedAt[a]!).toBeGreaterThan(log.finishedAt[b]!);
  expect(log.scheduledAt[c]).toBe(log.finishedAt[a]);
  // 30 blocks: C takes the idle lane at once.
  const roomy = runAll(config({ stages: 2 })).requests();
  expect(roomy.scheduledAt[roomy.id.indexOf(2)]).toBe(0.001);
});

test("a crash frees what the batch has kept", () => {
  const faults = [{ at: 0.04, kind: "crash" as const, pool: 0, position: 0, replaceAfter: Infinity }];
  const engine = createEngine({ ...config(), faults }, { keepRequests: false });
  engine.simulation.runUntil(0.045);
  expect(engine.simulation.replicas[0]!.usedBlocks).toBe(0);
});
