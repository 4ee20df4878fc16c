import { expect, test } from "vitest";
import { columnsOf, vidurLatency } from "./vidur-tables.ts";
import type { Columns } from "./vidur-tables.ts";

// A model of two layers. Of the operators on tokens only two take time: 1 ms for each multiple of 8 tokens, and 0.25 ms for each token saved.
const names = ["attn_pre_proj", "attn_post_proj", "attn_rope", "input_layernorm", "mlp_up_proj", "mlp_down_proj", "mlp_act", "add"];
const ops = [
  ["num_tokens", "attn_kv_cache_save", "all_reduce", "send_recv", ...names].join(),
  ...Array.from({ length: 64 }, (_, i) => [i + 1, (i + 1) / 4, 0.5, 3, Math.ceil((i + 1) / 8), ...names.slice(1).map(() => 0)].join()),
].join("\n");
// A decode takes 1 ms per request, and 10 for every 64 tokens of the mean context.
const decode = [
  "batch_size,kv_cache_size,attn_decode",
  ...[1, 2, 3].flatMap((batch) => [0, 64, 128].map((kv) => `${batch},${kv},${batch + (10 * kv) / 64}`)),
].join("\n");
// A prefill takes 0.1 ms per token of its chunk and 100 for every 64 tokens before.
const prefill = ["chunk,kv0,kv64,kv128", ...Array.from({ length: 64 }, (_, i) => [0, 1, 2].map((kv) => (i + 1) / 10 + 100 * kv))]
  .map((row, i) => (i === 0 ? row : `${i},${(row as number[]).join()}`))
  .join("\n");
const texts: Record<string, string> = { ops, attn_decode: decode, attn_prefill: prefill };
const model = (more: object = {}) =>
  vidurLatency((table): Columns => columnsOf(texts[table]!), { layers: 2, tensorParallel: 1, stages: 1, grouped: true, ...more });

const none = {
  prefillTokens: 0,
  prefillRequests: 0,
  decodeRequests: 0,
  decodeContext: 0,
  prefillContext: 0,
  prefillWork: 0,
  prefillSquares: 0,
};
const chunks = (...pairs: readonly (readonly [number, number])[]) => ({
  count: pairs.length,
  tokens: Int32Array.from(pairs, ([tokens]) => tokens),
  past: Int32Array.from(pairs, ([, past]) => past),
});

test("decodes by hand: the mean counts the token read in, and is rounded up to 64", () => {
  const at = (decodeRequests: number, decodeContext: number): number =>
    model().iteration({ ...none, decodeRequests, decodeContext }, 0) * 1e3;
  // One request: 2 x (1 + 0.25 + 1 + 10 x steps); 63 in the cache and the one read in make 64.
  expect(at(1, 63)).toBeCloseTo(2 * 12.25, 12);
  expect(at(1, 64)).toBeCloseTo(2 * 22.25, 12);
  // Two: 1.1 times the table, as queries share heads. Mean of 63 and 64, its whole part.
  expect(at(2, 127)).toBeCloseTo(2 * (1.5 + 12 * 1.1), 12);
  expect(at(2, 128)).toBeCloseTo(2 * (1.5 + 22 * 1.1), 12);
});

test("prompts by hand: sums of rounded caches, root of the sum of squares", () => {
  // Chunks of 3 and 4 behind 64 and 1 tokens: 128 of cache, sqrt(25) = 5 tokens; 7 tokens in all.
  const shape = { ...none, prefillTokens: 7, prefillRequests: 2, prefillContext: 65, prefillSquares: 25 };
  expect(model().iteration(shape, 0, chunks([3, 64], [4, 1])) * 1e3).toBeCloseTo(2 * (1 + 1.75 + 200.5 * 1.1), 10);
  const alone = { ...none, prefillTokens: 3, prefillRequests: 1, prefillSquares: 9 };
  expect(model().iteration(alone, 0, chunks([3, 0])) * 1e3).toBeCloseTo(2 * (1 + 0.75 + 0.3), 12);
  // Over two devices: two all-reduces of 0.5 ms and 0.02 ms of launch. Over two stages: a layer each, and a hop of 3 ms after the first.
  expect(model({ tensorParallel: 2 }).iteration(alone, 0, chunks([3, 0])) * 1e3).toBeCloseTo(2 * (2.05 + 1.04), 12);
  expect([0, 1].map((stage) => model({ stages: 2 }).iteration(alone, stage, chunks([3, 0])) * 1e3)).toEqual([
    expect.closeTo(5.05, 12),
    expect.closeTo(2.05, 12),
  ]);
});

test("the pieces of a run of decodes have the bits of its iterations, and end where the table steps", () => {
  const { iteration, decodeForm } = model();
  const form = { base: 0, perContext: 0, below: 0 };
  for (let requests = 1; requests <= 3; requests++) {
    for (let context = requests; context < 127 * requests; context++) {
      decodeForm!(requests, context, form);
      const shape = { ...none, decodeRequests: requests, decodeContext: context };
      expect(form.base).toBe(iteration(shape, 0));
      expect(form.perContext).toBe(0);
      expect(iteration({ ...shape, decodeContext: form.below - 1 }, 0)).toBe(form.base);
      if (form.below < 128 * requests) expect(iteration({ ...shape, decodeContext: form.below }, 0)).toBeGreaterThan(form.base);
    }
  }
});

test("a batch outside the tables, and a table without a column, are said", () => {
  expect(() => model().iteration({ ...none, decodeRequests: 4, decodeContext: 10 }, 0)).toThrow("A batch outside the tables");
  texts["ops"] = ops.replace("attn_rope", "rope");
  expect(() => model()).toThrow("The table of operators has no column attn_rope.");
  texts["ops"] = ops;
});
