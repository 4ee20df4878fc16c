// How the KV blocks of a replica are planned from memory: the choices of a pool's kv.plan.
import { integer, number } from "../engine/params.ts";
import type { Params, Values } from "../engine/params.ts";
import { byId, registry } from "../engine/registry.ts";
import { planMemory, vidurPlan } from "./memory-plan.ts";
import type { MemoryPlan, MemoryPlanOptions } from "./memory-plan.ts";
import type { Shard } from "./types.ts";

export interface KvPlanDefinition<P extends Params = Params> {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly params: P;
  plan(values: Values<P>, shard: Shard, options: MemoryPlanOptions): MemoryPlan;
}

const definePlan = <const P extends Params>(definition: KvPlanDefinition<P>): KvPlanDefinition => definition as unknown as KvPlanDefinition;

const measured = definePlan({
  id: "memory",
  label: "As engines do",
  help: "What weights and working memory leave of the memory that the engine may use.",
  params: {},
  plan: (_values, shard, options) => planMemory(shard, options),
});

const GIB = 1024 * 1024 * 1024;

const vidur = definePlan({
  id: "vidur",
  label: "As Vidur does",
  help: "Room for whole requests of the longest length, without working memory: repeats Vidur's runs. Memory use does not count.",
  params: {
    maxTokens: integer(4096, "Longest request, prompt and output.", { label: "Longest request", min: 1, max: 10_000_000, unit: "tok" }),
    margin: number(0.1, "Share of the memory kept free.", { min: 0, max: 0.95 }),
    memoryGib: number(0, "Memory of a GPU as Vidur has it (A40: 45). 0: the catalog's.", {
      label: "Memory",
      min: 0,
      max: 10_000,
      unit: "GiB",
    }),
  },
  plan({ maxTokens, margin, memoryGib }, shard, options) {
    const { gpu, model, tensorParallel, pipelineParallel } = shard;
    const gib = memoryGib > 0 ? memoryGib : gpu.memoryBytes.value / GIB;
    const { blockSize } = options;
    const shape = { ...model, memoryGib: gib, tensorParallel, pipelineParallel, maxTokens, margin, blockSize };
    const { paramBytesPerDevice, kvBytesPerRequest, blocks } = vidurPlan(shape);
    const usableBytes = gib * GIB * (1 - margin);
    // Says first what no plan can do: heads that do not divide, more stages than layers.
    const { problem } = planMemory(shard, { ...options, memoryUtilisation: 1 });
    const tooLarge = `${model.name} leaves no room for one request of ${maxTokens} tokens in ${gib} GiB: lower maxTokens or the margin, or choose a larger GPU.`;
    return {
      stage: 0,
      memoryBytes: gib * GIB,
      usableBytes,
      weightBytes: paramBytesPerDevice,
      totalWeightBytes: paramBytesPerDevice * tensorParallel * pipelineParallel,
      reserveBytes: 0,
      kvBytes: Math.max(0, usableBytes - paramBytesPerDevice),
      kvBytesPerToken: kvBytesPerRequest / maxTokens / pipelineParallel,
      blockSize,
      blocks,
      tokens: blocks * blockSize,
      problem: blocks > 0 ? null : (problem ?? tooLarge),
    };
  },
});

export const kvPlans: readonly KvPlanDefinition[] = registry("KV plan", [measured, vidur]);

export const kvPlanById = (id: string): KvPlanDefinition => byId("KV plan", kvPlans, id);
