// Runs of one scenario with draws of its fitted models: the same traffic, other coefficients that the measurements would also allow.
import type { Series, Summary } from "../engine/metrics/results.ts";
import type { Scenario } from "./types.ts";

/** What is kept of the run of one draw. */
export interface DrawnRun {
  readonly summary: Summary;
  readonly series: Pick<Series, "bucketSeconds" | "length" | "ttftP90" | "tpotP90">;
  /** Requests waiting in the whole fleet, at the times i x sampleSeconds. */
  readonly waiting: { readonly sampleSeconds: number; readonly values: Float64Array };
}

/** The middle 95 % of a figure over the draws, and the draw in the middle; by quantity. */
export interface DrawsReport {
  readonly count: number;
  readonly intervals: Readonly<Record<string, { readonly low: number; readonly median: number; readonly high: number }>>;
}

/** Whether any pool takes its times from a fitted model. */
export const runsOnFit = ({ pools }: Pick<Scenario, "pools">): boolean =>
  pools.some(({ latency }) => latency.id === "fitted" && latency.params?.["profile"] != null);

/** Every pool with a fitted model on this draw of it; 0: on its own coefficients. */
export const withDraw = (scenario: Scenario, draw: number): Scenario => ({
  ...scenario,
  pools: scenario.pools.map((pool) =>
    pool.latency.id === "fitted" ? { ...pool, latency: { ...pool.latency, params: { ...pool.latency.params, draw } } } : pool,
  ),
});
