// What a scenario needs beside itself before it can run in a worker. Tables are loaded when a scenario names them, so that the worker stays small.
import type {
  AdmissionDefinition,
  AutoscalingDefinition,
  BatchingDefinition,
  OrderingDefinition,
  RoutingDefinition,
} from "../engine/contracts.ts";
import type { OpenProfile } from "../latency/types.ts";
import { basicAdmission } from "../policies/admission/basic.ts";
import { fixed } from "../policies/autoscaling/fixed.ts";
import type { PrefixSharing } from "../engine/kv/sharing.ts";
import { basicBatching } from "../policies/batching/basic.ts";
import { basicRouting } from "../policies/routing/basic.ts";
import type { WorkloadFacts } from "../workload/presets/facts.ts";
import { loadWorkload } from "../workload/presets/load.ts";
import { basicArrivals } from "../workload/synth/arrivals.ts";
import { basicLengths } from "../workload/synth/basic.ts";
import type { ArrivalDefinition, LengthDefinition } from "../workload/synth/types.ts";
import type { Trace } from "../workload/types.ts";
import { BASE_ORDERING } from "./base.ts";
import type { BuildOptions } from "./build.ts";
import type { NamedProfile } from "./profiles.ts";
import type { Choice, Scenario } from "./types.ts";

/** The same for every run of one scenario. */
export type Needs = Required<Omit<BuildOptions, "step">>;

const knows = (list: readonly { readonly id: string }[], choice: Choice | undefined): boolean =>
  choice === undefined || list.some(({ id }) => id === choice.id);

/** All measured workloads would be a sixth of the worker. */
async function workloadsFor(scenario: Scenario): Promise<readonly WorkloadFacts[]> {
  const { source } = scenario.traffic;
  return source.kind === "preset" ? loadWorkload(source.id) : [];
}

/** Ready for use; those that were open before stay so. */
async function openedFor(
  given: ReadonlyMap<string, NamedProfile>,
  before: ReadonlyMap<string, OpenProfile>,
): Promise<ReadonlyMap<string, OpenProfile>> {
  return given.size === 0 ? new Map() : (await import("./profiles.ts")).openProfiles([...given.values()], before);
}

/** The autoscalers, with all that they do and say, would be a tenth of the worker. */
async function autoscalersFor({ pools }: Scenario): Promise<readonly AutoscalingDefinition[]> {
  return pools.every(({ autoscaling }) => autoscaling.id === fixed.id)
    ? [fixed]
    : (await import("../policies/autoscaling/index.ts")).autoscaling;
}

/** So would the routers that remember prompts. */
async function routersFor({ routing }: Scenario): Promise<readonly RoutingDefinition[]> {
  return knows(basicRouting, routing) ? basicRouting : (await import("../policies/routing/index.ts")).routing;
}

async function lengthsFor({ traffic: { source } }: Scenario): Promise<readonly LengthDefinition[]> {
  return source.kind !== "synthetic" || knows(basicLengths, source.lengths)
    ? basicLengths
    : (await import("../workload/synth/index.ts")).lengths;
}

async function schedulersFor({ pools }: Scenario): Promise<readonly BatchingDefinition[]> {
  return pools.every(({ batching }) => knows(basicBatching, batching))
    ? basicBatching
    : (await import("../policies/batching/index.ts")).batching;
}

async function ordersFor({ pools }: Scenario): Promise<readonly OrderingDefinition[]> {
  return pools.every(({ ordering }) => knows([BASE_ORDERING], ordering)) ? [] : (await import("../policies/ordering/index.ts")).ordering;
}

async function admissionsFor({ admission }: Scenario): Promise<readonly AdmissionDefinition[]> {
  return knows(basicAdmission, admission) ? basicAdmission : (await import("../policies/admission/index.ts")).admission;
}

async function arrivalsFor({ traffic: { source } }: Scenario): Promise<readonly ArrivalDefinition[]> {
  return source.kind === "trace" || knows(basicArrivals, source.arrivals)
    ? basicArrivals
    : (await import("../workload/synth/index.ts")).arrivals;
}

async function sharingFor({ pools }: Scenario): Promise<PrefixSharing | null> {
  return pools.some(({ kv }) => kv.prefixCaching === true) ? (await import("../engine/kv/sharing.ts")).prefixSharing : null;
}

/** `profiles` are those that the scenario names, `open` those of the run before. */
export async function needsOf(
  scenario: Scenario,
  trace: Trace | null,
  profiles: ReadonlyMap<string, NamedProfile>,
  open: ReadonlyMap<string, OpenProfile>,
): Promise<Needs> {
  return {
    trace,
    workloads: await workloadsFor(scenario),
    profiles: await openedFor(profiles, open),
    autoscalers: await autoscalersFor(scenario),
    routers: await routersFor(scenario),
    lengths: await lengthsFor(scenario),
    schedulers: await schedulersFor(scenario),
    orders: await ordersFor(scenario),
    admissions: await admissionsFor(scenario),
    arrivals: await arrivalsFor(scenario),
    sharing: await sharingFor(scenario),
  };
}
