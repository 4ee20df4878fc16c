import { describe, expect, test } from "vitest";
import { gpuById, modelById } from "../catalog/index.ts";
import type { Chunks, DecodeForm } from "../engine/contracts.ts";
import { defaultsOf } from "../engine/params.ts";
import type { Params, Values } from "../engine/params.ts";
import { latencyById } from "./index.ts";
import { openProfile } from "./operator-table-model.ts";
import { canonical } from "./profile/encode.ts";
import type { OperatorProfile, ProfileTable } from "./profile/types.ts";
import { emptyShape } from "./shape.ts";
import { decodeMs, opMs, prefillMs, testProfile } from "./testing-profile.ts";
import type { Shard } from "./types.ts";

const shardOf = (model: string, tensorParallel = 1, pipelineParallel = 1): Shard => ({
  gpu: gpuById("a100-80-sxm"),
  model: modelById(model),
  tensorParallel,
  pipelineParallel,
});
const none = { perIteration: 0, perRequest: 0 };
const modelOf = (shard: Shard, overheads = none, profile = testProfile) => openProfile(profile, "test").create(shard, overheads, 16);
const chunksOf = (...pairs: readonly (readonly [tokens: number, past: number])[]): Chunks => ({
  count: pairs.length,
  tokens: Int32Array.from(pairs, ([tokens]) => tokens),
  past: Int32Array.from(pairs, ([, past]) => past),
});

describe("an iteration, worked out by hand", () => {
  test("decodes: tokens to a multiple of 8, contexts to one of 64, and the saved token counts", () => {
    // 3 requests with 100 tokens each in the cache: Vidur counts 101 processed tokens, so 128. Llama 2 7B: 32 layers, no grouped queries.
    const ms = modelOf(shardOf("llama-2-7b")).iteration({ ...emptyShape, decodeRequests: 3, decodeContext: 300 }, 0) * 1e3;
    expect(ms).toBeCloseTo(32 * (9 * opMs(8) + opMs(3) + decodeMs(3, 128)), 9);
  });

  test("63 tokens in the cache and the one that is read in are 64, one more is a step of 64 more", () => {
    const model = modelOf(shardOf("llama-2-7b"));
    const at = (context: number): number => model.iteration({ ...emptyShape, decodeRequests: 1, decodeContext: context }, 0) * 1e3;
    expect(at(64) - at(63)).toBeCloseTo(32 * (64 / 65536), 9);
    expect(at(63)).toBe(at(0));
  });

  test("several decodes with grouped queries take a tenth more attention, one does not", () => {
    const grouped = modelOf(shardOf("llama-3-8b"));
    const at = (requests: number): number => grouped.iteration({ ...emptyShape, decodeRequests: requests, decodeContext: 0 }, 0) * 1e3;
    expect(at(1)).toBeCloseTo(32 * (9 * opMs(8) + opMs(1) + decodeMs(1, 64)), 9);
    expect(at(2)).toBeCloseTo(32 * (9 * opMs(8) + opMs(2) + 1.1 * decodeMs(2, 64)), 9);
  });

  test("prefills: rounded pasts are added, chunks as the root of their squares, halves to the even number", () => {
    // Chunks 3 and 4: root of 25 = 5. Pasts 1 and 65: 64 + 128.
    const model = modelOf(shardOf("llama-3-8b"));
    const shape = { ...emptyShape, prefillTokens: 7, prefillRequests: 2, prefillContext: 66, prefillSquares: 25 };
    const ms = model.iteration(shape, 0, chunksOf([3, 1], [4, 65])) * 1e3;
    // Between chunks of 1 and 64 the table is a line.
    const between = (kv: number): number => prefillMs(1, kv) + ((prefillMs(64, kv) - prefillMs(1, kv)) * 4) / 63;
    const at192 = between(0) + ((between(1024) - between(0)) * 192) / 1024;
    expect(ms).toBeCloseTo(32 * (9 * opMs(8) + opMs(7) + 1.1 * at192), 9);
    // 6.25 is the square of 2.5, which goes to 2; 12.25 that of 3.5, which goes to 4.
    const squares = (sum: number): number =>
      model.iteration({ ...emptyShape, prefillTokens: 8, prefillRequests: 1, prefillSquares: sum }, 0, chunksOf([8, 0]));
    expect(squares(6.25)).toBe(squares(4));
    expect(squares(12.25)).toBe(squares(16));
  });

  test("tensor parallelism adds two all-reduces with their launch, stages share the layers and send to the next", () => {
    const shape = { ...emptyShape, decodeRequests: 8, decodeContext: 0 };
    const layer = 9 * opMs(8) + opMs(8) + 1.1 * decodeMs(8, 64) + 2 * (opMs(8) + 0.02);
    const model = modelOf(shardOf("llama-2-70b", 2, 2));
    expect(model.iteration(shape, 0) * 1e3).toBeCloseTo(40 * layer + opMs(8), 9);
    expect(model.iteration(shape, 1) * 1e3).toBeCloseTo(40 * layer, 9);
  });

  test("host time counts per iteration and per request", () => {
    const shape = { ...emptyShape, decodeRequests: 4, decodeContext: 40, prefillTokens: 8, prefillRequests: 1, prefillSquares: 64 };
    const plain = modelOf(shardOf("llama-2-7b")).iteration(shape, 0, chunksOf([8, 0]));
    const host = modelOf(shardOf("llama-2-7b"), { perIteration: 0.002, perRequest: 0.0005 }).iteration(shape, 0, chunksOf([8, 0]));
    expect(host - plain).toBeCloseTo(0.002 + 5 * 0.0005, 12);
  });
});

