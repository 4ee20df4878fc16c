// The files of a run as text: the command line writes them, the page exports them. Times in decimal seconds with full precision.
// Everything comes in chunks, so that a million requests never stand in memory as one string.
import { ReplicaState, STATUS_NAMES } from "../engine/contracts.ts";
import type { RequestTimeColumns } from "../engine/metrics/detail-results.ts";
import { requestFigures, requestMetrics } from "../engine/metrics/request-metrics.ts";
import type { FleetSamples, RequestLog, ScalingDecision, Summary } from "../engine/metrics/results.ts";
import type { RoutingReport } from "../engine/metrics/routing-report.ts";
import { batchesFile, histogramsFile, type RunDetails } from "./detail-files.ts";
import { FAIRNESS_COLUMNS, fairnessRows, measureFairness } from "./fairness-report.ts";
import { field, inChunks, type RunFile } from "./run-file.ts";
import type { DrawsReport } from "./draws.ts";
import { decimal } from "./decimal.ts";
import { canonicalJson, hashScenario } from "./hash.ts";
import { normalise } from "./normalise.ts";
import type { Scenario } from "./types.ts";
import { ENGINE_VERSION } from "./version.ts";

/** What a run leaves behind. */
export interface RunResults {
  readonly scenario: Scenario;
  readonly summary: Summary;
  readonly fleet: FleetSamples;
  /** Ended requests; null when the run did not keep them (then there is no requests.csv). */
  readonly requests: RequestLog | null;
  /** By tenant index; a trace's own names where it has some. */
  readonly tenants: readonly string[];
  /** Changes that autoscalers asked for; null when no pool's policy ever asks for one (then there is no scaling.csv). */
  readonly decisions: readonly ScalingDecision[] | null;
  /** Prefix caches and the router's memory; null where there is neither. */
  readonly routing: RoutingReport | null;
  /** Where they were asked for. */
  readonly details?: RunDetails;
  /** Where runs with draws of a fitted model were asked for. */
  readonly draws?: DrawsReport;
}

/** Rows of the log by request id, which is the order of arrival. */
function byId(log: RequestLog): Int32Array {
  const order = new Int32Array(log.length);
  for (let row = 0; row < log.length; row++) order[row] = row;
  return order.sort((a, b) => log.id[a]! - log.id[b]!);
}

const REQUEST_COLUMNS =
  "id,tenant,arrived_at,prompt_tokens,output_tokens,pool,replica,status,scheduled_at,first_token_at,finished_at,preemptions,cached_tokens";
/** What follows from the times of a request (docs/glossary.md); NaN, which is an empty field, where it has none. */
const FIGURES: readonly (readonly [string, (log: RequestLog, row: number) => number])[] = [
  ["ttft", (log, row) => log.firstTokenAt[row]! - log.arrivedAt[row]!],
  ["tpot", requestFigures.tpot],
  ["e2e", requestFigures.e2e],
  ["queueing", (log, row) => log.scheduledAt[row]! - log.arrivedAt[row]!],
  ["prefill_time", requestFigures.prefillTime],
  ["decode_time", requestFigures.decodeTime],
  ["inference_time", requestFigures.inferenceTime],
  ["e2e_per_output_token", requestFigures.e2ePerOutputToken],
];
const TIMES = ["running", "preempted", "stalled"] as const satisfies readonly (keyof RequestTimeColumns)[];

/** Whether the router has said of any request what it expects. */
const predicts = (log: RequestLog): boolean => log.predictedTokens.some((tokens) => tokens >= 0);

function requestHeader(log: RequestLog, details: RunDetails | undefined): string {
  const more = details === undefined ? [] : TIMES.map((name) => `${name}_time`);
  return [REQUEST_COLUMNS, ...FIGURES.map(([name]) => name), ...more, ...(predicts(log) ? ["predicted_tokens"] : [])].join(",");
}

function* requestRows(
  log: RequestLog,
  tenants: readonly string[],
  fleet: FleetSamples,
  details: RunDetails | undefined,
): Generator<string> {
  const tenantFields = tenants.map(field);
  const poolFields = fleet.pools.map((pool) => field(pool.name));
  const replicaFields = fleet.replicas.map((replica) => field(replica.name));
  const withPredictions = predicts(log);
  for (const row of byId(log)) {
    const columns = [
      log.id[row]!,
      tenantFields[log.tenant[row]!] ?? "",
      decimal(log.arrivedAt[row]!),
      log.promptTokens[row]!,
      log.outputTokens[row]!,
      poolFields[log.pool[row]!] ?? "",
      replicaFields[log.replica[row]!] ?? "",
      STATUS_NAMES[log.status[row]!] ?? "",
      decimal(log.scheduledAt[row]!),
      decimal(log.firstTokenAt[row]!),
      decimal(log.finishedAt[row]!),
      log.preemptions[row]!,
      log.cachedTokens[row]!,
    ];
    for (const [, figure] of FIGURES) columns.push(decimal(figure(log, row)));
    if (details !== undefined) for (const name of TIMES) columns.push(decimal(details.requestTimes[name][row]!));
    if (withPredictions) columns.push(log.predictedTokens[row]! < 0 ? "" : log.predictedTokens[row]!);
    yield columns.join(",");
  }
}

