import { describe, expect, test } from "vitest";
import { gpuById, modelById } from "../src/catalog/index.ts";
import { withDefaults } from "../src/engine/params.ts";
import { closedSource, fixedSource } from "../src/engine/testing.ts";
import { roofline } from "../src/latency/roofline.ts";
import { oneByOne } from "./measured-arrivals.ts";
import { plansAhead } from "./measured-online.ts";
import { practiceOf } from "./measured-practice.ts";
import { NotModelled, gpuNamed, modelNamed } from "./measured-rows.ts";
import { quantile, replay } from "./measured-run.ts";
import type { Deployment } from "./measured-run.ts";
import { judge, median } from "./measured-score.ts";
import type { RunErrors } from "./measured-score.ts";

describe("names that measurers give", () => {
  test.each([
    ["meta-llama/Llama-2-7b-hf", "llama-2-7b"],
    ["meta-llama/Meta-Llama-3-8B", "llama-3-8b"],
    ["meta-llama/Llama-3.2-1B-Instruct", "llama-3.2-1b"],
    ["nvidia/Llama-3.1-8B-Instruct-FP8", "llama-3.1-8b"],
    ["mistralai/Mixtral-8x7B-v0.1", "mixtral-8x7b"],
    ["Qwen/Qwen3-235B-A22B-FP8", "qwen3-235b-a22b"],
  ])("%s is %s", (name, id) => expect(modelNamed(name).id).toBe(id));

  test.each([
    ["H100-SXM-80GB", "h100-sxm"],
    ["A100-80GB", "a100-80-sxm"],
    ["RTX PRO 6000 Blackwell", "rtx-pro-6000"],
  ])("%s is %s", (name, id) => expect(gpuNamed(name).id).toBe(id));

  test("what the catalog does not have is said, not taken for something else", () => {
    expect(() => modelNamed("zhipuai/GLM-5")).toThrow(NotModelled);
    expect(() => gpuNamed("mi250")).toThrow(NotModelled);
  });

  test("vLLM plans ahead from 0.14 on", () => {
    expect(["0.12.0", "vLLM 0.15.1", "1.0.0"].map((version) => plansAhead("vLLM", version))).toEqual([false, true, true]);
  });
});

describe("replay", () => {
  const deployment: Deployment = {
    gpu: gpuById("h100-sxm"),
    model: modelById("llama-3.1-8b"),
    tensorParallel: 1,
    weights: "bf16",
    scheduler: "chunked",
    planAhead: false,
    chunk: 2048,
    batchCap: 128,
    kvBlocks: null,
    memoryUtilisation: 0.9,
    cachedFrom: 1,
  };
  const latency = roofline.create(withDefaults(roofline.params, { weights: "bf16" }), { ...deployment, pipelineParallel: 1 });
  const prefill = (tokens: number, past: number): number =>
    latency.iteration(
      {
        prefillTokens: tokens,
        prefillRequests: 1,
        decodeRequests: 0,
        decodeContext: 0,
        prefillContext: past,
        prefillWork: tokens * (past + tokens / 2),
        prefillSquares: tokens * tokens,
      },
      0,
    );
  const traffic = [0, 10].map((at) => ({ at, prompt: 500, output: 2 }));

  test("from the set request on, whole blocks of the prompt come from the cache: 31 of 16 tokens, and 4 are computed", () => {
    const { ttft } = replay(deployment, fixedSource(traffic));
    expect(ttft[0]).toBeCloseTo(prefill(500, 0), 9);
    expect(ttft[1]).toBeCloseTo(prefill(4, 496), 9);
  });

  test("requests that are not asked for leave no figures", () => {
    const { ttft, tpot, e2e } = replay(deployment, fixedSource(traffic), (id) => id >= 1);
    expect([ttft.length, tpot.length, e2e.length]).toEqual([1, 1, 1]);
    expect(ttft[0]).toBeCloseTo(prefill(4, 496), 9);
  });
});

describe("fixed concurrency", () => {
  const row = {
    origin: "gap-analysis:x",
    engine: "sglang",
    engine_version: "0.5.6.post2",
    batch_size: "64",
    isl: "1000",
    concurrency: "64",
    precision: "fp8",
  };

  test.each([
    ["sglang", "0.5.1.post1", "prompts-first", 2500],
    ["sglang", "0.5.6.post2", "chunked", 2500],
    ["sglang", "0.5.10", "chunked", 2500],
    ["vllm", "0.12.0", "chunked", 2564],
    ["trtllm", "1.0.0rc3", "chunked", 2564],
  ])("%s %s: %s, batches of %i tokens", (engine, engine_version, scheduler, chunk) =>
    expect(practiceOf({ ...row, engine, engine_version })).toMatchObject({ scheduler, chunk }),
  );

  test("the KV cache is as precise as the weights", () =>
    expect(["fp8", ""].map((precision) => practiceOf({ ...row, precision }).kvBytesPerValue)).toEqual([1, 2]));

  test("an idle engine starts on the first of three prompts, the others come one after another and wait for as long", () => {
    const prompts = Array.from({ length: 3 }, () => ({ at: 0, prompt: 1930, output: 1 }));
    const { source, waits } = oneByOne(closedSource(3, 0, prompts));
    const { ttft } = replay(
      {
        gpu: gpuById("h100-sxm"),
        model: modelById("llama-3.1-8b"),
        tensorParallel: 1,
        weights: "bf16",
        scheduler: "chunked",
        planAhead: false,
        chunk: 8192,
        batchCap: 8,
        kvBlocks: null,
        memoryUtilisation: 0.9,
        cachedFrom: Infinity,
      },
      source,
    );
    // 4 ms for 1,930 tokens of four bytes at 1.93 MB/s.
    expect(waits.map((wait) => Math.round(wait * 1e6))).toEqual([0, 4000, 8000]);
    expect(ttft[0]! < 0.6 * ttft[1]!).toBe(true);
    expect(ttft[1]! - ttft[2]!).toBeCloseTo(0.004, 9);
  });
});

describe("judging", () => {
  const runs: readonly RunErrors[] = [-0.3, 0.05, 0.1].map((error, i) => ({ name: `run ${i}`, measured: {}, errors: { TPOT: error } }));
  const verdict = (most: Readonly<Record<string, number>>): readonly (readonly [boolean, string])[] => {
    const said: [boolean, string][] = [];
    judge("case", runs, { most }, (_name, ok, detail) => said.push([ok, detail]));
    return said;
  };

  test("the median of the sizes counts, 10 % here", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(quantile([1, 2, 3, 4, 5], 0.9)).toBeCloseTo(4.6, 12);
    expect(verdict({ TPOT: 0.11 })).toEqual([[true, "3 runs, median error TPOT 10.0 % (at most 11.0 %), bias +5 %"]]);
    expect(verdict({ TPOT: 0.09 })[0]![0]).toBe(false);
  });

  test("a quantity that no run has fails its limit", () => {
    expect(verdict({ E2E: 1 })[0]![0]).toBe(false);
  });
});
