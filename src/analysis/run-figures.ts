// What is kept of a run: its figures, and the fleet over time as exact steps.
import type { PoolConfig } from "../engine/config.ts";
import { ReplicaState } from "../engine/contracts.ts";
import type { RequestSource } from "../engine/contracts.ts";
import { costPerHour, isPaid } from "../engine/metrics/billing.ts";
import type { FleetEvent } from "../engine/metrics/results.ts";
import type { Run } from "../scenario/run.ts";
import type { FleetSteps } from "./experiment.ts";
import { gpusOf, metrics } from "./metrics.ts";
import type { MetricId } from "./metrics.ts";
import type { MeasuredFigures, Measure } from "./types.ts";
import { settlingOfRun, windowedSummary } from "./windowed.ts";

const serves = (state: ReplicaState): boolean => state === ReplicaState.ready || state === ReplicaState.draining;

/** Steps from the events of a fleet; `poolOf` by replica. Events of one moment make one step. */
export function fleetSteps(
  events: readonly FleetEvent[],
  pools: readonly PoolConfig[],
  poolOf: (replica: number) => number,
  end: number,
): FleetSteps {
  const states: (ReplicaState | undefined)[] = [];
  const paid = pools.map(() => 0);
  const at: number[] = [];
  const serving: number[] = [];
  const cost: number[] = [];
  let count = 0;
  for (const event of events) {
    const { replica, state } = event;
    const before = states[replica];
    states[replica] = state;
    const index = poolOf(replica);
    const pool = pools[index]!;
    count += Number(serves(state)) - Number(before !== undefined && serves(before));
    paid[index]! += Number(isPaid(pool, state)) - Number(before !== undefined && isPaid(pool, before));
    if (at.at(-1) !== event.at) at.push(event.at);
    const row = at.length - 1;
    serving[row] = count;
    cost[row] = pools.reduce((sum, config, i) => sum + costPerHour(config, paid[i]!), 0);
  }
  return { at: Float64Array.from(at), serving: Uint16Array.from(serving), costPerHour: Float64Array.from(cost), end };
}

/** Mean over time, from 0 to the end. */
function meanOf({ at, serving, end }: FleetSteps): number {
  let area = 0;
  for (let i = 0; i < at.length; i++) area += serving[i]! * Math.max(0, Math.min(end, at[i + 1] ?? end) - at[i]!);
  return end > 0 ? area / end : 0;
}

/** Requests per second by the source's own account. */
function rateOf({ expected, duration }: RequestSource): number | null {
  const rate = expected / duration;
  return Number.isFinite(rate) && rate > 0 ? rate : null;
}

/** Ends the run where it stands if it is not over. A window or where it settles need a run that keeps its requests. */
export function figuresOf(run: Run, { window, settling }: Measure = {}): MeasuredFigures {
  const { summary: whole, fleet: samples, requests: log } = run.results();
  const summary = window === undefined ? whole : windowedSummary(whole, log!, window);
  const fleet = fleetSteps(run.events(), run.config.pools, (replica) => samples.replicas[replica]!.pool, summary.makespan);
  const { total, completed, refused, failed } = summary.requests;
  return {
    metrics: Object.fromEntries(metrics.map((metric) => [metric.id, metric.of(summary)])) as Record<MetricId, number | null>,
    requests: { total, completed, refused, failed },
    makespan: summary.makespan,
    fleet,
    meanReplicas: meanOf(fleet),
    maxReplicas: fleet.serving.reduce((most, count) => Math.max(most, count), 0),
    offeredRate: rateOf(run.config.source),
    meanGpus: gpusOf(summary),
    ...(settling === true ? { settling: settlingOfRun(log!) } : {}),
  };
}
