// The roofline model, from specifications alone, against measurements. The bounds are what docs/fidelity.md states, with a little room.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { gpuById, modelById } from "../catalog/index.ts";
import type { Gpu, Model } from "../catalog/types.ts";
import type { BatchShape, LatencyModel } from "../engine/contracts.ts";
import { withDefaults } from "../engine/params.ts";
import { roofline } from "./roofline.ts";

const shared = new URL("../../../shared/", import.meta.url);
const present = existsSync(new URL("data/measured", shared)) && existsSync(new URL("reference/vidur", shared));
if (!present) console.warn("skipped: ../shared is not here, the roofline model is not compared with measurements");

const create = (
  gpu: string | Gpu,
  model: string | Model,
  tensorParallel: number,
  values: Record<string, number | string> = {},
): LatencyModel =>
  roofline.create(withDefaults(roofline.params, values), {
    gpu: typeof gpu === "string" ? gpuById(gpu) : gpu,
    model: typeof model === "string" ? modelById(model) : model,
    tensorParallel,
    pipelineParallel: 1,
  });

/** Kernel profiles know no scheduler and no host. */
const kernelsOnly = { iterationOverhead: 0, requestOverhead: 0 };

function batch(prefills: readonly (readonly [chunk: number, past: number])[], decodes: readonly number[]): BatchShape {
  const sum = (f: (chunk: number, past: number) => number): number => prefills.reduce((total, [chunk, past]) => total + f(chunk, past), 0);
  return {
    prefillTokens: sum((chunk) => chunk),
    prefillRequests: prefills.length,
    decodeRequests: decodes.length,
    decodeContext: decodes.reduce((total, context) => total + context, 0),
    prefillContext: sum((_chunk, past) => past),
    prefillWork: sum((chunk, past) => chunk * (past + chunk / 2)),
    prefillSquares: sum((chunk) => chunk * chunk),
  };
}

