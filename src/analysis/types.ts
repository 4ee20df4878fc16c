// The contracts between what concludes from many runs and who asks: the page, the command line, tests.
// All of it runs on an injected `RunScenario`: one run somewhere (a worker, a process, here). Whoever asks differs only in the pool behind that function.
// Every long call takes an AbortSignal (it rejects with the signal's reason) and says how far it is; nothing here reads a clock.
import type { FairnessReport } from "../scenario/fairness-report.ts";
import type { Scenario } from "../scenario/types.ts";
import type { Axis, Constraint, EarlyStop, Experiment, Objectives, RunFigures, Sampling } from "./experiment.ts";
import type { MetricId } from "./metrics.ts";

// One run ------------------------------------------------------------------------------------------------------------

/** Which requests of a run count, as shares of the arrivals in their order: [0.1, 0.95) leaves the first tenth and the last twentieth out. */
export type Window = readonly [from: number, to: number];

/** What is asked of a run beside its figures. Plain data: it goes to workers. */
export interface Measure {
  /**
   * Quantities of requests (latencies, time in queue, attainment, throughput, goodput) over this part of the arrivals; cost and cache hits stay those of the whole run. Left out: all.
   */
  readonly window?: Window;
  /** Also say where the run settles (`MeasuredFigures.settling`). */
  readonly settling?: boolean;
  /** Also what each tenant was served, at these seconds (`MeasuredFigures.fairness`). Needs several tenants. */
  readonly fairness?: { readonly at: readonly number[] };
}

/** Where a run is steady by MSER-5 on the end-to-end latency by arrival, as shares of the arrivals: warm-up before `from`, run-down from `to` on. */
export interface Settling {
  readonly from: number;
  readonly to: number;
}

/** Service of the tenants, in two accountings; what goes over time is the artifact's, at the seconds that were asked for. */
export interface MeasuredFairness {
  readonly report: FairnessReport;
  /** Largest less smallest accumulated service, over weights. */
  readonly gap: readonly number[];
  /** By tenant, in windows about each time: service per second; mean TTFT of requests whose first token falls there, NaN without. */
  readonly service: readonly (readonly number[])[];
  readonly response: readonly (readonly number[])[];
}

export interface MeasuredFigures extends RunFigures {
  readonly settling?: Settling;
  readonly fairness?: MeasuredFairness;
}

export type MeasuredAnswer = { readonly ok: true; readonly figures: MeasuredFigures } | { readonly ok: false; readonly error: string };

/** One run to its end. Rejects only for a defect: what the scenario is to blame for is an answer with a sentence. */
export type RunScenario = (scenario: Scenario, measure?: Measure) => Promise<MeasuredAnswer>;

/** What the callers of long calls may give. `T` is what is known so far. */
export interface Asked<T> {
  readonly signal?: AbortSignal;
  readonly progress?: (progress: T) => void;
}

// Sweep --------------------------------------------------------------------------------------------------------------

/** A sweep as a file (`docs/formats.md`): everything that decides which runs are made and what is said of them. */
export interface SweepSpec {
  readonly experiment: Experiment & { readonly sampling: Sampling };
  /** Quantities in tables and CSV files; null: all. */
  readonly metrics: readonly MetricId[] | null;
  readonly objectives: Objectives;
  readonly constraints: readonly Constraint[];
  /** Null: every setting runs with every seed. */
  readonly earlyStop: EarlyStop | null;
}

/** One axis of a file, before it is expanded. */
export type { Axis };

// Goodput search -----------------------------------------------------------------------------------------------------

export interface GoodputSearch {
  readonly scenario: Scenario;
  /** Share of requests that must meet every SLO: 0.9, 0.99. */
  readonly share: number;
  /** Of the interval that is stated: 0.95. */
  readonly confidence: number;
  /** Replications: every rate runs with each of them, so that rates are compared on the same draws. At least 2. */
  readonly seeds: readonly number[];
  /** Relative distance of two rates at which the search ends: 0.005. */
  readonly tolerance: number;
  readonly window: Window;
}

/** One rate that was tried. */
export interface RatePoint {
  /** Traffic.rateScale. */
  readonly rateScale: number;
  /** Requests per second offered. */
  readonly rate: number;
  /** Mean over seeds of the share that meets every SLO, its interval, and each seed's. */
  readonly attainment: number;
  readonly low: number;
  readonly high: number;
  readonly bySeed: readonly number[];
  /** GPUs in the fleet, mean over runs and seeds. */
  readonly gpus: number;
}

export interface GoodputResult {
  /** Requests per second: the highest rate found at which the mean attainment is the share; 0 where no rate reaches it. */
  readonly rate: number;
  readonly rateScale: number;
  readonly perGpu: number;
  /** With the confidence asked for the highest rate that meets the SLOs lies in between, requests per second. `high` is null where no rate tried misses them. */
  readonly low: number;
  readonly high: number | null;
  /** Every rate tried, ascending: the attainment-against-rate curve. */
  readonly curve: readonly RatePoint[];
  /** False where a higher rate met the SLOs better than a lower one beyond what chance explains: then there may be several answers, and this is one of them. */
  readonly monotone: boolean;
  readonly runs: number;
  /** All of it in one sentence. */
  readonly statement: string;
}

export interface GoodputProgress {
  readonly runs: number;
  /** Ascending, so far. */
  readonly curve: readonly RatePoint[];
  /** The rates between which the answer lies so far; null: not bracketed yet. */
  readonly bracket: readonly [low: number, high: number] | null;
}

