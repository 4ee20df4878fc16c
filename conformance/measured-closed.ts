// Fixed concurrency: so many requests in flight, the next one sent when one ends, fixed lengths; means as the client reports them.
import { randomStream } from "../src/engine/kernel/random.ts";
import { closedSource } from "../src/engine/testing.ts";
import { NotModelled, gpuNamed, modelNamed, need } from "./measured-rows.ts";
import type { Row } from "./measured-rows.ts";
import { oneByOne } from "./measured-arrivals.ts";
import { plansAhead } from "./measured-online.ts";
import { REQUESTS_PER_CLIENT, practiceOf } from "./measured-practice.ts";
import type { Practice } from "./measured-practice.ts";
import { FRONT_END_S, mean, replay, setupOf, streamed } from "./measured-run.ts";
import type { Deployment } from "./measured-run.ts";
import type { Shard } from "../src/latency/types.ts";
import type { WeightPrecision } from "../src/latency/precision.ts";
import { planMemory } from "../src/latency/memory-plan.ts";
import type { RunErrors } from "./measured-score.ts";

export interface ClosedRun extends RunErrors {
  readonly gpu: string;
  readonly engine: string;
  readonly model: string;
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

const BLOCK = 16;

/** KV blocks as the engine plans them; a cache of bytes holds twice as many. */
function kvBlocks(shard: Shard, weights: WeightPrecision, { memory, kvBytesPerValue }: Practice): number {
  const plan = planMemory(shard, { blockSize: BLOCK, memoryUtilisation: memory.of === "all" ? memory.share : 1, weights });
  if (plan.problem !== null) throw new NotModelled(plan.problem);
  return Math.floor(((memory.of === "all" ? 1 : memory.share) * plan.blocks * 2) / kvBytesPerValue);
}

function replayPoint(row: Row): ClosedRun {
  const gpu = gpuNamed(row["gpu"]!);
  const engine = row["engine"]!;
  const model = modelNamed(row["model"]!);
  const tensorParallel = tensorParallelOf(row);
  const users = need(row, "concurrency");
  const practice = practiceOf(row);
  const weights = weightsOf(row);
  const deployment: Deployment = {
    gpu,
    model,
    tensorParallel,
    weights,
    scheduler: practice.scheduler,
    planAhead: plansAhead(engine, row["engine_version"] ?? ""),
    cutsPrompts: practice.cutsPrompts,
    pollInterval: practice.pollInterval,
    chunk: practice.chunk,
    batchCap: practice.batchCap,
    kvBlocks: kvBlocks({ gpu, model, tensorParallel, pipelineParallel: 1 }, weights, practice),
    memoryUtilisation: 0.9,
    cachedFrom: Infinity,
    roofline: { promptLaunch: practice.promptLaunch },
  };
  const [isl, osl] = [need(row, "isl"), need(row, "osl")];
  const measured = { ttft: need(row, "ttft_ms") / 1e3, tpot: need(row, "tpot_ms") / 1e3 };
  const random = randomStream(1, row["id"]!);
  const length = (nominal: number): number => Math.max(1, Math.round(nominal * (1 - (1 - practice.shortest) * random.uniform())));
  const requests = Array.from({ length: users * REQUESTS_PER_CLIENT }, () => ({ at: 0, prompt: length(isl), output: length(osl) }));
  // Between the end of an answer and the next request lies the way through server and client, there and back.
  const { source, waits } = oneByOne(closedSource(users, FRONT_END_S, requests));
  const { ttft, tpot } = streamed(replay(deployment, source), practice.streamInterval);
  return {
    name: `${engine} ${row["id"]} (TP${tensorParallel}, ${isl}/${osl}, ${users} in flight)`,
    gpu: gpu.id,
    engine,
    model: model.id,
    measured: { TTFT: measured.ttft, TPOT: measured.tpot },
    setup: setupOf(deployment, { prompt: isl, output: osl, users, requests: requests.length, shortest: practice.shortest }),
    errors: { TTFT: (mean(waits) + mean(ttft) + FRONT_END_S) / measured.ttft - 1, TPOT: mean(tpot) / measured.tpot - 1 },
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
