// The run on the page. Its data stays outside React in `runData`; the store holds small things and a revision number
// that rises when there is something new to draw: at most 20 times a second, once a second with reduced motion.
import { create } from "zustand";
import type { RequestLog } from "../../engine/metrics/results.ts";
import type { Scenario } from "../../scenario/types.ts";
import type { Progress, RunPicture, Speed } from "../rpc/protocol.ts";
import { createRequestColumns, type RequestColumns } from "./request-columns.ts";

/** "recorded": a finished run that came with the page. "failed": the run ended with an error, its last picture stays. */
export type RunPhase = "recorded" | Progress["phase"] | "failed";

export interface RunHandle {
  /** Rises with every start. */
  readonly id: number;
  readonly phase: RunPhase;
  readonly speed: Speed;
  /** The scenario that this run runs (not the one being edited). */
  readonly scenario: Scenario | null;
  /** Seconds of simulated time reached, and of the whole run. */
  readonly simTime: number;
  readonly simEnd: number;
  /** A restarted run goes to the playhead at full speed: the share that is done; null when it does not. */
  readonly catchUp: number | null;
  /** One sentence when something went wrong; null otherwise. */
  readonly error: string | null;
}

export interface RunState {
  readonly current: RunHandle;
  /** The pinned run, or the run before the last change; drawn in grey dashes. */
  readonly ghost: RunPicture | null;
  readonly ghostScenario: Scenario | null;
  readonly pinned: boolean;
  /** "pinned: window 20 s", "before: chunk 512 tok". */
  readonly ghostLabel: string;
  /** What the ghost is, as the head of a column: "whole run" is the present run's own end, recorded. */
  readonly ghostWord: GhostWord;
  readonly revision: number;
}

export type GhostWord = "pinned" | "before" | "whole run";

/** The data itself. Read it when `revision` changes; never keep an array of it. */
export const runData: { picture: RunPicture | null; ghost: RunPicture | null; requests: RequestColumns } = {
  picture: null,
  ghost: null,
  requests: createRequestColumns(),
};

export const useRunStore = create<RunState>()(() => ({
  current: { id: 0, phase: "paused", speed: 60, scenario: null, simTime: 0, simEnd: 0, catchUp: null, error: null },
  ghost: null,
  ghostScenario: null,
  pinned: false,
  ghostLabel: "",
  ghostWord: "before",
  revision: 0,
}));

export interface RunData {
  readonly picture: RunPicture | null;
  readonly ghost: RunPicture | null;
  readonly requests: RequestLog;
  readonly revision: number;
}

const reducedMotion = (): boolean => globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;

let bumpTimer: ReturnType<typeof setTimeout> | null = null;
let lastBump = -Infinity;

/** A run that a person has stopped is stopped, whatever pictures of it were on their way. */
const shownPhase = (phase: RunHandle["phase"], { progress }: RunPicture): RunHandle["phase"] =>
  phase === "cancelled" && progress.phase === "running" ? phase : progress.phase;

function bump(): void {
  bumpTimer = null;
  lastBump = performance.now();
  const picture = runData.picture;
  const { current, revision } = useRunStore.getState();
  const moved = picture !== null && current.phase !== "recorded" && current.phase !== "failed";
  useRunStore.setState({
    revision: revision + 1,
    current: moved
      ? { ...current, phase: shownPhase(current.phase, picture), simTime: picture.progress.simTime, simEnd: picture.progress.simEnd }
      : current,
  });
}

/** Says that runData has changed. `now` = a person acted, or the run ended: draw without delay. */
export function touchRun(now = false): void {
  const gap = reducedMotion() ? 1000 : 50;
  const wait = Math.max(0, lastBump + gap - performance.now());
  if (now) {
    if (bumpTimer !== null) clearTimeout(bumpTimer);
    bump();
    // Not in the task that took the message: what came is one piece of work, drawing it is another.
  } else bumpTimer ??= setTimeout(bump, wait);
}

/** A new picture of the current run. */
export function showPicture(picture: RunPicture): void {
  runData.picture = picture;
  touchRun(picture.progress.phase !== "running");
}

export function setGhost(picture: RunPicture | null, scenario: Scenario | null, word: GhostWord, label: string): void {
  runData.ghost = picture;
  useRunStore.setState({ ghost: picture, ghostScenario: scenario, pinned: word === "pinned", ghostWord: word, ghostLabel: label });
  touchRun(true);
}

/** The same run as before, further: the ghost reaches as far as it does. */
export function setGhostPicture(picture: RunPicture): void {
  runData.ghost = picture;
  useRunStore.setState({ ghost: picture });
  touchRun(true);
}

export function setHandle(part: Partial<RunHandle>): void {
  useRunStore.setState({ current: { ...useRunStore.getState().current, ...part } });
}
