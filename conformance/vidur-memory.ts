// KV cache capacities that Vidur planned, row by row.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { group } from "d3-array";
import type { Model } from "../src/catalog/types.ts";
import { vidurPlan } from "../src/latency/memory-plan.ts";
import { recordsOf, textOf } from "./columns.ts";
import { attempt } from "./suite.ts";
import type { Report } from "./suite.ts";
import { vidurModel } from "./vidur-facts.ts";

/** Recorded plans are for blocks of this many tokens. */
const BLOCK_SIZE = 16;
/** Columns that tell a plan of a model from the others. */
const PLAN = ["device", "memory_gib", "tensor_parallel", "pipeline_stages", "max_tokens", "memory_margin_fraction"];

/** One case per model: whole numbers, so every row must be equal. */
export async function checkMemory(folder: string, report: Report): Promise<void> {
  const file = join(folder, "memory_plan.csv");
  if (!existsSync(file)) return;
  for (const [name, rows] of group(recordsOf(textOf(file)), (row) => row["model"]!))
    await attempt(`memory ${name}`, report, () => {
      const difference = firstDifference(vidurModel(name), rows);
      report(`memory ${name}`, difference === null, difference ?? `${rows.length} plans equal`);
    });
}

function firstDifference(model: Model, rows: readonly Readonly<Record<string, string>>[]): string | null {
  for (const row of rows) {
    const value = (column: string): number => Number(row[column]);
    const plan = vidurPlan({
      ...model,
      memoryGib: value("memory_gib"),
      tensorParallel: value("tensor_parallel"),
      pipelineParallel: value("pipeline_stages"),
      maxTokens: value("max_tokens"),
      margin: value("memory_margin_fraction"),
      blockSize: BLOCK_SIZE,
    });
    const pairs = [
      ["params_per_device", plan.paramsPerDevice],
      ["param_bytes_per_device", plan.paramBytesPerDevice],
      ["kv_bytes_per_request_all_layers", plan.kvBytesPerRequest],
      ["max_batch_size", plan.maxBatch],
      ["max_request_slots", plan.maxRequestSlots],
      ["num_blocks_block16", plan.blocks],
    ] as const;
    const wrong = pairs.find(([column, ours]) => row[column] !== undefined && ours !== value(column));
    if (wrong !== undefined) return `${PLAN.map((column) => row[column]).join(" ")}: ${wrong[0]} ${wrong[1]} instead of ${value(wrong[0])}`;
  }
  return null;
}
