// Sizes of one device's part of a model under tensor (TP) and pipeline (PP) parallelism: parameters, KV bytes, multiply-adds.
import type { Model } from "../catalog/types.ts";

/** Parameters of one layer by group, on one device. */
export interface LayerParams {
  /** Query, key and value projections (with the latent ones of MLA). */
  readonly qkv: number;
  /** Output projection. */
  readonly out: number;
  /** Feed-forward network of a dense layer. */
  readonly denseFfn: number;
  /** One routed expert; 0 without. */
  readonly expert: number;
  /** Shared experts and router, read by every token; 0 without. */
  readonly sharedFfn: number;
}

/** Layers of a stage: spread as evenly as they go, the first stages take the remainder. */
export function layersOfStage(model: Model, pipelineParallel: number, stage: number): number {
  const even = Math.floor(model.layers / pipelineParallel);
  return even + (stage < model.layers - even * pipelineParallel ? 1 : 0);
}

/** KV heads on one device: replicated when there are fewer than devices. */
export const kvHeadsPerDevice = (model: Model, tensorParallel: number): number => Math.ceil(model.kvHeads / tensorParallel);

export function layerParams(model: Model, tensorParallel: number): LayerParams {
  const { hidden, heads, headDim, mla, moe } = model;
  const tp = tensorParallel;
  const matrices = model.gatedFfn ? 3 : 2;
  const kvHeads = kvHeadsPerDevice(model, tp);
  const attention =
    mla === null
      ? { qkv: (hidden * heads * headDim) / tp + 2 * hidden * kvHeads * headDim, out: (hidden * heads * headDim) / tp }
      : {
          // The down-projections to the latents are on every device; the up-projections are split by head.
          qkv:
            hidden * (mla.queryRank + mla.kvRank + mla.ropeDim) +
            (mla.queryRank * heads * headDim + mla.kvRank * heads * (mla.nopeDim + mla.valueDim)) / tp,
          out: (heads * mla.valueDim * hidden) / tp,
        };
  return {
    ...attention,
    denseFfn: (matrices * hidden * model.ffn) / tp,
    expert: moe === null ? 0 : (matrices * hidden * moe.ffn) / tp,
    sharedFfn: moe === null ? 0 : (moe.sharedExperts * matrices * hidden * moe.ffn) / tp + hidden * moe.experts,
  };
}

/** Dense and mixture-of-experts layers of a stage; the dense ones come first. */
export function layerKinds(model: Model, pipelineParallel: number, stage: number): { readonly dense: number; readonly sparse: number } {
  const layers = layersOfStage(model, pipelineParallel, stage);
  if (model.moe === null) return { dense: layers, sparse: 0 };
  let before = 0;
  for (let s = 0; s < stage; s++) before += layersOfStage(model, pipelineParallel, s);
  const dense = Math.max(0, Math.min(layers, model.moe.firstDenseLayers - before));
  return { dense, sparse: layers - dense };
}

/** Bytes of KV cache that one token takes in one layer of one device, at 16 bits. */
export function kvBytesPerTokenLayer(model: Model, tensorParallel: number): number {
  // The latent of MLA is the same on every device.
  if (model.mla !== null) return 2 * (model.mla.kvRank + model.mla.ropeDim);
  return 2 * 2 * kvHeadsPerDevice(model, tensorParallel) * model.headDim;
}

/** Parameters of the token table, or of the output head, on one device (split by vocabulary). */
export const vocabParams = (model: Model, tensorParallel: number): number => (model.vocab * model.hidden) / tensorParallel;

/** Learned positions, which only OPT has: 2 more than the longest context (its own offset). */
export const positionParams = (model: Model): number => (model.family === "opt" ? (model.maxContext + 2) * model.hidden : 0);

/** Weight bytes of one stage on one device. Norms and biases are below a thousandth and left out. */
export function stageWeightBytes(
  model: Model,
  tensorParallel: number,
  pipelineParallel: number,
  stage: number,
  bytes: { readonly expertBytes: number; readonly denseBytes: number },
): number {
  const part = layerParams(model, tensorParallel);
  const { dense, sparse } = layerKinds(model, pipelineParallel, stage);
  const experts = model.moe === null ? 0 : model.moe.experts;
  const first = stage === 0;
  const last = stage === pipelineParallel - 1;
  // Tied tables are one tensor where both ends are on the same stage. Tables stay at 16 bits in quantised releases.
  const tables = (first ? 1 : 0) + (last && !(first && model.tiedEmbeddings) ? 1 : 0);
  return (
    (dense * (part.qkv + part.out + part.denseFfn) + sparse * (part.qkv + part.out + part.sharedFfn)) * bytes.denseBytes +
    sparse * experts * part.expert * bytes.expertBytes +
    (tables * vocabParams(model, tensorParallel) + (first ? positionParams(model) : 0)) * 2
  );
}
