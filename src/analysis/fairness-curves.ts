// What tenants were served beside each other, as curves over time, from the requests that have ended. Pure; a worker of the page does it.
import { measureFairness, type FairnessReport, type FairRun } from "../scenario/fairness-report.ts";

/** A run so far: what is served beside whom, up to a time in seconds. */
export interface FairnessQuestion extends FairRun {
  readonly simTime: number;
}

/** Points along a chart. */
const STEPS = 120;
/** Tenants drawn one by one: those with the most requests. */
export const MOST_LINES = 8;
/** Above as many requests copying their columns would hold up the page. */
export const MOST_REQUESTS = 200_000;

export interface FairnessCurves {
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

export function fairnessCurves(question: FairnessQuestion): FairnessCurves {
  const { tenants: names, simTime } = question;
  const measured = measureFairness(question);
  const { report } = measured;
  const end = Math.max(simTime, 1e-9);
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
