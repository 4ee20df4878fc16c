// Arithmetic that a model needs by definition, for the share of the peak that is put to use (MFU): no padding, no repetition by sharding.
// A token takes two operations per parameter of the matrix products it meets, and attention over what it sees (Chowdhery et al., PaLM,
// arXiv 2204.02311, appendix B, without the factor 3 of training).
import type { ModelWork, StageWork } from "../engine/config.ts";
import { weightFormat, type WeightPrecision } from "./precision.ts";
import { layerKinds, layerParams, vocabParams } from "./shard-shape.ts";
import type { Shard } from "./types.ts";

export function modelWork(shard: Shard, weights: WeightPrecision): ModelWork {
  const { gpu, model, tensorParallel, pipelineParallel } = shard;
  const { moe, mla, slidingWindow } = model;
  const part = layerParams(model, 1);
  const stages = Array.from({ length: pipelineParallel }, (_, stage): StageWork => {
    const { dense, sparse } = layerKinds(model, pipelineParallel, stage);
    const layers = dense + sparse;
    const params =
      layers * (part.qkv + part.out) +
      dense * part.denseFfn +
      sparse * (part.sharedFfn + (moe === null ? 0 : moe.expertsPerToken * part.expert));
    const local = slidingWindow === null ? 0 : (layers * slidingWindow.localPerGlobal) / (slidingWindow.localPerGlobal + 1);
    // Scores and weighted sum; MLA as it prefills, on unpacked heads.
    const pair = model.heads * (mla === null ? 4 * model.headDim : 2 * model.headDim + 2 * mla.valueDim);
    return {
      perToken: 2 * params,
      perOutput: stage === pipelineParallel - 1 ? 2 * vocabParams(model, 1) : 0,
      perPair: (layers - local) * pair,
      perLocalPair: local * pair,
    };
  });
  const fp8 = weightFormat(gpu, model, weights).fp8Compute ? gpu.fp8FlopsPerS.value : null;
  return {
    stages,
    window: slidingWindow === null ? Infinity : slidingWindow.tokens,
    peakFlopsPerS: (fp8 ?? gpu.bf16FlopsPerS.value) * tensorParallel * pipelineParallel,
  };
}
