// A measured run again: one deployment from specifications, the traffic that it was given, and the means and percentiles that clients report.
import type { RunSetup } from "../src/analysis/validation.ts";
import { models } from "../src/catalog/index.ts";
import type { Gpu, Model } from "../src/catalog/types.ts";
import { Status } from "../src/engine/contracts.ts";
import type { Batching, BatchingDefinition, LatencyModel, RequestSource } from "../src/engine/contracts.ts";
import { withDefaults } from "../src/engine/params.ts";
import { configOf, runAll } from "../src/engine/testing.ts";
import { planMemory } from "../src/latency/memory-plan.ts";
import type { WeightPrecision } from "../src/latency/precision.ts";
import type { Shard } from "../src/latency/types.ts";
import { roofline } from "../src/latency/roofline.ts";
import { sarathi } from "../src/policies/batching/sarathi.ts";
import { vllm } from "../src/policies/batching/vllm.ts";
import { roundRobin } from "../src/policies/routing/round-robin.ts";
import { NotModelled } from "./measured-rows.ts";

export interface Deployment {
  readonly gpu: Gpu;
  readonly model: Model;
  readonly tensorParallel: number;
  readonly weights: WeightPrecision;
  /** Chunked: decodes and chunks of prompts share a batch. Prompts first: batches of either prompts or decodes. */
  readonly scheduler: "chunked" | "prompts-first";
  /** The batch is planned while the one before it runs (asynchronous scheduling). */
  readonly planAhead: boolean;
  /** Chunked: prompts are cut to fill a batch. Default: yes. */
  readonly cutsPrompts?: boolean;
  /** Prompts first: batches of decodes between two looks at what came in. Default: 1. */
  readonly pollInterval?: number;
  /** Tokens of a batch, and requests. */
  readonly chunk: number;
  readonly batchCap: number;
  /** Null: planned from memory at this utilisation. */
  readonly kvBlocks: number | null;
  readonly memoryUtilisation: number;
  /** Values of the roofline's parameters in place of its defaults, or another model in its place. */
  readonly roofline?: Readonly<Record<string, number>>;
  readonly latency?: LatencyModel;
  /** From this request on, whole blocks of the prompt come from a prefix cache: prompts repeat after so many. Infinity: never. */
  readonly cachedFrom: number;
}

/** Tokens of a KV block. */
export const BLOCK = 16;

const shardOf = ({ gpu, model, tensorParallel }: Deployment): Shard => ({ gpu, model, tensorParallel, pipelineParallel: 1 });

/** As recorded, else as planned from memory. Throws NotModelled where the weights do not fit. */
export function kvBlocksOf(deployment: Deployment): number {
  const { memoryUtilisation, weights } = deployment;
  const plan = planMemory(shardOf(deployment), { blockSize: BLOCK, memoryUtilisation, weights });
  if (plan.problem !== null) throw new NotModelled(plan.problem);
  return deployment.kvBlocks ?? plan.blocks;
}

/**
 * Client, HTTP and tokeniser, there and back: what the TTFT of blis-vllm-runs/training_stages.csv has over the simulated one (6.0 to 6.8 ms on the five
 * Llama-2 stages, from 5 to 20 requests per second; 7.3 ms is the median with the five of Mixtral). That TTFT is therefore not judged.
 */
export const FRONT_END_S = 7e-3;

/**
 * The scheduler, with prompts that a prefix cache holds: all whole blocks but the one with the last token, which engines compute again. Blocks are
 * counted per request, though a cache shares them: only for runs that do not fill the cache.
 */
function cachedPrompts(definition: BatchingDefinition, from: number): BatchingDefinition {
  if (from === Infinity) return definition;
  return {
    ...definition,
    create: (values, context): Batching => {
      const inner = definition.create(values, context);
      return {
        ...inner,
        arrived: (slot, requests) => {
          if (requests.id[slot]! >= from) requests.computed[slot] = Math.floor((requests.promptTokens[slot]! - 1) / BLOCK) * BLOCK;
          inner.arrived?.(slot, requests);
        },
      };
    },
  };
}

