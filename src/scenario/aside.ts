// The run before a change, kept beside the one after it: run to its end at full speed, so that it shows what would have come, and once more in
// step with the present run, so that results of a run that still goes on are compared with those of the same time.
import type { Needs } from "./needs.ts";
import { createRun, type Run } from "./run.ts";
import type { Compared } from "./session-types.ts";
import type { Scenario } from "./types.ts";

/** Runs that expect more requests than this are not kept: their columns take the memory that the present run needs. */
const MOST_REQUESTS = 300_000;
/** Events between two looks at the clock. */
const BATCH = 500;

export interface AsideOf {
  readonly run: Run;
  readonly scenario: Scenario;
  readonly needs: Needs;
  readonly keepRequests: boolean;
}

export interface Aside {
  readonly run: Run;
  /** Works until `until` on the clock. True when the run is over. */
  finish(until: number): boolean;
  /** Brings the second run up to this simulated time, until `until` on the clock. True when it is there. */
  follow(time: number, until: number): boolean;
  /** Results at the time that `follow` has reached; null while it is not there. */
  at(time: number): Compared | null;
  /** Whether `run` has the rows of its requests. */
  readonly keepsRequests: boolean;
}

/** Null for a run too large to keep. */
export function createAside({ run, scenario, needs, keepRequests }: AsideOf, now: () => number): Aside | null {
  const { expected } = run.simulation;
  if (Number.isNaN(expected) ? !Number.isFinite(run.config.source.duration) : expected > MOST_REQUESTS) return null;
  let over = false;
  let second: Run | null = null;
  let reached = -1;
  return {
    run,
    finish(until) {
      while (!over && now() < until) over = run.runUntil(Infinity, BATCH);
      if (over) run.simulation.finish();
      return over;
    },
    follow(time, until) {
      second ??= createRun(scenario, { ...needs, step: false, keepRequests: false });
      const { simulation } = second;
      while (now() < until) {
        const before = simulation.events;
        if (second.runUntil(time, BATCH) || simulation.events - before < BATCH) {
          reached = time;
          return true;
        }
      }
      return false;
    },
    at: (time) =>
      second === null || reached !== time ? null : { summary: second.summary(false), cdfs: second.cdfs(), load: second.load() },
    keepsRequests: keepRequests,
  };
}
