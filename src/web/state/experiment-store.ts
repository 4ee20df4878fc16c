// The experiment on the page: what is to vary, how far the runs are, what looks at them. Figures stand beside the store in `experimentData`.
import { create } from "zustand";
import type { DoneRun, FailedRun, Plan } from "../../analysis/experiment.ts";

/** paused: no run is started, workers stand by; cancelled: what has ended is kept, the rest can still be run. */
export type SweepPhase = "idle" | "planning" | "running" | "paused" | "finished" | "cancelled";

export interface ExperimentState {
  readonly phase: SweepPhase;
  /** Runs of the plan that are done or failed. */
  readonly ended: number;
  /** Why the sweep could not start, or what went wrong on the way. */
  readonly error: string | null;
  /** Seconds that the rest will take, from the pace so far; null while that is not known. */
  readonly secondsLeft: number | null;
  /** Setting under the pointer, or of the keyboard. */
  readonly lookedAt: number | null;
  readonly revision: number;
  /** Follows `revision` once a second while runs end, and at the end: for what takes long to draw. */
  readonly slowRevision: number;
}

export const experimentData: {
  plan: Plan | null;
  runs: DoneRun[];
  failed: FailedRun[];
  /** Settings that got no further seeds, each with one that beats it. */
  dropped: ReadonlyMap<number, number>;
} = { plan: null, runs: [], failed: [], dropped: new Map() };

export const endedRuns = (): number => experimentData.runs.length + experimentData.failed.length;

export const useExperimentStore = create<ExperimentState>()(() => ({
  phase: "idle",
  ended: 0,
  error: null,
  secondsLeft: null,
  lookedAt: null,
  revision: 0,
  slowRevision: 0,
}));

/** Draws follow one another at least this far apart: short runs end by the hundred. A large experiment takes longer to draw. */
const gapMs = (): number => (endedRuns() < 200 ? 100 : 300);
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
  useExperimentStore.setState({ revision, ended: endedRuns(), ...(slow ? { slowRevision: revision } : {}) });
}

/** Says that experimentData has changed. */
export function touchExperiment(now = false): void {
  const wait = now ? 0 : Math.max(0, lastBump + gapMs() - performance.now());
  if (wait === 0) {
    if (timer !== null) clearTimeout(timer);
    bump(now);
  } else timer ??= setTimeout(() => bump(false), wait);
}

export const lookAt = (lookedAt: number | null): void => useExperimentStore.setState({ lookedAt });
