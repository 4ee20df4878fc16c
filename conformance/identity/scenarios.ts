// Small scenarios that together use every scheduler, router and autoscaler, operator tables, fitted models and a draw of one, pipeline stages, memory pressure with preemption, closed loop, faults,
// stale load, several pools, and hand-over from prefill to decode. Each names only what differs from the default scenario; the schema fills in the rest.

/** A scenario as a file would hold it. */
export interface Case {
  readonly name: string;
  readonly scenario: Readonly<Record<string, unknown>>;
}

const traffic = (source: object, maxRequests: number, more: object = {}): object => ({ source, maxRequests, maxSeconds: null, ...more });
const preset = (id: string, arrivals?: object): object => ({ kind: "preset", id, ...(arrivals === undefined ? {} : { arrivals }) });
const synthetic = (arrivals: object, lengths: object): object => ({ kind: "synthetic", arrivals, lengths });
const poisson = (rate: number): object => ({ id: "poisson", params: { rate } });
const lognormal = (promptMean: number, outputMean: number): object => ({
  id: "lognormal",
  params: { promptMean, promptCv: 1.2, promptMax: 12_000, outputMean, outputCv: 0.9, outputMax: 2_000 },
});

/** Stand for the profiles that run-case.ts brings along. */
export const PROFILE = { hash: "0".repeat(64), file: "test" };
export const FITTED = { hash: "1".repeat(64), file: "fitted" };
const fitted = (params: object = {}): object => ({ id: "fitted", params: { profile: FITTED, ...params } });
const tables = (params: object): object => ({ id: "operator-table", params: { profile: PROFILE, ...params } });

