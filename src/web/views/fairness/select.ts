// What tenants were served beside each other, from the requests that have ended. Pure.
import type { RequestLog } from "../../../engine/metrics/results.ts";
import { measureFairness, type FairnessReport } from "../../../scenario/fairness-report.ts";
import type { RunPicture } from "../../../scenario/session-types.ts";
import type { Scenario } from "../../../scenario/types.ts";

/** Points along a chart. */
const STEPS = 120;
/** Tenants drawn one by one: those with the most requests. */
export const MOST_LINES = 8;
/** Above as many requests working it all out would hold up the page. */
export const MOST_REQUESTS = 10_000;

export interface FairnessModel {
  readonly end: number;
  readonly at: Float64Array;
  /** Indices of the tenants drawn. */
  readonly drawn: readonly number[];
  readonly names: readonly string[];
  /** By drawn tenant. */
  readonly service: readonly Float64Array[];
  readonly response: readonly Float64Array[];
  readonly accumulated: readonly Float64Array[];
  /** Of all tenants, up to the last arrival (NaN after it: who has nothing left to ask for falls behind): by tokens, and as the artifact reckons. */
  readonly gap: Float64Array;
  readonly artifactGap: Float64Array;
  readonly report: FairnessReport;
}

export function selectFairness(picture: RunPicture, log: RequestLog, scenario: Scenario): FairnessModel {
  const names = picture.summary.tenants.map(({ name }) => name);
  const measured = measureFairness({ scenario, requests: log, fleet: picture.fleet, tenants: names });
  const { report } = measured;
  const end = Math.max(picture.progress.simTime, 1e-9);
  const at = Float64Array.from({ length: STEPS + 1 }, (_, i) => (i * end) / STEPS);
  const tokens = measured.tokens.series(at);
  const whileAsked = (values: Float64Array): Float64Array => values.map((value, i) => (at[i]! > measured.tokens.lastArrival ? NaN : value));
  const drawn = [...names.keys()]
    .sort((a, b) => report.tenants[b]!.requests - report.tenants[a]!.requests || a - b)
    .slice(0, MOST_LINES)
    .sort((a, b) => a - b);
  const of = (columns: readonly Float64Array[]): Float64Array[] => drawn.map((tenant) => columns[tenant]!);
  return {
    end,
    at,
    drawn,
    names: drawn.map((tenant) => names[tenant]!),
    service: of(tokens.serviceRate),
    response: of(tokens.responseTime),
    accumulated: of(tokens.accumulated),
    gap: whileAsked(tokens.gap),
    artifactGap: whileAsked(at.map((time) => measured.artifact.gapAt(time))),
    report,
  };
}
