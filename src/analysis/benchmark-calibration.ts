// Calibration of a scenario to benchmark runs: the simulator in the loop of src/latency/calibrate. A worker loads it: no schema here.
import { calibrate } from "../latency/calibrate/calibrate.ts";
import type { CalibrationOptions } from "../latency/calibrate/calibrate.ts";
import { rooflineKnobs } from "../latency/calibrate/knobs.ts";
import type { Calibration, CalibrationProgress, ClientMeans, Knob } from "../latency/calibrate/types.ts";
import { prefixSharing } from "../engine/kv/sharing.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { routing } from "../policies/routing/index.ts";
import { ScenarioError, shardOf } from "../scenario/build.ts";
import { createRun } from "../scenario/run.ts";
import type { Scenario } from "../scenario/types.ts";
import type { WorkloadFacts } from "../workload/presets/facts.ts";
import { lengths } from "../workload/synth/index.ts";
import type { BenchmarkRun } from "./benchmark-table.ts";

type Values = Readonly<Record<string, number>>;

/** The scenario with these parameters of the roofline in every pool. */
const withValues = (scenario: Scenario, values: Values): Scenario => ({
  ...scenario,
  pools: scenario.pools.map((pool) => ({ ...pool, latency: { ...pool.latency, params: { ...pool.latency.params, ...values } } })),
});

/** Means of a run; throws a ScenarioError where it cannot be simulated. */
export function simulateMeans(scenario: Scenario, workloads: readonly WorkloadFacts[]): ClientMeans {
  const run = createRun(scenario, {
    trace: null,
    step: false,
    workloads,
    autoscalers: autoscaling,
    routers: routing,
    lengths,
    sharing: prefixSharing,
    keepRequests: true,
  });
  run.runUntil(Infinity);
  const { ttft, tpot, e2e } = run.results().summary;
  return { ttft: ttft.mean, tpot: tpot.mean, e2e: e2e.mean };
}

/** Values that the scenario starts from where they differ from the defaults: what a person has set counts as known. */
const started = ({ latency }: Scenario["pools"][number]): Values =>
  Object.fromEntries(Object.entries(latency.params ?? {}).filter((entry): entry is [string, number] => typeof entry[1] === "number"));

/** Knobs of a scenario: those of the shard of its first pool. */
const knobsOf = (base: Scenario): readonly Knob[] => {
  const pool = base.pools[0]!;
  return rooflineKnobs(shardOf(base, pool), started(pool));
};

/** `workloads`: facts of the measured workload that the traffic names, if it does. Yields after every simulated run. */
export function* calibrateScenario(
  runs: readonly BenchmarkRun[],
  base: Scenario,
  workloads: readonly WorkloadFacts[],
  options: CalibrationOptions = {},
): Generator<CalibrationProgress, Calibration> {
  return yield* calibrate(
    runs,
    knobsOf(base),
    (values, i) => {
      const run = runs[i]!;
      try {
        return simulateMeans(withValues(run.scenario, values), workloads);
      } catch (error) {
        if (error instanceof ScenarioError) throw new ScenarioError(`line ${run.line} (${run.name}): ${error.message}`);
        throw error;
      }
    },
    options,
  );
}
