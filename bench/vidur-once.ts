// One measurement of Vidur's scenario, alone in its process: tables and trace are read beforehand. Prints one line of JSON.
import { readColumns } from "../conformance/columns.ts";
import { comboOf } from "../conformance/vidur-facts.ts";
import { modelFrom, tablesOf } from "../conformance/vidur-profile.ts";
import type { SimulationConfig } from "../src/engine/config.ts";
import { createEngine } from "../src/engine/index.ts";
import { configOf } from "../src/engine/testing.ts";
import { batching } from "../src/policies/batching/index.ts";
import { leastOutstanding } from "../src/policies/routing/least-outstanding.ts";
import { roundRobin } from "../src/policies/routing/round-robin.ts";
import { byId } from "../src/engine/registry.ts";

export interface VidurOrder {
  /** Folder of Vidur's reference outputs, and its conversation trace. */
  readonly reference: string;
  readonly trace: string;
  readonly requests: number;
  readonly replicas: number;
  readonly router: "lor" | "round-robin";
  readonly scheduler: string;
  /** Runs of the same before, in the same process. */
  readonly warmup: number;
}

export interface VidurMeasurement {
  readonly requests: number;
  readonly outputTokens: number;
  /** User and system time of the process, from the configuration to the summary. */
  readonly cpuSeconds: number;
  readonly batches: number;
  readonly makespan: number;
  readonly ttftP90: number | null;
}

/** Vidur's defaults: tokens of a sequence, to which prompts are cut, and what its memory planner says for Llama-2-70B on two A100 of 80 GB. */
const MAX_TOKENS = 4096;
const BLOCKS = 3328;
const COMBO = "llama2-70b_a100_tp2";
/** Vidur's defaults of its two schedulers with a paged cache. */
const SCHEDULERS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  sarathi: { batchCap: 128, watermark: 0.01, chunk: 512, vidurRestart: true },
  vllm: { batchCap: 128, watermark: 0.01, maxTokens: 4096 },
};
const ROUTERS = {
  lor: { definition: leastOutstanding, values: { waitingOnly: true, tiesToFirst: true } },
  "round-robin": { definition: roundRobin, values: {} },
};

async function measure(order: VidurOrder): Promise<VidurMeasurement> {
  const latency = await modelFrom(tablesOf(order.reference, COMBO, 1), comboOf(COMBO));
  const columns = readColumns(order.trace);
  const rows = Array.from(columns["arrived_at"]!.subarray(0, order.requests), (at, i) => {
    const output = columns["num_decode_tokens"]![i]!;
    return { at, prompt: Math.min(columns["num_prefill_tokens"]![i]!, MAX_TOKENS - output), output };
  });
  const config = (): SimulationConfig =>
    configOf({
      pools: [
        {
          batching: { definition: byId("replica scheduler", batching, order.scheduler), values: SCHEDULERS[order.scheduler]! },
          latency,
          replicas: order.replicas,
          kvBlocks: BLOCKS,
        },
      ],
      routing: ROUTERS[order.router],
      source: rows,
    });
  const serve = (): Omit<VidurMeasurement, "cpuSeconds" | "outputTokens"> => {
    const engine = createEngine(config(), { keepRequests: true });
    engine.simulation.runUntil(Infinity);
    engine.simulation.finish();
    const { requests, ttft } = engine.summary(true);
    if (requests.completed !== rows.length) throw new Error(`${requests.completed} of ${rows.length} requests completed.`);
    const { iterations, now } = engine.simulation;
    return { requests: rows.length, batches: iterations, makespan: now, ttftP90: ttft.p90 };
  };
  for (let i = 0; i < order.warmup; i++) serve();
  const before = process.cpuUsage();
  const served = serve();
  const { user, system } = process.cpuUsage(before);
  return { ...served, outputTokens: rows.reduce((sum, { output }) => sum + output, 0), cpuSeconds: (user + system) / 1e6 };
}

process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? "{}") as VidurOrder))}\n`);
