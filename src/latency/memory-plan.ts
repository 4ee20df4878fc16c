// KV cache capacity of one replica: memory of a device less weights and working memory, in blocks of tokens.
import type { Shard } from "./types.ts";
import { kvBytesPerTokenLayer, layersOfStage, stageWeightBytes } from "./shard-shape.ts";
import { weightFormat } from "./precision.ts";
import type { WeightPrecision } from "./precision.ts";

export interface MemoryPlanOptions {
  /** Tokens per KV block. */
  readonly blockSize: number;
  /** Share of the allocatable memory that the engine may use (vLLM's gpu-memory-utilization). */
  readonly memoryUtilisation: number;
  readonly weights?: WeightPrecision;
}

/** Memory of the device that limits the replica (the tightest pipeline stage), bytes unless named otherwise. */
export interface MemoryPlan {
  /** The stage that limits, from 0. */
  readonly stage: number;
  readonly memoryBytes: number;
  /** What a process can allocate, times the utilisation. */
  readonly usableBytes: number;
  /** Weights of this device, and of the whole replica. */
  readonly weightBytes: number;
  readonly totalWeightBytes: number;
  /** Activations, sampling buffers, captured graphs, communication. */
  readonly reserveBytes: number;
  /** Left for the KV cache, at least 0. */
  readonly kvBytes: number;
  /** KV bytes of one token on this device. */
  readonly kvBytesPerToken: number;
  readonly blockSize: number;
  /** Blocks of the replica, and the tokens they hold. */
  readonly blocks: number;
  readonly tokens: number;
  /** Null when the model fits; else one sentence: what does not, and what would do. */
  readonly problem: string | null;
}

// Working memory, solved from the KV blocks that vLLM 0.15 reports on H100 80GB at utilisation 0.9: Llama-2-7B 7463 blocks (0.4 GB left over),
// Qwen2.5-7B 65352 (1.3 GB), and 556,000 tokens of Llama-3.2-1B on A10G (0.6 GB). The larger vocabulary takes more: sampling works on rows of logits.
const RESERVE_FIXED_BYTES = 0.3e9;
const RESERVE_BYTES_PER_VOCAB = 24 * 128;
/** NCCL buffers per device when there is more than one. */
const RESERVE_COMMUNICATION_BYTES = 0.4e9;

const gigabytes = (bytes: number): string => {
  const gb = bytes / 1e9;
  return `${gb >= 10 ? Math.round(gb) : Math.round(gb * 10) / 10} GB`;
};

function shardProblem(shard: Shard): string | null {
  const { model, tensorParallel: tp, pipelineParallel: pp } = shard;
  if (model.heads % tp !== 0)
    return `${model.name} has ${model.heads} attention heads, which ${tp}-way tensor parallelism does not divide: choose a divisor of ${model.heads}.`;
  if (pp > model.layers) return `${model.name} has ${model.layers} layers, fewer than ${pp} pipeline stages: choose fewer stages.`;
  return null;
}

