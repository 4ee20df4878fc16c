// An experiment: one scenario, parameters that vary, seeds. Plain data that may cross threads; several axes make a grid.
import type { Scenario } from "../scenario/types.ts";
import type { MetricId } from "./metrics.ts";

/** A parameter that varies. */
export interface Axis {
  /** As `run --set` takes it: pools[0].autoscaling.params.level. */
  readonly path: string;
  /** As they are typed after "path=": numbers, words, JSON. */
  readonly values: readonly string[];
}

export interface Experiment {
  readonly base: Scenario;
  readonly axes: readonly Axis[];
  /** Every setting runs with each of them: settings are compared on the same traffic. */
  readonly seeds: readonly number[];
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