describe("beyond the profile", () => {
  const model = modelOf(shardOf("llama-2-7b"));
  const layers = 32e-3;
  test("tokens and decodes go on as lines, prefills in proportion to their work", () => {
    const decodes = (requests: number, context: number): number =>
      model.iteration({ ...emptyShape, decodeRequests: requests, decodeContext: requests * (context - 1) }, 0);
    // The test profile is linear in requests and in contexts, and goes on so.
    for (const [requests, context] of [
      [64, 4096],
      [128, 2048],
      [256, 8192],
    ] as const)
      expect(decodes(requests, context)).toBeCloseTo(layers * (10 * opMs(requests) + decodeMs(requests, context)), 6);
    const tokens = (count: number): number =>
      model.iteration({ ...emptyShape, prefillTokens: count, prefillRequests: 1, prefillSquares: 1 }, 0);
    expect(tokens(8192) - tokens(4096)).toBeCloseTo(layers * 10 * (opMs(8192) - opMs(4096)), 6);
    const prefill = (chunk: number, past: number): number =>
      model.iteration({ ...emptyShape, prefillTokens: 8, prefillRequests: 1, prefillSquares: chunk * chunk }, 0, chunksOf([chunk, past])) /
        layers -
      10 * opMs(8);
    expect(prefill(2048, 0)).toBeCloseTo(4 * prefillMs(1024, 0), 6);
    expect(prefill(1024, 4096)).toBeCloseTo((prefillMs(1024, 2048) * (4096 + 512)) / (2048 + 512), 6);
  });

  test("the edge of the profile is no step", () => {
    const at = (requests: number): number => model.iteration({ ...emptyShape, decodeRequests: requests, decodeContext: 100 * requests }, 0);
    expect(at(65) - at(64)).toBeLessThan(1.2 * (at(57) - at(56)));
  });
});

test("the form of decodes is a piece up to the next multiple of 64 of the mean context", () => {
  const model = modelOf(shardOf("llama-3-8b"));
  const form: DecodeForm = { base: 0, perContext: 0, below: 0 };
  model.decodeForm!(10, 10 * 63 - 1, form);
  expect(form).toEqual({ base: model.iteration({ ...emptyShape, decodeRequests: 10, decodeContext: 0 }, 0), perContext: 0, below: 640 });
  model.decodeForm!(10, 640, form);
  expect(form.below).toBe(1280);
  expect(form.base).toBe(model.iteration({ ...emptyShape, decodeRequests: 10, decodeContext: 1279 }, 0));
});

