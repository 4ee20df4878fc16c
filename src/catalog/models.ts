// Models by shape, with the configuration file each was read from. Add one: a row here; nothing else.
import type { Fact, Model } from "./types.ts";

/** Day on which the files were read. */
const READ = "2026-11-22";

const and = " ; ";
const aicModel = (name: string): string =>
  `ai-dynamo/aiconfigurator@095f58a:aic-core/src/aiconfigurator_core/model_configs/${name}_config.json`;
const genz = (file: string): string => `abhibambhaniya/GenZ-LLM-Analyzer@091bdd0:GenZ/Models/Model_sets/${file}.py`;
const blis = (name: string): string => `inference-sim/inference-sim@f90a1e3:model_configs/${name}/config.json`;
const vidur = "microsoft/vidur@7d47513:vidur/config/model_config.py";

interface Row {
  readonly id: string;
  readonly name: string;
  readonly family: string;
  readonly source: string;
  /** Layers, hidden size, heads, KV heads, head size, FFN width, vocabulary, longest context. */
  readonly shape: readonly [number, number, number, number, number, number, number, number];
  /** Counted from the shape: embeddings, norms, biases and router included. */
  readonly params: number;
  /** Rounded to a million; left out for dense models. */
  readonly active?: number;
  readonly gated?: false;
  readonly tied?: true;
  /** Type of the released weights; bf16 when left out. */
  readonly dtype?: Model["nativeDtype"];
  /** Sliding window in tokens, and local layers per global one. */
  readonly window?: readonly [number, number];
  /** Experts, experts per token, FFN width of one, shared experts, dense layers before the first. */
  readonly moe?: readonly [number, number, number, number, number];
  /** Ranks of the query and KV latents, rotary size, size without position, value size. */
  readonly mla?: readonly [number, number, number, number, number];
  readonly notes?: string;
}

