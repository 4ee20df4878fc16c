// The experiment on the page: what is to vary, how far the runs are, what looks at them. Figures stand beside the store in `experimentData`.
import { create } from "zustand";
import type { DoneRun, FailedRun, Plan } from "../../analysis/experiment.ts";

export type SweepPhase = "idle" | "running" | "finished" | "cancelled";

export interface ExperimentState {
  readonly phase: SweepPhase;
  /** Runs of the plan that are done or failed. */
  readonly ended: number;
  /** Why the sweep could not start, or what went wrong on the way. */
  readonly error: string | null;
  /** Setting under the pointer, or of the keyboard. */
  readonly lookedAt: number | null;
  readonly revision: number;
  /** Follows `revision` once a second while runs end, and at the end: for what takes long to draw. */
  readonly slowRevision: number;
}

export const experimentData: { plan: Plan | null; runs: DoneRun[]; failed: FailedRun[] } = { plan: null, runs: [], failed: [] };

export const useExperimentStore = create<ExperimentState>()(() => ({
  phase: "idle",
  ended: 0,
  error: null,
  lookedAt: null,
  revision: 0,
  slowRevision: 0,
}));

/** Draws follow one another at least this far apart: short runs end by the hundred. */
const GAP_MS = 100;
let timer: ReturnType<typeof setTimeout> | null = null;
let lastBump = -Infinity;
const SLOW_MS = 1000;
let lastSlow = -Infinity;

function bump(now: boolean): void {
  timer = null;
  lastBump = performance.now();
  const revision = useExperimentStore.getState().revision + 1;
  const slow = now || lastBump - lastSlow >= SLOW_MS;
  if (slow) lastSlow = lastBump;
  const ended = experimentData.runs.length + experimentData.failed.length;
  useExperimentStore.setState({ revision, ended, ...(slow ? { slowRevision: revision } : {}) });
}

/** Says that experimentData has changed. */
export function touchExperiment(now = false): void {
  const wait = now ? 0 : Math.max(0, lastBump + GAP_MS - performance.now());
  if (wait === 0) {
    if (timer !== null) clearTimeout(timer);
    bump(now);
  } else timer ??= setTimeout(() => bump(false), wait);
}

export const lookAt = (lookedAt: number | null): void => useExperimentStore.setState({ lookedAt });
