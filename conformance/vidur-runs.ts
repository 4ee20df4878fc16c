// Whole runs recorded from Vidur, repeated and compared request by request.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Status, definePolicy } from "../src/engine/contracts.ts";
import type { BatchingDefinition, LatencyModel, RoutingDefinition } from "../src/engine/contracts.ts";
import type { Engine } from "../src/engine/index.ts";
import type { Configured } from "../src/engine/config.ts";
import { byId } from "../src/engine/registry.ts";
import { configOf, runAll } from "../src/engine/testing.ts";
import type { Row } from "../src/engine/testing.ts";
import { batching } from "../src/policies/batching/index.ts";
import { routing } from "../src/policies/routing/index.ts";
import { readColumns } from "./columns.ts";
import type { Columns } from "./columns.ts";
import { PythonRandom } from "./python-random.ts";
import { attempt } from "./suite.ts";
import type { Report } from "./suite.ts";
import { vidurModel } from "./vidur-facts.ts";
import { modelFrom, tablesOf } from "./vidur-profile.ts";

/** Relative tolerance on times: the tables have six digits, the recorded times a tenth of a microsecond, and differences add up over a run. */
const TOLERANCE = 1e-4;

/** One recorded run, as runs_<combo>.json describes it. */
export interface VidurRun {
  readonly run_id: string;
  readonly trace: string;
  readonly model: string;
  readonly tensor_parallel_size: number;
  readonly num_pipeline_stages: number;
  readonly num_replicas: number;
  readonly router: string;
  readonly replica_scheduler: string;
  readonly scheduler_config: {
    readonly batch_size_cap: number;
    readonly block_size: number;
    readonly watermark_blocks_fraction: number;
    readonly num_blocks: number;
    readonly max_tokens_in_batch?: number;
    readonly chunk_size?: number;
    readonly max_waiting_iters?: number;
  };
  /** The smaller of the batch cap and what the memory planner allows: what orca and faster_transformer go by. */
  readonly effective_max_batch_size: number;
  readonly max_tokens: number;
  readonly seed: number;
  readonly batches: number;
}

/** Vidur's router that draws replicas from Python's generator. */
const pythonRandom = (seed: number): RoutingDefinition =>
  definePolicy({
    kind: "routing",
    id: "python-random",
    label: "Python's random",
    help: "",
    params: {},
    create: () => {
      const random = new PythonRandom(seed);
      return { route: (_slot, fleet) => fleet.candidates[random.below(fleet.candidateCount)]! };
    },
  });

function routerOf({ router, seed }: VidurRun): Configured<RoutingDefinition> {
  const named = (id: string, values = {}): Configured<RoutingDefinition> => ({ definition: byId("routing policy", routing, id), values });
  switch (router) {
    case "round_robin":
      return named("round-robin");
    case "lor":
      return named("least-outstanding", { waitingOnly: true, tiesToFirst: true });
    case "random":
      return { definition: pythonRandom(seed), values: {} };
    default:
      throw new Error(`There is no router "${router}": known are round_robin, lor and random.`);
  }
}

function schedulerOf(run: VidurRun): Configured<BatchingDefinition> {
  const { replica_scheduler: name, scheduler_config: config } = run;
  const named = (id: string, values: Record<string, unknown>): Configured<BatchingDefinition> => ({
    definition: byId("replica scheduler", batching, id),
    values,
  });
  const batchCap = config.batch_size_cap;
  const watermark = config.watermark_blocks_fraction;
  switch (name) {
    case "vllm":
      return named("vllm", { batchCap, watermark, maxTokens: config.max_tokens_in_batch });
    case "sarathi":
      return named("sarathi", { batchCap, watermark, chunk: config.chunk_size, vidurRestart: true });
    case "orca":
      return named("orca", { batchCap: run.effective_max_batch_size, maxTokens: run.max_tokens });
    case "faster_transformer":
      return named("faster-transformer", { batchCap: run.effective_max_batch_size, maxTokens: run.max_tokens });
    case "lightllm":
      return named("lightllm", {
        batchCap,
        maxBatchTokens: config.max_tokens_in_batch,
        maxWaitingIterations: config.max_waiting_iters,
      });
    default:
      throw new Error(`There is no replica scheduler "${name}": known are vllm, sarathi, orca, faster_transformer and lightllm.`);
  }
}

/** The trace with prompts cut so that no request has more than `max_tokens`. */
function rowsOf(trace: Columns, maxTokens: number): Row[] {
  return Array.from(trace["arrived_at"]!, (at, i) => {
    const output = trace["num_decode_tokens"]![i]!;
    return { at, prompt: Math.min(trace["num_prefill_tokens"]![i]!, maxTokens - output), output };
  });
}

