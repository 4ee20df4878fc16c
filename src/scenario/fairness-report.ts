// Fairness between the tenants of a run: the figures of summary.json and of the page, and the rows of fairness.csv.
import { Status } from "../engine/contracts.ts";
import { Fairness } from "../engine/metrics/fairness.ts";
import type { Differences, FairnessOptions } from "../engine/metrics/fairness.ts";
import type { FleetSamples, RequestLog } from "../engine/metrics/results.ts";
import { valueAt } from "../engine/metrics/service-curve.ts";
import { decimal } from "./decimal.ts";
import { field } from "./run-file.ts";
import type { Scenario } from "./types.ts";

/** Width of sliding windows, seconds: the VTC paper's. */
const WINDOW = 60;
/** Times of the series, from 0 to the end of the run. */
const STEPS = 120;

interface AccountReport {
  /** Largest less smallest service over weight at the last arrival. */
  readonly gap: number;
  /** The most by which a tenant gained on another, over weights, while both had requests waiting. */
  readonly largestDrift: number;
  /** Jain's index of service over weight at the last arrival; null before any service. */
  readonly jain: number | null;
  readonly differences: Differences;
}

export interface TenantFairness {
  readonly name: string;
  readonly weight: number;
  readonly requests: number;
  readonly refused: number;
  /** Cost of the requests that were not refused, and of what was served up to the last arrival. */
  readonly demand: number;
  readonly service: number;
  readonly ttftMean: number | null;
}

export interface FairnessReport {
  readonly promptWeight: number;
  readonly outputWeight: number;
  readonly windowSeconds: number;
  /** 2U: VTC keeps the drift of one replica below it. */
  readonly bound: number;
  readonly byTokens: AccountReport;
  readonly asArtifact: AccountReport;
  readonly tenants: readonly TenantFairness[];
}

export interface FairRun {
  readonly scenario: Scenario;
  readonly requests: RequestLog;
  readonly fleet: { readonly replicas: readonly Pick<FleetSamples["replicas"][number], "pool" | "kvBlocks">[] };
  /** Names, by index. */
  readonly tenants: readonly string[];
}

/** What the run is measured with: the cost that its queue orders count, weights of its tenants. */
function fairnessOptions({ scenario, tenants }: Pick<FairRun, "scenario" | "tenants">): FairnessOptions {
  const params = scenario.pools.find(({ ordering }) => ordering !== undefined)?.ordering?.params ?? {};
  const weight = (key: string, otherwise: number): number => (typeof params[key] === "number" ? params[key] : otherwise);
  return {
    tenants: tenants.length,
    shares: tenants.map((name) => (scenario.tenants.find((tenant) => tenant.name === name) ?? scenario.tenants[0]!).weight),
    weights: { prompt: weight("promptWeight", 1), output: weight("outputWeight", 2) },
    window: WINDOW,
  };
}

/** 2U over the smallest weight: U is the cost of the longest prompt, or of as many output tokens as the largest KV cache holds. */
function boundOf({ scenario, requests, fleet }: FairRun, { weights, shares }: FairnessOptions): number {
  let prompt = 0;
  for (let row = 0; row < requests.length; row++) prompt = Math.max(prompt, requests.promptTokens[row]!);
  const tokens = fleet.replicas.reduce((most, { pool, kvBlocks }) => Math.max(most, kvBlocks * scenario.pools[pool]!.kv.blockSize), 0);
  return (2 * Math.max(weights.prompt * prompt, weights.output * tokens)) / Math.min(...shares);
}

function account(fairness: Fairness): AccountReport {
  const { lastArrival } = fairness;
  const jain = fairness.jainAt(lastArrival);
  return {
    gap: fairness.gapAt(lastArrival),
    largestDrift: fairness.largestDrift(),
    jain: Number.isNaN(jain) ? null : jain,
    differences: fairness.differences(),
  };
}

/** The figures, and what they were worked out from. */
export interface MeasuredFairness {
  readonly report: FairnessReport;
  readonly tokens: Fairness;
  readonly artifact: Fairness;
}

/** Needs several tenants and the requests. */
export function measureFairness(run: FairRun): MeasuredFairness {
  const { requests: log, tenants } = run;
  const options = fairnessOptions(run);
  const fairness = new Fairness(log, "tokens", options);
  const counts = tenants.map(() => ({ requests: 0, refused: 0, served: 0, ttft: 0 }));
  for (let row = 0; row < log.length; row++) {
    const own = counts[log.tenant[row]!]!;
    own.requests++;
    if (log.status[row] === Status.refused) own.refused++;
    if (Number.isNaN(log.firstTokenAt[row]!)) continue;
    own.served++;
    own.ttft += log.firstTokenAt[row]! - log.arrivedAt[row]!;
  }
  const artifact = new Fairness(log, "artifact", options, fairness);
  const report = {
    promptWeight: options.weights.prompt,
    outputWeight: options.weights.output,
    windowSeconds: WINDOW,
    bound: boundOf(run, options),
    byTokens: account(fairness),
    asArtifact: account(artifact),
    tenants: tenants.map((name, tenant) => {
      const { requests, refused, served, ttft } = counts[tenant]!;
      return {
        name,
        weight: options.shares[tenant]!,
        requests,
        refused,
        demand: valueAt(fairness.demand[tenant]!, fairness.lastArrival),
        service: valueAt(fairness.service[tenant]!, fairness.lastArrival),
        ttftMean: served === 0 ? null : ttft / served,
      };
    }),
  };
  return { report, tokens: fairness, artifact };
}

export const FAIRNESS_COLUMNS = "t,tenant,demand_per_s,service_per_s,ttft_mean,service,artifact_service_per_s,artifact_service";

/** One row per time and tenant. */
export function* fairnessRows(run: FairRun): Generator<string> {
  const options = fairnessOptions(run);
  let end = 0;
  for (let row = 0; row < run.requests.length; row++) end = Math.max(end, run.requests.finishedAt[row]!);
  const at = Float64Array.from({ length: STEPS + 1 }, (_, i) => (i * end) / STEPS);
  const byTokens = new Fairness(run.requests, "tokens", options);
  const tokens = byTokens.series(at);
  const artifact = new Fairness(run.requests, "artifact", options, byTokens).series(at);
  for (let i = 0; i < at.length; i++)
    for (const [tenant, name] of run.tenants.entries()) {
      const columns = [
        tokens.demandRate,
        tokens.serviceRate,
        tokens.responseTime,
        tokens.accumulated,
        artifact.serviceRate,
        artifact.accumulated,
      ];
      yield [decimal(at[i]!), field(name), ...columns.map((column) => decimal(column[tenant]![i]!))].join(",");
    }
}
