// Runs an experiment in a pool of workers: starts, pauses, cancels, goes on, gathers what comes and keeps it. Loaded with the experiments screen.
import type { Experiment, Plan, PlannedRun } from "../../analysis/experiment.ts";
import { planInSlices, type PlanOutcome } from "../../analysis/plan.ts";
import { dueRuns, type Due, type ScheduleOptions } from "../../analysis/schedule.ts";
import { canonicalJson, textHash } from "../../scenario/hash.ts";
import { ENGINE_VERSION } from "../../scenario/version.ts";
import { endedRuns, experimentData, touchExperiment, useExperimentStore } from "../state/experiment-store.ts";
import { forgetSweep, keepRuns, keepSweep, lastSweep, runsOf } from "../state/sweep-database.ts";
import { useViewStore } from "../state/view-store.ts";
import { filesOf, openRunPool, poolSize, type RunPool } from "./run-pool.ts";

const phase = () => useExperimentStore.getState().phase;
const fail = (error: string): void => useExperimentStore.setState({ phase: experimentData.plan === null ? "idle" : "cancelled", error });

/** Grows with every start and every cancel: what belongs to an older one is dropped. */
let turn = 0;
let pool: RunPool | null = null;
/** Name of the experiment in the database. */
let kept = "";

function endPool(): void {
  pool?.end();
  pool = null;
}

/** The pace of the runs, without the time in which they were paused. */
const pace = { ranMs: 0, since: 0, before: 0 };
const now = (): number => performance.now();
const ranMs = (): number => pace.ranMs + (phase() === "running" ? now() - pace.since : 0);

/** At least this many runs per worker say how long the others take. */
const RUNS_TO_JUDGE = 2;

function judgePace(total: number): void {
  const done = endedRuns() - pace.before;
  const secondsLeft = done < RUNS_TO_JUDGE * poolSize() ? null : (ranMs() / 1000 / done) * (total - endedRuns());
  if (secondsLeft !== useExperimentStore.getState().secondsLeft) useExperimentStore.setState({ secondsLeft });
}

/** Runs not yet in the database. */
const unwritten = { runs: 0, failed: 0 };
const WRITE_MS = 500;
let writing: ReturnType<typeof setTimeout> | null = null;

function write(): Promise<void> {
  if (writing !== null) clearTimeout(writing);
  writing = null;
  const { runs, failed } = experimentData;
  const fresh = { runs: runs.slice(unwritten.runs), failed: failed.slice(unwritten.failed) };
  Object.assign(unwritten, { runs: runs.length, failed: failed.length });
  return keepRuns(kept, fresh);
}

/** Resolves when the runs go on. */
let gate: { readonly opened: Promise<void>; readonly open: () => void } | null = null;

async function lane(own: number, queue: PlannedRun[], runs: RunPool, total: number): Promise<void> {
  for (;;) {
    if (gate !== null) await gate.opened;
    const planned = own === turn ? queue.shift() : undefined;
    if (planned === undefined) return;
    const { setting, seed } = planned;
    const answer = await runs.run(planned.scenario);
    if (own !== turn) return;
    if (answer.ok) experimentData.runs.push({ setting, seed, figures: answer.figures });
    else experimentData.failed.push({ setting, seed, error: answer.error });
    writing ??= setTimeout(() => void write(), WRITE_MS);
    judgePace(total);
    touchExperiment();
  }
}

const isOver = ({ runs }: Due): boolean => runs.length === 0;

const ALL_RUNS: ScheduleOptions = { objectives: { x: "cost", y: "e2e.p90", reference: [null, null] }, earlyStop: null };
/** Settings that are beaten for certain get no further seeds, where that is asked for. */
let schedule = ALL_RUNS;

function dueNow(plan: Plan): Due {
  const ended = [...experimentData.runs, ...experimentData.failed.map(({ setting, seed }) => ({ setting, seed, figures: null }))];
  const due = dueRuns(plan, ended, schedule);
  experimentData.dropped = due.dropped;
  return due;
}

