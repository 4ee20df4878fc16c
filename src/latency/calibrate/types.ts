// Calibration: parameters of a latency model from runs of which only the clients' means are known, with the simulator in the loop.

/** Means over the requests of a run, seconds; null where they were not measured. */
export interface ClientMeans {
  readonly ttft: number | null;
  readonly tpot: number | null;
  readonly e2e: number | null;
}
export const CLIENT_MEANS = ["ttft", "tpot", "e2e"] as const satisfies readonly (keyof ClientMeans)[];
export type ClientMean = (typeof CLIENT_MEANS)[number];

export interface MeasuredRun {
  readonly name: string;
  readonly measured: ClientMeans;
}

/** A parameter that is fitted. It moves on the logarithmic scale of value + offset: without an offset half and twice are equally far; far below it steps are even. */
export interface Knob {
  /** Of the latency model's parameters; "outside" for the time that a client measures and no engine spends (network, HTTP, tokeniser). */
  readonly id: string;
  readonly label: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  /** Before anything is known of the runs. */
  readonly initial: number;
  readonly offset: number;
  /** Standard deviation of what is known beforehand, as a natural logarithm: 0.2 is about 20 %. */
  readonly spread: number;
}
export const OUTSIDE = "outside";

export interface KnobResult {
  readonly knob: Knob;
  readonly value: number;
  /** 95 % interval. */
  readonly interval: readonly [low: number, high: number];
  /** Share of what was unsure beforehand (as a variance) that the interval no longer is: near 0, the runs do not tell; near 1, they alone decide. */
  readonly told: number;
}

export interface CalibratedRun {
  readonly name: string;
  readonly measured: ClientMeans;
  readonly before: ClientMeans;
  readonly after: ClientMeans;
  /** What the other runs alone would have predicted, by the slopes at the solution. */
  readonly heldOut: ClientMeans;
}

/** Medians over the runs of |predicted / measured - 1|; null where no run has the quantity. */
export type MedianErrors = Readonly<Record<ClientMean, number | null>>;

export interface Calibration {
  readonly knobs: readonly KnobResult[];
  readonly runs: readonly CalibratedRun[];
  readonly errors: { readonly before: MedianErrors; readonly after: MedianErrors; readonly heldOut: MedianErrors };
  /** How intervals were found: resampled runs, or, of fewer than six runs, the curvature at the solution. */
  readonly intervals: "bootstrap" | "curvature";
  /** Simulated runs. */
  readonly simulations: number;
  /** False: it stopped at its limit of rounds, still getting better. */
  readonly converged: boolean;
}

export interface CalibrationProgress {
  readonly phase: "start" | "slopes" | "step";
  readonly round: number;
  /** Simulations done, and an upper bound of all. */
  readonly done: number;
  readonly total: number;
  /** Root mean square of ln(predicted / measured) at the best point so far; null before the first. */
  readonly misfit: number | null;
}

/** Simulates run `index` with these values of the engine's knobs (those but "outside", in order). Same values, same answer: the same random numbers each time. */
export type Simulate = (values: Readonly<Record<string, number>>, index: number) => ClientMeans;
