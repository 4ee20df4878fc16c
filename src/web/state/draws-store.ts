// Runs with draws of the fitted models of a scenario: how far they are, and the bands that they make over time.
import { create } from "zustand";
import type { DrawsReport } from "../../scenario/draws.ts";
import type { Scenario } from "../../scenario/types.ts";

/** The middle 95 % over the draws, step by step from `t0` on. NaN where there is none. */
export interface DrawBand {
  readonly t0: number;
  readonly dt: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

export type DrawBands = Readonly<Record<"ttft" | "tpot" | "waiting", DrawBand>>;

export interface DrawsState {
  readonly phase: "idle" | "running" | "done" | "cancelled";
  /** Which the draws are of: another one has none yet. */
  readonly scenario: Scenario | null;
  readonly wanted: number;
  readonly done: number;
  readonly error: string | null;
  readonly report: DrawsReport | null;
  readonly bands: DrawBands | null;
}

export const NO_DRAWS = { phase: "idle", scenario: null, wanted: 20, done: 0, error: null, report: null, bands: null } as const;

export const useDrawsStore = create<DrawsState>()(() => NO_DRAWS);