/** The deployment and its traffic as the Validation screen opens them. Null where the catalog of the product has not the model. */
export function setupOf(
  deployment: Deployment,
  traffic: Pick<RunSetup, "prompt" | "output" | "requests"> & Partial<Pick<RunSetup, "shortest" | "distinct" | "rate" | "users">>,
): RunSetup | undefined {
  const { gpu, model, tensorParallel, weights, scheduler, planAhead, chunk, batchCap, roofline: values } = deployment;
  // Another model in place of the roofline, and one that is not in the catalog: no scenario names them.
  if (deployment.latency !== undefined || (weights !== "bf16" && weights !== "fp8") || !models.includes(model)) return undefined;
  return {
    gpu: gpu.id,
    model: model.id,
    tensorParallel,
    weights,
    scheduler,
    planAhead,
    cutsPrompts: deployment.cutsPrompts !== false,
    pollInterval: deployment.pollInterval ?? 1,
    chunk,
    batchCap,
    kvBlocks: kvBlocksOf(deployment),
    shortest: 1,
    distinct: null,
    rate: null,
    users: null,
    ...traffic,
    ...(values === undefined
      ? {}
      : { roofline: Object.fromEntries(Object.entries(values).map(([id, value]) => [id, Number(value.toPrecision(4))])) }),
  };
}

/** Seconds of each completed request, in the order of completion, and the rate of output tokens from the first arrival to the last token. */
export interface Outcome {
  readonly ttft: readonly number[];
  readonly tpot: readonly number[];
  readonly e2e: readonly number[];
  readonly output: readonly number[];
  readonly makespan: number;
  readonly outputTokensPerS: number;
}

/** Replays the traffic; requests that `counts` refuses, by number, leave no figures. Throws NotModelled where the deployment cannot be: heads that do not divide, weights that do not fit. */
export function replay(deployment: Deployment, source: RequestSource, counts: (id: number) => boolean = () => true): Outcome {
  const { weights, scheduler, chunk, batchCap, planAhead } = deployment;
  const kvBlocks = kvBlocksOf(deployment);
  const batching =
    scheduler === "chunked"
      ? { definition: sarathi, values: { chunk, batchCap, watermark: 0, planAhead, wholePrompts: deployment.cutsPrompts === false } }
      : { definition: vllm, values: { maxTokens: chunk, batchCap, watermark: 0, pollInterval: deployment.pollInterval ?? 1 } };
  const engine = runAll(
    configOf({
      pools: [
        {
          batching: { ...batching, definition: cachedPrompts(batching.definition, deployment.cachedFrom) },
          latency:
            deployment.latency ?? roofline.create(withDefaults(roofline.params, { ...deployment.roofline, weights }), shardOf(deployment)),
          kvBlocks,
          blockSize: BLOCK,
        },
      ],
      routing: roundRobin,
      source,
    }),
  );
  const log = engine.requests();
  const ttft: number[] = [];
  const tpot: number[] = [];
  const e2e: number[] = [];
  const outputs: number[] = [];
  let tokens = 0;
  let end = 0;
  for (let row = 0; row < log.length; row++) {
    if (log.status[row] !== Status.completed) throw new Error(`request ${log.id[row]} did not complete`);
    end = Math.max(end, log.finishedAt[row]!);
    if (!counts(log.id[row]!)) continue;
    const output = log.outputTokens[row]!;
    ttft.push(log.firstTokenAt[row]! - log.arrivedAt[row]!);
    if (output > 1) tpot.push((log.finishedAt[row]! - log.firstTokenAt[row]!) / (output - 1));
    e2e.push(log.finishedAt[row]! - log.arrivedAt[row]!);
    outputs.push(output);
    tokens += output;
  }
  return { ttft, tpot, e2e, output: outputs, makespan: end, outputTokensPerS: tokens / end };
}

/**
 * The same run as a client sees it to which the server sends messages of so many tokens: the first message waits for as many. The first gaps are taken as long as
 * the request's others.
 */
export function streamed(outcome: Outcome, interval: number): Pick<Outcome, "ttft" | "tpot"> {
  if (interval === 1) return outcome;
  const wait = (i: number): number => (Math.min(interval, outcome.output[i]!) - 1) * outcome.tpot[i]!;
  return {
    ttft: outcome.ttft.map((seconds, i) => seconds + wait(i)),
    tpot: outcome.tpot.map((seconds, i) => seconds - wait(i) / (outcome.output[i]! - 1)),
  };
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Interpolated linearly, as numpy does. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  return sorted[low]! + (at - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}