const rows: readonly Row[] = [
  {
    id: "llama-2-7b",
    name: "Llama 2 7B",
    family: "llama",
    source: blis("llama-2-7b-hf"),
    shape: [32, 4096, 32, 32, 128, 11008, 32000, 4096],
    params: 6738415616,
    dtype: "fp16",
  },
  {
    id: "llama-2-13b",
    name: "Llama 2 13B",
    family: "llama",
    source: genz("meta"),
    shape: [40, 5120, 40, 40, 128, 13824, 32000, 4096],
    params: 13015864320,
    dtype: "fp16",
  },
  {
    id: "llama-2-70b",
    name: "Llama 2 70B",
    family: "llama",
    source: genz("meta") + and + vidur,
    shape: [80, 8192, 64, 8, 128, 28672, 32000, 4096],
    params: 68976648192,
    dtype: "fp16",
    notes: "Vidur pads the vocabulary to 32768.",
  },
  {
    id: "llama-3-8b",
    name: "Llama 3 8B",
    family: "llama",
    source: vidur,
    shape: [32, 4096, 32, 8, 128, 14336, 128256, 8192],
    params: 8030261248,
  },
  {
    id: "llama-3-70b",
    name: "Llama 3 70B",
    family: "llama",
    source: vidur,
    shape: [80, 8192, 64, 8, 128, 28672, 128256, 8192],
    params: 70553706496,
  },
  {
    id: "llama-3.1-8b",
    name: "Llama 3.1 8B",
    family: "llama",
    source: aicModel("meta-llama--Meta-Llama-3.1-8B"),
    shape: [32, 4096, 32, 8, 128, 14336, 128256, 131072],
    params: 8030261248,
  },
  {
    id: "llama-3.1-70b",
    name: "Llama 3.1 70B",
    family: "llama",
    source: aicModel("meta-llama--Meta-Llama-3.1-70B"),
    shape: [80, 8192, 64, 8, 128, 28672, 128256, 131072],
    params: 70553706496,
  },
  {
    id: "llama-3.1-405b",
    name: "Llama 3.1 405B",
    family: "llama",
    source: aicModel("meta-llama--Meta-Llama-3.1-405B"),
    shape: [126, 16384, 128, 8, 128, 53248, 128256, 131072],
    params: 405853388800,
  },
  {
    id: "qwen2.5-0.5b",
    name: "Qwen2.5 0.5B",
    family: "qwen",
    source: genz("alibaba"),
    shape: [24, 896, 14, 2, 64, 4864, 151936, 32768],
    params: 494032768,
    tied: true,
    notes: "Read from Qwen2-0.5B, the same shape.",
  },
  {
    id: "qwen2.5-1.5b",
    name: "Qwen2.5 1.5B",
    family: "qwen",
    source: genz("alibaba"),
    shape: [28, 1536, 12, 2, 128, 8960, 151936, 32768],
    params: 1543714304,
    tied: true,
  },
  {
    id: "qwen2.5-7b",
    name: "Qwen2.5 7B",
    family: "qwen",
    source: blis("qwen2.5-7b-instruct"),
    shape: [28, 3584, 28, 4, 128, 18944, 152064, 32768],
    params: 7615616512,
  },
  {
    id: "qwen2.5-14b",
    name: "Qwen2.5 14B",
    family: "qwen",
    source: genz("alibaba"),
    shape: [48, 5120, 40, 8, 128, 13824, 152064, 32768],
    params: 14770033664,
  },
  {
    id: "qwen2.5-32b",
    name: "Qwen2.5 32B",
    family: "qwen",
    source: genz("alibaba"),
    shape: [64, 5120, 40, 8, 128, 27648, 152064, 32768],
    params: 32763876352,
  },
  {
    id: "qwen2.5-72b",
    name: "Qwen2.5 72B",
    family: "qwen",
    source: genz("alibaba"),
    shape: [80, 8192, 64, 8, 128, 29568, 152064, 32768],
    params: 72706203648,
  },
  {
    id: "qwen3-8b",
    name: "Qwen3 8B",
    family: "qwen",
    source: aicModel("Qwen--Qwen3-8B"),
    shape: [36, 4096, 32, 8, 128, 12288, 151936, 40960],
    params: 8190726144,
  },
  {
    id: "qwen3-32b",
    name: "Qwen3 32B",
    family: "qwen",
    source: aicModel("Qwen--Qwen3-32B"),
    shape: [64, 5120, 64, 8, 128, 25600, 151936, 40960],
    params: 32762106880,
  },
  {
    id: "qwen3-30b-a3b",
    name: "Qwen3 30B-A3B",
    family: "qwen",
    source: aicModel("Qwen--Qwen3-30B-A3B"),
    shape: [48, 2048, 32, 4, 128, 6144, 151936, 40960],
    params: 30532110336,
    active: 3353000000,
    moe: [128, 8, 768, 0, 0],
  },
  {
    id: "qwen3-235b-a22b",
    name: "Qwen3 235B-A22B",
    family: "qwen",
    source: aicModel("Qwen--Qwen3-235B-A22B"),
    shape: [94, 4096, 64, 4, 128, 12288, 151936, 40960],
    params: 235093610496,
    active: 22191000000,
    moe: [128, 8, 1536, 0, 0],
  },
  {
    id: "mistral-7b",
    name: "Mistral 7B v0.2",
    family: "mistral",
    source: genz("mistral"),
    shape: [32, 4096, 32, 8, 128, 14336, 32000, 32768],
    params: 7241732096,
    notes: "v0.1 has a 4096 sliding window; v0.2+ none. v0.3 vocab 32768.",
  },
  {
    id: "mixtral-8x7b",
    name: "Mixtral 8x7B",
    family: "mistral",
    source: aicModel("mistralai--Mixtral-8x7B-v0.1"),
    shape: [32, 4096, 32, 8, 128, 14336, 32000, 32768],
    params: 46702792704,
    active: 12880000000,
    moe: [8, 2, 14336, 0, 0],
  },
  {
    id: "mixtral-8x22b",
    name: "Mixtral 8x22B",
    family: "mistral",
    source: aicModel("mistralai--Mixtral-8x22B-v0.1"),
    shape: [56, 6144, 48, 8, 128, 16384, 32000, 65536],
    params: 140620634112,
    active: 39152000000,
    moe: [8, 2, 16384, 0, 0],
    notes: "The later Instruct release has a vocabulary of 32768.",
  },
  {
    id: "deepseek-v3",
    name: "DeepSeek-V3",
    family: "deepseek",
    source: aicModel("deepseek-ai--DeepSeek-V3"),
    shape: [61, 7168, 128, 128, 192, 18432, 129280, 163840],
    params: 671026404352,
    active: 37552000000,
    dtype: "fp8",
    moe: [256, 8, 2048, 1, 3],
    mla: [1536, 512, 64, 128, 128],
    notes:
      "Head size = 128 without + 64 with rotary position. The KV cache is the 576-wide latent per layer, the same on every tensor-parallel rank. Without the multi-token-prediction layer (685B with it).",
  },
  {
    id: "deepseek-r1",
    name: "DeepSeek-R1",
    family: "deepseek",
    source: aicModel("deepseek-ai--DeepSeek-R1"),
    shape: [61, 7168, 128, 128, 192, 18432, 129280, 163840],
    params: 671026404352,
    active: 37552000000,
    dtype: "fp8",
    moe: [256, 8, 2048, 1, 3],
    mla: [1536, 512, 64, 128, 128],
    notes:
      "Head size = 128 without + 64 with rotary position. The KV cache is the 576-wide latent per layer, the same on every tensor-parallel rank. Without the multi-token-prediction layer (685B with it).",
  },
  {
    id: "gemma-2-27b",
    name: "Gemma 2 27B",
    family: "gemma",
    source: genz("google"),
    shape: [46, 4608, 32, 16, 128, 36864, 256000, 8192],
    params: 27227128320,
    tied: true,
    window: [4096, 1],
  },
  {
    id: "gemma-3-27b",
    name: "Gemma 3 27B",
    family: "gemma",
    source: genz("google"),
    shape: [62, 5376, 32, 16, 128, 21504, 262144, 131072],
    params: 27008986368,
    tied: true,
    window: [1024, 5],
    notes: "Text part only; vocabulary 262208 in the multimodal checkpoint.",
  },
  {
    id: "phi-3-mini",
    name: "Phi-3 mini (3.8B)",
    family: "phi",
    source: genz("microsoft"),
    shape: [32, 3072, 32, 32, 96, 8192, 32064, 131072],
    params: 3821079552,
  },
  {
    id: "phi-3-medium",
    name: "Phi-3 medium (14B)",
    family: "phi",
    source: genz("microsoft"),
    shape: [40, 5120, 40, 10, 128, 17920, 32064, 131072],
    params: 13960238080,
  },
  {
    id: "phi-4",
    name: "Phi-4 (14B)",
    family: "phi",
    source: "a LitGPT-style configuration table that cites huggingface.co/microsoft/phi-4 config.json",
    shape: [40, 5120, 40, 10, 128, 17920, 100352, 16384],
    params: 14659507200,
  },
  {
    id: "opt-1.3b",
    name: "OPT 1.3B",
    family: "opt",
    source: genz("meta"),
    shape: [24, 2048, 32, 32, 64, 8192, 50272, 2048],
    params: 1315756032,
    gated: false,
    tied: true,
    dtype: "fp16",
  },
  {
    id: "opt-13b",
    name: "OPT 13B",
    family: "opt",
    source: genz("meta"),
    shape: [40, 5120, 40, 40, 128, 20480, 50272, 2048],
    params: 12853468160,
    gated: false,
    tied: true,
    dtype: "fp16",
    notes: "Hidden size 5120 as in facebook/opt-13b; the source has a slip of the pen (5140).",
  },
  {
    id: "opt-66b",
    name: "OPT 66B",
    family: "opt",
    source: genz("meta"),
    shape: [64, 9216, 72, 72, 128, 36864, 50272, 2048],
    params: 65719692288,
    gated: false,
    tied: true,
    dtype: "fp16",
  },
  {
    id: "opt-175b",
    name: "OPT 175B",
    family: "opt",
    source: genz("meta"),
    shape: [96, 12288, 96, 96, 128, 49152, 50272, 2048],
    params: 174604455936,
    gated: false,
    tied: true,
    dtype: "fp16",
  },
  {
    id: "gpt-oss-20b",
    name: "gpt-oss 20B",
    family: "gpt-oss",
    source: aicModel("openai--gpt-oss-20b"),
    shape: [24, 2880, 64, 8, 64, 2880, 201088, 131072],
    params: 20914757184,
    active: 4187000000,
    dtype: "mxfp4",
    window: [128, 1],
    moe: [32, 4, 2880, 0, 0],
  },
  {
    id: "gpt-oss-120b",
    name: "gpt-oss 120B",
    family: "gpt-oss",
    source: aicModel("openai--gpt-oss-120b"),
    shape: [36, 2880, 64, 8, 64, 2880, 201088, 131072],
    params: 116829156672,
    active: 5712000000,
    dtype: "mxfp4",
    window: [128, 1],
    moe: [128, 4, 2880, 0, 0],
  },
];