/** One row per sample and replica that stands in the fleet then; replicas that failed or are gone have none. */
function* replicaRows(fleet: FleetSamples): Generator<string> {
  for (let sample = 0; sample < fleet.length; sample++) {
    const t = decimal(sample * fleet.sampleSeconds);
    for (const replica of fleet.replicas) {
      const i = sample - replica.from;
      const state = replica.state[i];
      if (i < 0 || state === undefined || state === ReplicaState.gone || state === ReplicaState.failed) continue;
      const running = replica.decoding[i]! + replica.prefilling[i]!;
      const busy = decimal(Number(replica.busy[i]!.toPrecision(7)));
      const pool = field(fleet.pools[replica.pool]?.name ?? "");
      yield `${t},${pool},${field(replica.name)},${running},${replica.waiting[i]!},${replica.kvUsedBlocks[i]!},${replica.kvBlocks},${busy}`;
    }
  }
}

function* fleetRows(fleet: FleetSamples): Generator<string> {
  for (let sample = 0; sample < fleet.length; sample++) {
    const t = decimal(sample * fleet.sampleSeconds);
    for (const pool of fleet.pools)
      yield `${t},${field(pool.name)},${pool.ready[sample]!},${pool.starting[sample]!},${pool.draining[sample]!},${decimal(pool.costPerHour[sample]!)}`;
  }
}

/** One row per change that an autoscaler asked for, and the numbers it rested on. */
function* scalingRows(decisions: readonly ScalingDecision[], fleet: FleetSamples): Generator<string> {
  for (const { at, pool, ready, starting, draining, leaving, answered, ordered, because } of decisions) {
    const reasons = because.map(([name, value]) => `${name}: ${decimal(value)}`).join("; ");
    const counts = [ready, starting, draining, leaving, decimal(answered), ordered].join(",");
    yield `${decimal(at)},${field(fleet.pools[pool]?.name ?? "")},${counts},${field(reasons)}`;
  }
}

/** Figures of prefix caching and of routing by it: what caches hold, and predictions against what was found. */
function prefixFigures(routing: RoutingReport, log: RequestLog | null): object {
  const { caches, namedBlocks, distinctBlocks, router } = routing;
  let predicted = 0;
  let found = 0;
  let prompts = 0;
  for (let row = 0; row < (log?.length ?? 0); row++) {
    if (log!.predictedTokens[row]! < 0) continue;
    predicted += log!.predictedTokens[row]!;
    found += log!.cachedTokens[row]!;
    prompts += log!.promptTokens[row]!;
  }
  return {
    replicas: caches,
    namedBlocks,
    distinctBlocks,
    copies: distinctBlocks === 0 ? null : namedBlocks / distinctBlocks,
    predictedHitRate: prompts === 0 ? null : predicted / prompts,
    foundHitRate: prompts === 0 ? null : found / prompts,
    router,
  };
}

/** summary.json: the results, then what they are the results of. */
export function summaryText({ scenario, summary, fleet, requests, tenants, details, routing, draws }: RunResults): string {
  // Keys in one order, however the scenario came about: the page and the command line write the same bytes.
  const plain = JSON.parse(canonicalJson(normalise(scenario))) as Scenario;
  const fair = requests !== null && tenants.length > 1 && requests.length > 0;
  const more = {
    ...(requests === null ? {} : { perRequest: requestMetrics(requests) }),
    ...(fair ? { fairness: measureFairness({ scenario, requests, fleet, tenants }).report } : {}),
    ...(details === undefined ? {} : { details: details.detail }),
    ...(routing === null ? {} : { prefixCaching: prefixFigures(routing, requests) }),
    ...(draws === undefined ? {} : { draws }),
  };
  const origin = { scenario: plain, scenarioHash: hashScenario(plain), engineVersion: ENGINE_VERSION };
  return `${JSON.stringify({ ...summary, ...more, ...origin }, null, 2)}\n`;
}

export function runFiles(results: RunResults): readonly RunFile[] {
  const { fleet, requests, tenants, decisions, details } = results;
  const files: RunFile[] = [{ name: "summary.json", chunks: () => [summaryText(results)] }];
  if (requests !== null)
    files.push({
      name: "requests.csv",
      chunks: () => inChunks(requestHeader(requests, details), requestRows(requests, tenants, fleet, details)),
    });
  files.push({
    name: "replicas.csv",
    chunks: () => inChunks("t,pool,replica,running,waiting,kv_used_blocks,kv_blocks,busy", replicaRows(fleet)),
  });
  files.push({ name: "fleet.csv", chunks: () => inChunks("t,pool,ready,starting,draining,cost_per_hour", fleetRows(fleet)) });
  if (decisions !== null)
    files.push({
      name: "scaling.csv",
      chunks: () => inChunks("t,pool,ready,starting,draining,leaving,answered,ordered,because", scalingRows(decisions, fleet)),
    });
  if (requests !== null && requests.length > 0 && tenants.length > 1)
    files.push({
      name: "fairness.csv",
      chunks: () => inChunks(FAIRNESS_COLUMNS, fairnessRows({ scenario: results.scenario, requests, fleet, tenants })),
    });
  if (details !== undefined) files.push(batchesFile(details, fleet), histogramsFile(details));
  return files;
}