describe("which tables time a shard", () => {
  const open = (tables: readonly ProfileTable[]) => openProfile(canonical(tables), "mine");
  const keyed = (profile: OperatorProfile, keys: ProfileTable["keys"], times = 1): ProfileTable[] =>
    profile.tables.map(({ kind, columns }) => ({
      kind,
      keys,
      columns:
        kind === "ops"
          ? Object.fromEntries(Object.entries(columns).map(([op, ms]) => [op, op === "tokens" ? ms : ms.map((x) => times * x)]))
          : columns,
    }));
  const llama = { hidden: 8192, heads: 64, kvHeads: 8, tensorParallel: 2 };

  test("those of its shape and parallelism; a sentence says what the profile has instead", () => {
    const profile = open(keyed(testProfile, llama));
    expect(profile.problem(shardOf("llama-2-70b", 2), 16)).toBeNull();
    expect(profile.problem(shardOf("llama-2-70b", 4), 16)).toBe(
      'The profile "mine" has no operators by tokens for Llama 2 70B (hidden 8192, heads 64, KV heads 8, FFN 28672) at tensor parallelism 4. It has tensor parallelism 2: choose one of these, or add the files of 4.',
    );
    expect(profile.problem(shardOf("llama-3-8b", 2), 16)).toMatch(
      /It was measured for hidden 8192, heads 64, KV heads 8: choose such a model/,
    );
    expect(() => profile.create(shardOf("llama-2-70b", 4), none, 16)).toThrow(/has no operators/);
  });

  test("of two models of one shape the one with the nearer vocabulary", () => {
    const both = open([...keyed(testProfile, { ...llama, vocab: 32768 }), ...keyed(testProfile, { ...llama, vocab: 128256 }, 2)]);
    const ms = (model: string): number =>
      both.create(shardOf(model, 2), none, 16).iteration({ ...emptyShape, decodeRequests: 8, decodeContext: 0 }, 0);
    expect(ms("llama-3-70b")).toBeGreaterThan(1.5 * ms("llama-2-70b"));
  });

  test("an operator without times is named; the norm after the attention may be missing, as in Phi-2", () => {
    const without = (op: string) =>
      open(
        testProfile.tables.map((table) => ({
          ...table,
          columns: Object.fromEntries(Object.entries(table.columns).filter(([name]) => name !== op)),
        })),
      );
    expect(without("attn_rope").problem(shardOf("llama-3-8b"), 16)).toBe(
      'The profile "mine" has no times of attn_rope for this model: add the file that holds them.',
    );
    const ms = without("post_attention_layernorm")
      .create(shardOf("llama-2-7b"), none, 16)
      .iteration({ ...emptyShape, decodeRequests: 1, decodeContext: 63 }, 0);
    expect(1e3 * ms).toBeCloseTo(32 * (8 * opMs(8) + opMs(1) + decodeMs(1, 64)), 9);
  });

  test("without an all-reduce there is no tensor parallelism, without a send no stages", () => {
    const tables = testProfile.tables.map((table) => {
      const { all_reduce: _, send_recv: __, ...columns } = table.columns;
      return { ...table, columns };
    });
    expect(open(tables).problem(shardOf("llama-2-70b"), 16)).toBeNull();
    expect(open(tables).problem(shardOf("llama-2-70b", 2), 16)).toMatch(/no all-reduce of 2 devices: add the all_reduce.csv/);
    expect(open(tables).problem(shardOf("llama-2-70b", 1, 2), 16)).toMatch(/no send_recv between pipeline stages/);
  });

  test("communication by bytes is that of the hidden states at 16 bits, of the group that shares a node", () => {
    const tables = testProfile.tables.map((table) => {
      const { all_reduce: _, ...columns } = table.columns;
      return { ...table, columns };
    });
    const transfer = (workers: number, devicesPerNode: number, ms: number): ProfileTable => ({
      kind: "all_reduce",
      keys: { workers, devicesPerNode },
      columns: { bytes: Float64Array.of(2 * 8192 * 8), ms: Float64Array.of(ms) },
    });
    const profile = open([...tables, transfer(2, 1, 9), transfer(2, 2, 5), transfer(4, 4, 7)]);
    const ms =
      1e3 * profile.create(shardOf("llama-2-70b", 2), none, 16).iteration({ ...emptyShape, decodeRequests: 8, decodeContext: 0 }, 0);
    expect(ms).toBeCloseTo(80 * (10 * opMs(8) + 1.1 * decodeMs(8, 64) + 2 * 5.02), 9);
  });
});

test("the model without a profile says how to give one", () => {
  const definition = latencyById("operator-table");
  const values = defaultsOf(definition.params);
  const shard = shardOf("llama-3-8b");
  expect(() => definition.create(values, shard)).toThrow(
    "The operator table has no profile. Give its files with --profile, or drop them on the page.",
  );
  const named = { ...values, profile: { hash: "ab", file: "mine" } } as unknown as Values<Params>;
  expect(() => definition.create(named, shard)).toThrow('The scenario needs the profile "mine" (SHA-256 ab). Give its files');
  expect(definition.explain(named, shard)).toEqual([]);
});
