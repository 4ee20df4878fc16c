// Online runs: requests come at recorded times, or at a constant rate, whatever the engine does.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fixedSource } from "../src/engine/testing.ts";
import { NotModelled, gpuNamed, modelNamed, need, numberIn, rowsOf } from "./measured-rows.ts";
import type { Row } from "./measured-rows.ts";
import { BLOCK, kvBlocksOf, mean, quantile, replay, setupOf } from "./measured-run.ts";
import type { Deployment, Outcome } from "./measured-run.ts";
import type { Quantity, RunSetup } from "../src/analysis/validation.ts";
import type { RunErrors } from "./measured-score.ts";

/** A measured run, repeated; `gpu` as in the catalog. */
export interface OnlineRun extends RunErrors {
  readonly gpu: string;
}

/**
 * Whether the engine puts a batch together while the one before it runs: vLLM by default since 0.14 (release notes of v0.14.0, pull request 27614);
 * TensorRT-LLM's overlap scheduler, on in its PyTorch backend; SGLang's, on since 0.4.
 */
export function plansAhead(engine: string, version: string): boolean {
  const [major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  return engine.toLowerCase() !== "vllm" || major > 0 || minor >= 14;
}

/** Measured figures of one run, seconds; null where they were not recorded. */
type Measured = Readonly<Partial<Record<Quantity, number | null>>>;

function compare(outcome: Outcome, measured: Measured, frontEndS: number): Readonly<Partial<Record<Quantity, number>>> {
  const simulated: Record<Quantity, number> = {
    E2E: mean(outcome.e2e) + frontEndS,
    TTFT: mean(outcome.ttft) + frontEndS,
    TPOT: mean(outcome.tpot),
    throughput: outcome.outputTokensPerS,
    "E2E P90": quantile(outcome.e2e, 0.9) + frontEndS,
    "E2E P99": quantile(outcome.e2e, 0.99) + frontEndS,
    "TTFT P90": quantile(outcome.ttft, 0.9) + frontEndS,
    "TTFT P99": quantile(outcome.ttft, 0.99) + frontEndS,
  };
  return Object.fromEntries(
    (Object.keys(measured) as Quantity[]).flatMap((quantity) => {
      const value = measured[quantity];
      return value === null || value === undefined ? [] : [[quantity, simulated[quantity] / value - 1]];
    }),
  );
}

const milliseconds = (row: Row, column: string): number | null => {
  const value = numberIn(row, column);
  return value === null ? null : value / 1e3;
};

/** Distinct prompts of the traffic of inference-perf: 10 groups of 10 (README of the data, trap 2). */
const DISTINCT_PROMPTS = 100;

/**
 * From which request on prompts come from the prefix cache. Prompts come round in turn and the oldest blocks go first, so that either all are found or none:
 * all, where the cache holds a round of prompts with their answers (blocks of answers are kept as well).
 */
function cachedFrom(deployment: Deployment, prompt: number, output: number): number {
  const round = DISTINCT_PROMPTS * Math.ceil((prompt + output) / BLOCK);
  return round <= kvBlocksOf(deployment) ? DISTINCT_PROMPTS : Infinity;
}

/** A measured run as it can be simulated. */
export interface Stage {
  readonly name: string;
  /** Stages of one run share its engine. */
  readonly run: string;
  readonly workload: string;
  readonly deployment: Deployment;
  readonly traffic: readonly { readonly at: number; readonly prompt: number; readonly output: number }[];
  readonly measured: Measured;
  /** Of traffic that a scenario can hold. */
  readonly evenly?: Pick<RunSetup, "prompt" | "output" | "requests" | "rate">;
  /** Seconds of each request, in the order of arrival, where they were recorded. */
  readonly requests?: readonly { readonly ttft: number; readonly tpot: number | null; readonly e2e: number }[];
}

/** One stage of blis-vllm-runs: constant rate, prompts that repeat, fixed output length. */
function stageOf(row: Row, prefixCache: boolean): Stage {
  const gpu = gpuNamed(row["gpu"] ?? row["hardware"] ?? "");
  const precision = row["precision"] ?? row["dtype"] ?? "";
  const bare: Deployment = {
    gpu,
    model: modelNamed(row["model"]!),
    tensorParallel: need(row, "tp"),
    weights: /fp8/i.test(precision) ? "fp8" : "bf16",
    scheduler: "chunked",
    planAhead: plansAhead("vllm", row["engine_version"] ?? row["engine"] ?? ""),
    chunk: need(row, "max_num_batched_tokens"),
    batchCap: need(row, "max_num_seqs"),
    kvBlocks: numberIn(row, "total_kv_blocks"),
    memoryUtilisation: numberIn(row, "gpu_mem_util") ?? 0.9,
    cachedFrom: Infinity,
  };
  const rate = need(row, "rate_req_s");
  const prompt = Math.round(numberIn(row, "prompt_tokens_mean") ?? need(row, "system_prompt_tokens") + need(row, "question_tokens"));
  const output = need(row, "output_tokens_requested");
  const count = Math.round(rate * need(row, "duration_s"));
  const deployment = prefixCache ? { ...bare, cachedFrom: cachedFrom(bare, prompt, output) } : bare;
  const traffic = Array.from({ length: count }, (_, i) => ({ at: i / rate, prompt, output }));
  const measured: Measured = {
    E2E: milliseconds(row, "e2e_mean_ms"),
    "E2E P90": milliseconds(row, "e2e_p90_ms"),
    "E2E P99": milliseconds(row, "e2e_p99_ms"),
    TTFT: milliseconds(row, "ttft_mean_ms"),
    "TTFT P90": milliseconds(row, "ttft_p90_ms"),
    "TTFT P99": milliseconds(row, "ttft_p99_ms"),
    // The client's own figure counts re-tokenised text (trap 1): by the requested length instead.
    TPOT: milliseconds(row, "tpot_mean_ms") ?? milliseconds(row, "tpot_from_requested_len_ms"),
  };
  const run = row["run"]!;
  return {
    name: `${run}/${row["stage"] ?? row["stage_index"]}`,
    run,
    workload: row["workload"] ?? "",
    deployment,
    traffic,
    measured,
    evenly: { prompt, output, rate, requests: count },
  };
}

/** Repeats a run. */
export function replayRun({ name, deployment, traffic, measured, evenly }: Stage, frontEndS: number): OnlineRun {
  const distinct = deployment.cachedFrom === Infinity ? null : deployment.cachedFrom;
  return {
    name,
    gpu: deployment.gpu.id,
    measured: Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== null)),
    errors: compare(replay(deployment, fixedSource(traffic)), measured, frontEndS),
    setup: evenly && setupOf(deployment, { ...evenly, distinct }),
  };
}

