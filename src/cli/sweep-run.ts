// The runs of a sweep, as many at a time as there are processes, until none is due: each row is kept the moment it is done.
import { dueRuns } from "../analysis/schedule.ts";
import type { PlannedRun } from "../analysis/experiment.ts";
import { settingLabel } from "../analysis/plan.ts";
import type { SweepFiles } from "../analysis/sweep-host.ts";
import type { PlanRows } from "../analysis/sweep-rows.ts";
import type { MeasuredAnswer, SweepSpec } from "../analysis/types.ts";
import { InputError } from "./input-error.ts";
import type { ProgressLine } from "./progress.ts";
import { openPool } from "./run-pool.ts";
import type { RunPool } from "./run-pool.ts";

export interface SweepRunOptions {
  readonly spec: SweepSpec;
  readonly files: SweepFiles;
  readonly rows: PlanRows;
  /** Null: all of it. */
  readonly shard: readonly [part: number, parts: number] | null;
  /** Null: one per core, where runs are long enough to be worth the start of a process. */
  readonly jobs: number | null;
  /** Address of a queue whose workers do the runs; null: they happen on this machine. */
  readonly queue: string | null;
  readonly cores: number;
  /** A run that cannot be done is a row like others, and ends nothing. */
  readonly keepGoing: boolean;
  readonly keep: (id: string, answer: MeasuredAnswer) => void;
  readonly progress: ProgressLine;
  readonly signal: AbortSignal;
}

/** Seconds of work in all that are worth the start of processes. */
const WORTH_PROCESSES = 2;

function timeLeft(seconds: number): string {
  if (!Number.isFinite(seconds)) return "";
  return seconds < 90 ? `, about ${Math.max(1, Math.round(seconds))} s left` : `, about ${Math.round(seconds / 60)} min left`;
}

/** The runs that are due now, one for each row that is missing. */
function dueNow({ spec, rows, shard }: SweepRunOptions): PlannedRun[] {
  const { runs } = dueRuns(rows.plan, rows.ended, spec);
  const mine = shard === null ? runs : rows.shard(runs, shard);
  return [...new Map(mine.filter((run) => !rows.has(run)).map((run) => [rows.idOf(run), run])).values()];
}

/** One after another from `queue` until it is empty; as many at once as the pool holds. */
async function drain(
  pool: RunPool,
  queue: PlannedRun[],
  take: (run: PlannedRun, answer: MeasuredAnswer) => void,
  signal: AbortSignal,
): Promise<void> {
  const lane = async (): Promise<void> => {
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
      const answer = await pool.run(run.scenario);
      if (signal.aborted) return;
      take(run, answer);
    }
  };
  // Two for each process: the next run is there when one ends.
  await Promise.all(Array.from({ length: pool.jobs === 1 ? 1 : 2 * pool.jobs }, lane));
}

/** Resolves when nothing is due any more; rejects with the signal's reason, and with a sentence for a run that cannot be done. */
export async function runSweep(options: SweepRunOptions): Promise<void> {
  const { rows, keepGoing, keep, progress, signal, files, cores } = options;
  // How many machines there are behind a queue is not for this one to guess.
  const jobs = options.queue === null ? options.jobs : 1;
  const { plan } = rows;
  const labelOf = ({ setting, seed }: PlannedRun): string => `${settingLabel(plan.experiment.axes, plan.settings[setting]!)}, seed ${seed}`;
  let pool =
    options.queue === null
      ? openPool(jobs === null ? 1 : jobs, files)
      : await (await import("./queue/queue-pool.ts")).openQueuePool(options.queue, files);
  const begun = performance.now();
  let done = 0;
  let queue = dueNow(options);
  const take = (run: PlannedRun, answer: MeasuredAnswer): void => {
    if (!answer.ok && !keepGoing) throw new InputError(`${labelOf(run)}: ${answer.error}`);
    rows.add(rows.idOf(run), answer);
    keep(rows.idOf(run), answer);
    done++;
    const left = (((performance.now() - begun) / done) * queue.length) / 1000;
    progress.text(`${rows.ended.length} of ${plan.runs.length} runs${timeLeft(left)}`);
  };
  const abort = (): void => pool.close();
  signal.addEventListener("abort", abort, { once: true });
  try {
    for (; queue.length > 0 && !signal.aborted; queue = dueNow(options)) {
      if (jobs === null && done === 0) {
        // The first run tells how long one takes.
        await drain(pool, queue.splice(0, 1), take, signal);
        const seconds = ((performance.now() - begun) / 1000) * queue.length;
        if (seconds > WORTH_PROCESSES && Math.min(cores, queue.length) > 1) pool = openPool(Math.min(cores, queue.length), files);
      }
      await drain(pool, queue, take, signal);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", abort);
    pool.close();
    progress.clear();
  }
  signal.throwIfAborted();
}
