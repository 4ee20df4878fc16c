// Routers of prefixes in small runs, by hand: a prompt goes where its beginning was, and what is expected is what is found.
import { describe, expect, test } from "vitest";
import type { RoutingDefinition } from "../../engine/contracts.ts";
import { prefixSharing } from "../../engine/kv/sharing.ts";
import { CONTENT_TOKENS, configOf, runAll } from "../../engine/testing.ts";
import { sarathi } from "../batching/sarathi.ts";
import { consistentHash } from "./consistent-hash.ts";
import { dynamoKv } from "./dynamo-kv.ts";
import { rayPrefixAware } from "./ray-prefix-aware.ts";
import { sglangCacheAware } from "./sglang-cache-aware.ts";
import { weightedScorers } from "./weighted-scorers.ts";

const ROUTERS: readonly (readonly [RoutingDefinition, Record<string, unknown>])[] = [
  [rayPrefixAware, {}],
  [sglangCacheAware, {}],
  [weightedScorers, { blockTokens: CONTENT_TOKENS }],
  [weightedScorers, { index: "events" }],
  [dynamoKv, {}],
  [dynamoKv, { index: "sent" }],
];

/** Twelve prompts, three kinds in turn, far apart: each of 10 blocks and one token, the last block its own. */
const rows = Array.from({ length: 12 }, (_, i) => ({
  at: 5 * i,
  prompt: 10 * CONTENT_TOKENS + 1,
  output: 2,
  ids: Array.from({ length: 11 }, (_, block) => (block === 10 ? 900 + i : 100 * (i % 3) + block)),
}));

const run = (definition: RoutingDefinition, values: Record<string, unknown>) =>
  runAll(
    configOf({
      pools: [{ batching: sarathi, replicas: 4, blockSize: CONTENT_TOKENS, prefixCaching: prefixSharing }],
      routing: { definition, values },
      source: rows,
    }),
  );

describe.each(ROUTERS.map(([definition, values]) => ({ name: `${definition.id} ${JSON.stringify(values)}`, definition, values })))(
  "$name",
  ({ definition, values }) => {
    test("a prompt goes where its beginning was, and finds all of it, as expected", () => {
      const log = run(definition, values).requests();
      for (let row = 0; row < 12; row++) {
        const again = row >= 3;
        if (again) expect(log.replica[row]).toBe(log.replica[row - 3]);
        expect(log.cachedTokens[row]).toBe(again ? 10 * CONTENT_TOKENS : 0);
        expect(log.predictedTokens[row]).toBe(log.cachedTokens[row]);
      }
    });
  },
);

test("an index that hears of events a minute late expects what was true a minute ago", () => {
  const log = run(dynamoKv, { delay: 27 }).requests();
  expect([...log.predictedTokens.subarray(0, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(log.predictedTokens[9]).toBe(10 * CONTENT_TOKENS);
});

test("consistent hashing keeps prompts that begin alike together", () => {
  const log = run(consistentHash, { prefixTokens: 96, bound: 1000 }).requests();
  for (let row = 3; row < 12; row++) expect(log.replica[row]).toBe(log.replica[row - 3]);
  expect([...log.predictedTokens]).toEqual(new Array(12).fill(-1));
});
