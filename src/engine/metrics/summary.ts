// The summary of a run from what the recorder has. Exact quantiles where requests were kept, sketches otherwise.
import { ReplicaState, Status } from "../contracts.ts";
import { exactQuantiles } from "./quantiles.ts";
import { SKETCH_BINS, Sketch, edgeOf } from "./sketch.ts";
import type { RunRecorder } from "./run-recorder.ts";
import type { Cdf, ClassResult, Distribution, RequestLog, Summary } from "./results.ts";

const SHARES = [0.5, 0.9, 0.95, 0.99] as const;
const EMPTY: Distribution = { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };

function distribution(sketch: Sketch, exact?: Float64Array): Distribution {
  if (sketch.count === 0) return EMPTY;
  const [p50, p90, p95, p99] = (
    exact === undefined ? SHARES.map((share) => sketch.quantile(share)) : exactQuantiles(exact, sketch, SHARES)
  ) as [number, number, number, number];
  return { count: sketch.count, mean: sketch.sum / sketch.count, p50, p90, p95, p99, max: sketch.max };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Latency columns of kept requests; NaN where a request has none. */
export interface LatencyColumns {
  readonly ttft: Float64Array;
  readonly tpot: Float64Array;
  readonly e2e: Float64Array;
  readonly queueing: Float64Array;
}

export function latencyColumns(log: RequestLog): LatencyColumns {
  const { length, status, arrivedAt, scheduledAt, firstTokenAt, finishedAt, outputTokens } = log;
  const columns = { ttft: new Float64Array(length), tpot: new Float64Array(length), e2e: new Float64Array(length), queueing: new Float64Array(length) };
  for (let i = 0; i < length; i++) {
    const arrived = arrivedAt[i]!;
    const done = status[i] === Status.completed;
    columns.ttft[i] = firstTokenAt[i]! - arrived;
    columns.queueing[i] = scheduledAt[i]! - arrived;
    columns.e2e[i] = done ? finishedAt[i]! - arrived : NaN;
    columns.tpot[i] = done && outputTokens[i]! > 1 ? (finishedAt[i]! - firstTokenAt[i]!) / (outputTokens[i]! - 1) : NaN;
  }
  return columns;
}

/** Values of one tenant, others NaN. */
function ofTenant(values: Float64Array, tenants: Uint16Array, tenant: number): Float64Array {
  const own = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) own[i] = tenants[i] === tenant ? values[i]! : NaN;
  return own;
}

/**
 * The summary so far. `exact`: quantiles from kept requests instead of sketches (needs a recorder that keeps them);
 * costs some passes over all requests, so it is for the end of a run.
 */
