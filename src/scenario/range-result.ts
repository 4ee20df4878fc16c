// Results of the requests that arrived in a range of simulated time, from the kept rows; cost and KV use from the samples of the fleet.
import { ReplicaState, Status } from "../engine/contracts.ts";
import type { Cdf, RequestLog, Summary } from "../engine/metrics/results.ts";
import { distributionOf } from "../engine/metrics/sorted.ts";
import type { Run } from "./run.ts";

export interface RangeResult {
  readonly summary: Summary;
  readonly cdfs: { readonly ttft: Cdf; readonly tpot: Cdf; readonly e2e: Cdf };
}

/** Points of a cumulative curve. */
const CDF_POINTS = 256;

function cdf(sorted: Float64Array): Cdf {
  const points = Math.min(CDF_POINTS, sorted.length);
  const seconds = new Float64Array(points);
  const share = new Float64Array(points);
  for (let i = 0; i < points; i++) {
    const row = Math.floor(((i + 1) * sorted.length) / points) - 1;
    seconds[i] = sorted[row]!;
    share[i] = (row + 1) / sorted.length;
  }
  return { seconds, share };
}

/** Latencies of the rows, sorted; rows without the quantity are left out. */
function latencies(log: RequestLog, rows: readonly number[]): Record<"ttft" | "tpot" | "e2e" | "queueing", Float64Array> {
  const ttft: number[] = [];
  const tpot: number[] = [];
  const e2e: number[] = [];
  const queueing: number[] = [];
  for (const row of rows) {
    const arrived = log.arrivedAt[row]!;
    const first = log.firstTokenAt[row]!;
    const scheduled = log.scheduledAt[row]!;
    if (scheduled >= 0) queueing.push(scheduled - arrived);
    if (first >= 0) ttft.push(first - arrived);
    if (log.status[row] !== Status.completed) continue;
    const finished = log.finishedAt[row]!;
    e2e.push(finished - arrived);
    if (log.outputTokens[row]! > 1) tpot.push((finished - first) / (log.outputTokens[row]! - 1));
  }
  const sorted = (values: number[]): Float64Array => Float64Array.from(values).sort();
  return { ttft: sorted(ttft), tpot: sorted(tpot), e2e: sorted(e2e), queueing: sorted(queueing) };
}

const ratio = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** Cost, replica time and KV use of the range, sampled. */
function fleetOf(run: Run, from: number, to: number) {
  const fleet = run.fleet();
  const first = Math.max(0, Math.floor(from / fleet.sampleSeconds));
  const last = Math.min(fleet.length, Math.max(first + 1, Math.ceil(to / fleet.sampleSeconds)));
  let costPerHour = 0;
  for (const pool of fleet.pools) for (let i = first; i < last; i++) costPerHour += pool.costPerHour[i]!;
  const samples = Math.max(1, last - first);
  let ready = 0;
  let kv = 0;
  let peak = 0;
  let busy = 0;
  for (const replica of fleet.replicas) {
    for (let i = Math.max(first, replica.from); i < last; i++) {
      const row = i - replica.from;
      if (replica.state[row] !== ReplicaState.ready) continue;
      const share = replica.kvUsedBlocks[row]! / Math.max(1, replica.kvBlocks);
      ready++;
      kv += share;
      busy += replica.busy[row]!;
      if (share > peak) peak = share;
    }
  }
  const seconds = ready * fleet.sampleSeconds;
  return {
    perHour: costPerHour / samples,
    replicaSeconds: seconds,
    utilisation: ready === 0 ? 0 : busy / ready,
    kvUseMean: ready === 0 ? 0 : kv / ready,
    kvUsePeak: peak,
  };
}

