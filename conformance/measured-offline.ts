// Offline batches: all requests are handed to the engine together, and the time until the last token is measured.
import { join } from "node:path";
import { fixedSource } from "../src/engine/testing.ts";
import { NotModelled, gpuNamed, modelNamed, need, rowsOf } from "./measured-rows.ts";
import type { Row } from "./measured-rows.ts";
import { replay, setupOf } from "./measured-run.ts";
import type { Deployment } from "./measured-run.ts";
import type { RunErrors } from "./measured-score.ts";

export interface OfflineRun extends RunErrors {
  readonly gpu: string;
  readonly engine: string;
}

type Skipped = (run: string, why: string) => void;

/** vLLM of 2024 computes prompts first, in batches of at most 8,192 tokens and 256 requests; TensorRT-LLM joins them to the decodes. */
const SWEEP_CHUNK = 8192;
const SWEEP_BATCH_CAP = 256;

/** What a row of the sweep measured: seconds by output length, and the quantity each stands for. */
type Times = readonly (readonly [quantity: "E2E" | "TTFT", output: number, seconds: number])[];

function replayTogether(row: Row, batch: number, times: Times, name: string, skipped: Skipped): readonly OfflineRun[] {
  const [engine, isl] = [row["engine"]!, need(row, "isl")];
  try {
    if (!["vLLM", "TensorRT-LLM"].includes(engine)) throw new NotModelled(`${engine} schedules as no scheduler here does`);
    const gpu = gpuNamed(row["system"]!);
    const model = modelNamed(row["model"]!);
    const tensorParallel = need(row, "num_gpus");
    // Trap 5 of the data: no engine reads its weights faster than the memory gives them. One token needs the active ones.
    if (
      times.some(([, output, seconds]) => seconds < (output * 2 * model.activeParams.value) / (tensorParallel * gpu.memoryBytesPerS.value))
    )
      throw new NotModelled("impossible as recorded: faster than the weights can be read");
    const deployment: Deployment = {
      gpu,
      model,
      tensorParallel,
      weights: "bf16",
      scheduler: engine === "vLLM" ? "prompts-first" : "chunked",
      planAhead: false,
      chunk: SWEEP_CHUNK,
      batchCap: SWEEP_BATCH_CAP,
      kvBlocks: null,
      memoryUtilisation: 0.9,
      cachedFrom: Infinity,
    };
    const errors = times.map(([quantity, output, seconds]) => {
      const traffic = Array.from({ length: batch }, () => ({ at: 0, prompt: isl, output }));
      return [quantity, replay(deployment, fixedSource(traffic)).makespan / seconds - 1] as const;
    });
    const measured = Object.fromEntries(times.map(([quantity, , seconds]) => [quantity, seconds]));
    const setup = setupOf(deployment, { prompt: isl, output: times.at(-1)![1], users: batch, requests: batch });
    return [{ name, gpu: gpu.id, engine, measured, errors: Object.fromEntries(errors), setup }];
  } catch (error) {
    if (!(error instanceof NotModelled)) throw error;
    skipped(name, error.message);
    return [];
  }
}

/** Repeats static_points.csv: `batch` prompts of isl tokens, osl tokens each. */
export function replaySweep(rows: readonly Row[], skipped: Skipped): readonly OfflineRun[] {
  return rows.flatMap((row) => {
    const name = `${row["system"]} ${row["num_gpus"]}x ${row["engine"]} ${row["model"]} ${row["isl"]}/${row["osl"]} batch ${row["batch"]}`;
    // Rows whose throughput does not follow from batch and time (all of llama.cpp) have lost their batch.
    if (!(Math.abs(Number(row["throughput_check"]) - 1) < 0.05)) {
      skipped(name, "throughput and time do not agree: the batch was left out");
      return [];
    }
    return replayTogether(row, need(row, "batch"), [["E2E", need(row, "osl"), need(row, "e2e_s")]], name, skipped);
  });
}

/** Repeats ttft_e2e_pairs.csv: the same batch with one output token, and with 1,024. */
export function replayPairs(rows: readonly Row[], skipped: Skipped): readonly OfflineRun[] {
  return rows.flatMap((row) => {
    const name = `${row["system"]} ${row["num_gpus"]}x ${row["engine"]} ${row["model"]} ${row["isl"]}/1 and /1024 batch ${row["batch"]}`;
    const times: Times = [
      ["TTFT", need(row, "osl_ttft_run"), need(row, "ttft_s")],
      ["E2E", 1024, need(row, "e2e_1024out_s")],
    ];
    return replayTogether(row, need(row, "batch"), times, name, skipped);
  });
}

/** Requests that are submitted together, and the seconds until the last token. */
export interface TimedBatch {
  readonly name: string;
  readonly deployment: Deployment;
  readonly traffic: readonly { readonly at: number; readonly prompt: number; readonly output: number }[];
  readonly seconds: number;
  /** Position among the batches of its kind; -1 of a run of its own. */
  readonly place: number;
  readonly cached: boolean;
}

/** Batches of lens-static-batches: rows of a table of lengths, so many at once, or all of them under a limit of requests in a batch. */
export function batchesOf(folder: string, file: string, skipped: Skipped): readonly TimedBatch[] {
  const lengths = new Map(
    rowsOf(join(folder, "workload_lengths.csv.gz")).map((row) => [
      `${row["dataset"]} ${row["row"]}`,
      { at: 0, prompt: need(row, "input_tokens"), output: need(row, "output_tokens") },
    ]),
  );
  return rowsOf(join(folder, file)).flatMap((row) => {
    const cap = need(row, "max_num_seqs");
    const [first, count] = row["n_requests"] === undefined ? [need(row, "run") * cap, cap] : [0, need(row, "n_requests")];
    const on = row["prefix_caching_and_chunked"] === "on";
    const name = `${row["dataset"]} ${on ? "cached " : ""}${count} requests from row ${first}, at most ${cap} at once`;
    try {
      const gpu = gpuNamed(row["gpu"]!);
      const traffic = Array.from({ length: count }, (_, i) => lengths.get(`${row["dataset"]} ${first + i}`)!);
      if (traffic.includes(undefined!)) throw new NotModelled("the table of lengths has no such rows");
      const deployment: Deployment = {
        gpu,
        model: modelNamed(row["model"]!),
        tensorParallel: need(row, "tp"),
        weights: "bf16",
        scheduler: "chunked",
        planAhead: true,
        chunk: 8192,
        batchCap: cap,
        // 556,000 tokens, as the engine logged it (README of the data).
        kvBlocks: Math.floor(556_000 / 16),
        memoryUtilisation: 0.9,
        // Every prompt is the start of the same text, and many runs have gone before.
        cachedFrom: on ? 0 : Infinity,
      };
      const measured = need(row, row["makespan_ms"] === undefined ? "e2e_ms" : "makespan_ms") / 1e3;
      return [{ name, deployment, traffic, seconds: measured, place: row["run"] === undefined ? -1 : need(row, "run"), cached: on }];
    } catch (error) {
      if (!(error instanceof NotModelled)) throw error;
      skipped(name, error.message);
      return [];
    }
  });
}

/** Repeats a batch. */
export const replayBatch = ({ name, deployment, traffic, seconds }: TimedBatch): OfflineRun => ({
  name,
  gpu: deployment.gpu.id,
  engine: "vLLM",
  measured: { E2E: seconds },
  errors: { E2E: replay(deployment, fixedSource(traffic)).makespan / seconds - 1 },
});
