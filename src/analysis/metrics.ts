// The quantities by which settings are compared.
import type { Distribution, Summary } from "../engine/metrics/results.ts";

export type Unit = "$" | "$/h" | "$/M tok" | "s" | "share" | "req/s" | "req/s per GPU";

export interface Metric {
  readonly id: MetricId;
  /** As the title of an axis says it, without the unit. */
  readonly label: string;
  /** For the head of a column. */
  readonly short: string;
  readonly unit: Unit;
  readonly of: (summary: Summary) => number | null;
  /** True for what is to be large. Fronts and areas are made of losses, which are to be small (`lossOf`). */
  readonly wantsMore: boolean;
}

const LATENCIES = { ttft: "time to first token", tpot: "time per output token", e2e: "end-to-end latency" } as const;
const SHORT = { ttft: "TTFT", tpot: "TPOT", e2e: "E2E" } as const;
const STATISTICS = ["mean", "p50", "p90", "p99"] as const;
type LatencyName = keyof typeof LATENCIES;
type Statistic = (typeof STATISTICS)[number];

export type MetricId =
  | "cost"
  | "cost.hour"
  | "cost.tokens"
  | "slo"
  | "hits"
  | "goodput"
  | "goodput.gpu"
  | "throughput"
  | "queueing.mean"
  | `${LatencyName}.${Statistic}`;

const less = (id: MetricId, label: string, short: string, unit: Unit, of: Metric["of"]): Metric => ({
  id,
  label,
  short,
  unit,
  of,
  wantsMore: false,
});

const word = (statistic: Statistic): string => (statistic === "mean" ? "Mean" : statistic.toUpperCase());

const statistics = (name: LatencyName): Metric[] =>
  STATISTICS.map((q) =>
    less(
      `${name}.${q}`,
      `${word(q)} ${LATENCIES[name]}`,
      `${word(q)} ${SHORT[name]}`,
      "s",
      (summary) => (summary[name] as Distribution)[q],
    ),
  );

/** GPUs in the fleet, mean over the run. */
export const gpusOf = ({ fleet, makespan }: Summary): number => (makespan > 0 ? fleet.gpuSeconds / makespan : 0);

const perGpu = (value: number, gpus: number): number | null => (gpus > 0 ? value / gpus : null);

export const metrics: readonly Metric[] = [
  less("cost", "Total cost", "cost", "$", ({ cost }) => cost.total),
  less("cost.hour", "Mean cost per hour", "cost", "$/h", ({ cost }) => cost.perHour),
  less("cost.tokens", "Cost per million tokens", "cost", "$/M tok", ({ cost }) => cost.perMillionTokens),
  ...statistics("e2e"),
  ...statistics("ttft"),
  ...statistics("tpot"),
  less("queueing.mean", "Mean time in queue", "mean queue", "s", ({ queueing }) => queueing.mean),
  {
    id: "slo",
    label: "Requests that meet every SLO",
    short: "SLOs met",
    unit: "share",
    of: ({ slo }) => slo.attainment,
    wantsMore: true,
  },
  {
    id: "hits",
    label: "Prompt tokens found in prefix caches",
    short: "cache hits",
    unit: "share",
    of: ({ fleet }) => fleet.cacheHitRate,
    wantsMore: true,
  },
  {
    id: "throughput",
    label: "Requests completed per second",
    short: "throughput",
    unit: "req/s",
    of: ({ throughput }) => throughput.requestsPerS,
    wantsMore: true,
  },
  {
    id: "goodput",
    label: "Goodput: requests per second that meet every SLO",
    short: "goodput",
    unit: "req/s",
    of: ({ slo }) => slo.goodputPerS,
    wantsMore: true,
  },
  {
    id: "goodput.gpu",
    label: "Goodput per GPU",
    short: "goodput/GPU",
    unit: "req/s per GPU",
    of: (summary) => perGpu(summary.slo.goodputPerS, gpusOf(summary)),
    wantsMore: true,
  },
];

export const isMetricId = (id: unknown): id is MetricId => metrics.some((metric) => metric.id === id);

export function metricById(id: MetricId): Metric {
  const found = metrics.find((metric) => metric.id === id);
  if (found === undefined) throw new Error(`Unknown metric "${id}". Known: ${metrics.map((metric) => metric.id).join(", ")}.`);
  return found;
}

/** What is to be small: the value itself; of a share that is to be large, what is missing to 1; of a rate, the time per request. */
export function lossOf({ wantsMore, unit }: Metric, value: number): number {
  if (!wantsMore) return value;
  return unit === "share" ? 1 - value : 1 / value;
}
