// KV cache capacities that Vidur planned, row by row.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Model } from "../src/catalog/types.ts";
import { vidurPlan } from "../src/latency/memory-plan.ts";
import type { Report } from "./suite.ts";
import { vidurModel } from "./vidur-facts.ts";

/** Recorded plans are for blocks of this many tokens. */
const BLOCK_SIZE = 16;

/** One case per model: whole numbers, so every row must be equal. */
export function checkMemory(folder: string, report: Report): void {
  const file = join(folder, "memory_plan.csv");
  if (!existsSync(file)) return;
  const [head = "", ...lines] = readFileSync(file, "utf8").trimEnd().split("\n");
  const names = head.split(",");
  const byModel = new Map<string, string[][]>();
  for (const cells of lines.map((line) => line.split(","))) {
    const name = cells[names.indexOf("model")] ?? "";
    byModel.set(name, [...(byModel.get(name) ?? []), cells]);
  }
  for (const [name, rows] of byModel) {
    try {
      const difference = firstDifference(vidurModel(name), names, rows);
      report(`memory ${name}`, difference === null, difference ?? `${rows.length} plans equal`);
    } catch (error) {
      report(`memory ${name}`, false, error instanceof Error ? error.message : String(error));
    }
  }
}

function firstDifference(model: Model, names: readonly string[], rows: readonly (readonly string[])[]): string | null {
  for (const cells of rows) {
    const value = (column: string): number => Number(cells[names.indexOf(column)]);
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
    const wrong = pairs.find(([column, ours]) => names.includes(column) && ours !== value(column));
    if (wrong !== undefined) return `${cells.slice(1, 7).join(" ")}: ${wrong[0]} ${wrong[1]} instead of ${value(wrong[0])}`;
  }
  return null;
}
