// The summary of a run from what the recorder has. Exact quantiles where requests were kept, sketches otherwise.
import { ReplicaState, Status } from "../contracts.ts";
import { fillLatencies, latencies, rows } from "./ended-rows.ts";
import { ExactQuantiles } from "./quantiles.ts";
import type { RequestLogWriter } from "./request-log.ts";
import type { Cdf, ClassResult, Distribution, Summary } from "./results.ts";
import type { LatencySketches } from "./digest.ts";
import type { RunRecorder } from "./run-recorder.ts";
import { SKETCH_BINS, edgeOf } from "./sketch.ts";
import type { Sketch } from "./sketch.ts";

const SHARES = [0.5, 0.9, 0.95, 0.99] as const;
const EMPTY: Distribution = { count: 0, mean: null, p50: null, p90: null, p95: null, p99: null, max: null };

export function distribution(sketch: Sketch, exact?: ExactQuantiles): Distribution {
  if (sketch.count === 0) return EMPTY;
  const [p50, p90, p95, p99] = (exact?.quantiles() ?? SHARES.map((share) => sketch.quantile(share))) as [number, number, number, number];
  return { count: sketch.count, mean: sketch.sum / sketch.count, p50, p90, p95, p99, max: sketch.max };
}

/** Quantiles of one group of requests. */
class Exact {
  readonly ttft: ExactQuantiles;
  readonly tpot: ExactQuantiles;
  readonly e2e: ExactQuantiles;

  constructor(sketches: LatencySketches) {
    this.ttft = new ExactQuantiles(sketches.ttft, SHARES);
    this.tpot = new ExactQuantiles(sketches.tpot, SHARES);
    this.e2e = new ExactQuantiles(sketches.e2e, SHARES);
  }

  /** The first `count` rows, those of one tenant only when `groups` is given. */
  see(count: number, groups: Int32Array | null, tenant: number): void {
    this.ttft.see(latencies.ttft, count, groups, tenant);
    this.tpot.see(latencies.tpot, count, groups, tenant);
    this.e2e.see(latencies.e2e, count, groups, tenant);
  }
}

