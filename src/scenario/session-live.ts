// The state of a run that is watched, and what is told of it: how far it is, what the fleet did, the picture that the panels draw.
import type { Needs } from "./needs.ts";
import type { FleetNews, PictureMessage, Progress, RunListener, RunPicture, StartOptions } from "./session-types.ts";
import type { Run } from "./run.ts";
import type { Scenario } from "./types.ts";

/** What is begun with does not change; the rest is where the run stands and what the page has of it. */
export interface Live {
  readonly run: Run;
  readonly scenario: Scenario;
  readonly needs: Needs;
  readonly listener: RunListener;
  readonly options: StartOptions;
  readonly startedAt: number;
  phase: Progress["phase"];
  /** Once it is at `options.skipTo`. */
  readonly pausesThere: boolean;
  revision: number;
  /** Rows of ended requests that the page has. */
  sentRequests: number;
  /** What the page has heard of the fleet. */
  sentEvents: number;
  sentDecisions: number;
  lastPictureAt: number;
  /** Pictures that the page has not drawn yet. */
  undrawn: number;
  /** The page rests from the last one until then. */
  restUntil: number;
  /** When the page was last told how far catching up is. */
  lastShareAt: number;
  pictureMs: number;
  /** Still before `options.skipTo`: at full speed. */
  catchingUp: boolean;
  /** Wall time and simulated time from which the pace is counted. */
  paceFrom: { wall: number; sim: number };
  wallMs: number;
}

type Begun = Pick<Live, "run" | "scenario" | "needs" | "listener" | "options" | "startedAt" | "pausesThere">;

export const liveOf = (begun: Begun, phase: Progress["phase"]): Live => ({
  ...begun,
  phase,
  revision: 0,
  sentRequests: 0,
  sentEvents: 0,
  sentDecisions: 0,
  lastPictureAt: -Infinity,
  undrawn: 0,
  restUntil: -Infinity,
  lastShareAt: begun.startedAt,
  pictureMs: 0,
  catchingUp: begun.options.skipTo > 0,
  paceFrom: { wall: begun.startedAt, sim: begun.options.skipTo },
  wallMs: 0,
});

/** The end of the time axis: when arrivals end, as far as it is known or can be told from the share that is done; in steps, so that the axis stands still. */
function endOf(duration: number, expected: number, done: number, now: number): number {
  if (Number.isFinite(duration)) return duration;
  if (!Number.isFinite(expected) || done < 20) return now;
  const guess = (now * expected) / done;
  const step = 10 ** Math.floor(Math.log10(Math.max(10, guess))) / 2;
  return Math.ceil(guess / step) * step;
}

export function progressOf(it: Live): Progress {
  const { simulation } = it.run;
  const done = simulation.ended;
  const { duration } = it.run.config.source;
  const over = it.phase === "finished" || it.phase === "cancelled";
  return {
    phase: it.phase,
    done,
    total: over ? done : simulation.expected,
    simTime: simulation.now,
    simEnd: it.phase === "finished" ? simulation.now : Math.max(simulation.now, endOf(duration, simulation.expected, done, simulation.now)),
    wallMs: it.wallMs,
    text: it.phase,
  };
}

/** How much of the way to the playhead is done; to the end of the run where that is what it goes for. */
export function shareOf(it: Live): number {
  const { simTime, simEnd, done, total } = progressOf(it);
  if (Number.isFinite(it.options.skipTo)) return Math.min(1, simTime / it.options.skipTo);
  return Math.min(1, total > 0 ? done / total : simTime / Math.max(simEnd, 1e-9));
}

/** What the fleet did since the page last heard of it. */
export function newsOf(it: Live): FleetNews | null {
  const events = it.run.events().slice(it.sentEvents);
  const decisions = it.run.decisions().slice(it.sentDecisions);
  it.sentEvents += events.length;
  it.sentDecisions += decisions.length;
  return events.length + decisions.length === 0 ? null : { events, decisions };
}

/** What the panels draw, copied from the run as it stands. */
export const messageOf = (run: Run, progress: Progress, exact: boolean, revision: number): PictureMessage => ({
  revision,
  progress,
  summary: run.summary(exact),
  series: run.series(),
  fleet: run.fleet(),
  cdfs: run.cdfs(),
  load: run.load(),
});

/** The same with all that the fleet has done. */
export const pictureOf = (run: Run, progress: Progress, exact: boolean, revision: number): RunPicture => ({
  ...messageOf(run, progress, exact, revision),
  events: run.events().slice(),
  decisions: run.decisions().slice(),
});
