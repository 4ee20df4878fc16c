// Fixed concurrency: so many requests in flight, the next one sent when one ends, fixed lengths; means as the client reports them.
import { randomStream } from "../src/engine/kernel/random.ts";
import { closedSource } from "../src/engine/testing.ts";
import { NotModelled, gpuNamed, modelNamed, need } from "./measured-rows.ts";
import type { Row } from "./measured-rows.ts";
import { plansAhead } from "./measured-online.ts";
import { FRONT_END_S, mean, replay } from "./measured-run.ts";
import type { Deployment } from "./measured-run.ts";
import type { RunErrors } from "./measured-score.ts";

export interface ClosedRun extends RunErrors {
  readonly gpu: string;
  readonly engine: string;
  readonly model: string;
}

/** Requests per client: how many were sent is not recorded. What InferenceMAX sends; AIConfigurator's script sends more of the same, which move no mean. */
const REQUESTS_PER_CLIENT = 10;

/** Shortest length in runs of InferenceMAX, as a share of the nominal one (README of the data: 80 to 100 %). */
const SHORTEST = 0.8;

/** Tokens of a batch where nothing is known: the defaults of a server on these GPUs (vLLM max_num_batched_tokens, TensorRT-LLM max_num_tokens, SGLang chunked_prefill_size). */
const DEFAULT_CHUNK = 8192;
/** vLLM's max_num_seqs on these GPUs; the others take more than any run here has in flight. */
const DEFAULT_BATCH_CAP = 1024;

/** How the engine was started and the client run, as far as it follows from the origin of a row. */
interface Practice {
  readonly chunk: number;
  readonly scheduler: Deployment["scheduler"];
  /** Requests per client before those that count. */
  readonly warmUp: number;
  /** Spread of the lengths below the nominal one, as a share. */
  readonly spread: number;
}

function practiceOf(row: Row): Practice {
  const engine = row["engine"]!;
  // AIConfigurator measures with the settings that it generates (ai-dynamo/aiconfigurator, generator/rule_plugin/benchmark/*.rule: max_num_tokens, for SGLang
  // max_prefill_tokens with enable_mixed_chunk) and warms up with two requests per client (backend_templates/benchmark/bench_run.sh.j2).
  if ((row["origin"] ?? "").includes("gap-analysis")) {
    const batch = engine === "sglang" ? 0 : need(row, "batch_size");
    return { chunk: batch + need(row, "isl") + 1500, scheduler: engine === "sglang" ? "prompts-first" : "chunked", warmUp: 2, spread: 0 };
  }
  // SGLang by itself computes prompts in batches of their own.
  return { chunk: DEFAULT_CHUNK, scheduler: engine === "sglang" ? "prompts-first" : "chunked", warmUp: 0, spread: 1 - SHORTEST };
}

function weightsOf(row: Row): "bf16" | "fp8" {
  const precision = row["precision"] ?? "";
  if (precision === "fp8") return "fp8";
  // Blank: the README of the data finds 16 bits.
  if (precision === "" || precision === "bf16" || precision === "fp16") return "bf16";
  throw new NotModelled(`weights of ${precision} are not modelled`);
}

/** GPUs that hold the weights of one group: what the row says, where it is plain. */
function tensorParallelOf(row: Row): number {
  const parts = (column: string): number => Number(row[column] === "" ? 1 : (row[column] ?? 1));
  if (parts("dp") > 1) throw new NotModelled("attention by data parallelism is not modelled");
  if (parts("pp") > 1) throw new NotModelled("these runs are repeated without pipeline stages only");
  // A group of n GPUs was at times written as tp n x ep n, and one of moe_tp n as tp 1: the repaired number of GPUs counts.
  return Math.max(need(row, "num_gpus_likely"), parts("moe_tp"));
}

function replayPoint(row: Row): ClosedRun {
  const gpu = gpuNamed(row["gpu"]!);
  const engine = row["engine"]!;
  const model = modelNamed(row["model"]!);
  const tensorParallel = tensorParallelOf(row);
  const users = need(row, "concurrency");
  const practice = practiceOf(row);
  const deployment: Deployment = {
    gpu,
    model,
    tensorParallel,
    weights: weightsOf(row),
    scheduler: practice.scheduler,
    planAhead: plansAhead(engine, row["engine_version"] ?? ""),
    chunk: practice.chunk,
    batchCap: DEFAULT_BATCH_CAP,
    kvBlocks: null,
    memoryUtilisation: 0.9,
    cachedFrom: Infinity,
  };
  const [isl, osl] = [need(row, "isl"), need(row, "osl")];
  const measured = { ttft: need(row, "ttft_ms") / 1e3, tpot: need(row, "tpot_ms") / 1e3 };
  const random = randomStream(1, row["id"]!);
  const length = (nominal: number): number => Math.max(1, Math.round(nominal * (1 - practice.spread * random.uniform())));
  const requests = Array.from({ length: users * (practice.warmUp + REQUESTS_PER_CLIENT) }, () => ({
    at: 0,
    prompt: length(isl),
    output: length(osl),
  }));
  // Between the end of an answer and the next request lies the way through server and client, there and back.
  const { ttft, tpot } = replay(deployment, closedSource(users, FRONT_END_S, requests), users * practice.warmUp);
  return {
    name: `${engine} ${row["id"]} (TP${tensorParallel}, ${isl}/${osl}, ${users} in flight)`,
    gpu: gpu.id,
    engine,
    model: model.id,
    errors: { TTFT: (mean(ttft) + FRONT_END_S) / measured.ttft - 1, TPOT: mean(tpot) / measured.tpot - 1 },
  };
}

/** Repeats the points of a table. `skipped` says which were not, and why. */
export function replayPoints(rows: readonly Row[], skipped: (run: string, why: string) => void): readonly ClosedRun[] {
  // Later dumps hold the runs of earlier ones again, some under the name of another model of the same shape.
  const seen = new Set<string>();
  return rows.flatMap((row) => {
    const key = ["gpu", "engine", "isl", "osl", "concurrency", "ttft_ms", "tpot_ms"].map((column) => row[column]).join(" ");
    if (seen.has(key)) return [];
    seen.add(key);
    try {
      return [replayPoint(row)];
    } catch (error) {
      if (!(error instanceof NotModelled)) throw error;
      skipped(row["id"]!, error.message);
      return [];
    }
  });
}