function replay(run: VidurRun, trace: Columns, latency: LatencyModel): Engine {
  const { scheduler_config: config } = run;
  return runAll(
    configOf({
      pools: [
        {
          batching: schedulerOf(run),
          latency,
          replicas: run.num_replicas,
          stages: run.num_pipeline_stages,
          kvBlocks: config.num_blocks,
          blockSize: config.block_size,
        },
      ],
      routing: routerOf(run),
      source: rowsOf(trace, run.max_tokens),
    }),
  );
}

/** The first thing in which a run differs from the recorded one, or the figure that was compared. */
function compare(engine: Engine, run: VidurRun, want: Columns): { readonly ok: boolean; readonly detail: string } {
  const log = engine.requests();
  const differs = (detail: string): { readonly ok: boolean; readonly detail: string } => ({ ok: false, detail });
  const wanted = (column: string, id: number): number => {
    const value = want[column]?.[id] ?? NaN;
    if (Number.isNaN(value)) throw new Error(`The recorded run has no number in column ${column} of request ${id}.`);
    return value;
  };
  const count = want["id"]!.length;
  if (log.length !== count) return differs(`${log.length} requests instead of ${count}`);
  let furthest = 0;
  let restarts = 0;
  const rows = Array.from(log.id.keys()).sort((a, b) => log.id[a]! - log.id[b]!);
  for (const row of rows) {
    const id = log.id[row]!;
    if (log.status[row] !== Status.completed) return differs(`request ${id} did not complete`);
    const whole = [
      ["prompt tokens", log.promptTokens[row]!, wanted("num_prefill_tokens", id)],
      ["output tokens", log.outputTokens[row]!, wanted("num_decode_tokens", id)],
      ["replica", log.replica[row]!, wanted("replica", id)],
      ["restarts", log.preemptions[row]!, wanted("num_restarts", id)],
    ] as const;
    // Restarts change the recorded lengths: what was produced counts as prompt from then on.
    for (const [what, ours, theirs] of whole.slice(wanted("num_restarts", id) > 0 ? 2 : 0))
      if (ours !== theirs) return differs(`request ${id}: ${what} ${ours} instead of ${theirs}`);
    restarts += log.preemptions[row]!;
    const times = [
      ["scheduled", log.scheduledAt[row]!, wanted("scheduled_at", id)],
      ["prefill completed", log.firstTokenAt[row]!, wanted("prefill_completed_at", id)],
      ["completed", log.finishedAt[row]!, wanted("completed_at", id)],
    ] as const;
    for (const [what, ours, theirs] of times) {
      const by = Math.abs(ours - theirs) / Math.max(theirs, 1e-3);
      if (!(by <= TOLERANCE)) return differs(`request ${id}: ${what} at ${ours} instead of ${theirs}`);
      furthest = Math.max(furthest, by);
    }
  }
  const { iterations } = engine.simulation;
  if (iterations !== run.batches) return differs(`${iterations} batches instead of ${run.batches}`);
  const restarted = restarts > 0 ? `, ${restarts} restarts` : "";
  return { ok: true, detail: `${count} requests, ${iterations} batches${restarted}, times within ${furthest.toExponential(1)}` };
}

/** Repeats every run of every runs_<combo>.json. */
export async function checkRuns(folder: string, report: Report): Promise<void> {
  const e2e = join(folder, "e2e");
  const traces = new Map<string, Columns>();
  for (const file of readdirSync(e2e).sort()) {
    const combo = /^runs_(.+)\.json$/.exec(file)?.[1];
    if (combo === undefined) continue;
    const models = new Map<string, LatencyModel>();
    for (const run of JSON.parse(readFileSync(join(e2e, file), "utf8")) as VidurRun[])
      await attempt(run.run_id, report, async () => {
        const { model: name, tensor_parallel_size: tensorParallel, num_pipeline_stages: stages } = run;
        const key = `${name} ${tensorParallel} ${stages}`;
        const shard = { model: vidurModel(name), tensorParallel, pipelineParallel: stages };
        const latency = models.get(key) ?? (await modelFrom(tablesOf(folder, combo, stages), shard));
        models.set(key, latency);
        const trace = traces.get(run.trace) ?? readColumns(join(e2e, "traces", `${run.trace}.csv`));
        traces.set(run.trace, trace);
        const { ok, detail } = compare(replay(run, trace, latency), run, readColumns(join(e2e, "runs", `${run.run_id}.csv.gz`)));
        report(run.run_id, ok, detail);
      });
  }
}
