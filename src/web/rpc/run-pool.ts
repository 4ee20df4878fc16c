// A pool of sweep workers that answers for one scenario at a time: sweeps, searches and comparisons take their runs from it.
import type { SweepFiles } from "../../analysis/sweep-host.ts";
import type { MeasuredAnswer, Measure, RunScenario } from "../../analysis/types.ts";
import { profilesOf } from "../../scenario/profile-refs.ts";
import type { Scenario } from "../../scenario/types.ts";
import { findProfiles } from "../state/profile-database.ts";
import { findTrace } from "../state/trace-database.ts";
import { cores } from "./cores.ts";
import { connect, type Connection } from "./client.ts";
import type { SweepHost } from "./protocol.ts";

/** Workers that a person has asked for; null: one per core. The page itself works little while runs go on. */
let asked: number | null = null;
export const poolSize = (): number => asked ?? cores();
export const setPoolSize = (size: number | null): void => {
  asked = size;
};

export interface RunPool {
  /** Waits for a free worker. A worker that dies gives a failed answer, and another takes its place. Never settles once the pool has ended. */
  readonly run: RunScenario;
  /** Ends all workers at once, and what they run. */
  end(): void;
}

interface Job {
  readonly scenario: Scenario;
  readonly measure: Measure | undefined;
  readonly answer: (answer: MeasuredAnswer) => void;
}

const startWorker = (onCrash: (why: string) => void): Connection<SweepHost> =>
  connect<SweepHost>(new Worker(new URL("../../../workers/sweep.ts", import.meta.url), { type: "module", name: "sweep" }), onCrash);

export function openRunPool(files: SweepFiles): RunPool {
  const waiting: Job[] = [];
  const open = new Set<Connection<SweepHost>>();
  /** Workers that wait for a job: a new worker costs a tenth of a second. */
  const idle = new Map<Connection<SweepHost>, (job: Job) => void>();
  let over = false;

  /** Runs jobs until none waits. Resolves when its worker has died, too. */
  async function work(first: Job): Promise<void> {
    let crashed: (why: string) => void = () => undefined;
    const crash = new Promise<string>((resolve) => (crashed = resolve));
    const connection = startWorker((why) => {
      open.delete(connection);
      idle.delete(connection);
      crashed(why);
    });
    open.add(connection);
    const given =
      files.trace === null && files.profiles.length === 0
        ? null
        : Promise.race([connection.host.useFiles(files), crash]).catch(() => undefined);
    for (let job: Job | undefined = first; job !== undefined; job = await nextOf(connection)) {
      await given;
      // Ended between the hand-over of the job and here.
      if (over) return;
      const answer = await Promise.race([
        connection.host.run(job.scenario, job.measure).catch((error: unknown) => ({ ok: false as const, error: String(error) })),
        crash.then((why) => ({ ok: false as const, error: `The worker stopped: ${why}.`, dead: true })),
      ]);
      if (over) return;
      job.answer(answer.ok ? answer : { ok: false, error: answer.error });
      if ("dead" in answer) break;
    }
    const next = over ? undefined : waiting.shift();
    if (next !== undefined) void work(next);
  }

  function nextOf(connection: Connection<SweepHost>): Promise<Job> | Job {
    const next = waiting.shift();
    if (next !== undefined) return next;
    return new Promise((resolve) => idle.set(connection, resolve));
  }

  return {
    run: (scenario, measure) =>
      new Promise((answer) => {
        if (over) return;
        const job = { scenario, measure, answer };
        const [free] = idle;
        if (free !== undefined) {
          idle.delete(free[0]);
          free[1](job);
        } else if (open.size < poolSize()) void work(job);
        else waiting.push(job);
      }),
    end: () => {
      over = true;
      for (const connection of open) connection.end();
      open.clear();
      idle.clear();
      waiting.length = 0;
    },
  };
}

/** All profiles were found; otherwise it is the one that was not. */
const isList = <T, U>(found: readonly T[] | U): found is readonly T[] => Array.isArray(found);

export type FilesOutcome = { readonly ok: true; readonly files: SweepFiles } | { readonly ok: false; readonly error: string };

/** The trace and the profiles that a scenario names, from this machine. `then` says what to do once the missing file is there: "run the sweep". */
export async function filesOf(scenario: Scenario, then: string): Promise<FilesOutcome> {
  const { source } = scenario.traffic;
  const trace = source.kind === "trace" ? await findTrace(source.hash) : null;
  if (source.kind === "trace" && trace === null)
    return {
      ok: false,
      error: `This scenario runs the trace ${source.file}, which is not on this machine. Drop that file anywhere on the page, then ${then}.`,
    };
  const profiles = await findProfiles(profilesOf(scenario));
  if (!isList(profiles))
    return {
      ok: false,
      error: `This scenario is timed by the profile ${profiles.file}, which is not on this machine. Drop its files anywhere on the page, then ${then}.`,
    };
  return { ok: true, files: { trace, profiles } };
}
