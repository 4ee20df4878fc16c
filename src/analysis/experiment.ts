// An experiment: one scenario, parameters that vary, seeds. Plain data that may cross threads; several axes make a grid.
import type { Scenario } from "../scenario/types.ts";
import type { MetricId } from "./metrics.ts";

/** A parameter that varies, or (with `sets`) several that vary together. */
export interface Axis {
  /** As `run --set` takes it: pools[0].autoscaling.params.level. With `sets`: a name of one's own, such as policy. */
  readonly path: string;
  /** As they are typed after "path=": numbers, words, JSON. With `sets`: a label for each. Of a sampled range: none. */
  readonly values: readonly string[];
  /** What each value sets, as assignments "path=value": a policy with its parameters, a GPU with its sharding. */
  readonly sets?: readonly (readonly string[])[];
  /** Sampled designs draw from it instead of from `values`. */
  readonly range?: AxisRange;
}

/** Numbers between two ends, evenly or evenly by ratio. */
export interface AxisRange {
  readonly from: number;
  readonly to: number;
  readonly scale: "linear" | "log";
  /** Whole numbers only. */
  readonly whole: boolean;
}

/**
 * Which combinations of values are run. `random`: each axis by itself. `latin-hypercube`: each axis in as many equal parts as there are settings, each part once
 * (McKay, Beckman, Conover 1979). Drawn from streams named by the axis: a further axis changes no other.
 */
export type Sampling =
  { readonly kind: "grid" } | { readonly kind: "random" | "latin-hypercube"; readonly settings: number; readonly seed: number };

/** What a setting must keep in the mean over its seeds to count as a place on a front: quantities in their own unit. */
export interface Constraint {
  readonly metric: MetricId;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/**
 * A setting gets no further seeds once another one beats it in both objectives with this confidence (paired over seeds). Looked at after each round of seeds, from
 * `minSeeds` on, so that the runs do not depend on who finishes first.
 */
export interface EarlyStop {
  readonly confidence: number;
  readonly minSeeds: number;
}

export interface Experiment {
  readonly base: Scenario;
  readonly axes: readonly Axis[];
  /** Every setting runs with each of them: settings are compared on the same traffic. */
  readonly seeds: readonly number[];
  /** Left out: the grid. */
  readonly sampling?: Sampling;
}

/** One point of the grid. */
export interface Setting {
  /** One value per axis. */
  readonly values: readonly string[];
  /** With the seed of the base. */
  readonly scenario: Scenario;
}

/** What is to be run: `setting` is a position in Plan.settings. */
export interface PlannedRun {
  readonly setting: number;
  readonly seed: number;
  readonly scenario: Scenario;
}

export interface Plan {
  readonly experiment: Experiment;
  readonly settings: readonly Setting[];
  /** All settings with the first seed, then with the next: a front is there early. */
  readonly runs: readonly PlannedRun[];
}

/** The fleet over time: row i holds from at[i] to at[i + 1], the last one to the end of the run. */
export interface FleetSteps {
  /** Seconds. */
  readonly at: Float64Array;
  /** Replicas that serve: ready and draining. */
  readonly serving: Uint16Array;
  /** US dollars per hour. */
  readonly costPerHour: Float64Array;
  /** End of the run, seconds. */
  readonly end: number;
}

/** What is kept of a run. */
export interface RunFigures {
  /** Null where nobody has the quantity: no request was completed. */
  readonly metrics: Readonly<Record<MetricId, number | null>>;
  readonly requests: { readonly total: number; readonly completed: number; readonly refused: number; readonly failed: number };
  readonly makespan: number;
  readonly fleet: FleetSteps;
  /** Serving replicas: mean over the run, and the most. */
  readonly meanReplicas: number;
  readonly maxReplicas: number;
  /** Requests per second that the traffic offers in the mean; null where it has no rate of its own (closed loops). */
  readonly offeredRate: number | null;
  /** GPUs in the fleet, mean over the run. */
  readonly meanGpus: number;
}

/** A run that is done. */
export interface DoneRun {
  readonly setting: number;
  readonly seed: number;
  readonly figures: RunFigures;
}

/** A run that could not be done, in one sentence. */
export interface FailedRun {
  readonly setting: number;
  readonly seed: number;
  readonly error: string;
}

/** Two quantities against each other, and the corner up to which area counts. */
export interface Objectives {
  readonly x: MetricId;
  readonly y: MetricId;
  /** Values of x and y; null: as far as the settings reach. */
  readonly reference: readonly [x: number | null, y: number | null];
}