/** Shows every kept request to the quantiles of all, of its tenant, and of the time in queues. */
function seeAll(log: RequestLogWriter, all: Exact, tenants: readonly Exact[], queueing: ExactQuantiles): void {
  for (let from = 0, count = 0; (count = log.recall(from)) > 0; from += count) {
    fillLatencies(count);
    queueing.see(latencies.queueing, count, null, 0);
    all.see(count, null, 0);
    if (tenants.length > 1) tenants.forEach((own, tenant) => own.see(count, rows.tenant, tenant));
  }
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/**
 * The summary so far. `exact`: quantiles from kept requests instead of sketches (needs a recorder that keeps them);
 * costs some passes over all requests, so it is for the end of a run.
 */
export function summarize(recorder: RunRecorder, exact: boolean): Summary {
  recorder.digest();
  const { config, simulation, fleet, log, digested } = recorder;
  const { statuses } = digested;
  const all = digested.all();
  const useLog = exact && log.keeps;
  const exactAll = useLog ? new Exact(all) : undefined;
  const exactQueueing = useLog ? new ExactQuantiles(digested.queueing, SHARES) : undefined;
  // One tenant: its quantiles are those of all.
  const exactTenants = useLog ? (digested.byTenant.length > 1 ? digested.byTenant.map((own) => new Exact(own)) : [exactAll!]) : undefined;
  if (useLog) seeAll(log, exactAll!, exactTenants!, exactQueueing!);
  const now = simulation.done ? Math.max(digested.lastEnd, lastEventAt(recorder)) : simulation.now;
  const seconds = now > 0 ? now : 1;

  const pools = config.pools.map((pool, index) => ({
    pool,
    index,
    replicaSeconds: 0,
    serving: 0,
    busy: 0,
    preemptions: 0,
    kvWeight: 0,
    kvShare: 0,
  }));
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
  const costOf = ({ pool, index, replicaSeconds }: (typeof pools)[number]): number =>
    pool.node === null ? (replicaSeconds / 3600) * pool.pricePerReplicaHour : fleet.meters[index]!.cost(now);
  const cost = total(costOf);
  const completed = statuses[Status.completed]!;
  const arrived = digested.total("requests");
  const inputTokens = digested.total("inputTokens");
  const outputTokens = digested.total("outputTokens");
  const ended = completed + statuses[Status.refused]! + statuses[Status.failed]!;
  const met = digested.classes.reduce((sum, row) => sum + row.met, 0);
  const flops = recorder.work.flops();
  /** Share of the peak over the time in which replicas could serve. */
  const mfuOf = (rows: typeof pools, done: readonly (number | null)[]): number | null => {
    if (done.includes(null)) return null;
    const possible = rows.reduce((sum, row) => sum + row.serving * (row.pool.work?.peakFlopsPerS ?? 0), 0);
    return ratio(
      (done as number[]).reduce((sum, own) => sum + own, 0),
      possible,
    );
  };
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
      inputTokensPerS: inputTokens / seconds,
      outputTokensPerS: outputTokens / seconds,
    },
    ttft: distribution(all.ttft, exactAll?.ttft),
    tpot: distribution(all.tpot, exactAll?.tpot),
    itl: distribution(recorder.tokens.itl),
    e2e: distribution(all.e2e, exactAll?.e2e),
    queueing: distribution(digested.queueing, exactQueueing),
    slo: {
      attainment: ratio(met, ended),
      goodputPerS: met / seconds,
      late: digested.late,
      classes: config.sloClasses.map(({ name }, index): ClassResult => {
        const row = digested.classes[index]!;
        return {
          name,
          requests: row.requests,
          attainment: ratio(row.met, row.ended),
          ttftAttainment: ratio(row.metTtft, row.ended),
          tpotAttainment: ratio(row.metTpot, row.ended),
          e2eAttainment: ratio(row.metE2e, row.ended),
          goodputPerS: row.met / seconds,
        };
      }),
    },
    cost: {
      total: cost,
      perHour: (cost / seconds) * 3600,
      perMillionInputTokens: perMillion(inputTokens),
      perMillionOutputTokens: perMillion(outputTokens),
      perMillionTokens: perMillion(inputTokens + outputTokens),
    },
    fleet: {
      replicaSeconds: total((row) => row.replicaSeconds),
      gpuSeconds: total((row) => row.replicaSeconds * row.pool.gpusPerReplica),
      utilisation:
        ratio(
          total((row) => row.busy),
          total((row) => row.serving),
        ) ?? 0,
      kvUseMean:
        ratio(
          total((row) => row.kvShare),
          total((row) => row.kvWeight),
        ) ?? 0,
      kvUsePeak: fleet.kvPeak,
      mfu: mfuOf(pools, flops),
      preemptions: total((row) => row.preemptions),
      cacheHitRate: ratio(digested.total("cachedTokens"), inputTokens) ?? 0,
      iterations: simulation.iterations,
    },
    tenants: config.tenants.map(({ name }, tenant) => {
      const row = digested.tenants[tenant]!;
      const sketches = digested.byTenant[tenant]!;
      return {
        name,
        requests: row.requests,
        completed: row.completed,
        attainment: ratio(row.met, row.ended),
        inputTokens: row.inputTokens,
        outputTokens: row.outputTokens,
        ttft: distribution(sketches.ttft, exactTenants?.[tenant]!.ttft),
        tpot: distribution(sketches.tpot, exactTenants?.[tenant]!.tpot),
        e2e: distribution(sketches.e2e, exactTenants?.[tenant]!.e2e),
      };
    }),
    pools: pools.map((row, index) => ({
      name: row.pool.name,
      requests: digested.poolRequests[index]!,
      replicaSeconds: row.replicaSeconds,
      gpuSeconds: row.replicaSeconds * row.pool.gpusPerReplica,
      cost: costOf(row),
      utilisation: ratio(row.busy, row.serving) ?? 0,
      kvUseMean: ratio(row.kvShare, row.kvWeight) ?? 0,
      mfu: mfuOf([row], [flops[index]!]),
      preemptions: row.preemptions,
      kvBlocks: row.pool.kvBlocks,
    })),
  };
}

/** A run cut short ends where its clock stands; a run that went through ends with its last request. */
function lastEventAt(recorder: RunRecorder): number {
  return recorder.digested.statuses[Status.unfinished]! > 0 ? recorder.simulation.now : 0;
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