/** Null when no request that arrived in [from, to) has ended. */
export function rangeResult(run: Run, from: number, to: number): RangeResult | null {
  const log = run.requests();
  const rows: number[] = [];
  for (let row = 0; row < log.length; row++) if (log.arrivedAt[row]! >= from && log.arrivedAt[row]! < to) rows.push(row);
  if (rows.length === 0) return null;
  const { config } = run;
  const span = Math.max(1e-9, Math.min(to, run.simulation.now) - from);
  const all = latencies(log, rows);
  const count = (status: number): number => rows.reduce((sum, row) => sum + (log.status[row] === status ? 1 : 0), 0);
  const sum = (column: ArrayLike<number>, of: readonly number[] = rows): number => of.reduce((total, row) => total + column[row]!, 0);
  const met = sum(log.met);
  const input = sum(
    log.promptTokens,
    rows.filter((row) => log.firstTokenAt[row]! >= 0),
  );
  const output = sum(
    log.outputTokens,
    rows.filter((row) => log.status[row] === Status.completed),
  );
  const fleet = fleetOf(run, from, to);
  const cost = (fleet.perHour * span) / 3600;
  const within = (of: readonly number[], limit: number, value: (row: number) => number): number | null =>
    ratio(of.filter((row) => log.status[row] === Status.completed && !(value(row) > limit)).length, of.length);

  const classes = config.sloClasses.map((slo, index) => {
    const own = rows.filter((row) => log.sloClass[row] === index);
    return {
      name: slo.name,
      requests: own.length,
      attainment: ratio(sum(log.met, own), own.length),
      ttftAttainment: within(own, slo.ttft, (row) => log.firstTokenAt[row]! - log.arrivedAt[row]!),
      tpotAttainment: within(
        own,
        slo.tpot,
        (row) => (log.finishedAt[row]! - log.firstTokenAt[row]!) / Math.max(1, log.outputTokens[row]! - 1),
      ),
      e2eAttainment: within(own, slo.e2e, (row) => log.finishedAt[row]! - log.arrivedAt[row]!),
      goodputPerS: sum(log.met, own) / span,
    };
  });
  const tenants = config.tenants.map((tenant, index) => {
    const own = rows.filter((row) => log.tenant[row] === index);
    const times = latencies(log, own);
    return {
      name: tenant.name,
      requests: own.length,
      completed: own.filter((row) => log.status[row] === Status.completed).length,
      attainment: ratio(sum(log.met, own), own.length),
      inputTokens: sum(log.promptTokens, own),
      outputTokens: sum(log.outputTokens, own),
      ttft: distributionOf(times.ttft),
      tpot: distributionOf(times.tpot),
      e2e: distributionOf(times.e2e),
    };
  });
  const whole = run.summary(false);
  const per = (tokens: number): number | null => (tokens === 0 ? null : (cost / tokens) * 1e6);
  return {
    summary: {
      requests: {
        total: rows.length,
        completed: count(Status.completed),
        refused: count(Status.refused),
        failed: count(Status.failed),
        unfinished: count(Status.unfinished),
      },
      makespan: span,
      throughput: { requestsPerS: count(Status.completed) / span, inputTokensPerS: input / span, outputTokensPerS: output / span },
      ttft: distributionOf(all.ttft),
      tpot: distributionOf(all.tpot),
      // Gaps between tokens are not kept by request: those of the whole run.
      itl: whole.itl,
      e2e: distributionOf(all.e2e),
      queueing: distributionOf(all.queueing),
      slo: { attainment: ratio(met, rows.length), goodputPerS: met / span, late: rows.length - met, classes },
      cost: {
        total: cost,
        perHour: fleet.perHour,
        perMillionInputTokens: per(input),
        perMillionOutputTokens: per(output),
        perMillionTokens: per(input + output),
      },
      fleet: {
        ...whole.fleet,
        replicaSeconds: fleet.replicaSeconds,
        utilisation: fleet.utilisation,
        kvUseMean: fleet.kvUseMean,
        kvUsePeak: fleet.kvUsePeak,
        preemptions: sum(log.preemptions),
      },
      tenants,
      pools: whole.pools,
    },
    cdfs: { ttft: cdf(all.ttft), tpot: cdf(all.tpot), e2e: cdf(all.e2e) },
  };
}
