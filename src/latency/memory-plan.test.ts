import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { gpuById, modelById } from "../catalog/index.ts";
import { planMemory, vidurPlan } from "./memory-plan.ts";
import type { VidurShape } from "./memory-plan.ts";

const vidurTable = new URL("../../../shared/reference/vidur/memory_plan.csv", import.meta.url);
const distserveTable = new URL("../../../shared/data/profiles/distserve-a100-80g/max_num_tokens.csv", import.meta.url);
for (const table of [vidurTable, distserveTable]) if (!existsSync(table)) console.warn(`skipped: ${table.pathname} is not here`);

const rowsOf = (url: URL): string[][] =>
  readFileSync(url, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));

const plan = (gpu: string, model: string, tp: number, pp = 1, memoryUtilisation = 0.9, weights?: "fp8" | "bf16") =>
  planMemory(
    { gpu: gpuById(gpu), model: modelById(model), tensorParallel: tp, pipelineParallel: pp },
    { blockSize: 16, memoryUtilisation, ...(weights === undefined ? {} : { weights }) },
  );

describe("planMemory", () => {
  test("KV capacity that vLLM 0.15 reports on H100 80GB at utilisation 0.9", () => {
    // inference-sim/sim-to-real-accuracy-validation, total_kv_blocks.
    expect(Math.abs(plan("h100-sxm", "llama-2-7b", 1).blocks / 7463 - 1)).toBeLessThan(0.01);
    expect(Math.abs(plan("h100-sxm", "qwen2.5-7b", 1).blocks / 65_352 - 1)).toBeLessThan(0.01);
  });

  test("the parts add up", () => {
    const p = plan("h100-sxm", "llama-3.1-70b", 4);
    expect(p.problem).toBeNull();
    expect(p.usableBytes - p.weightBytes - p.reserveBytes).toBeCloseTo(p.kvBytes, 0);
    expect(p.blocks).toBe(Math.floor(p.kvBytes / (16 * p.kvBytesPerToken)));
    expect(p.tokens).toBe(16 * p.blocks);
    // 80 layers, 8 KV heads over 4 devices, keys and values of 128 at 2 bytes.
    expect(p.kvBytesPerToken).toBe(80 * 2 * 2 * 128 * 2);
    expect(Math.abs(p.totalWeightBytes / modelById("llama-3.1-70b").weightBytes.value - 1)).toBeLessThan(0.002);
  });

  test("more devices than KV heads replicate them", () => {
    expect(plan("h100-sxm", "llama-3.1-70b", 8).kvBytesPerToken).toBe(plan("h100-sxm", "llama-3.1-70b", 16).kvBytesPerToken);
  });

  test("the latent cache of DeepSeek is whole on every device, and fp8 weights take one byte", () => {
    const p = plan("h200-sxm", "deepseek-v3", 8);
    expect(p.kvBytesPerToken).toBe(modelById("deepseek-v3").kvBytesPerToken.value);
    expect(p.totalWeightBytes / 671e9).toBeGreaterThan(1);
    expect(p.totalWeightBytes / 671e9).toBeLessThan(1.05);
    expect(plan("h200-sxm", "deepseek-v3", 8, 1, 0.9, "bf16").problem).toMatch(/DeepSeek-V3 needs 13\d\d GB of weights/);
  });

  test("one sentence says what does not fit and what would do", () => {
    const p = plan("a10g", "llama-3-70b", 2);
    expect(p.blocks).toBe(0);
    expect(p.problem).toBe(
      "Llama 3 70B needs 141 GB of weights, 2 x NVIDIA A10G have 43 GB usable: raise tensor parallelism or choose a larger GPU.",
    );
    expect(plan("h100-sxm", "qwen2.5-7b", 8).problem).toMatch(/28 attention heads, which 8-way tensor parallelism does not divide/);
    expect(plan("h100-sxm", "qwen2.5-0.5b", 1, 25).problem).toMatch(/24 layers, fewer than 25 pipeline stages/);
  });

  test("two stages hold about twice the tokens of one with the same devices per stage", () => {
    const one = plan("a100-80-sxm", "llama-2-70b", 2);
    const two = plan("a100-80-sxm", "llama-2-70b", 2, 2);
    expect(two.tokens).toBeGreaterThan(2 * one.tokens);
  });

  test.skipIf(!existsSync(distserveTable))("capacities of DistServe on A100 80GB within 6 %, half of them within 3 %", () => {
    // Its rule takes 0.94 of the allocatable memory and no working memory; 0.95 with ours comes out near.
    const errors: number[] = [];
    for (const [name, tp, pp, tokens] of rowsOf(distserveTable)) {
      const id = name!.replace("facebook/", "");
      const model = modelById(id);
      if (model.heads % Number(tp) !== 0) continue;
      const p = plan("a100-80-sxm", id, Number(tp), Number(pp), 0.95);
      errors.push(Math.abs(p.tokens / Number(tokens) - 1));
    }
    expect(errors.length).toBeGreaterThan(20);
    errors.sort((a, b) => a - b);
    expect(errors[Math.floor(errors.length / 2)]).toBeLessThan(0.03);
    expect(errors.at(-1)).toBeLessThan(0.06);
  });
});

