// Batch time from GPU and model facts. Each class of work takes the longer of its arithmetic and its memory traffic (roofline), at efficiencies
// measured on single kernels (efficiency.ts); classes follow one another. docs/fidelity.md says what was measured, and how far off whole runs are.
import { choice, number } from "../engine/params.ts";
import type { Values } from "../engine/params.ts";
import type { BatchShape, DecodeForm, LatencyModel } from "../engine/contracts.ts";
import { defineLatency } from "./types.ts";
import type { LatencyTerm, Shard } from "./types.ts";
import { efficiencyOf } from "./efficiency.ts";
import { weightFormat, weightsParam } from "./precision.ts";
import { emptyShape } from "./shape.ts";
import { kvBytesPerTokenLayer, kvHeadsPerDevice, layerKinds, layerParams, stageWeightBytes, vocabParams } from "./shard-shape.ts";

const scale = (label: string, what: string) =>
  number(1, `${what} Multiplies what was measured for the GPU's architecture, which is shown below.`, {
    label,
    min: 0.1,
    max: 2,
    step: 0.01,
    unit: "x",
  });

export const params = {
  weights: weightsParam,
  computeScale: scale("Compute efficiency", "Share of the dense peak that matrix products reach."),
  memoryScale: scale("Memory efficiency", "Share of the memory bandwidth that reading weights and activations reaches."),
  attentionScale: scale("Prefill attention efficiency", "Share of the dense peak that attention over prompts reaches."),
  kvScale: scale("KV cache read efficiency", "Share of the memory bandwidth that attention of decodes reaches."),
  linkScale: scale("Link efficiency", "Share of the link that tensor-parallel all-reduce reaches."),
  linkLatency: number(
    5,
    "Start of one all-reduce or stage hand-over. Measured in captured graphs on H100 and A100 with NVLink: 4 to 6 us (AIConfigurator tables).",
    { min: 0, max: 1000, unit: "us" },
  ),
  layerScale: scale("Kernel start-up", "Time of a layer's kernels that does not shrink with the batch."),
  iterationOverhead: number(
    450,
    "Scheduling, input preparation and launch of one iteration that is not hidden behind the GPU. What vLLM 0.19 takes on A10G over the kernels of Llama-3.2-1B (swjeong9/LLMServingSim@cc591e8).",
    {
      min: 0,
      max: 100_000,
      unit: "us",
    },
  ),
  requestOverhead: number(8, "The same for each request in the batch, with sampling. From the same measurement, batches of 1 to 32.", {
    min: 0,
    max: 10_000,
    unit: "us",
  }),
  promptLaunch: number(
    0,
    "Host time to launch a kernel in batches with prompts, where the engine does not capture them in a graph: such a batch takes at least this for each of its kernels (nine per layer, more with routed experts, latent attention and tensor parallelism). 0: captured, or hidden. SGLang took 60 us on DeepSeek-V3 (sgl-project/sglang pull request 12160: a prompt of one token, 82.6 ms launched one by one, 23.1 ms captured).",
    { label: "Launch of a kernel, prompts", min: 0, max: 1000, unit: "us" },
  ),
  mixedBatches: choice(
    "auto",
    { auto: "As the GPU's kernels do", packed: "KV read once", "per-head": "KV read per query head" },
    "Attention of decodes that share a batch with a prefill. FlashAttention 2, on all GPUs but Hopper, then reads the KV cache once for each query head of a group (measured on RTX PRO 6000); FlashAttention 3 does not.",
    "Mixed batch",
  ),
};

// Kernels of one layer: four matrix products, attention, and about four small ones (norms, rotary, activation).
const LAYER_KERNELS = 9;
/** More of them with routed experts (router, top-k, sorting, gathering) and with latent attention (down- and up-projections, their norms). Counted, not measured. */
const MOE_KERNELS = 6;
const MLA_KERNELS = 6;

/** Reads of the KV cache in a mixed batch without packing, per query head of a group: 0.5 to 1, the more the larger the cache read (RTX PRO 6000 layer profiles). */
const MIXED_READS_PER_GROUP = 0.6;

/** Seconds, for one stage. */
export interface StageCosts {
  readonly fixed: number;
  readonly perRequest: number;
  /** Norms, rotary, activation, all-reduce, hand-over to the next stage: linear in the tokens. */
  readonly perToken: number;
  /** Matrix products that every token takes: arithmetic per token, and the reading of their weights. */
  readonly densePerToken: number;
  readonly denseWeights: number;
  /** Routed experts: arithmetic per token, and the reading of all of their weights. */
  readonly expertPerToken: number;
  readonly expertWeights: number;
  /** Output head: per row of logits, and the reading of its weights. */
  readonly headPerRow: number;
  readonly headWeights: number;
  /** Decode attention per token of context, in layers that see all of it and in layers with a window. */
  readonly contextGlobal: number;
  readonly contextLocal: number;
  /** Prefill attention per pair of tokens; each token seems to see `rampTokens` more than it does. */
  readonly pairGlobal: number;
  readonly pairLocal: number;
  readonly rampTokens: number;
  /** What a token of decode context costs on top in a batch with prefills (layers without a window). */
  readonly mixedContext: number;
  /** The host launches the kernels of a batch with prompts no faster. */
  readonly promptFloor: number;
}