/** Plans the KV cache of one replica. A model that does not fit gives 0 blocks and says why in `problem`. */
export function planMemory(shard: Shard, options: MemoryPlanOptions): MemoryPlan {
  const { gpu, model, tensorParallel: tp, pipelineParallel: pp } = shard;
  const format = weightFormat(gpu, model, options.weights ?? "native");
  const memoryBytes = gpu.memoryBytes.value;
  const usableBytes = memoryBytes * gpu.allocatableShare.value * options.memoryUtilisation;
  const perLayer = kvBytesPerTokenLayer(model, tp);

  let tightest = { stage: 0, weightBytes: 0, reserveBytes: 0, kvBytes: Infinity, kvBytesPerToken: 1, blocks: Infinity };
  let totalWeightBytes = 0;
  for (let stage = 0; stage < pp; stage++) {
    const weightBytes = stageWeightBytes(model, tp, pp, stage, format);
    totalWeightBytes += weightBytes * tp;
    const reserveBytes =
      RESERVE_FIXED_BYTES +
      (stage === pp - 1 ? RESERVE_BYTES_PER_VOCAB * model.vocab : 0) +
      (tp * pp > 1 ? RESERVE_COMMUNICATION_BYTES : 0);
    const kvBytes = usableBytes - weightBytes - reserveBytes;
    const kvBytesPerToken = perLayer * Math.max(1, layersOfStage(model, pp, stage));
    const blocks = Math.floor(kvBytes / (kvBytesPerToken * options.blockSize));
    if (blocks < tightest.blocks) tightest = { stage, weightBytes, reserveBytes, kvBytes, kvBytesPerToken, blocks };
  }

  let problem = shardProblem(shard);
  if (problem === null && tightest.blocks < 1) {
    const devices = tp * pp;
    const fits = tightest.kvBytes + tightest.reserveBytes > 0;
    problem =
      `${model.name} needs ${gigabytes(totalWeightBytes)} of weights` +
      `${fits ? ` and ${gigabytes(tightest.reserveBytes * devices)} to work in` : ""}, ` +
      `${devices} x ${gpu.name} have ${gigabytes(usableBytes * devices)} usable: raise tensor parallelism or choose a larger GPU.`;
  }
  const blocks = problem === null ? tightest.blocks : 0;
  return {
    stage: tightest.stage,
    memoryBytes,
    usableBytes,
    weightBytes: tightest.weightBytes,
    totalWeightBytes,
    reserveBytes: tightest.reserveBytes,
    kvBytes: Math.max(0, tightest.kvBytes),
    kvBytesPerToken: tightest.kvBytesPerToken,
    blockSize: options.blockSize,
    blocks,
    tokens: blocks * options.blockSize,
    problem,
  };
}

/** What Vidur needs to know of a model and a device. */
export interface VidurShape {
  readonly layers: number;
  readonly hidden: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly ffn: number;
  readonly gatedFfn: boolean;
  readonly memoryGib: number;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  readonly maxTokens: number;
  /** Share of the memory kept free. */
  readonly margin: number;
  readonly blockSize: number;
}

export interface VidurPlan {
  readonly paramsPerDevice: number;
  readonly paramBytesPerDevice: number;
  /** Of all layers, whatever the stages: the factor of stages in the number of blocks makes up for it. */
  readonly kvBytesPerRequest: number;
  /** Requests of the longest length that fit; 0: the model does not. */
  readonly maxBatch: number;
  readonly maxRequestSlots: number;
  readonly blocks: number;
}

/** The planner of Vidur (microsoft/vidur@7d47513), kept exact so that its runs can be repeated: no embedding, activations or graphs. */
export function vidurPlan(shape: VidurShape): VidurPlan {
  const { hidden, heads, tensorParallel: tp, pipelineParallel: pp } = shape;
  const headDim = Math.floor(hidden / heads);
  const queryHeads = Math.floor(heads / tp);
  const kvHeads = Math.ceil(shape.kvHeads / tp);
  const perLayer =
    hidden * headDim * (queryHeads + 2 * kvHeads) +
    hidden * headDim * queryHeads +
    (shape.gatedFfn ? 3 : 2) * hidden * Math.floor(shape.ffn / tp);
  const paramsPerDevice = perLayer * Math.floor(shape.layers / pp);
  const paramBytesPerDevice = 2 * paramsPerDevice;
  const kvBytesPerRequest = 2 * 2 * headDim * kvHeads * shape.maxTokens * shape.layers;
  const free = shape.memoryGib * 1024 * 1024 * 1024 * (1 - shape.margin) - paramBytesPerDevice;
  const maxBatch = Math.max(0, Math.floor(free / kvBytesPerRequest));
  const maxRequestSlots = maxBatch * pp;
  return {
    paramsPerDevice,
    paramBytesPerDevice,
    kvBytesPerRequest,
    maxBatch,
    maxRequestSlots,
    blocks: Math.floor(shape.maxTokens / shape.blockSize) * maxRequestSlots,
  };
}
