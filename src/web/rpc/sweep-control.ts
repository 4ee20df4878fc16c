// Runs an experiment in a pool of workers: starts, cancels, gathers what comes. Loaded with the experiments screen.
import type { Plan, PlannedRun } from "../../analysis/experiment.ts";
import { experimentData, touchExperiment, useExperimentStore } from "../state/experiment-store.ts";
import type { SweepFiles } from "../../analysis/sweep-host.ts";
import { profilesOf } from "../../scenario/profile-refs.ts";
import { findProfiles } from "../state/profile-database.ts";
import { findTrace } from "../state/trace-database.ts";
import { connect, type Connection } from "./client.ts";
import type { SweepHost } from "./protocol.ts";

/** One core is left to the page. */
export const poolSize = (): number => Math.max(1, (navigator.hardwareConcurrency || 2) - 1);

let sweepId = 0;
let pool: Connection<SweepHost>[] = [];

const worker = (onCrash: (why: string) => void): Connection<SweepHost> =>
  connect<SweepHost>(new Worker(new URL("../../../workers/sweep.ts", import.meta.url), { type: "module", name: "sweep" }), onCrash);

function endPool(): void {
  for (const connection of pool) connection.end();
  pool = [];
}

function failed({ setting, seed }: PlannedRun, error: string): void {
  experimentData.failed.push({ setting, seed, error });
  touchExperiment();
}

/** Takes runs from the queue until it is empty. Resolves also when the worker dies: its run is lost, and a new worker goes on. */
async function work(id: number, queue: PlannedRun[], files: SweepFiles): Promise<void> {
  while (queue.length > 0 && id === sweepId) {
    let crashed: (why: string) => void = () => undefined;
    const crash = new Promise<string>((resolve) => (crashed = resolve));
    const connection = worker(crashed);
    pool.push(connection);
    if (files.trace !== null || files.profiles.length > 0) await Promise.race([connection.host.useFiles(files), crash]);
    for (let run = queue.shift(); run !== undefined && id === sweepId; run = queue.shift()) {
      const planned = run;
      const answer = await Promise.race([
        connection.host.run(planned.scenario).catch((error: unknown) => ({ ok: false as const, error: String(error) })),
        crash.then((why) => ({ ok: false as const, error: `The worker stopped: ${why}.`, dead: true })),
      ]);
      if (id !== sweepId) return;
      if (answer.ok) experimentData.runs.push({ setting: planned.setting, seed: planned.seed, figures: answer.figures });
      else failed(planned, answer.error);
      touchExperiment();
      if ("dead" in answer) break;
    }
    connection.end();
  }
}

/** All profiles were found; otherwise it is the one that was not. */
const isList = <T, U>(found: readonly T[] | U): found is readonly T[] => Array.isArray(found);

export async function startSweep(plan: Plan): Promise<void> {
  const id = ++sweepId;
  endPool();
  const { source } = plan.experiment.base.traffic;
  const trace = source.kind === "trace" ? await findTrace(source.hash) : null;
  if (id !== sweepId) return;
  if (source.kind === "trace" && trace === null) {
    useExperimentStore.setState({
      error: `This scenario runs the trace ${source.file}, which is not on this machine. Drop that file anywhere on the page, then run the sweep.`,
    });
    return;
  }
  const profiles = await findProfiles(profilesOf(plan.experiment.base));
  if (id !== sweepId) return;
  if (!isList(profiles)) {
    useExperimentStore.setState({
      error: `This scenario is timed by the profile ${profiles.file}, which is not on this machine. Drop its files anywhere on the page, then run the sweep.`,
    });
    return;
  }
  Object.assign(experimentData, { plan, runs: [], failed: [] });
  useExperimentStore.setState({ phase: "running", error: null, lookedAt: null });
  touchExperiment(true);
  const queue = [...plan.runs];
  await Promise.all(Array.from({ length: Math.min(poolSize(), queue.length) }, () => work(id, queue, { trace, profiles })));
  if (id !== sweepId) return;
  endPool();
  useExperimentStore.setState({ phase: "finished" });
  touchExperiment(true);
}

/** Stops at once; what has ended stays. */
export function cancelSweep(): void {
  if (useExperimentStore.getState().phase !== "running") return;
  sweepId++;
  endPool();
  useExperimentStore.setState({ phase: "cancelled" });
  touchExperiment(true);
}
