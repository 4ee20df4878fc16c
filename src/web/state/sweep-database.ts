// Sweeps in the browser's own database: a reload goes on where the page stood. Runs are rows of their own, written by the dozen.
import type { DoneRun, Experiment, FailedRun } from "../../analysis/experiment.ts";
import type { ScheduleOptions } from "../../analysis/schedule.ts";
import { database } from "./database.ts";

export interface KeptSweep {
  readonly id: string;
  readonly experiment: Experiment;
  /** Objectives and early stopping: what decides which runs are still due. Left out by records of earlier builds: all are. */
  readonly schedule?: ScheduleOptions;
  /** As a person had set it (`views/sweep/form-types.ts`), for after a reload; unchecked, as from a link. */
  readonly form?: object;
  /** Runs of the plan. */
  readonly total: number;
  readonly startedAt: number;
}

export interface KeptRuns {
  readonly runs: readonly DoneRun[];
  readonly failed: readonly FailedRun[];
}

/** Older ones give way. */
const MOST_KEPT = 8;

const nothing = (): undefined => undefined;

/** Begins a record, or goes on with the one of the same id. Storage that is closed (private mode) keeps nothing, and no sweep fails for it. */
export async function keepSweep(sweep: KeptSweep): Promise<void> {
  try {
    const db = await database();
    await db.put("sweeps", sweep);
    const all = (await db.getAll("sweeps")).sort((a, b) => b.startedAt - a.startedAt);
    for (const old of all.slice(MOST_KEPT)) await forgetSweep(old.id);
  } catch {
    // As above.
  }
}

/** Rows that ended since the last call. */
export async function keepRuns(id: string, { runs, failed }: KeptRuns): Promise<void> {
  try {
    const change = (await database()).transaction("sweepRuns", "readwrite");
    const puts = [...runs, ...failed].map((run) => change.store.put({ sweep: id, setting: run.setting, seed: run.seed, run }));
    await Promise.all([...puts, change.done]);
  } catch {
    // As above.
  }
}

/** The one that was started last, if any. */
export async function lastSweep(): Promise<KeptSweep | null> {
  const all = await database()
    .then((db) => db.getAll("sweeps"))
    .catch(nothing);
  return (all ?? []).sort((a, b) => b.startedAt - a.startedAt)[0] ?? null;
}

export async function runsOf(id: string): Promise<KeptRuns> {
  const rows = await database()
    .then((db) => db.getAll("sweepRuns", IDBKeyRange.bound([id], [id, []])))
    .catch(nothing);
  const all = (rows ?? []).map(({ run }) => run);
  return { runs: all.filter((run) => "figures" in run), failed: all.filter((run) => "error" in run) };
}

export async function forgetSweep(id: string): Promise<void> {
  try {
    const db = await database();
    await db.delete("sweeps", id);
    await db.delete("sweepRuns", IDBKeyRange.bound([id], [id, []]));
  } catch {
    // Nothing was stored.
  }
}
