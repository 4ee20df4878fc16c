// Recorded runs of Vidur, replayed: the same replica for every request, and the same times within 1e-4.
// Reads ../shared/reference/vidur.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { Status, definePolicy } from "../../engine/contracts.ts";
import type { LatencyModel, RoutingDefinition } from "../../engine/contracts.ts";
import { configOf, runAll } from "../../engine/testing.ts";
import { byId } from "../../engine/registry.ts";
import { routing } from "../routing/index.ts";
import { batching } from "./index.ts";
import { columnsOf, vidurLatency } from "./vidur-tables.ts";
import type { Columns, VidurModel, VidurRun } from "./vidur-tables.ts";

const FOLDER = "../shared/reference/vidur";
const here = existsSync(`${FOLDER}/e2e`);
if (!here) console.warn(`skipped: ${FOLDER} is not here, recorded runs of Vidur are not replayed`);

const readColumns = (path: string): Columns =>
  columnsOf((path.endsWith(".gz") ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString());

/** Relative tolerance on times: tables and recorded times are rounded. */
const TOLERANCE = 1e-4;

const MODELS: Record<string, Omit<VidurModel, "stages">> = {
  "llama2-70b_a100_tp2": { layers: 80, tensorParallel: 2, grouped: true },
  "qwen2-7b_a30_tp1": { layers: 28, tensorParallel: 1, grouped: true },
};

/** Sends every request where the recorded run sent it: for routers that draw from another generator. */
const recorded = (replicas: Float64Array): RoutingDefinition =>
  definePolicy({
    kind: "routing",
    id: "recorded",
    label: "Recorded",
    help: "",
    params: {},
    create: () => ({ route: (slot, { requests }) => replicas[requests.id[slot]!]! }),
  });

const models = new Map<string, LatencyModel>();
function modelOf(combo: string, stages: number): LatencyModel {
  const tables = stages === 1 ? combo : `${combo}_pp${stages}`;
  const model =
    models.get(tables) ??
    vidurLatency((table) => readColumns(`${FOLDER}/exec_tables/${tables}/${table}.csv.gz`), { ...MODELS[combo]!, stages });
  models.set(tables, model);
  return model;
}

/** What differs between the recorded run and ours; "" when nothing does. */
function compare(combo: string, run: VidurRun): string {
  const want = readColumns(`${FOLDER}/e2e/runs/${run.run_id}.csv.gz`);
  const { scheduler_config: scheduler } = run;
  const trace = readColumns(`${FOLDER}/e2e/traces/${run.trace}.csv`);
  const rows = Array.from(trace["arrived_at"]!, (at, i) => {
    const output = trace["num_decode_tokens"]![i]!;
    return { at, prompt: Math.min(trace["num_prefill_tokens"]![i]!, run.max_tokens - output), output };
  });
  const values = {
    batchCap: scheduler.batch_size_cap,
    watermark: scheduler.watermark_blocks_fraction,
    ...(run.replica_scheduler === "vllm"
      ? { maxTokens: scheduler.max_tokens_in_batch }
      : { chunk: scheduler.chunk_size, vidurRestart: true }),
  };
  const route = {
    round_robin: byId("routing policy", routing, "round-robin"),
    lor: { definition: byId("routing policy", routing, "least-outstanding"), values: { waitingOnly: true, tiesToFirst: true } },
    random: recorded(want["replica"]!),
  }[run.router]!;
  const engine = runAll(
    configOf({
      pools: [
        {
          batching: { definition: byId("replica scheduler", batching, run.replica_scheduler), values },
          latency: modelOf(combo, run.num_pipeline_stages),
          replicas: run.num_replicas,
          stages: run.num_pipeline_stages,
          kvBlocks: scheduler.num_blocks,
          blockSize: scheduler.block_size,
        },
      ],
      routing: route,
      source: rows,
    }),
  );
  const log = engine.requests();
  if (log.length !== want["id"]!.length) return `${log.length} requests instead of ${want["id"]!.length}`;
  const order = Array.from(log.id.keys()).sort((a, b) => log.id[a]! - log.id[b]!);
  for (const row of order) {
    const id = log.id[row]!;
    if (log.status[row] !== Status.completed) return `request ${id} did not complete`;
    if (log.replica[row] !== want["replica"]![id]) return `request ${id} on replica ${log.replica[row]} instead of ${want["replica"]![id]}`;
    for (const [what, ours, theirs] of [
      ["scheduled", log.scheduledAt[row]!, want["scheduled_at"]![id]!],
      ["first token", log.firstTokenAt[row]!, want["prefill_completed_at"]![id]!],
      ["completed", log.finishedAt[row]!, want["completed_at"]![id]!],
    ] as const) {
      const by = Math.abs(ours - theirs) / Math.max(theirs, 1e-3);
      if (by > TOLERANCE) return `request ${id} ${what} at ${ours} instead of ${theirs}`;
    }
    if (log.preemptions[row] !== want["num_restarts"]![id])
      return `request ${id}: ${log.preemptions[row]} restarts instead of ${want["num_restarts"]![id]}`;
  }
  return "";
}

describe.skipIf(!here)("Vidur", () => {
  const combos = here ? Object.keys(MODELS) : [];

  test.each(combos)("times of single batches on %s", (combo) => {
    const lines = readFileSync(`${FOLDER}/exec_batches/${combo}.csv`, "utf8").trimEnd().split("\n").slice(1);
    const model = modelOf(combo, 1);
    let batches = 0;
    for (const line of lines) {
      const cells = Array.from(line.matchAll(/"([^"]*)"|([^,]+)/g), (match) => match[1] ?? match[2]!);
      const prefills = JSON.parse(cells[2]!) as [number, number][];
      const decodes = JSON.parse(cells[3]!) as number[];
      const ms = Number(cells[5]);
      const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
      const shape = {
        prefillTokens: sum(prefills.map(([chunk]) => chunk)),
        prefillRequests: prefills.length,
        decodeRequests: decodes.length,
        decodeContext: sum(decodes) - decodes.length,
        prefillContext: sum(prefills.map(([, past]) => past)),
        prefillWork: sum(prefills.map(([chunk, past]) => chunk * (past + chunk / 2))),
        prefillSquares: sum(prefills.map(([chunk]) => chunk * chunk)),
      };
      const chunks = {
        count: prefills.length,
        tokens: Int32Array.from(prefills, ([chunk]) => chunk),
        past: Int32Array.from(prefills, ([, past]) => past),
      };
      expect(Math.abs((model.iteration(shape, 0, chunks) * 1e3) / ms - 1)).toBeLessThan(1e-5);
      batches++;
    }
    expect(batches).toBeGreaterThan(0);
  });

  test.each(combos)(
    "whole runs on %s",
    (combo) => {
      const runs = (JSON.parse(readFileSync(`${FOLDER}/e2e/runs_${combo}.json`, "utf8")) as VidurRun[]).filter(
        ({ replica_scheduler: id }) => id === "vllm" || id === "sarathi",
      );
      const differences = runs.map((run) => [run.run_id, compare(combo, run)]).filter(([, difference]) => difference !== "");
      console.log(`${combo}: ${runs.length - differences.length} of ${runs.length} recorded runs match`);
      expect(runs.length).toBeGreaterThan(0);
      expect(differences).toEqual([]);
    },
    60_000,
  );
});
