import fc from "fast-check";
import { expect, test } from "vitest";
import { configOf, linearLatency, runAll } from "../../engine/testing.ts";
import type { Row } from "../../engine/testing.ts";
import { roundRobin } from "../routing/round-robin.ts";
import { FuturePeak } from "./future-peak.ts";
import { lightllm } from "./lightllm.ts";

// 10 ms an iteration and 0.1 ms a token.
const latency = linearLatency({ base: 0.01, perToken: 1e-4 });
const config = (rows: readonly Row[], more: object = {}, values: object = {}) =>
  configOf({
    pools: [{ batching: { definition: lightllm, values: { maxWaitingIterations: 3, ...values } }, latency, blockSize: 1, ...more }],
    routing: roundRobin,
    source: rows,
  });

test("prompts wait for the next look, and decodes stall while they are computed: by hand", () => {
  // A's prompt: 20 ms. A decodes: 30.1, 40.2 (B has come), 50.3: the third, so B's prompt: 15, to 65.3. Both decode: 10.2, to 75.5, and B is done.
  // A has five tokens now, and five more: 10.1 each.
  const { id, scheduledAt, firstTokenAt, finishedAt } = runAll(
    config([
      { at: 0, prompt: 100, output: 10 },
      { at: 0.0401, prompt: 50, output: 2 },
    ]),
  ).requests();
  expect([...id]).toEqual([1, 0]);
  [0.0503, 0].forEach((time, row) => expect(scheduledAt[row]).toBeCloseTo(time, 12));
  [0.0653, 0.02].forEach((time, row) => expect(firstTokenAt[row]).toBeCloseTo(time, 12));
  [0.0755, 0.126].forEach((time, row) => expect(finishedAt[row]).toBeCloseTo(time, 12));
});

test("looks that fall due while nobody waits count: the next is three iterations after the last", () => {
  // Looks at 50.3 and 80.6 find nobody. B comes at 85 and waits for the look at 110.9.
  const log = runAll(
    config([
      { at: 0, prompt: 100, output: 20 },
      { at: 0.085, prompt: 50, output: 2 },
    ]),
  ).requests();
  expect(log.scheduledAt[log.id.indexOf(1)]).toBeCloseTo(0.1109, 12);
});

test("comes in when the fullest moment to come fits: by hand", () => {
  // A and B alike, 11 tokens after their prompts and 18 more: 58 when both end. With 59 tokens of room they start together. With 58 B waits for the
  // look after three decodes of A: A would end with 15 more on 14, B has 11 then: 55.
  const rows = [0, 1].map(() => ({ at: 0, prompt: 10, output: 20 }));
  expect([...runAll(config(rows, { kvBlocks: 59 })).requests().scheduledAt]).toEqual([0, 0]);
  const log = runAll(config(rows, { kvBlocks: 58 })).requests();
  // 11 ms for A's prompt, and 10.1 for each decode.
  expect(log.scheduledAt[log.id.indexOf(1)]).toBeCloseTo(0.0413, 12);
  expect([...log.preemptions]).toEqual([0, 0]);
});

test("a prompt above the limit goes alone", () => {
  const rows = [
    { at: 0, prompt: 500, output: 1 },
    { at: 0, prompt: 50, output: 1 },
  ];
  const log = runAll(config(rows, {}, { maxBatchTokens: 100 })).requests();
  expect(log.finishedAt[0]).toBeCloseTo(0.06, 12);
  expect(log.finishedAt[1]).toBeCloseTo(0.075, 12);
});

test("stages do not see what the others will need: who finds no block gives way, and both are served", () => {
  // 40 tokens of room. A will need 29, and 30 are free beside its prompt for B, which will need 29 too.
  const rows = [
    { at: 0, prompt: 10, output: 20 },
    { at: 0.001, prompt: 10, output: 20 },
  ];
  const engine = runAll(config(rows, { kvBlocks: 40, stages: 2 }));
  expect(engine.summary(true).requests.completed).toBe(2);
  expect(engine.summary(true).fleet.preemptions).toBeGreaterThan(0);
});

test("the fullest moment, by hand and by counting", () => {
  const peakOf = (blockSize: number, pairs: readonly (readonly [number, number])[]): number => {
    const peak = new FuturePeak(blockSize);
    for (const [used, left] of pairs) peak.add(used, left);
    return peak.blocks();
  };
  // When the second ends: 5 + 4 and 8 + 4 tokens; when the first ends: 15.
  const two = [
    [5, 10],
    [8, 4],
  ] as const;
  expect(peakOf(1, two)).toBe(21);
  expect(peakOf(4, two)).toBe(6);
  fc.assert(
    fc.property(
      fc.constantFrom(1, 4, 7, 16),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.nat(40)), { minLength: 1, maxLength: 12 }),
      (blockSize, pairs) => {
        let most = 0;
        for (let more = 0; more <= 40; more++) {
          const running = pairs.filter(([, left]) => left >= more);
          most = Math.max(
            most,
            running.reduce((sum, [used]) => sum + Math.ceil((used + more) / blockSize), 0),
          );
        }
        expect(peakOf(blockSize, pairs)).toBe(most);
      },
    ),
  );
});
