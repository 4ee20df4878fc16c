// One run of an experiment to its end: what a sweep worker does, and the command line in its own process.
import type { OpenProfile } from "../latency/types.ts";
import { ScenarioError } from "../scenario/build.ts";
import type { NamedProfile } from "../scenario/profiles.ts";
import { createRun } from "../scenario/run.ts";
import type { Run } from "../scenario/run.ts";
import type { Scenario } from "../scenario/types.ts";
import { everything } from "../scenario/everything.ts";
import { loadWorkload } from "../workload/presets/load.ts";
import type { Trace } from "../workload/types.ts";
import { figuresOf } from "./run-figures.ts";
import { SharedTraffic } from "./shared-traffic.ts";
import type { Measure, MeasuredAnswer } from "./types.ts";

export type SweepAnswer = MeasuredAnswer;

/** What a scenario names and does not hold. */
export interface SweepFiles {
  readonly trace: Trace | null;
  readonly profiles: readonly NamedProfile[];
}

export interface SweepRunner {
  /** The files that the scenarios of this experiment name; given once. */
  useFiles(files: SweepFiles): Promise<void>;
  /** `pause` is awaited between slices of the run, where given: progress, interrupts. */
  run(scenario: Scenario, measure?: Measure, pause?: (run: Run) => Promise<void>): Promise<SweepAnswer>;
}

/** Events between two pauses. */
const SLICE_EVENTS = 50_000;

export function createSweepRunner(): SweepRunner {
  let trace: Trace | null = null;
  let profiles: ReadonlyMap<string, OpenProfile> = new Map();
  const shared = new SharedTraffic();
  return {
    useFiles: async (files) => {
      trace = files.trace;
      // The operator tables are loaded with the first profile.
      if (files.profiles.length > 0) profiles = (await import("../scenario/profiles.ts")).openProfiles(files.profiles);
    },
    run: async (scenario, measure, pause) => {
      const { source } = scenario.traffic;
      const workloads = source.kind === "preset" ? await loadWorkload(source.id) : [];
      try {
        // Requests are kept while the run goes on: quantiles are exact.
        const run = createRun(scenario, {
          trace,
          step: false,
          workloads,
          profiles,
          ...everything,
          keepRequests: true,
          change: (config) => ({ ...config, source: shared.of(scenario, config.source) }),
        });
        if (pause === undefined) run.runUntil(Infinity);
        else while (!run.runUntil(Infinity, SLICE_EVENTS)) await pause(run);
        const figures = figuresOf(run, measure);
        if (measure?.fairness === undefined) return { ok: true, figures };
        const { measuredFairness } = await import("./measured-fairness.ts");
        return { ok: true, figures: { ...figures, fairness: measuredFairness(scenario, run, measure.fairness.at) } };
      } catch (error) {
        // Only what the scenario itself is to blame for; a defect of ours shows as one.
        if (error instanceof ScenarioError) return { ok: false, error: error.message };
        throw error;
      }
    },
  };
}