export const cases: readonly Case[] = [
  {
    name: "sarathi, least outstanding requests",
    scenario: {
      seed: 11,
      traffic: traffic(preset("azure-conversation-like", poisson(30)), 1200),
      pools: [{ name: "main", gpu: "h100-sxm", replicas: 4 }],
      routing: { id: "least-outstanding" },
    },
  },
  {
    name: "vllm, random",
    scenario: {
      seed: 12,
      traffic: traffic(preset("azure-code-like", poisson(12)), 900),
      pools: [{ name: "main", gpu: "a100-80-sxm", replicas: 3, batching: { id: "vllm" } }],
      routing: { id: "random" },
    },
  },
  {
    name: "vllm with preemption, round robin",
    scenario: {
      seed: 13,
      traffic: traffic(synthetic(poisson(9), lognormal(700, 350)), 700),
      pools: [{ name: "small", gpu: "a10g", replicas: 2, batching: { id: "vllm" }, latency: { id: "linear" }, kv: { blocks: 900 } }],
      routing: { id: "round-robin" },
    },
  },
  {
    name: "sarathi with preemption, power of two choices",
    scenario: {
      seed: 14,
      traffic: traffic(synthetic({ id: "gamma", params: { rate: 14, cv: 3 } }, lognormal(500, 400)), 800),
      pools: [{ name: "small", gpu: "l40s", replicas: 3, latency: { id: "linear" }, kv: { blocks: 1000 } }],
      routing: { id: "power-of-two" },
    },
  },
  {
    name: "four pipeline stages, sarathi, least outstanding tokens",
    scenario: {
      seed: 15,
      model: "llama-3.1-70b",
      traffic: traffic(synthetic(poisson(6), { id: "zipf" }), 500),
      pools: [{ name: "deep", gpu: "a100-80-sxm", replicas: 2, tensorParallel: 2, pipelineParallel: 4 }],
      routing: { id: "least-outstanding", params: { count: "tokens" } },
    },
  },
  {
    name: "two pipeline stages, vllm, memory pressure",
    scenario: {
      seed: 16,
      model: "llama-2-13b",
      traffic: traffic(synthetic({ id: "on-off", params: { rate: 16, onSeconds: 10, offSeconds: 15 } }, { id: "uniform" }), 600),
      pools: [{ name: "pair", gpu: "a40", replicas: 2, pipelineParallel: 2, batching: { id: "vllm" }, kv: { blocks: 700 } }],
      routing: { id: "round-robin" },
    },
  },
  {
    name: "closed loop with think time",
    scenario: {
      seed: 17,
      traffic: traffic(
        synthetic({ id: "closed-loop", params: { concurrency: 48, thinkSeconds: 0.7, thinkTimes: "exponential" } }, lognormal(900, 180)),
        800,
      ),
      pools: [{ name: "main", gpu: "h100-sxm", replicas: 2 }],
      routing: { id: "power-of-two", params: { count: "tokens" } },
    },
  },
  {
    name: "faults: a crash with a replacement, a reclaim",
    scenario: {
      seed: 18,
      traffic: traffic(synthetic(poisson(20), lognormal(1100, 250)), 900),
      pools: [{ name: "main", gpu: "a100-80-sxm", replicas: 4, startupSeconds: 8 }],
      faults: [
        { at: 7, kind: "crash", pool: "main", replica: 2, replaceAfter: 4 },
        { at: 15, kind: "reclaim", pool: "main", replica: 4, replaceAfter: null },
      ],
      routing: { id: "least-outstanding" },
    },
  },
  {
    name: "two pools of different GPUs and schedulers, stale load, queue limit",
    scenario: {
      seed: 19,
      traffic: traffic(preset("burstgpt-like", { id: "gamma", params: { rate: 60, cv: 2 } }), 1500),
      tenants: [
        { name: "chat", share: 3, sloClass: "interactive" },
        { name: "batch", share: 1, sloClass: "relaxed" },
      ],
      sloClasses: [
        { name: "interactive", ttft: 0.5, tpot: 0.05, e2e: null },
        { name: "relaxed", ttft: null, tpot: null, e2e: 60 },
      ],
      pools: [
        { name: "fast", gpu: "h100-sxm", replicas: 2 },
        { name: "cheap", gpu: "l4", replicas: 3, batching: { id: "vllm" } },
      ],
      routing: { id: "least-outstanding" },
      loadStaleness: 0.5,
      admission: { id: "queue-limit", params: { limit: 40 } },
    },
  },
  {
    name: "changing rate, mixture-of-experts model, prefill and decode pools, random",
    scenario: {
      seed: 20,
      model: "mixtral-8x7b",
      traffic: traffic(
        synthetic(
          {
            id: "piecewise",
            params: {
              rates: [
                [0, 4],
                [20, 18],
                [40, 2],
              ],
              ramp: true,
            },
          },
          lognormal(1500, 120),
        ),
        600,
      ),
      pools: [
        { name: "prefill", gpu: "mi300x", replicas: 2, role: "prefill" },
        { name: "decode", gpu: "h200-sxm", replicas: 2, role: "decode" },
      ],
      routing: { id: "random" },
    },
  },
  {
    name: "reserved memory: orca, and static batches over two pipeline stages",
    scenario: {
      seed: 21,
      model: "llama-2-13b",
      traffic: traffic(preset("burstgpt-like", poisson(7)), 600),
      pools: [
        { name: "iteration", gpu: "a100-80-sxm", replicas: 1, batching: { id: "orca", params: { maxTokens: 2048, batchCap: 24 } } },
        {
          name: "static",
          gpu: "a40",
          replicas: 2,
          pipelineParallel: 2,
          batching: { id: "faster-transformer", params: { maxTokens: 2048, batchCap: 8 } },
        },
      ],
      routing: { id: "least-outstanding" },
    },
  },
  {
    name: "lightllm, few blocks",
    scenario: {
      seed: 22,
      traffic: traffic(synthetic(poisson(9), lognormal(700, 350)), 700),
      pools: [{ name: "small", gpu: "a10g", replicas: 2, batching: { id: "lightllm" }, latency: { id: "linear" }, kv: { blocks: 900 } }],
      routing: { id: "round-robin" },
    },
  },
  {
    name: "operator tables, two pools, one of two stages, host time, vllm",
    scenario: {
      seed: 24,
      model: "llama-2-13b",
      traffic: traffic(synthetic(poisson(5), lognormal(600, 200)), 500),
      pools: [
        { name: "one", gpu: "a100-80-sxm", replicas: 2, batching: { id: "vllm" }, latency: tables({ cpuPerRequest: 40 }) },
        { name: "two", gpu: "a100-80-sxm", replicas: 1, tensorParallel: 2, pipelineParallel: 2, latency: tables({ cpuPerIteration: 900 }) },
      ],
      routing: { id: "round-robin" },
    },
  },
  {
    name: "a pool for each autoscaler, table by tokens, whole nodes",
    scenario: {
      seed: 23,
      traffic: traffic(
        synthetic(
          { id: "on-off", params: { rate: 40, offRate: 5, onSeconds: 25, offSeconds: 15 } },
          { id: "fixed", params: { prompt: 256, output: 1 } },
        ),
        4000,
      ),
      model: "llama-3-70b",
      pools: ["hpa", "concurrency", "inferline", "service-level", "schedule"].map((id, i) => ({
        name: id,
        gpu: "a100-80-sxm",
        replicas: 1,
        tensorParallel: 4,
        gpusPerNode: 8,
        paidFrom: i % 2 === 0 ? "order" : "ready",
        startupSeconds: 3,
        scaleDownSeconds: i % 2,
        batching: { id: "vllm", params: { batchCap: 16 } },
        latency: { id: "token-table" },
        autoscaling: { id },
      })),
      routing: { id: "least-outstanding" },
    },
  },
  // Routers that go by prefixes, sessions and hashes, on replicas whose prefix caches are small enough to evict and to preempt.
  ...[
    { id: "ray-power-of-two", params: { maxOngoing: 12, routers: 3, perNode: 2 } },
    { id: "ray-prefix-aware", params: { most: 60_000, target: 40_000, every: 2 } },
    { id: "sglang-cache-aware", params: { absolute: 4, most: 50_000, every: 3 } },
    { id: "weighted-scorers", params: { index: "events", delay: 0.5 } },
    { id: "dynamo-kv", params: { temperature: 0.5, index: "sent", timeToLive: 20 } },
    { id: "dynamo-kv" },
    { id: "session-affinity", params: { bound: 2 } },
    { id: "consistent-hash" },
  ].map((routing, i) => ({
    name: `prefix caching, ${routing.id}${i === 5 ? " by events" : ""}`,
    scenario: {
      seed: 30 + i,
      traffic: traffic(
        synthetic(
          poisson(i % 2 === 0 ? 6 : 25),
          i % 2 === 0 ? { id: "conversations", params: { thinkSeconds: 5 } } : { id: "shared-prefixes", params: { prefixes: 12 } },
        ),
        500,
      ),
      pools: [
        {
          name: "small",
          gpu: "l40s",
          replicas: 4,
          batching: { id: i % 3 === 0 ? "vllm" : "sarathi" },
          kv: { blocks: 1500, prefixCaching: true },
        },
      ],
      routing,
    },
  })),
  {
    name: "fitted model with hinges, tiles and stages, beside a draw of it",
    scenario: {
      seed: 29,
      traffic: traffic(preset("azure-conversation-like", poisson(6)), 700),
      pools: [
        { name: "one", gpu: "a100-80-sxm", replicas: 2, latency: fitted() },
        { name: "two", gpu: "a100-80-sxm", replicas: 1, pipelineParallel: 2, batching: { id: "vllm" }, latency: fitted({ draw: 2 }) },
      ],
      routing: { id: "least-outstanding" },
    },
  },
];
