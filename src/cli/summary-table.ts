// The summary of a run as a table for a terminal.
import type { RoutingReport } from "../engine/metrics/routing-report.ts";
import type { Distribution, Summary } from "../engine/metrics/results.ts";
import type { Scenario, SloClass } from "../scenario/types.ts";
import { clock, dollars, duration, figure, percent, whole } from "./format.ts";
import { columns } from "./print.ts";

const RIGHT = [1, 2, 3, 4, 5, 6, 7, 8];

function latencies(summary: Summary): string {
  const row = (name: string, d: Distribution): string[] => [
    name,
    duration(d.mean),
    duration(d.p50),
    duration(d.p90),
    duration(d.p95),
    duration(d.p99),
    duration(d.max),
  ];
  return columns(
    [
      ["Latency", "mean", "p50", "p90", "p95", "p99", "max"],
      row("  time to first token", summary.ttft),
      row("  time per output token", summary.tpot),
      row("  gap between tokens", summary.itl),
      row("  end to end", summary.e2e),
      row("  queueing", summary.queueing),
    ],
    RIGHT,
  );
}

function limits(slo: SloClass | undefined): string {
  if (slo === undefined) return "";
  const parts = [
    slo.ttft === null ? "" : `TTFT ${duration(slo.ttft)}`,
    slo.tpot === null ? "" : `TPOT ${duration(slo.tpot)}`,
    slo.e2e === null ? "" : `E2E ${duration(slo.e2e)}`,
  ].filter((part) => part !== "");
  return parts.length === 0 ? "no limit" : parts.join(", ");
}

function classes(scenario: Scenario, summary: Summary): string {
  const rows = summary.slo.classes.map((result) => [
    `  ${result.name}`,
    whole(result.requests),
    percent(result.attainment),
    percent(result.ttftAttainment),
    percent(result.tpotAttainment),
    percent(result.e2eAttainment),
    `${figure(result.goodputPerS)} req/s`,
    `  ${limits(scenario.sloClasses.find((entry) => entry.name === result.name))}`,
  ]);
  return columns([["SLO class", "requests", "met", "TTFT", "TPOT", "E2E", "goodput", "  limits"], ...rows], [1, 2, 3, 4, 5, 6]);
}

function tenants(summary: Summary): string {
  const rows = summary.tenants.map((tenant) => [
    `  ${tenant.name}`,
    whole(tenant.requests),
    whole(tenant.completed),
    percent(tenant.attainment),
    whole(tenant.inputTokens),
    whole(tenant.outputTokens),
    duration(tenant.ttft.p90),
    duration(tenant.tpot.p90),
  ]);
  return columns([["Tenant", "requests", "completed", "met", "input tok", "output tok", "TTFT p90", "TPOT p90"], ...rows], RIGHT);
}

function pools(scenario: Scenario, summary: Summary): string {
  const rows = summary.pools.map((pool, i) => {
    const given = scenario.pools[i];
    const shard = given === undefined ? "" : `${given.tensorParallel * given.pipelineParallel} x ${given.gpu}`;
    return [
      `  ${pool.name}`,
      shard,
      whole(pool.requests),
      `${figure(pool.gpuSeconds / 3600)} h`,
      percent(pool.utilisation),
      percent(pool.mfu),
      percent(pool.kvUseMean),
      whole(pool.kvBlocks),
      whole(pool.preemptions),
      dollars(pool.cost),
    ];
  });
  return columns(
    [["Pool", "GPUs", "requests", "GPU time", "busy", "MFU", "KV use", "KV blocks", "preempted", "cost"], ...rows],
    [2, 3, 4, 5, 6, 7, 8, 9],
  );
}

/** Replicas shown; summary.json has all. */
const MOST_CACHES = 16;

/** What each replica found in its prefix cache, and how much stands there twice. */
function prefixes({ caches, namedBlocks, distinctBlocks }: RoutingReport): string {
  if (caches.length === 0) return "";
  const rows = caches.map(({ replica, queriedTokens, hitTokens, namedBlocks: named, evictions }) => [
    `  ${replica + 1}`,
    queriedTokens === 0 ? "" : percent(hitTokens / queriedTokens),
    whole(named),
    whole(evictions),
  ]);
  const copies = distinctBlocks === 0 ? "" : `; each block stands on ${figure(namedBlocks / distinctBlocks)} replicas`;
  return columns([[`Prefix caches${copies}`, "hits", "blocks", "evicted"], ...rows.slice(0, MOST_CACHES)], [1, 2, 3]);
}

/** `routing`: what prefix caches hold, where there are any. */
export function summaryTable(scenario: Scenario, summary: Summary, routing: RoutingReport | null = null): string {
  const { requests, throughput, slo, cost, fleet } = summary;
  const ended = [
    `${whole(requests.completed)} completed`,
    requests.refused > 0 ? `${whole(requests.refused)} refused` : "",
    requests.failed > 0 ? `${whole(requests.failed)} failed` : "",
    requests.unfinished > 0 ? `${whole(requests.unfinished)} unfinished` : "",
  ].filter((part) => part !== "");
  const head = columns([
    ["Scenario", scenario.name],
    ["Requests", `${whole(requests.total)}: ${ended.join(", ")}`],
    ["Simulated", `${clock(summary.makespan)} (${figure(summary.makespan, 6)} s)`],
    [
      "Throughput",
      `${figure(throughput.requestsPerS)} req/s, ${whole(throughput.inputTokensPerS)} input tok/s, ${whole(throughput.outputTokensPerS)} output tok/s`,
    ],
    ["SLOs met", `${percent(slo.attainment)}, goodput ${figure(slo.goodputPerS)} req/s, ${whole(slo.late)} late`],
    [
      "Cost",
      `${dollars(cost.total)} (${dollars(cost.perHour)}/h); per million tokens ${dollars(cost.perMillionTokens)}, output ${dollars(cost.perMillionOutputTokens)}`,
    ],
    [
      "Fleet",
      `busy ${percent(fleet.utilisation)}, KV use ${percent(fleet.kvUseMean)} (peak ${percent(fleet.kvUsePeak)}), ${whole(fleet.preemptions)} ${fleet.preemptions === 1 ? "preemption" : "preemptions"}, cache hits ${percent(fleet.cacheHitRate)}`,
    ],
  ]);
  const caches = routing === null ? "" : prefixes(routing);
  return [head, latencies(summary), classes(scenario, summary), tenants(summary), pools(scenario, summary), caches]
    .filter((part) => part !== "")
    .join("\n\n");
}