/** Rows of a CSV file by column name; fields in quotes may hold commas. */
function rowsOf(path: string): Record<string, string>[] {
  const bytes = readFileSync(new URL(path, shared));
  const lines = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8").trim().split("\n");
  const fields = (line: string): string[] => [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map((match) => match[1]!.replaceAll('"', ""));
  const head = fields(lines[0]!);
  return lines.slice(1).map((line) => {
    const values = fields(line);
    return Object.fromEntries(head.map((name, i) => [name, values[i] ?? ""]));
  });
}

/** Mean of |predicted / measured - 1|. */
const mape = (pairs: readonly (readonly [predicted: number, measured: number])[]): number =>
  pairs.reduce((total, [predicted, measured]) => total + Math.abs(predicted / measured - 1), 0) / pairs.length;

describe.skipIf(!present)("roofline against measurements", () => {
  const a30: Gpu = {
    ...gpuById("a100-40-pcie"),
    memoryBytesPerS: { value: 933e9, source: "NVIDIA A30 data sheet", date: "2026-11-22" },
    bf16FlopsPerS: { value: 165e12, source: "NVIDIA A30 data sheet", date: "2026-11-22" },
  };
  test.each([
    ["llama2-70b_a100_tp2", "a100-80-sxm", "llama-2-70b", 2, 0.18],
    ["qwen2-7b_a30_tp1", a30, "qwen2.5-7b", 1, 0.15],
  ] as const)("300 batches of Vidur, %s", (file, gpu, model, tp, bound) => {
    // Vidur leaves the output head out, and runs prefills and decodes in separate attention kernels.
    const latency = create(gpu, { ...modelById(model), vocab: 1 }, tp, { ...kernelsOnly, mixedBatches: "packed" });
    const rows = rowsOf(`reference/vidur/exec_batches/${file}.csv`);
    expect(rows).toHaveLength(300);
    const pairs = rows.map((row) => {
      const shape = batch(JSON.parse(row["prefills"]!) as [number, number][], JSON.parse(row["decode_ctx"]!) as number[]);
      return [latency.iteration(shape, 0) * 1e3, Number(row["model_time_ms"])] as const;
    });
    expect(mape(pairs)).toBeLessThan(bound);
  });

  test("19,364 batch shapes on RTX PRO 6000, Llama-3.1-8B", () => {
    const latency = create("rtx-pro-6000", "llama-3.1-8b", 1, kernelsOnly);
    const rows = rowsOf("data/measured/llmservingsim-profile/iterations_rtxpro6000_llama-3-1-8b_tp1.csv.gz");
    expect(rows.length).toBeGreaterThan(19_000);
    const pairs = rows.map((row) => {
      const chunk = Number(row["prefill_chunk"]);
      const decodes = Array.from({ length: Number(row["n_decode"]) }, () => Number(row["kv_decode"]));
      return [
        latency.iteration(batch(chunk > 0 ? [[chunk, Number(row["kv_prefill"])]] : [], decodes), 0) * 1e3,
        Number(row["iteration_ms"]),
      ] as const;
    });
    expect(mape(pairs)).toBeLessThan(0.14);
  });

  test("whole requests one at a time on A10G, Llama-3.2-1B", () => {
    // 16 layers of 2048, 32 heads of 64 over 8 KV heads, FFN 8192, tied table of 128256 (meta-llama/Llama-3.2-1B).
    const oneB: Model = { ...modelById("llama-3-8b"), layers: 16, hidden: 2048, headDim: 64, ffn: 8192, tiedEmbeddings: true };
    const latency = create("a10g", oneB, 1);
    const lengths = new Map(
      rowsOf("data/measured/lens-static-batches/workload_lengths.csv.gz").map((r) => [
        `${r["dataset"]} ${r["row"]}`,
        [Number(r["input_tokens"]), Number(r["output_tokens"])] as const,
      ]),
    );
    const alone = rowsOf("data/measured/lens-static-batches/static_batches.csv").filter(
      (r) => r["max_num_seqs"] === "1" && r["prefix_caching_and_chunked"] === "off",
    );
    expect(alone.length).toBe(200);
    const pairs = alone.map((row) => {
      const [input, output] = lengths.get(`${row["dataset"]} ${row["run"]}`)!;
      let seconds = latency.iteration(batch([[input, 0]], []), 0);
      for (let context = input + 1; context < input + output; context++) seconds += latency.iteration(batch([], [context]), 0);
      return [seconds * 1e3, Number(row["e2e_ms"])] as const;
    });
    expect(mape(pairs)).toBeLessThan(0.03);
  });

  test("time per output token in closed loops of up to 64 on H100, three engines, dense models", () => {
    const models: Record<string, string> = { "meta-llama/Llama-3.1-8B-Instruct": "llama-3.1-8b", "Qwen/Qwen3-32B": "qwen3-32b" };
    const pairs: [number, number][] = [];
    for (const row of rowsOf("data/measured/aiconfigurator-silicon/static_points_agg.csv")) {
      const model = models[row["model"]!];
      const [requests, input, output] = [Number(row["concurrency"]), Number(row["isl"]), Number(row["osl"])];
      if (row["gpu"] !== "h100_sxm" || model === undefined || requests > 64) continue;
      const latency = create("h100-sxm", model, Number(row["tp"]), { weights: row["precision"] === "fp8" ? "fp8" : "bf16" });
      const decode = latency.iteration(
        batch(
          [],
          Array.from({ length: requests }, () => input + output / 2),
        ),
        0,
      );
      // While a request decodes, each of the others is prefilled once. Where that is a large part, the order of the requests decides, not this model.
      const prefills = ((requests - 1) * latency.iteration(batch([[input, 0]], []), 0)) / output;
      if (prefills > 0.2 * decode) continue;
      pairs.push([(decode + prefills) * 1e3, Number(row["tpot_ms"])]);
    }
    expect(pairs.length).toBeGreaterThan(50);
    expect(mape(pairs)).toBeLessThan(0.1);
  });
});