function expand(row: Row): Model {
  const [layers, hidden, heads, kvHeads, headDim, ffn, vocab, maxContext] = row.shape;
  const { moe, mla, window } = row;
  const counted = (value: number, note: string): Fact => ({ value, source: `counted from the shape in ${row.source}`, date: READ, note });
  const kvValuesPerToken = mla === undefined ? 2 * layers * kvHeads * headDim : layers * (mla[1] + mla[2]);
  return {
    id: row.id,
    name: row.name,
    family: row.family,
    source: row.source,
    layers,
    hidden,
    heads,
    kvHeads,
    headDim,
    attention: mla !== undefined ? "mla" : heads === kvHeads ? "mha" : "gqa",
    ffn,
    gatedFfn: row.gated ?? true,
    vocab,
    tiedEmbeddings: row.tied ?? false,
    maxContext,
    nativeDtype: row.dtype ?? "bf16",
    slidingWindow: window === undefined ? null : { tokens: window[0], localPerGlobal: window[1] },
    moe:
      moe === undefined ? null : { experts: moe[0], expertsPerToken: moe[1], ffn: moe[2], sharedExperts: moe[3], firstDenseLayers: moe[4] },
    mla: mla === undefined ? null : { queryRank: mla[0], kvRank: mla[1], ropeDim: mla[2], nopeDim: mla[3], valueDim: mla[4] },
    params: counted(row.params, "embeddings, norms, biases and router included"),
    activeParams: counted(
      row.active ?? row.params,
      row.active === undefined ? "dense: all of them" : "both embedding tables counted; to a million",
    ),
    weightBytes: counted(2 * row.params, "at 16 bits each"),
    kvBytesPerToken: counted(
      2 * kvValuesPerToken,
      window === undefined ? "at 16 bits each" : "at 16 bits each; the saving of the sliding window is left out",
    ),
    notes: row.notes ?? "",
  };
}

export const models: readonly Model[] = rows.map(expand);