/** Runs what is left of the plan. */
async function runRest(plan: Plan): Promise<void> {
  const own = ++turn;
  endPool();
  const outcome = await filesOf(plan.experiment.base, "run the sweep");
  if (own !== turn) return;
  if (!outcome.ok) return fail(outcome.error);
  const runs = (pool = openRunPool(outcome.files));
  gate = null;
  Object.assign(pace, { ranMs: 0, since: now(), before: endedRuns() });
  useExperimentStore.setState({ phase: "running", error: null, secondsLeft: null });
  touchExperiment(true);
  // With early stopping in rounds of seeds, else all at once.
  for (let due = dueNow(plan); !isOver(due); due = dueNow(plan)) {
    const queue = [...due.runs];
    await Promise.all(Array.from({ length: Math.min(poolSize(), queue.length) }, () => lane(own, queue, runs, plan.runs.length)));
    if (own !== turn) return;
  }
  endPool();
  // Said to be finished when a reload would find it so.
  await write();
  if (own !== turn) return;
  useExperimentStore.setState({ phase: "finished" });
  touchExperiment(true);
}

/** The main thread works for at most this long at a time. */
const SLICE_MS = 12;

function planSlowly(experiment: Experiment): Promise<PlanOutcome> {
  let from = now();
  return planInSlices(experiment, () => {
    if (now() - from < SLICE_MS) return null;
    return new Promise((resolve) =>
      setTimeout(() => {
        from = now();
        resolve();
      }),
    );
  });
}

const idOf = (experiment: Experiment): string => textHash(`${ENGINE_VERSION} ${canonicalJson(experiment)}`);

/** `form`: what was asked, as it is to stand on the page after a reload. */
export async function startSweep(experiment: Experiment, options: ScheduleOptions, form: object): Promise<void> {
  schedule = options;
  const own = ++turn;
  const before = phase();
  endPool();
  useExperimentStore.setState({ phase: "planning", error: null });
  const outcome = await planSlowly(experiment);
  if (own !== turn) return;
  if (!outcome.ok) {
    useExperimentStore.setState({ phase: before === "running" || before === "planning" ? "cancelled" : before, error: outcome.error });
    return;
  }
  const { plan } = outcome;
  kept = idOf(experiment);
  Object.assign(experimentData, { plan, runs: [], failed: [], dropped: new Map() });
  Object.assign(unwritten, { runs: 0, failed: 0 });
  useExperimentStore.setState({ lookedAt: null });
  // A second run of the same experiment begins anew.
  await forgetSweep(kept);
  await keepSweep({ id: kept, experiment, schedule: options, form, total: plan.runs.length, startedAt: Date.now() });
  if (own === turn) await runRest(plan);
}

/** What runs goes on to its end; nothing else is started. */
export function pauseSweep(): void {
  if (phase() !== "running") return;
  pace.ranMs = ranMs();
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  gate = { opened, open };
  useExperimentStore.setState({ phase: "paused" });
}

/** Goes on after a pause, a cancel or a reload. */
export function continueSweep(): void {
  const { plan } = experimentData;
  if (phase() === "paused" && gate !== null) {
    pace.since = now();
    useExperimentStore.setState({ phase: "running" });
    gate.open();
    gate = null;
  } else if (phase() === "cancelled" && plan !== null) void runRest(plan);
}

/** Stops at once; what has ended stays. */
export function cancelSweep(): void {
  if (phase() !== "running" && phase() !== "paused") return;
  turn++;
  endPool();
  gate?.open();
  gate = null;
  void write();
  useExperimentStore.setState({ phase: "cancelled" });
  touchExperiment(true);
}

/** Brings back the last sweep of an earlier visit. One that was not at its end can go on. */
export async function restoreSweep(): Promise<void> {
  if (experimentData.plan !== null) return;
  const own = ++turn;
  const last = await lastSweep();
  // Runs of another engine are not those that would follow.
  if (last === null || last.id !== idOf(last.experiment)) return;
  const outcome = await planSlowly(last.experiment);
  const { runs, failed } = await runsOf(last.id);
  if (own !== turn || !outcome.ok || runs.length === 0) return;
  kept = last.id;
  Object.assign(experimentData, { plan: outcome.plan, runs: [...runs], failed: [...failed] });
  schedule = last.schedule ?? ALL_RUNS;
  // What a link brought, or was set meanwhile, stays.
  const view = useViewStore.getState();
  if (view.sweep === null && last.form !== undefined) view.setView({ sweep: last.form });
  Object.assign(unwritten, { runs: runs.length, failed: failed.length });
  useExperimentStore.setState({ phase: isOver(dueNow(outcome.plan)) ? "finished" : "cancelled" });
  touchExperiment(true);
}
