// The two models against times worked out by hand.
import { describe, expect, test } from "vitest";
import { gpuById, modelById } from "../catalog/index.ts";
import type { Gpu, Model } from "../catalog/types.ts";
import type { BatchShape, DecodeForm } from "../engine/contracts.ts";
import { withDefaults } from "../engine/params.ts";
import { linear } from "./linear.ts";
import { linearPhases } from "./linear-phases.ts";
import { partsOf } from "./parts.ts";
import { roofline } from "./roofline.ts";
import { weightFormat, weightPrecisionOf } from "./precision.ts";
import { emptyShape } from "./shape.ts";
import type { Shard } from "./types.ts";

const shard = (gpu: string | Gpu, model: string | Model, tensorParallel = 1, pipelineParallel = 1): Shard => ({
  gpu: typeof gpu === "string" ? gpuById(gpu) : gpu,
  model: typeof model === "string" ? modelById(model) : model,
  tensorParallel,
  pipelineParallel,
});

describe("linear", () => {
  const custom = { coefficients: "custom", perToken: 1e-4, perRequest: 2e-4, perContext: 1e-6, fixed: 0.01 };

  test("k1 x tokens + k2 x requests + k3 x context + b", () => {
    const latency = linear.create(withDefaults(linear.params, custom), shard("a10g", "llama-3-8b"));
    // 100 prompt tokens of 1 request after 50, and 3 decodes with 600 tokens: 103 tokens, 4 requests, 650 of context.
    const shape = { ...emptyShape, prefillTokens: 100, prefillRequests: 1, prefillContext: 50, decodeRequests: 3, decodeContext: 600 };
    expect(latency.iteration(shape, 0)).toBeCloseTo(0.0103 + 0.0008 + 0.00065 + 0.01, 12);
  });

  test("a named row replaces the fields, and two stages take half each", () => {
    const values = withDefaults(linear.params, { ...custom, coefficients: "gemma-3-27b" });
    const one = linear.create(values, shard("a10g", "gemma-3-27b")).iteration({ ...emptyShape, decodeRequests: 1, decodeContext: 1000 }, 0);
    const half = linear
      .create(values, shard("a10g", "gemma-3-27b", 1, 2))
      .iteration({ ...emptyShape, decodeRequests: 1, decodeContext: 1000 }, 1);
    expect(one).toBeCloseTo(7.69e-5 + 5.82e-5 + 1000 * 4.4e-8 + 0.019, 12);
    expect(half).toBeCloseTo(one / 2, 12);
  });
});

describe("linear by phase", () => {
  const prefill = (tokens: number, stages = 1): number =>
    linearPhases
      .create(withDefaults(linearPhases.params, {}), shard("a10g", "llama-2-7b", 1, stages))
      .iteration({ ...emptyShape, prefillTokens: tokens, prefillRequests: 1 }, 0);

  test("prompts count in whole tiles: 258 tokens as 384, with two stages half of it each", () => {
    expect(prefill(258)).toBeCloseTo(0.0338 + 384 * 2.12e-4, 12);
    expect(prefill(258)).toBe(prefill(384));
    expect(prefill(385)).toBeCloseTo(0.0338 + 512 * 2.12e-4, 12);
    expect(prefill(258, 2)).toBeCloseTo(prefill(258) / 2, 12);
  });

  test("a decode beside a prompt does not make its batch shorter, though decodes alone start lower", () => {
    const latency = linearPhases.create(withDefaults(linearPhases.params, {}), shard("a10g", "llama-2-7b"));
    const prompt = { ...emptyShape, prefillTokens: 128, prefillRequests: 1 };
    const alone = latency.iteration(prompt, 0);
    expect(alone).toBeCloseTo(0.0338 + 128 * 2.12e-4, 12);
    expect(latency.iteration({ ...prompt, decodeRequests: 1 }, 0)).toBe(alone);
    expect(latency.iteration({ ...emptyShape, decodeRequests: 1 }, 0)).toBeCloseTo(0.0298 + 1.28e-4, 12);
    expect(latency.iteration({ ...prompt, decodeRequests: 100 }, 0)).toBeCloseTo(0.0298 + 1.28e-2 + 128 * 2.12e-4, 12);
  });

  test("without tiles, and decodes of one step", () => {
    const custom = { coefficients: "custom", prefill: 0.01, perToken: 1e-4, tile: 1, decode: 0.02, perDecode: 1e-3, perContext: 1e-6 };
    const latency = linearPhases.create(withDefaults(linearPhases.params, custom), shard("a10g", "llama-2-7b"));
    expect(latency.iteration({ ...emptyShape, prefillTokens: 258, prefillRequests: 1 }, 0)).toBeCloseTo(0.01 + 0.0258, 12);
    expect(latency.iteration({ ...emptyShape, decodeRequests: 3, decodeContext: 600 }, 0)).toBeCloseTo(0.02 + 0.003 + 0.0006, 12);
  });
});