/** Shapes that Vidur plans with (spec of its model configurations): layers, hidden, heads, KV heads, FFN, gated. */
const vidurModels: Record<string, readonly [number, number, number, number, number, boolean]> = {
  "meta-llama/Llama-2-7b-hf": [32, 4096, 32, 32, 11008, true],
  "meta-llama/Meta-Llama-3-8B": [32, 4096, 32, 8, 14336, true],
  "internlm/internlm-20b": [60, 5120, 40, 40, 13824, true],
  "internlm/internlm2-20b": [48, 6144, 48, 8, 16384, true],
  "codellama/CodeLlama-34b-Instruct-hf": [48, 8192, 64, 8, 22016, true],
  "meta-llama/Llama-2-70b-hf": [80, 8192, 64, 8, 28672, true],
  "meta-llama/Meta-Llama-3-70B": [80, 8192, 64, 8, 28672, true],
  "Qwen/Qwen-72B": [80, 8192, 64, 64, 24576, true],
  "microsoft/phi-2": [32, 2560, 32, 32, 10240, false],
  "Qwen/Qwen-2-7B": [28, 3584, 28, 4, 18944, true],
};

describe("vidurPlan", () => {
  const shapeOf = (
    name: string,
    rest: Pick<VidurShape, "memoryGib" | "tensorParallel" | "pipelineParallel" | "maxTokens" | "margin">,
  ): VidurShape => {
    const [layers, hidden, heads, kvHeads, ffn, gatedFfn] = vidurModels[name]!;
    return { layers, hidden, heads, kvHeads, ffn, gatedFfn, blockSize: 16, ...rest };
  };

  test("published values on A100 80GB", () => {
    const a100 = { memoryGib: 80, pipelineParallel: 1, maxTokens: 4096, margin: 0.1 };
    const seventy = vidurPlan(shapeOf("meta-llama/Llama-2-70b-hf", { ...a100, tensorParallel: 2 }));
    expect([seventy.maxBatch, seventy.blocks]).toEqual([13, 3328]);
    expect(vidurPlan(shapeOf("meta-llama/Meta-Llama-3-8B", { ...a100, tensorParallel: 1 })).blocks).toBe(30_208);
    expect(vidurPlan(shapeOf("meta-llama/Llama-2-7b-hf", { ...a100, tensorParallel: 1 })).blocks).toBe(7424);
  });

  test.skipIf(!existsSync(vidurTable))("every row of the recorded plans, exactly", () => {
    const rows = rowsOf(vidurTable);
    expect(rows.length).toBeGreaterThan(600);
    for (const row of rows) {
      const [memoryGib, tensorParallel, pipelineParallel, maxTokens, margin, ...expected] = row.slice(2).map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      const p = vidurPlan(shapeOf(row[0]!, { memoryGib, tensorParallel, pipelineParallel, maxTokens, margin }));
      expect([p.paramsPerDevice, p.paramBytesPerDevice, p.kvBytesPerRequest, p.maxBatch, p.maxRequestSlots, p.blocks], row.join()).toEqual(
        expected,
      );
    }
  });
});
