// What a scenario names that is loaded when it is named: with all of it a worker would be half as large again.
import type { AutoscalingDefinition } from "../engine/contracts.ts";
import type { OpenProfile } from "../latency/types.ts";
import { fixed } from "../policies/autoscaling/fixed.ts";
import type { WorkloadFacts } from "../workload/presets/facts.ts";
import { loadWorkload } from "../workload/presets/load.ts";
import type { BuildOptions } from "./build.ts";
import type { NamedProfile } from "./profiles.ts";
import type { Scenario } from "./types.ts";

export type Loaded = Required<Pick<BuildOptions, "workloads" | "profiles" | "autoscalers">>;

/** The measured workload that the traffic names: all their tables would be a sixth of the simulation worker. */
async function workloadsFor({ traffic: { source } }: Scenario): Promise<readonly WorkloadFacts[]> {
  return source.kind === "preset" ? loadWorkload(source.id) : [];
}

/** The profiles, ready for use; the operator tables are loaded with the first. */
async function openedFor(
  given: readonly NamedProfile[],
  before: ReadonlyMap<string, OpenProfile> | undefined,
): Promise<ReadonlyMap<string, OpenProfile>> {
  return given.length === 0 ? new Map() : (await import("./profiles.ts")).openProfiles(given, before);
}

/** The autoscalers: with all that they do and say they would be a tenth of the simulation worker. */
async function autoscalersFor({ pools }: Scenario): Promise<readonly AutoscalingDefinition[]> {
  return pools.every(({ autoscaling }) => autoscaling.id === fixed.id)
    ? [fixed]
    : (await import("../policies/autoscaling/index.ts")).autoscaling;
}

/** `profiles`: those that the scenario names; of `before` the tables that are ready are taken over. */
export async function loadFor(
  scenario: Scenario,
  profiles: readonly NamedProfile[],
  before?: ReadonlyMap<string, OpenProfile>,
): Promise<Loaded> {
  return {
    workloads: await workloadsFor(scenario),
    profiles: await openedFor(profiles, before),
    autoscalers: await autoscalersFor(scenario),
  };
}
