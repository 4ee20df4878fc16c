import { describe, expect, test } from "vitest";
import { gpuById, modelById } from "../catalog/index.ts";
import { defaultsOf } from "../engine/params.ts";
import { kvPlanById, kvPlans } from "./kv-plan.ts";
import { planMemory } from "./memory-plan.ts";
import type { Shard } from "./types.ts";

const shard = (gpu: string, model: string, tensorParallel = 1, pipelineParallel = 1): Shard => ({
  gpu: gpuById(gpu),
  model: modelById(model),
  tensorParallel,
  pipelineParallel,
});
const options = { blockSize: 16, memoryUtilisation: 0.9 };
const plan = (id: string, on: Shard, values: Record<string, number> = {}) => {
  const definition = kvPlanById(id);
  return definition.plan({ ...defaultsOf(definition.params), ...values } as never, on, options);
};

test("the plan that scenarios have without a choice is that of engines", () => {
  const on = shard("h100-sxm", "llama-3.1-8b");
  expect(kvPlans[0]!.id).toBe("memory");
  expect(plan("memory", on)).toEqual(planMemory(on, options));
});

describe("as Vidur plans", () => {
  test("its published values on A100 80GB", () => {
    const seventy = plan("vidur", shard("a100-80-sxm", "llama-2-70b", 2));
    expect(seventy).toMatchObject({ blocks: 3328, tokens: 16 * 3328, problem: null, reserveBytes: 0 });
    expect(plan("vidur", shard("a100-80-sxm", "llama-3-8b")).blocks).toBe(30_208);
    // Two stages hold twice the requests of one stage's memory for half the layers each: more than twice the blocks.
    expect(plan("vidur", shard("a100-80-sxm", "llama-2-70b", 2, 2)).blocks).toBeGreaterThan(2 * 3328);
  });

  test("the parts add up: blocks of whole requests in what the weights leave", () => {
    const p = plan("vidur", shard("a100-80-sxm", "llama-2-7b"), { maxTokens: 1000, margin: 0.2 });
    expect(p.usableBytes).toBe(80 * 2 ** 30 * 0.8);
    expect(p.kvBytes).toBe(p.usableBytes - p.weightBytes);
    // 62 blocks hold the 1,000 tokens of a request but for 8 of them.
    expect(p.blocks).toBe(62 * Math.floor(p.kvBytes / (1000 * p.kvBytesPerToken)));
  });

  test("the memory of a GPU may be Vidur's own, and a model that does not fit gets a sentence", () => {
    const on = shard("a40", "llama-2-7b");
    expect(plan("vidur", on, { memoryGib: 45 }).blocks).toBeLessThan(plan("vidur", on).blocks);
    expect(plan("vidur", shard("a100-80-sxm", "llama-2-70b")).problem).toMatch(/needs 138 GB of weights/);
    expect(plan("vidur", on, { maxTokens: 1_000_000 }).problem).toBe(
      "Llama 2 7B leaves no room for one request of 1000000 tokens in 48 GiB: lower maxTokens or the margin, or choose a larger GPU.",
    );
  });
});
