// A cache of blocks by hand, and a published trace against figures worked out elsewhere.
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readTrace } from "./formats/read.ts";
import { prefixReuse, reuseBySize } from "./prefix-reuse.ts";

const prefixOf = (...rows: number[][]) => ({
  blockTokens: 512,
  start: Uint32Array.from([0, ...rows.map((_, i) => rows.slice(0, i + 1).flat().length)]),
  ids: Int32Array.from(rows.flat()),
});

test("hits end at the first block that is missing, and the least recently used block goes", () => {
  const prefix = prefixOf([1, 2, 3], [1, 4], [1, 2, 3], [1, 4]);
  expect(prefixReuse(prefix, 4)).toEqual({ capacity: Infinity, blocks: 10, hits: 1 + 3 + 2, evictions: 0 });
  // 1 2 3, then 3 1 4 (2 has gone), then 1 2 3 (2 takes the place of 3, and 3 that of 4), then 3 1 4.
  expect(prefixReuse(prefix, 4, 3)).toEqual({ capacity: 3, blocks: 10, hits: 1 + 1 + 1, evictions: 4 });
  expect(prefixReuse(prefix, 1, 3)).toEqual({ capacity: 3, blocks: 3, hits: 0, evictions: 0 });
});

const DATA = "../shared/data/traces";
const TRACE = `${DATA}/mooncake-fast25/conversation_trace.jsonl.gz`;
const FIGURES = `${DATA}/stats-mooncake-conversation.json`;
const here = existsSync(TRACE) && existsSync(FIGURES);
if (!here) console.warn(`skipped: ${TRACE} or ${FIGURES} is not here, the reuse of its prefixes is not compared`);

interface Reference {
  readonly prefix_infinite_cache: { readonly block_hit_ratio: number; readonly unique_blocks: number; readonly total_blocks: number };
  readonly prefix_lru_reference: readonly { readonly capacity_blocks: number; readonly hit_blocks: number; readonly evictions: number }[];
}

test.skipIf(!here)("Mooncake's conversation trace: hit ratios without a limit and at eight sizes", async () => {
  const outcome = await readTrace(createReadStream(TRACE), { file: TRACE });
  if (!outcome.ok) throw new Error(outcome.text);
  const { trace } = outcome;
  const prefix = trace.prefix!;
  const { prefix_infinite_cache: all, prefix_lru_reference: sizes } = JSON.parse(readFileSync(FIGURES, "utf8")) as Reference;
  const found = prefixReuse(prefix, trace.length);
  expect(found.blocks).toBe(all.total_blocks);
  expect(found.blocks - found.hits).toBe(all.unique_blocks);
  expect(found.hits / found.blocks).toBeCloseTo(all.block_hit_ratio, 3);
  for (const { capacity_blocks: capacity, hit_blocks: hits, evictions } of sizes)
    expect(prefixReuse(prefix, trace.length, capacity)).toEqual({ capacity, blocks: all.total_blocks, hits, evictions });
  expect(reuseBySize(trace).map(({ capacity }) => capacity)).toEqual([1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, Infinity]);
});
