// For tests only: random small configurations that together reach every part of the engine.
import fc from "fast-check";
import type { FaultConfig, SimulationConfig } from "../engine/config.ts";
import type { BatchingDefinition, LatencyModel, RoutingDefinition } from "../engine/contracts.ts";
import { prefixSharing } from "../engine/kv/sharing.ts";
import { CONTENT_TOKENS, closedSource, configOf, fixedSource, linearLatency, steppedLatency, withoutForm } from "../engine/testing.ts";
import type { PoolOptions, Row } from "../engine/testing.ts";
import { admission } from "./admission/index.ts";
import { batching } from "./batching/index.ts";
import { ordering } from "./ordering/index.ts";
import { byId } from "../engine/registry.ts";
import { routing } from "./routing/index.ts";

/** All that a configuration is made from, as plain values: fast-check shrinks and prints it. */
export interface Recipe {
  readonly seed: number;
  /** Times are multiples of 1/64 s and latencies dyadic, so that events coincide to the bit. */
  readonly ties: boolean;
  readonly requests: readonly {
    readonly gap: number;
    readonly prompt: number;
    readonly output: number;
    readonly tenant: number;
    /** How the prompt begins. */
    readonly head: number;
  }[];
  /** Pools share KV blocks, where their schedulers can. */
  readonly caching: boolean;
  /** 0: open loop. */
  readonly users: number;
  readonly latency: "closed" | "walked" | "pieces";
  readonly perContext: number;
  readonly layout: "one" | "two" | "split";
  readonly replicas: number;
  readonly stages: number;
  readonly blockSize: number;
  /** Blocks beyond what the largest request needs. */
  readonly spareBlocks: number;
  readonly batchCap: number;
  readonly budget: number;
  readonly watermark: number;
  readonly staleness: number;
  readonly admission: "none" | "queue-limit" | "rate-limit";
  /** Index into the orders of queues, and what VTC foresees. */
  readonly ordering: number;
  readonly prediction: "none" | "oracle" | "band" | "average";
  readonly cost: "linear" | "profiled";
  readonly faults: readonly {
    readonly at: number;
    readonly crash: boolean;
    readonly pool: number;
    readonly position: number;
    readonly replaceAfter: number;
  }[];
}

export const recipes: fc.Arbitrary<Recipe> = fc.record({
  seed: fc.nat(1000),
  ties: fc.boolean(),
  requests: fc.array(
    fc.record({
      gap: fc.nat(24),
      prompt: fc.integer({ min: 1, max: 300 }),
      output: fc.integer({ min: 1, max: 60 }),
      tenant: fc.nat(1),
      head: fc.nat(3),
    }),
    { minLength: 1, maxLength: 40 },
  ),
  caching: fc.boolean(),
  users: fc.constantFrom(0, 0, 1, 4, 9),
  latency: fc.constantFrom("closed", "walked", "pieces"),
  perContext: fc.constantFrom(0, 1, 3),
  layout: fc.constantFrom("one", "one", "two", "split"),
  replicas: fc.integer({ min: 1, max: 3 }),
  stages: fc.constantFrom(1, 1, 1, 2, 3),
  blockSize: fc.constantFrom(1, 7, 16),
  spareBlocks: fc.constantFrom(0, 1, 3, 10, 1000),
  batchCap: fc.constantFrom(1, 3, 8, 256),
  budget: fc.constantFrom(16, 64, 512),
  watermark: fc.constantFrom(0, 0.01, 0.1),
  staleness: fc.constantFrom(0, 0, 0.25),
  admission: fc.constantFrom("none", "none", "queue-limit", "rate-limit"),
  ordering: fc.nat(ordering.length - 1),
  prediction: fc.constantFrom("none", "none", "oracle", "band", "average"),
  cost: fc.constantFrom("linear", "linear", "profiled"),
  faults: fc.array(fc.record({ at: fc.nat(300), crash: fc.boolean(), pool: fc.nat(1), position: fc.nat(2), replaceAfter: fc.nat(100) }), {
    maxLength: 3,
  }),
});