export function stageCosts(values: Values<typeof params>, shard: Shard, stage: number): StageCosts {
  const { gpu, model, tensorParallel: tp, pipelineParallel: pp } = shard;
  const format = weightFormat(gpu, model, values.weights);
  const reach = efficiencyOf(gpu);
  const peak = gpu.bf16FlopsPerS.value;
  // Tables and 4-bit experts are computed at 16 bits.
  const bf16PerS = peak * reach.compute * values.computeScale;
  const flopsPerS = format.fp8Compute ? (gpu.fp8FlopsPerS.value ?? peak) * reach.computeFp8 * values.computeScale : bf16PerS;
  const attentionPerS = peak * reach.attention * values.attentionScale;
  const bandwidth = gpu.memoryBytesPerS.value;
  const bytesPerS = bandwidth * reach.memory * values.memoryScale;
  const kvBytesPerS = bandwidth * reach.kv * values.kvScale;
  // A group wider than the scale-up domain meets the host link.
  const link =
    tp > gpu.scaleUpDomain.value ? Math.min(gpu.linkBytesPerS.value, gpu.hostBytesPerS.value ?? Infinity) : gpu.linkBytesPerS.value;
  const linkPerS = link * reach.link * values.linkScale;
  const hop = values.linkLatency * 1e-6;

  const part = layerParams(model, tp);
  const { dense, sparse } = layerKinds(model, pp, stage);
  const layers = dense + sparse;
  const last = stage === pp - 1;
  const { moe, mla, slidingWindow } = model;
  const expertsPerToken = moe === null ? 0 : moe.expertsPerToken;
  const experts = moe === null ? 0 : moe.experts;

  const denseParams = dense * (part.qkv + part.out + part.denseFfn) + sparse * (part.qkv + part.out + part.sharedFfn);
  const headParams = last ? vocabParams(model, tp) : 0;

  // Values read and written per token and layer outside the matrix products: two norms with residual (8 x hidden), rotary (in and out),
  // activation (2 in, 1 out per FFN column).
  const ffnColumns = (dense * model.ffn + (moe === null ? 0 : sparse * (expertsPerToken + moe.sharedExperts) * moe.ffn)) / tp;
  const elementwiseBytes =
    2 * (layers * (8 * model.hidden + (2 * (model.heads + 2 * model.kvHeads) * model.headDim) / tp) + 3 * ffnColumns);
  // Ring all-reduce moves 2 (n - 1) / n of the message over each link, after attention and after the FFN.
  const allReduceBytes = tp === 1 ? 0 : 2 * layers * ((2 * (tp - 1)) / tp) * 2 * model.hidden;
  const sendBytes = last ? 0 : 2 * model.hidden;

  const kvBytes = kvBytesPerTokenLayer(model, tp);
  const headsHere = model.heads / tp;
  const kernels = layers * LAYER_KERNELS + sparse * MOE_KERNELS + (mla === null ? 0 : layers * MLA_KERNELS);
  // Multiply-adds count two. MLA decodes on the latent and prefills on the unpacked heads.
  const decodeFlops = headsHere * (mla === null ? 4 * model.headDim : 2 * (mla.kvRank + mla.ropeDim) + 2 * mla.kvRank);
  const pairFlops = headsHere * (mla === null ? 4 * model.headDim : 2 * model.headDim + 2 * mla.valueDim);
  const local = slidingWindow === null ? 0 : Math.round((layers * slidingWindow.localPerGlobal) / (slidingWindow.localPerGlobal + 1));
  const perContext = Math.max(decodeFlops / attentionPerS, kvBytes / kvBytesPerS);
  const packed = values.mixedBatches === "packed" || (values.mixedBatches === "auto" && reach.packsMixedBatches);
  const group = headsHere / kvHeadsPerDevice(model, tp);
  const readsPerMixed = packed || mla !== null ? 1 : Math.max(1, MIXED_READS_PER_GROUP * group);
  const perContextMixed = Math.max(decodeFlops / attentionPerS, (readsPerMixed * kvBytes) / kvBytesPerS);
  const perPair = pairFlops / attentionPerS;

  return {
    fixed:
      values.iterationOverhead * 1e-6 +
      kernels * (reach.layerSeconds / LAYER_KERNELS) * values.layerScale +
      (tp > 1 ? 2 * layers * hop : 0) +
      (last ? 0 : hop),
    perRequest: values.requestOverhead * 1e-6,
    perToken: elementwiseBytes / (bandwidth * reach.elementwise * values.memoryScale) + (allReduceBytes + sendBytes) / linkPerS,
    densePerToken: (2 * denseParams) / flopsPerS,
    denseWeights: (denseParams * format.denseBytes) / bytesPerS,
    expertPerToken: (2 * sparse * expertsPerToken * part.expert) / flopsPerS,
    expertWeights: (sparse * experts * part.expert * format.expertBytes) / bytesPerS,
    headPerRow: (2 * headParams) / bf16PerS,
    headWeights: (2 * headParams) / bytesPerS,
    contextGlobal: (layers - local) * perContext,
    contextLocal: local * perContext,
    pairGlobal: (layers - local) * perPair,
    pairLocal: local * perPair,
    rampTokens: reach.attentionRampTokens,
    // The host launches and schedules one after the other.
    promptFloor:
      values.promptLaunch === 0 ? 0 : ((kernels + (tp > 1 ? 2 * layers : 0)) * values.promptLaunch + values.iterationOverhead) * 1e-6,
    mixedContext: (perContextMixed - perContext) * (layers - local),
  };
}