/** How far all limits of all SLO classes can be scaled at the rate that the scenario has. */
export interface SloScaleResult {
  /** The least factor on every limit at which the mean attainment is the share, and its interval. */
  readonly factor: number;
  readonly low: number;
  readonly high: number | null;
  readonly curve: readonly { readonly factor: number; readonly attainment: number; readonly low: number; readonly high: number }[];
  readonly runs: number;
  readonly statement: string;
}

// Comparison ---------------------------------------------------------------------------------------------------------

export interface ComparedScenario {
  readonly label: string;
  readonly scenario: Scenario;
  /** Replications by position, instead of those of the comparison: then traffic is not the same, and says so. */
  readonly seeds?: readonly number[];
}

export interface Comparison {
  /** The first is what the others are compared with. Two or more. */
  readonly scenarios: readonly ComparedScenario[];
  readonly seeds: readonly number[];
  readonly metrics: readonly MetricId[];
  /** Of all intervals together: 0.95. */
  readonly confidence: number;
  /** The relative difference that matters, for the recommended replications: 0.05. */
  readonly difference: number;
  /** Chance to find it with that many: 0.9. */
  readonly power: number;
  /** "settled": found by pilot runs (MSER-5), the same for all scenarios; or given. */
  readonly window: Window | "settled";
}

export type Claim = "lower" | "higher" | "none";

export interface MetricDifference {
  readonly metric: MetricId;
  /** Means over the replications that have the quantity in both. */
  readonly baseline: number;
  readonly other: number;
  readonly pairs: number;
  /** Other - baseline, mean over pairs, in the metric's unit, and its interval: with the confidence of the comparison all intervals hold together (Bonferroni). */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** The same as shares of the baseline's mean; null where that is 0. */
  readonly relative: { readonly difference: number; readonly low: number; readonly high: number } | null;
  /** Of the paired t test, multiplied by the number of tests (at most 1). */
  readonly pValue: number;
  readonly claim: Claim;
  /** Replications with which a difference of the size that matters is found with the power asked for, planned with a cautious deviation; null where the baseline's mean is 0. */
  readonly recommended: number | null;
  /** "P90 end-to-end latency: 4.1 % lower (95 % interval -5.2 to -2.9 %, 10 pairs)." or "...: no difference seen, ...". */
  readonly sentence: string;
}

export interface ComparisonResult {
  /** For every scenario but the first. */
  readonly others: readonly { readonly label: string; readonly differences: readonly MetricDifference[] }[];
  readonly baseline: string;
  /** By scenario, by replication. */
  readonly values: readonly (readonly (readonly (number | null)[])[])[];
  readonly window: Window;
  /** By scenario: where it settles, the median of its pilot runs; null where the window was given. */
  readonly settling: readonly Settling[] | null;
  /** Every scenario has the same traffic and seeds. */
  readonly sameTraffic: boolean;
  /** Intervals that hold together. */
  readonly tests: number;
  readonly runs: number;
  /** What a reader must know: other traffic, runs that never settle, too few replications for the difference that matters. */
  readonly notes: readonly string[];
}

export interface ComparisonProgress {
  readonly phase: "settling" | "replications";
  readonly done: number;
  readonly total: number;
}

// Cheapest fleet -----------------------------------------------------------------------------------------------------

/** Ways to build one pool. Left out: as it is. */
export interface FleetChoices {
  readonly gpus?: readonly string[];
  /** Ranges, both ends included. */
  readonly replicas: { readonly from: number; readonly to: number };
  readonly tensorParallel?: readonly number[];
  readonly pipelineParallel?: readonly number[];
  /** Further axes, each value of which sets one or several paths: schedulers, routers, autoscalers. */
  readonly policies?: readonly Axis[];
}

export interface FleetSearch {
  readonly scenario: Scenario;
  /** Position of the pool that is built. */
  readonly pool: number;
  readonly choices: FleetChoices;
  readonly share: number;
  readonly confidence: number;
  /** Used in rounds: a fleet that is clear after three needs no more. */
  readonly seeds: readonly number[];
  readonly window: Window;
}

export type FleetVerdict =
  /** Meets the SLOs at the share with the confidence; misses them; neither after all seeds. */
  | "meets"
  | "misses"
  | "open"
  /** Never run: dearer than a fleet that meets them, or a larger one of its kind misses them. */
  | "dominated"
  /** Cannot be run: the model does not fit. */
  | "impossible";

export interface FleetCandidate {
  /** What it is made of, by name: gpu, tensorParallel, replicas, policy ... */
  readonly values: Readonly<Record<string, string>>;
  readonly scenario: Scenario;
  readonly verdict: FleetVerdict;
  /** Mean over seeds, US dollars per hour; of a candidate that was not run, the price of its GPUs. Null where it is not known. */
  readonly costPerHour: number | null;
  /** Null: not run. */
  readonly attainment: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly runs: number;
  /** Why it cannot be run, or what dominates it. */
  readonly reason: string | null;
}

export interface FleetResult {
  /** The cheapest that meets the SLOs; null: none does. */
  readonly best: FleetCandidate | null;
  /** Every candidate, by cost. */
  readonly candidates: readonly FleetCandidate[];
  readonly runs: number;
  /** Runs that trying every candidate with every seed would have taken. */
  readonly exhaustiveRuns: number;
  readonly statement: string;
}

export interface FleetProgress {
  readonly runs: number;
  readonly candidates: readonly FleetCandidate[];
  readonly best: FleetCandidate | null;
  /** Kinds (GPU, sharding, policy) that are settled, of all. */
  readonly settled: number;
  readonly kinds: number;
}