function latencyOf({ latency, perContext, ties }: Recipe): LatencyModel {
  const coefficients = ties
    ? { base: 1 / 64, perToken: 1 / 8192, perContext: perContext / 65_536 }
    : { base: 0.0123, perToken: 0.00017, perContext: perContext * 1.3e-6 };
  if (latency === "pieces") return steppedLatency(coefficients, 97, ties ? 1 / 1024 : 0.0007);
  return latency === "walked" ? withoutForm(linearLatency(coefficients)) : linearLatency(coefficients);
}

/** The first blocks are those of the head, the others its own. Head 0: nothing is known; head 3: the output is known too, and may be the next prompt. */
function contentOf(head: number, request: number, prompt: number, output: number): number[] {
  if (head === 0) return [];
  const blocks = Math.ceil((head === 3 ? prompt + output : prompt) / CONTENT_TOKENS);
  return Array.from({ length: blocks }, (_, i) => (head === 3 || i < 5 * head ? 1000 * head + i : 10_000 + 100 * request + i));
}

/** The configuration of a recipe. Sources hold state: make one configuration per run. */
export function configFrom(recipe: Recipe, scheduler: BatchingDefinition, router: RoutingDefinition, step: boolean): SimulationConfig {
  const { ties, users, blockSize, spareBlocks, batchCap, budget, watermark, stages, replicas, layout } = recipe;
  const unit = ties ? 1 / 64 : 0.0137;
  let at = 0;
  const rows: Row[] = recipe.requests.map(({ gap, prompt, output, tenant, head }, i) => ({
    at: (at += gap * unit),
    prompt,
    output,
    tenant,
    ids: contentOf(head, i, prompt, output),
  }));
  const largest = Math.max(...rows.map(({ prompt, output }) => Math.ceil((prompt + output) / blockSize)));
  const values = { batchCap, watermark, chunk: budget, maxTokens: budget, maxBatchTokens: budget, maxWaitingIterations: 3 };
  const known = Object.fromEntries(Object.entries(values).filter(([key]) => key in scheduler.params));
  const other = batching[(batching.findIndex(({ id }) => id === scheduler.id) + 1) % batching.length]!;
  const order = ordering[recipe.ordering]!;
  const foreseen = "prediction" in order.params ? { prediction: recipe.prediction } : {};
  const pool: PoolOptions = {
    ordering: { definition: order, values: { ...foreseen, ...("cost" in order.params ? { cost: recipe.cost } : {}) } },
    batching: { definition: scheduler, values: known },
    latency: latencyOf(recipe),
    replicas,
    stages,
    blockSize,
    kvBlocks: largest + spareBlocks,
    startupSeconds: ties ? 0.5 : 0.43,
    kvBytesPerToken: 1e6,
    prefixCaching: recipe.caching && scheduler.sharesPrefixes === true ? prefixSharing : null,
  };
  const second: PoolOptions = {
    ...pool,
    batching: other,
    replicas: 1,
    stages: 1,
    prefixCaching: recipe.caching && other.sharesPrefixes === true ? prefixSharing : null,
  };
  const pools =
    layout === "one"
      ? [pool]
      : layout === "two"
        ? [pool, second]
        : [
            { ...pool, role: "prefill" as const },
            { ...pool, role: "decode" as const, stages: 1, prefixCaching: null },
          ];
  const faults: FaultConfig[] = recipe.faults.map((fault) => ({
    at: fault.at * unit,
    kind: fault.crash ? "crash" : "reclaim",
    pool: fault.pool % pools.length,
    position: fault.position,
    replaceAfter: fault.replaceAfter * unit,
  }));
  return configOf({
    pools,
    routing: router,
    admission: {
      definition: byId("admission policy", admission, recipe.admission),
      values: recipe.admission === "none" ? {} : { limit: 5, ...(recipe.admission === "rate-limit" ? { windowSeconds: 0.5 } : {}) },
    },
    source: users > 0 ? closedSource(users, ties ? 1 / 32 : 0.021, rows) : fixedSource(rows),
    tenants: 2,
    slo: { ttft: 0.3, tpot: 0.03 },
    seed: recipe.seed,
    loadStaleness: recipe.staleness,
    network: { bytesPerS: ties ? 1073741824 : 1e9, latencyS: 0.0009765625 },
    faults,
    step,
  });
}

export const routerOf = (recipe: Recipe): RoutingDefinition => routing[recipe.seed % routing.length]!;