/** Expected share of experts that at least one of T tokens is routed to: 1 - (1 - k/E)^T, by T, until it is 1 in all but name. */
export function touchedShares(experts: number, expertsPerToken: number): Float64Array {
  const miss = 1 - expertsPerToken / experts;
  const shares = [0];
  for (let untouched = miss; untouched > 1e-6 && shares.length < 100_000; untouched *= miss) shares.push(1 - untouched);
  return Float64Array.from(shares);
}

/** Arithmetic and reading, in seconds: the longer of the two, rounded where they meet as measured products are (their norm). */
export const roof = (arithmetic: number, reading: number): number => Math.sqrt(arithmetic * arithmetic + reading * reading);

/** Seconds of attention over prompts in a batch that has some. */
export function prefillAttention(s: StageCosts, shape: BatchShape, window: number): number {
  const pairs = shape.prefillWork + s.rampTokens * shape.prefillTokens;
  const arithmetic = s.pairGlobal * pairs + s.pairLocal * Math.min(pairs, window * shape.prefillTokens);
  const reading = (s.contextGlobal + s.contextLocal) * (shape.prefillContext + shape.prefillTokens);
  return Math.max(arithmetic, reading);
}

class RooflineModel implements LatencyModel {
  private readonly stages: readonly StageCosts[];
  private readonly touched: Float64Array;
  private readonly window: number;
  /**
   * Time of decodes alone without context on the first stage, by requests, seconds; NaN until it is asked for. Starts small, so that every run
   * grows it early (engine/kernel/deque.ts says why).
   */
  private decodeBases = new Float64Array(4).fill(NaN);

  constructor(stages: readonly StageCosts[], touched: Float64Array, window: number) {
    this.stages = stages;
    this.touched = touched;
    this.window = window;
  }

  /** All but attention. */
  private base(s: StageCosts, tokens: number, requests: number): number {
    const dense = roof(tokens * s.densePerToken, s.denseWeights);
    const share = tokens < this.touched.length ? this.touched[tokens]! : 1;
    const expert = roof(tokens * s.expertPerToken, share * s.expertWeights);
    const head = roof(requests * s.headPerRow, s.headWeights);
    return s.fixed + dense + expert + head + tokens * s.perToken + requests * s.perRequest;
  }

  // Decode attention is affine in the sum of the contexts. Layers with a window stop growing where the mean context reaches it.
  // The order of the operations is the same in both methods, so that they agree to the last bit.
  iteration(shape: BatchShape, stage: number): number {
    const s = this.stages[stage]!;
    const decodes = shape.decodeRequests;
    const tokens = shape.prefillTokens + decodes;
    const base = this.base(s, tokens, shape.prefillRequests + decodes);
    const time =
      s.contextLocal === 0 || shape.decodeContext < decodes * this.window
        ? base + (s.contextGlobal + s.contextLocal) * shape.decodeContext
        : base + s.contextLocal * (decodes * this.window) + s.contextGlobal * shape.decodeContext;
    if (shape.prefillTokens === 0) return time;
    const floor = s.promptFloor === 0 ? 0 : s.promptFloor + s.perRequest * (shape.prefillRequests + decodes);
    return Math.max(floor, time + prefillAttention(s, shape, this.window) + s.mixedContext * shape.decodeContext);
  }

  private remember(requests: number): void {
    if (requests >= this.decodeBases.length) {
      const more = new Float64Array(2 * requests).fill(NaN);
      more.set(this.decodeBases);
      this.decodeBases = more;
    }
    this.decodeBases[requests] = this.base(this.stages[0]!, requests, requests);
  }

