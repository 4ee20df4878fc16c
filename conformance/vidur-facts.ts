// Models by the names that Vidur's reference results give them: folders such as llama2-70b_a100_tp2_pp2, rows such as meta-llama/Llama-2-70b-hf.
import { modelById, models } from "../src/catalog/index.ts";
import type { Model } from "../src/catalog/types.ts";
import type { Shard } from "../src/latency/types.ts";

/** Layers, hidden size, heads, KV heads, FFN width, vocabulary as Vidur has them (microsoft/vidur@7d47513, model_config.py; Qwen-2-7B of AKafakA/vidur_opt_scheduler). */
const SHAPES: Readonly<Record<string, readonly [number, number, number, number, number, number]>> = {
  "llama-2-7b": [32, 4096, 32, 32, 11008, 32768],
  "llama-2-70b": [80, 8192, 64, 8, 28672, 32768],
  "llama-3-8b": [32, 4096, 32, 8, 14336, 128256],
  "llama-3-70b": [80, 8192, 64, 8, 28672, 128256],
  "internlm-20b": [60, 5120, 40, 40, 13824, 103168],
  "internlm2-20b": [48, 6144, 48, 8, 16384, 92544],
  "codellama-34b": [48, 8192, 64, 8, 22016, 32768],
  "qwen-72b": [80, 8192, 64, 64, 24576, 152064],
  "qwen-2-7b": [28, 3584, 28, 4, 18944, 152064],
  "phi-2": [32, 2560, 32, 32, 10240, 51200],
};
const UNGATED: readonly string[] = ["phi-2"];

/** "meta-llama/Meta-Llama-3-70B", "Llama-3-70b-hf" and "llama3-70b" are one model. */
const plain = (name: string): string =>
  name
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/^meta-/, "")
    .replace(/-(hf|instruct|chat)\b/g, "")
    .replace(/[^a-z0-9]/g, "");

/** The model by any of its names. */
export function vidurModel(name: string): Model {
  const wanted = plain(name);
  const known = Object.entries(SHAPES).find(([id]) => plain(id) === wanted);
  if (known === undefined) {
    const found = models.find((model) => plain(model.id) === wanted);
    if (found === undefined) throw new Error(`the model ${name} is neither in Vidur's list nor in the catalog`);
    return found;
  }
  const [id, [layers, hidden, heads, kvHeads, ffn, vocab]] = known;
  return {
    ...modelById("llama-2-70b"),
    id,
    name: id,
    layers,
    hidden,
    heads,
    kvHeads,
    headDim: hidden / heads,
    attention: kvHeads < heads ? "gqa" : "mha",
    ffn,
    gatedFfn: !UNGATED.includes(id),
    vocab,
  };
}

/** The parts of a name such as llama3-70b_a100_tp4approx_pp2. */
export function comboOf(name: string): Omit<Shard, "gpu"> & { readonly gpu: string } {
  const match = /^(.+)_([a-z0-9]+)_tp(\d+)[a-z]*(?:_pp(\d+))?$/.exec(name);
  if (match === null) throw new Error(`the name ${name} is not <model>_<gpu>_tp<n>, with _pp<n> for stages`);
  const [, modelName = "", gpu = "", tp, pp] = match;
  return { model: vidurModel(modelName), gpu, tensorParallel: Number(tp), pipelineParallel: Number(pp ?? 1) };
}