describe("roofline", () => {
  const bare = { iterationOverhead: 0, requestOverhead: 0, linkLatency: 0, layerScale: 0, weights: "bf16" };
  const time = (s: Shard, shape: Partial<BatchShape>, values: Record<string, number | string> = {}, stage = 0): number =>
    roofline.create(withDefaults(roofline.params, { ...bare, ...values }), s).iteration({ ...emptyShape, ...shape }, stage);

  test("a batch with prompts takes at least the launch of its kernels; decodes alone are captured", () => {
    const dense = shard("h100-sxm", "llama-3.1-8b");
    const prompt = { prefillTokens: 16, prefillRequests: 1, prefillWork: 128, prefillSquares: 256 };
    // 32 layers of nine kernels, and what the host does beside: 60 us each, 1 ms, 10 us for the request.
    const host = { promptLaunch: 60, iterationOverhead: 1000, requestOverhead: 10 };
    expect(time(dense, prompt, host)).toBeCloseTo(32 * 9 * 60e-6 + 1e-3 + 10e-6, 12);
    // Two GPUs: two all-reduces a layer are launched as well.
    expect(time(shard("h100-sxm", "llama-3.1-8b", 2), prompt, host)).toBeCloseTo(32 * 11 * 60e-6 + 1e-3 + 10e-6, 12);
    const long = { prefillTokens: 8192, prefillRequests: 1, prefillWork: 8192 * 4096, prefillSquares: 8192 * 8192 };
    expect(time(dense, long, host)).toBe(time(dense, long, { ...host, promptLaunch: 0 }));
    // What the GPU waits is the host's part.
    const parts = partsOf({ id: "roofline", params: { ...bare, ...host } }, dense)!;
    const into = new Float64Array(parts.names.length);
    parts.of({ ...emptyShape, ...prompt }, 0, into);
    expect(into.reduce((sum, part) => sum + part, 0)).toBeCloseTo(time(dense, prompt, host), 12);
    expect(into[0]).toBeGreaterThan(into[2]!);
    const decode = { decodeRequests: 1, decodeContext: 100 };
    expect(time(dense, decode, host)).toBe(time(dense, decode, { ...host, promptLaunch: 0 }));
  });

  test("one decode is the reading of the weights and of the cache", () => {
    // Llama 3.1 8B: 32 layers of 218,103,808 parameters and a head of 525,336,576; 131,072 bytes of cache per token. H100: 3.35 TB/s, 0.9 of it.
    const reading = (2 * (32 * 218_103_808 + 525_336_576) + 1000 * 131_072) / (3.35e12 * 0.9);
    expect(time(shard("h100-sxm", "llama-3.1-8b"), { decodeRequests: 1, decodeContext: 1000 }) / reading).toBeCloseTo(1, 2);
  });

  test("a long prefill is its arithmetic and the small kernels' traffic", () => {
    // 8,192 tokens: 2 flops per parameter and token at 0.82 of 989 TFLOP/s; 4 x 32 x 128 flops per pair and layer at 0.66.
    const products = (2 * 32 * 218_103_808 * 8192) / (989e12 * 0.82);
    const attention = (32 * 4 * 32 * 128 * 8192 * (4096 + 500)) / (989e12 * 0.66);
    // Per token and layer at 2 bytes: norms 8 x 4096, rotary 2 x (32 + 16) x 128, activation 3 x 14336; at half of the bandwidth.
    const traffic = (8192 * 32 * 2 * (8 * 4096 + 2 * 48 * 128 + 3 * 14336)) / (3.35e12 * 0.5);
    const shape = { prefillTokens: 8192, prefillRequests: 1, prefillWork: 8192 * 4096, prefillSquares: 8192 * 8192 };
    const seconds = time(shard("h100-sxm", "llama-3.1-8b"), shape);
    expect(seconds / (products + attention + traffic)).toBeCloseTo(1, 2);
  });

  test("one token touches as many experts as it is routed to, a large batch all of them", () => {
    const mixtral = shard("h100-sxm", "mixtral-8x7b", 2);
    const expertBytes = (32 * 3 * 4096 * 14336 * 2) / 2;
    const step = (n: number): number => time(mixtral, { decodeRequests: n });
    // From 2 of 8 to 2 + 2 x 6/8 of 8 experts with the second token.
    expect((step(2) - step(1)) / ((1.5 * expertBytes) / (3.35e12 * 0.9))).toBeCloseTo(1, 1);
    expect(step(64) / ((8 * expertBytes) / (3.35e12 * 0.9))).toBeGreaterThan(1);
    expect(step(64) / ((8 * expertBytes) / (3.35e12 * 0.9))).toBeLessThan(1.2);
  });

  test("layers with a window stop growing at the window", () => {
    const gemma = roofline.create(withDefaults(roofline.params, bare), shard("h100-sxm", "gemma-3-27b"));
    const form: DecodeForm = { base: 0, perContext: 0, below: 0 };
    gemma.decodeForm!(4, 100, form);
    const steep = form.perContext;
    expect(form.below).toBe(4 * 1024);
    gemma.decodeForm!(4, 4 * 1024, form);
    expect(form.below).toBe(Infinity);
    // 52 of 62 layers are local.
    expect(form.perContext / steep).toBeCloseTo(10 / 62, 10);
  });

  test("the stages of a pipeline add up to the whole, but for the hand-over", () => {
    const shape = { decodeRequests: 32, decodeContext: 32_000 };
    const whole = time(shard("a100-80-sxm", "llama-2-70b", 2), shape);
    const halves =
      time(shard("a100-80-sxm", "llama-2-70b", 2, 2), shape, {}, 0) + time(shard("a100-80-sxm", "llama-2-70b", 2, 2), shape, {}, 1);
    expect(halves).toBeGreaterThan(whole);
    expect(halves / whole).toBeLessThan(1.01);
  });

  test("tensor parallelism adds two all-reduces per layer", () => {
    const s = shard("h100-sxm", "llama-3.1-70b", 4);
    const shape = { prefillTokens: 1000, prefillRequests: 1, prefillWork: 500_000 };
    const added = time(s, shape, { linkLatency: 10 }) - time(s, shape);
    expect(added).toBeCloseTo(80 * 2 * 10e-6, 10);
    const slower = time(s, shape, { linkScale: 0.5 }) - time(s, shape);
    // 1.5 x the message of 1000 x 8192 x 2 bytes over 450 GB/s at 0.55, once more.
    expect(slower).toBeCloseTo((80 * 2 * 1.5 * 1000 * 8192 * 2) / (450e9 * 0.55), 6);
  });

  test("a prefill beside decodes makes them read the cache once per query head where kernels do not pack", () => {
    const shape = { prefillTokens: 16, prefillRequests: 1, prefillWork: 128, decodeRequests: 64, decodeContext: 640_000 };
    const a100 = shard("a100-80-sxm", "llama-3.1-8b");
    const extra = time(a100, shape) - time(a100, shape, { mixedBatches: "packed" });
    // 4 query heads per KV head at 0.6 reads each: 2.4 reads instead of 1.
    expect(extra).toBeCloseTo((1.4 * 640_000 * 131_072) / (2.039e12 * 0.72), 8);
    expect(time(shard("h100-sxm", "llama-3.1-8b"), shape)).toBe(time(shard("h100-sxm", "llama-3.1-8b"), shape, { mixedBatches: "packed" }));
  });

  test("fp8 halves the reading, and computes at fp8 only where the GPU can", () => {
    expect(weightFormat(gpuById("a100-80-sxm"), modelById("llama-3-8b"), "fp8")).toEqual({
      expertBytes: 1,
      denseBytes: 1,
      fp8Compute: false,
    });
    expect(weightFormat(gpuById("h100-sxm"), modelById("deepseek-v3"), "native")).toEqual({
      expertBytes: 1,
      denseBytes: 1,
      fp8Compute: true,
    });
    expect(weightFormat(gpuById("h100-sxm"), modelById("gpt-oss-20b"), "native")).toEqual({
      expertBytes: 4.25 / 8,
      denseBytes: 2,
      fp8Compute: false,
    });
    expect([weightPrecisionOf({ weights: "fp8" }), weightPrecisionOf({}), weightPrecisionOf(undefined)]).toEqual([
      "fp8",
      "native",
      "native",
    ]);
  });
});