/** The stages of a file that can be repeated. `skipped` says which cannot, and why. Whole runs (stage -1) are sums of their stages. */
export function stagesOf(rows: readonly Row[], prefixCache: boolean, skipped: (run: string, why: string) => void): readonly Stage[] {
  return rows.flatMap((row) => {
    const stage = row["stage"] ?? row["stage_index"];
    if (stage === "-1") return [];
    // Means over requests of which clients gave up a part, or that waited for minutes, say what the client's limit was.
    if (row["overload"] === "True" || need(row, "ttft_mean_ms") > 10_000) {
      skipped(row["run"]!, "overloaded: more than 10 % failed or TTFT above 10 s");
      return [];
    }
    try {
      return [stageOf(row, prefixCache)];
    } catch (error) {
      if (!(error instanceof NotModelled)) throw error;
      skipped(row["run"]!, error.message);
      return [];
    }
  });
}

interface Bench {
  readonly id: string;
  readonly engine: string;
  readonly engine_version: string;
  readonly model: string;
  readonly gpu: string;
  readonly tp: number;
  readonly max_num_seqs: number;
  readonly max_num_batched_tokens: number;
  readonly num_gpu_blocks: number | null;
  readonly gpu_memory_utilization: number | null;
  readonly measured: { readonly output_tokens_per_s: number };
}

/** Runs with a row per request: runs.json, and runs_<id>_requests.csv.gz. */
export function benchesOf(folder: string, skipped: (run: string, why: string) => void): readonly Stage[] {
  const list = join(folder, "runs.json");
  if (!existsSync(list)) return [];
  return (JSON.parse(readFileSync(list, "utf8")) as readonly Bench[]).flatMap((run) => {
    try {
      const gpu = gpuNamed(run.gpu);
      const deployment: Deployment = {
        gpu,
        model: modelNamed(run.model),
        tensorParallel: run.tp,
        weights: "bf16",
        scheduler: "chunked",
        planAhead: plansAhead(run.engine, run.engine_version),
        chunk: run.max_num_batched_tokens,
        batchCap: run.max_num_seqs,
        kvBlocks: run.num_gpu_blocks,
        memoryUtilisation: run.gpu_memory_utilization ?? 0.9,
        cachedFrom: Infinity,
      };
      const rows = rowsOf(join(folder, `runs_${run.id}_requests.csv.gz`)).toSorted(
        (a, b) => need(a, "arrived_at_s") - need(b, "arrived_at_s"),
      );
      const traffic = rows.map((row) => ({
        at: need(row, "arrived_at_s"),
        prompt: need(row, "prompt_tokens"),
        output: need(row, "output_tokens"),
      }));
      const requests = rows.map((row) => ({
        ttft: need(row, "ttft_from_arrival_s"),
        tpot: numberIn(row, "tpot_s"),
        e2e: need(row, "e2e_s"),
      }));
      const [e2e, ttft] = [requests.map((request) => request.e2e), requests.map((request) => request.ttft)];
      const measured: Measured = {
        E2E: mean(e2e),
        "E2E P90": quantile(e2e, 0.9),
        "E2E P99": quantile(e2e, 0.99),
        TTFT: mean(ttft),
        "TTFT P90": quantile(ttft, 0.9),
        "TTFT P99": quantile(ttft, 0.99),
        TPOT: mean(requests.flatMap(({ tpot }) => tpot ?? [])),
        throughput: run.measured.output_tokens_per_s,
      };
      return [{ name: run.id, run: run.id, workload: "", deployment, traffic, measured, requests }];
    } catch (error) {
      if (!(error instanceof NotModelled)) throw error;
      skipped(run.id, error.message);
      return [];
    }
  });
}
