import { expect, test } from "vitest";
import { createEngine } from "../../engine/index.ts";
import { configOf, linearLatency, runAll } from "../../engine/testing.ts";
import type { Row } from "../../engine/testing.ts";
import { roundRobin } from "../routing/round-robin.ts";
import { orca } from "./orca.ts";

// 10 ms an iteration and 0.1 ms a token; 10 blocks of 16 for each request.
const latency = linearLatency({ base: 0.01, perToken: 1e-4 });
const config = (rows: readonly Row[], more: object = {}, values: object = {}) =>
  configOf({
    pools: [{ batching: { definition: orca, values: { maxTokens: 160, ...values } }, latency, kvBlocks: 30, ...more }],
    routing: roundRobin,
    source: rows,
  });
const rows = [
  { at: 0, prompt: 100, output: 3 },
  { at: 0.015, prompt: 50, output: 2 },
];

test("a prompt joins the decodes whole: by hand", () => {
  // A's prompt: 20 ms. A decodes beside B's prompt, 51 tokens: 15.1, to 35.1. Both decode: 10.2, to 45.3.
  const { id, scheduledAt, firstTokenAt, finishedAt } = runAll(config(rows)).requests();
  expect([...id]).toEqual([0, 1]);
  [0, 0.02].forEach((time, row) => expect(scheduledAt[row]).toBeCloseTo(time, 12));
  [0.02, 0.0351].forEach((time, row) => expect(firstTokenAt[row]).toBeCloseTo(time, 12));
  [0.0453, 0.0453].forEach((time, row) => expect(finishedAt[row]).toBeCloseTo(time, 12));
});

test("who finds no room for the longest sequence waits, though its own tokens would fit", () => {
  // 15 blocks: A decodes alone, 10.1 ms twice, to 40.2. Then B: 15, and 10.1.
  const { scheduledAt, finishedAt } = runAll(config(rows, { kvBlocks: 15 })).requests();
  expect(scheduledAt[1]).toBeCloseTo(0.0402, 12);
  expect(finishedAt[1]).toBeCloseTo(0.0653, 12);
});

test("blocks are held from admission to the end, whatever the tokens fill", () => {
  // The prompt fills 6 blocks, and its last tokens start a seventh.
  const { simulation } = createEngine(config([{ at: 0, prompt: 95, output: 10 }]), { keepRequests: false });
  const used = [0.001, 0.05, 0.1, Infinity].map((time) => {
    simulation.runUntil(time);
    return simulation.replicas[0]!.usedBlocksAt(simulation.now);
  });
  expect(used).toEqual([10, 10, 10, 0]);
});

test("a sequence longer than the longest reserves its own length, at most the whole cache", () => {
  const first = (more: object): number => {
    const { simulation } = createEngine(config(rows, more, { maxTokens: 16 }), { keepRequests: false });
    simulation.runUntil(0.001);
    return simulation.replicas[0]!.usedBlocks;
  };
  // 103 tokens; the last of them needs no place.
  expect(first({})).toBe(7);
  expect(first({ blockSize: 34, kvBlocks: 3 })).toBe(3);
});

test("the batch cap counts decodes and prompts", () => {
  const three = [0, 1, 2].map(() => ({ at: 0, prompt: 10, output: 2 }));
  // Two prompts of 10: 12 ms; two decodes: 10.2; then the third.
  expect(runAll(config(three, {}, { batchCap: 2 })).requests().scheduledAt[2]).toBeCloseTo(0.0222, 12);
});
