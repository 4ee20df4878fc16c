// How the engines of the fixed-concurrency points were started and their clients run, as far as it follows from the origin of a row: from the scripts
// that measured them, not from the results.
import { need } from "./measured-rows.ts";
import type { Row } from "./measured-rows.ts";
import type { Deployment } from "./measured-run.ts";

export interface Practice {
  readonly scheduler: Deployment["scheduler"];
  /** Prompts are cut to fill the batch; else they wait for a batch that holds them. */
  readonly cutsPrompts: boolean;
  readonly chunk: number;
  readonly batchCap: number;
  /** Batches of decodes between two looks at the inbox. */
  readonly pollInterval: number;
  /** Tokens of a message to the client. */
  readonly streamInterval: number;
  /** Of the memory that the weights leave, or of all of it. */
  readonly memory: { readonly of: "free" | "all"; readonly share: number };
  readonly kvBytesPerValue: 1 | 2;
  /** Microseconds to launch a kernel of a batch with prompts; 0 where they are captured. */
  readonly promptLaunch: number;
  /** Shortest length, as a share of the nominal one: lengths are uniform between the two. */
  readonly shortest: number;
}

/** Ten requests per client in flight, after warm-up requests that have all ended: both scripts. */
export const REQUESTS_PER_CLIENT = 10;

/**
 * Neither TensorRT-LLM's PyTorch backend nor SGLang of 2025 captures batches with prompts: their kernels are launched one by one. What that takes was measured
 * elsewhere: SGLang, DeepSeek-V3, a prompt of one token, 82.6 ms so and 23.1 ms captured (sgl-project/sglang pull request 12160), and 1,385 kernels as the
 * roofline counts them. Beside it: Qwen3-4B in another PyTorch engine, 16.6 ms for 129 tokens and 16.4 ms for 513 (wejoncy/sfllm pull request 46), 51 us for
 * each of 324.
 */
const LAUNCH_US = 82.6e3 / 1385;

const plain = { cutsPrompts: true, pollInterval: 1, streamInterval: 1, kvBytesPerValue: 2, memory: { of: "all", share: 0.9 } } as const;
/** max_num_seqs of vLLM on GPUs of 70 GiB and more; the others take more than any run here has in flight. */
const MANY = 1024;

/** SGLang's template of 0.5.6.post2, and the one without a version since, name the option for mixed chunks as SGLang and the rules do; the one of 0.5.1.post1 has it misspelt, so that nothing sets it. */
function mixesChunks(version: string): boolean {
  const [, minor = 0, patch = 0] = version.split(".").map((part) => Number.parseInt(part, 10));
  return minor > 5 || (minor === 5 && patch >= 6);
}

/**
 * ai-dynamo/aiconfigurator: eval/benchmarks/genai_perf_runner.py (requests: 10 per client, two before that are not counted, as many prompts as requests, lengths
 * without spread), generator/rule_plugin/benchmark/*.rule (tokens of a batch; mixed chunks for SGLang) and the templates that render them: TensorRT-LLM without
 * chunked prefill and with 0.8 of the free memory. vLLM gets its tokens by cli_args.j2 (commit 2cecd65) since pull request 238, because servers did
 * not start without; cli_args.0.12.0.j2 lacks them, but joins the sizes of captured graphs by commas, where vLLM takes them apart. KV caches of fp8 models are fp8
 * (sdk/task.py, _get_quant_mode; the log of pull request 94 shows it for vLLM).
 */
function ofAiconfigurator(row: Row): Practice {
  const [engine, batch, isl] = [row["engine"]!, need(row, "batch_size"), need(row, "isl")];
  const kvBytesPerValue = row["precision"] === "fp8" ? 1 : 2;
  const common = { ...plain, batchCap: MANY, shortest: 1, kvBytesPerValue } as const;
  if (engine === "trtllm")
    return {
      ...common,
      scheduler: "chunked",
      cutsPrompts: false,
      chunk: batch + isl + 1500,
      memory: { of: "free", share: 0.8 },
      promptLaunch: LAUNCH_US,
    };
  // A mixed batch holds whole prompts, as many as fit beside the decodes.
  if (engine === "sglang" && mixesChunks(row["engine_version"] ?? ""))
    return { ...common, scheduler: "chunked", cutsPrompts: false, chunk: isl + 1500, promptLaunch: LAUNCH_US };
  if (engine === "sglang") return { ...common, scheduler: "prompts-first", chunk: isl + 1500, promptLaunch: LAUNCH_US };
  return { ...common, scheduler: "chunked", chunk: batch + isl + 1500, promptLaunch: 0 };
}

/**
 * SemiAnalysisAI/InferenceX (InferenceMAX until 2026): benchmarks/dsr1_fp8_{h200,b200}{,_trt}.sh, which all of its runs here come from (DeepSeek in fp8).
 * Lengths spread over 80 to 100 % of the nominal ones (RANDOM_RANGE_RATIO). TensorRT-LLM does not cut prompts unless told to.
 */
function ofInferenceX(row: Row): Practice {
  const [gpu, isl, users] = [row["gpu"]!, need(row, "isl"), need(row, "concurrency")];
  const common = { ...plain, batchCap: MANY, shortest: 0.8, promptLaunch: LAUNCH_US };
  if (row["engine"] === "trtllm") {
    const share = gpu.startsWith("h200") ? 0.75 : 0.8;
    return {
      ...common,
      scheduler: "chunked",
      cutsPrompts: false,
      chunk: Math.max(8192, Math.ceil((users + isl + 64) / 64) * 64),
      streamInterval: 10,
      memory: { of: "free", share },
      kvBytesPerValue: 1,
    };
  }
  if (gpu.startsWith("h200"))
    return { ...common, scheduler: "prompts-first", chunk: 32768, streamInterval: 10, memory: { of: "all", share: 0.82 } };
  const four = need(row, "num_gpus_likely") === 4;
  return {
    ...common,
    scheduler: "prompts-first",
    chunk: four ? 8192 : 32768,
    batchCap: four ? 32 : MANY,
    pollInterval: !four && users >= 16 ? 30 : 10,
    streamInterval: 30,
    memory: { of: "all", share: four ? 0.95 : 0.82 },
    kvBytesPerValue: 1,
  };
}

export const practiceOf = (row: Row): Practice =>
  (row["origin"] ?? "").includes("gap-analysis") ? ofAiconfigurator(row) : ofInferenceX(row);