export function summarize(recorder: RunRecorder, exact: boolean): Summary {
  const { config, simulation, fleet, statuses } = recorder;
  const log = exact && recorder.log !== null ? recorder.log.slice() : null;
  const columns = log === null ? null : latencyColumns(log);
  const now = simulation.done ? Math.max(recorder.lastEnd, lastEventAt(recorder)) : simulation.now;
  const seconds = now > 0 ? now : 1;

  const pools = config.pools.map((pool) => ({ pool, replicaSeconds: 0, serving: 0, busy: 0, preemptions: 0, kvWeight: 0, kvShare: 0 }));
  simulation.replicas.forEach((replica, index) => {
    const row = pools[replica.pool]!;
    const spent = fleet.secondsOf(index, now);
    row.replicaSeconds += fleet.paidSeconds(index, now);
    row.serving += spent[ReplicaState.ready]! + spent[ReplicaState.draining]!;
    row.busy += replica.busyUntil(now);
    row.preemptions += replica.preemptions;
    row.kvWeight += fleet.replicas[index]!.weight;
    row.kvShare += fleet.replicas[index]!.kvShare;
  });
  const total = (value: (row: (typeof pools)[number]) => number): number => pools.reduce((sum, row) => sum + value(row), 0);
  const costOf = (row: (typeof pools)[number]): number => (row.replicaSeconds / 3600) * row.pool.pricePerReplicaHour;
  const cost = total(costOf);
  const completed = statuses[Status.completed]!;
  const arrived = recorder.tenants.reduce((sum, tenant) => sum + tenant.requests, 0);
  const ended = completed + statuses[Status.refused]! + statuses[Status.failed]!;
  const met = recorder.classes.reduce((sum, row) => sum + row.met, 0);
  const perMillion = (tokens: number): number | null => (tokens === 0 ? null : (cost / tokens) * 1e6);

  return {
    requests: {
      total: arrived,
      completed,
      refused: statuses[Status.refused]!,
      failed: statuses[Status.failed]!,
      unfinished: arrived - ended,
    },
    makespan: now,
    throughput: {
      requestsPerS: completed / seconds,
      inputTokensPerS: recorder.inputTokens / seconds,
      outputTokensPerS: recorder.outputTokens / seconds,
    },
    ttft: distribution(recorder.all.ttft, columns?.ttft),
    tpot: distribution(recorder.all.tpot, columns?.tpot),
    itl: distribution(recorder.itl),
    e2e: distribution(recorder.all.e2e, columns?.e2e),
    queueing: distribution(recorder.queueing, columns?.queueing),
    slo: {
      attainment: ratio(met, ended),
      goodputPerS: met / seconds,
      late: recorder.late,
      classes: config.sloClasses.map(
        ({ name }, index): ClassResult => {
          const row = recorder.classes[index]!;
          return {
            name,
            requests: row.requests,
            attainment: ratio(row.met, row.ended),
            ttftAttainment: ratio(row.metTtft, row.ended),
            tpotAttainment: ratio(row.metTpot, row.ended),
            e2eAttainment: ratio(row.metE2e, row.ended),
            goodputPerS: row.met / seconds,
          };
        },
      ),
    },
    cost: {
      total: cost,
      perHour: (cost / seconds) * 3600,
      perMillionInputTokens: perMillion(recorder.inputTokens),
      perMillionOutputTokens: perMillion(recorder.outputTokens),
      perMillionTokens: perMillion(recorder.inputTokens + recorder.outputTokens),
    },
    fleet: {
      replicaSeconds: total((row) => row.replicaSeconds),
      gpuSeconds: total((row) => row.replicaSeconds * row.pool.gpusPerReplica),
      utilisation: ratio(total((row) => row.busy), total((row) => row.serving)) ?? 0,
      kvUseMean: ratio(total((row) => row.kvShare), total((row) => row.kvWeight)) ?? 0,
      kvUsePeak: fleet.kvPeak,
      preemptions: total((row) => row.preemptions),
      cacheHitRate: ratio(recorder.cachedTokens, recorder.inputTokens) ?? 0,
      iterations: simulation.iterations,
    },
    tenants: config.tenants.map(({ name }, tenant) => {
      const row = recorder.tenants[tenant]!;
      const sketches = recorder.byTenant[tenant]!;
      const own = (values: Float64Array | undefined): Float64Array | undefined =>
        values === undefined || log === null ? undefined : ofTenant(values, log.tenant, tenant);
      return {
        name,
        requests: row.requests,
        completed: row.completed,
        attainment: ratio(row.met, row.ended),
        inputTokens: row.inputTokens,
        outputTokens: row.outputTokens,
        ttft: distribution(sketches.ttft, own(columns?.ttft)),
        tpot: distribution(sketches.tpot, own(columns?.tpot)),
        e2e: distribution(sketches.e2e, own(columns?.e2e)),
      };
    }),
    pools: pools.map((row, index) => ({
      name: row.pool.name,
      requests: recorder.poolRequests[index]!,
      replicaSeconds: row.replicaSeconds,
      gpuSeconds: row.replicaSeconds * row.pool.gpusPerReplica,
      cost: costOf(row),
      utilisation: ratio(row.busy, row.serving) ?? 0,
      kvUseMean: ratio(row.kvShare, row.kvWeight) ?? 0,
      preemptions: row.preemptions,
      kvBlocks: row.pool.kvBlocks,
    })),
  };
}

/** A run cut short ends where its clock stands; a run that went through ends with its last request. */
function lastEventAt(recorder: RunRecorder): number {
  return recorder.statuses[Status.unfinished]! > 0 ? recorder.simulation.now : 0;
}

/** Distribution as a curve: one point per bin that holds something. */
export function cdfOf(sketch: Sketch): Cdf {
  const seconds: number[] = [];
  const share: number[] = [];
  if (sketch.count === 0) return { seconds: new Float64Array(0), share: new Float64Array(0) };
  seconds.push(sketch.min);
  share.push(0);
  let below = 0;
  for (let bin = 0; bin < SKETCH_BINS; bin++) {
    if (sketch.bins[bin] === 0) continue;
    below += sketch.bins[bin]!;
    seconds.push(Math.min(sketch.max, edgeOf(bin + 1)));
    share.push(below / sketch.count);
  }
  return { seconds: Float64Array.from(seconds), share: Float64Array.from(share) };
}