  decodeForm(requests: number, context: number, into: DecodeForm): void {
    const s = this.stages[0]!;
    if (requests >= this.decodeBases.length || Number.isNaN(this.decodeBases[requests]!)) this.remember(requests);
    const base = this.decodeBases[requests]!;
    if (s.contextLocal === 0) {
      into.base = base;
      into.perContext = s.contextGlobal + s.contextLocal;
      into.below = Infinity;
    } else if (context < requests * this.window) {
      into.base = base;
      into.perContext = s.contextGlobal + s.contextLocal;
      into.below = requests * this.window;
    } else {
      into.base = base + s.contextLocal * (requests * this.window);
      into.perContext = s.contextGlobal;
      into.below = Infinity;
    }
  }
}

function create(values: Values<typeof params>, shard: Shard): RooflineModel {
  const stages = Array.from({ length: shard.pipelineParallel }, (_, stage) => stageCosts(values, shard, stage));
  const { moe, slidingWindow } = shard.model;
  const touched = moe === null ? new Float64Array(0) : touchedShares(moe.experts, moe.expertsPerToken);
  return new RooflineModel(stages, touched, slidingWindow === null ? Infinity : slidingWindow.tokens);
}

function explain(values: Values<typeof params>, shard: Shard): readonly LatencyTerm[] {
  const { gpu, model, tensorParallel: tp, pipelineParallel: pp } = shard;
  const format = weightFormat(gpu, model, values.weights);
  const reach = efficiencyOf(gpu);
  const latency = create(values, shard);
  const milliseconds = (shape: Partial<BatchShape>): number => {
    const whole: BatchShape = { ...emptyShape, ...shape };
    let sum = 0;
    for (let stage = 0; stage < pp; stage++) sum += latency.iteration(whole, stage);
    return sum * 1e3;
  };
  const peak = format.fp8Compute ? gpu.fp8FlopsPerS : gpu.bf16FlopsPerS;
  const ours = "computed from the figures above";
  return [
    {
      label: "Weights on the first device",
      value: stageWeightBytes(model, tp, pp, 0, format) / 1e9,
      unit: "GB",
      source: model.params.source,
    },
    {
      label: "KV cache per token, whole replica",
      value: model.kvBytesPerToken.value / 1024,
      unit: "KiB",
      source: model.kvBytesPerToken.source,
    },
    { label: format.fp8Compute ? "Peak, fp8" : "Peak, bf16", value: (peak.value ?? 0) / 1e12, unit: "TFLOP/s", source: peak.source },
    { label: "Memory bandwidth", value: gpu.memoryBytesPerS.value / 1e9, unit: "GB/s", source: gpu.memoryBytesPerS.source },
    { label: `Link (${gpu.linkName})`, value: gpu.linkBytesPerS.value / 1e9, unit: "GB/s", source: gpu.linkBytesPerS.source },
    {
      label: "Matrix products reach",
      value: (format.fp8Compute ? reach.computeFp8 : reach.compute) * values.computeScale * 100,
      unit: "% of the peak",
      source: reach.source,
    },
    { label: "Reading weights reaches", value: reach.memory * values.memoryScale * 100, unit: "% of the bandwidth", source: reach.source },
    {
      label: "Prefill attention reaches",
      value: reach.attention * values.attentionScale * 100,
      unit: "% of the peak",
      source: reach.source,
    },
    { label: "Reading the KV cache reaches", value: reach.kv * values.kvScale * 100, unit: "% of the bandwidth", source: reach.source },
    { label: "All-reduce reaches", value: reach.link * values.linkScale * 100, unit: "% of the link", source: reach.source },
    { label: "Kernel start-up of one layer", value: reach.layerSeconds * values.layerScale * 1e6, unit: "us", source: reach.source },
    { label: "One decode, context 1,000", value: milliseconds({ decodeRequests: 1, decodeContext: 1000 }), unit: "ms", source: ours },
    {
      label: "64 decodes, context 1,000 each",
      value: milliseconds({ decodeRequests: 64, decodeContext: 64_000 }),
      unit: "ms",
      source: ours,
    },
    {
      label: "Prefill of 1,000 tokens",
      value: milliseconds({ prefillTokens: 1000, prefillRequests: 1, prefillWork: 500_000, prefillSquares: 1_000_000 }),
      unit: "ms",
      source: ours,
    },
  ];
}

export const roofline = defineLatency({
  kind: "latency",
  id: "roofline",
  label: "Roofline",
  help: "Time from the GPU's peak and bandwidth and the model's shape: matrix products, attention, all-reduce, overheads. For any pair of the catalog, without a measurement.",
  reads: ["prefillTokens", "prefillRequests", "decodeRequests", "decodeContext", "prefillContext", "prefillWork"],
  params,
  create,
  explain,
});
