// Runs with draws of the fitted models of a scenario: how far they are, and what they say.
import { create } from "zustand";
import type { DrawsReport } from "../../scenario/draws.ts";
import type { TrackModel } from "../views/tracks/model.ts";
import type { Scenario } from "../../scenario/types.ts";

export interface DrawsState {
  readonly phase: "idle" | "running" | "done" | "cancelled";
  /** Which the draws are of: another one has none yet. */
  readonly scenario: Scenario | null;
  readonly wanted: number;
  readonly done: number;
  readonly error: string | null;
  readonly report: DrawsReport | null;
  /** Puts the bands of the draws behind the tracks that they are of. */
  readonly overlay: ((track: TrackModel) => TrackModel) | null;
}

export const NO_DRAWS = { phase: "idle", scenario: null, wanted: 20, done: 0, error: null, report: null, overlay: null } as const;

export const useDrawsStore = create<DrawsState>()(() => NO_DRAWS);
