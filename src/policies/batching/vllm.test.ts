import { expect, test } from "vitest";
import { configOf, linearLatency, runAll } from "../../engine/testing.ts";
import type { Row } from "../../engine/testing.ts";
import { roundRobin } from "../routing/round-robin.ts";
import { vllm } from "./vllm.ts";

// 10 ms an iteration and 0.1 ms a token.
const latency = linearLatency({ base: 0.01, perToken: 1e-4 });
const config = (rows: readonly Row[], values: object = {}, more: object = {}) =>
  configOf({
    pools: [{ batching: { definition: vllm, values: { watermark: 0, ...values } }, latency, ...more }],
    routing: roundRobin,
    source: rows,
  });

test("a prompt that arrives stalls the decodes: by hand", () => {
  // A's prompt: 20 ms. B's prompt, while A stalls: 15 ms, to 35. Both decode: 10.2 ms, to 45.2. A decodes: 10.1 ms, to 55.3.
  const rows = [
    { at: 0, prompt: 100, output: 3 },
    { at: 0.015, prompt: 50, output: 2 },
  ];
  const engine = runAll(config(rows));
  const { id, firstTokenAt, finishedAt } = engine.requests();
  expect([...id]).toEqual([1, 0]);
  [0.035, 0.02].forEach((time, row) => expect(firstTokenAt[row]).toBeCloseTo(time, 12));
  [0.0452, 0.0553].forEach((time, row) => expect(finishedAt[row]).toBeCloseTo(time, 12));
  // A's first gap holds B's prompt.
  expect(engine.summary(true).itl.max).toBeCloseTo(0.0252, 12);
});

test("prompts are padded to the longest of a batch", () => {
  const rows = [
    { at: 0, prompt: 60, output: 1 },
    { at: 0, prompt: 50, output: 1 },
  ];
  // 2 x 60 is within 120: one batch of 110 tokens. Within 119 it is not: 60, then 50.
  const together = runAll(config(rows, { maxTokens: 120 })).requests();
  expect(together.finishedAt[1]).toBeCloseTo(0.021, 12);
  const apart = runAll(config(rows, { maxTokens: 119 })).requests();
  expect(apart.finishedAt[0]).toBeCloseTo(0.016, 12);
  expect(apart.finishedAt[1]).toBeCloseTo(0.031, 12);
});

test("a prompt above the limit goes alone", () => {
  const log = runAll(config([{ at: 0, prompt: 500, output: 1 }], { maxTokens: 100 })).requests();
  expect(log.finishedAt[0]).toBeCloseTo(0.06, 12);
});

test("with two stages, decodes that a prompt stalls go on in the other lane", () => {
  const rows = [
    { at: 0, prompt: 100, output: 3 },
    { at: 0.021, prompt: 1000, output: 1 },
  ];
  // Each stage takes as long as the model says. A's prompt: 20 ms a stage, done at 40. B takes the other lane at 21: its first stage runs to 131.
  const log = runAll(config(rows, {}, { stages: 2 })).requests();
  const row = log.id.indexOf(0);
  expect(log.firstTokenAt[row]).toBeCloseTo(0.04, 12);
  // A's decodes pass the first stage behind B's prompt, and the second behind it too: 131 + 110 + 10.1, then twice 10.1 more.
  expect(log.finishedAt[row]).toBeCloseTo(0.2511 + 0.0202, 12);
});

test("who comes in between two looks waits for the next", () => {
  // A's prompt: 11 ms. Decodes of 10.1 ms follow; B comes in the first. Looking at every batch it starts with the second, at every third one with the fourth.
  const rows = [
    { at: 0, prompt: 10, output: 8 },
    { at: 0.012, prompt: 10, output: 1 },
  ];
  const scheduledAt = (pollInterval: number): number => {
    const log = runAll(config(rows, { pollInterval })).requests();
    return log.scheduledAt[log.id.indexOf(1)]!;
  };
  expect(scheduledAt(1)).toBeCloseTo(0.0211, 12);
  expect(scheduledAt(3)).toBeCloseTo(0.0413, 12);
});
