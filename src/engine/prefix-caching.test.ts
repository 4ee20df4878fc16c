// Prefix caching in whole runs, by hand: what is found, what it saves, and what becomes of it.
import { expect, test } from "vitest";
import { sarathi } from "../policies/batching/sarathi.ts";
import { roundRobin } from "../policies/routing/round-robin.ts";
import { prefixSharing } from "./kv/sharing.ts";
import { CONTENT_TOKENS, configOf, linearLatency, runAll } from "./testing.ts";
import type { PoolOptions, Row } from "./testing.ts";

/** A millisecond for each iteration and for each new token in it. */
const pool: PoolOptions = {
  batching: sarathi,
  latency: linearLatency({ base: 0.001, perToken: 0.001 }),
  blockSize: CONTENT_TOKENS,
  prefixCaching: prefixSharing,
};

const ids = (...values: number[]): number[] => values;
const run = (rows: readonly Row[], options: Partial<PoolOptions> = {}, more: object = {}) =>
  runAll(configOf({ pools: [{ ...pool, ...options }], routing: roundRobin, source: rows, ...more }));

test("a known beginning is not computed again: the first token comes earlier by just that", () => {
  const prompt = 4 * CONTENT_TOKENS;
  const rows = [0, 10].map((at) => ({ at, prompt, output: 2, ids: ids(1, 2, 3, 4) }));
  const log = run(rows).requests();
  expect([...log.cachedTokens]).toEqual([0, 3 * CONTENT_TOKENS]);
  const ttft = [0, 1].map((row) => log.firstTokenAt[row]! - log.arrivedAt[row]!);
  expect(ttft[0]! - ttft[1]!).toBeCloseTo(0.001 * 3 * CONTENT_TOKENS, 12);
  expect([...run(rows, { prefixCaching: null }).requests().cachedTokens]).toEqual([0, 0]);
});

test("requests at once share blocks that are in use: more of them fit", () => {
  const rows = Array.from({ length: 6 }, (_, i) => ({
    at: i / 1e4,
    prompt: 10 * CONTENT_TOKENS + 1,
    output: 40,
    ids: [...ids(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), 100 + i],
  }));
  const used = (prefixCaching: PoolOptions["prefixCaching"]) => {
    const engine = run(rows, { kvBlocks: 60, ...(prefixCaching === undefined ? {} : { prefixCaching }) });
    return { preempted: engine.summary(true).fleet.preemptions, waited: engine.summary(true).queueing.max! };
  };
  expect(used(prefixSharing).waited).toBeLessThan(0.2);
  expect(used(null).waited).toBeGreaterThan(0.2);
});

test("the next turn finds the last one and its answer", () => {
  const first = 3 * CONTENT_TOKENS;
  const output = 2 * CONTENT_TOKENS + 1;
  const rows = [
    { at: 0, prompt: first, output, ids: ids(1, 2, 3, 4, 5, 6) },
    { at: 10, prompt: first + output + 5, output: 1, ids: ids(1, 2, 3, 4, 5, 7) },
  ];
  // Of the answer all but the last token is in the cache: five whole blocks.
  expect([...run(rows).requests().cachedTokens]).toEqual([0, 5 * CONTENT_TOKENS]);
});

test("a replica that crashes knows nothing any more", () => {
  const rows = [0, 10, 30].map((at) => ({ at, prompt: 4 * CONTENT_TOKENS + 1, output: 1, ids: ids(1, 2, 3, 4, 5) }));
  const faults = [{ at: 20, kind: "crash", pool: 0, position: 0, replaceAfter: 1 }];
  expect([...run(rows, {}, { faults }).requests().cachedTokens]).toEqual([0, 4 * CONTENT_TOKENS, 0]);
});

test("what stands twice is counted: two replicas with the same blocks", () => {
  const rows = [0, 1].map((at) => ({ at, prompt: 4 * CONTENT_TOKENS, output: 1, ids: ids(1, 2, 3, 4) }));
  const report = run(rows, { replicas: 2 }).routing()!;
  expect([report.namedBlocks, report.distinctBlocks, report.router]).toEqual([8, 4, null]);
  expect(report.caches.map(({ queriedTokens, hitTokens }) => [queriedTokens, hitTokens])).toEqual([
    [4 * CONTENT_TOKENS, 0],
    [4 * CONTENT_TOKENS, 0],
  ]);
  expect(run(rows, { prefixCaching: null }).routing()).toBeNull();
});
