// One run of an experiment to its end: what a sweep worker does, and the command line in its own process.
import { ScenarioError } from "../scenario/build.ts";
import { createRun } from "../scenario/run.ts";
import type { Run } from "../scenario/run.ts";
import type { Scenario } from "../scenario/types.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { loadWorkload } from "../workload/presets/load.ts";
import type { Trace } from "../workload/types.ts";
import type { RunFigures } from "./experiment.ts";
import { figuresOf } from "./run-figures.ts";

export type SweepAnswer = { readonly ok: true; readonly figures: RunFigures } | { readonly ok: false; readonly error: string };

export interface SweepRunner {
  /** The trace that the scenarios of this experiment run on; given once. */
  useTrace(trace: Trace | null): void;
  /** `pause` is awaited between slices of the run, where given: progress, interrupts. */
  run(scenario: Scenario, pause?: (run: Run) => Promise<void>): Promise<SweepAnswer>;
}

/** Events between two pauses. */
const SLICE_EVENTS = 50_000;

export function createSweepRunner(): SweepRunner {
  let trace: Trace | null = null;
  return {
    useTrace: (given) => {
      trace = given;
    },
    run: async (scenario, pause) => {
      const { source } = scenario.traffic;
      const workloads = source.kind === "preset" ? await loadWorkload(source.id) : [];
      try {
        // Requests are kept while the run goes on: quantiles are exact.
        const run = createRun(scenario, { trace, step: false, workloads, autoscalers: autoscaling, keepRequests: true });
        if (pause === undefined) run.runUntil(Infinity);
        else while (!run.runUntil(Infinity, SLICE_EVENTS)) await pause(run);
        return { ok: true, figures: figuresOf(run) };
      } catch (error) {
        // Only what the scenario itself is to blame for; a defect of ours shows as one.
        if (error instanceof ScenarioError) return { ok: false, error: error.message };
        throw error;
      }
    },
  };
}
