// Scenario -> what an engine is built from: looks up everything that the scenario names and computes what follows from it (KV blocks, prices).
// Scenarios have passed the schema; what only shows here (a model that does not fit, a missing trace) is a ScenarioError with one sentence.
import { gpuById, modelById } from "../catalog/index.ts";
import type {
  AdmissionDefinition,
  AutoscalingDefinition,
  BatchingDefinition,
  OrderingDefinition,
  RoutingDefinition,
} from "../engine/contracts.ts";
import type { FaultConfig, PoolConfig, SimulationConfig, SloLimits } from "../engine/config.ts";
import type { LatencyModel } from "../engine/contracts.ts";
import type { PrefixSharing } from "../engine/kv/sharing.ts";
import { withDefaults } from "../engine/params.ts";
import type { Params, Values } from "../engine/params.ts";
import { latencyById } from "../latency/index.ts";
import { modelWork } from "../latency/model-work.ts";
import { LatencyProblem } from "../latency/types.ts";
import type { OpenProfile, Shard } from "../latency/types.ts";
import { kvPlanById } from "../latency/kv-plan.ts";
import type { MemoryPlan } from "../latency/memory-plan.ts";
import { weightPrecisionOf } from "../latency/precision.ts";
import { createSource, tenantsOfTrace } from "../workload/index.ts";
import type { WorkloadFacts } from "../workload/presets/facts.ts";
import { basicLengths } from "../workload/synth/basic.ts";
import { basicArrivals } from "../workload/synth/arrivals.ts";
import type { ArrivalDefinition, LengthDefinition } from "../workload/synth/types.ts";
import type { Trace } from "../workload/types.ts";
import { basicAdmission } from "../policies/admission/basic.ts";
import { fixed } from "../policies/autoscaling/fixed.ts";
import { basicBatching } from "../policies/batching/basic.ts";
import { basicRouting } from "../policies/routing/basic.ts";
import { BASE_KV_PLAN, BASE_ORDERING } from "./base.ts";
import type { Described } from "./registries.ts";
import { startupSecondsOf } from "./startup.ts";
import type { Choice, Pool, Scenario } from "./types.ts";

/** A scenario that cannot be run: one sentence with path, value and what would do. */
export class ScenarioError extends Error {}

export interface BuildOptions {
  /** The trace that the scenario's traffic names; null for synthetic traffic. */
  readonly trace: Trace | null;
  /** One iteration at a time instead of leaping: same results, slower. */
  readonly step: boolean;
  /** Measured workloads that traffic may name (src/workload/presets). */
  readonly workloads: readonly WorkloadFacts[];
  /** Profiles that pools name, by hash (profiles.ts opens them). */
  readonly profiles?: ReadonlyMap<string, OpenProfile>;
  /** Autoscalers that pools may name (src/policies/autoscaling); the fixed count alone where left out. A worker loads the others when they are named. */
  readonly autoscalers?: readonly AutoscalingDefinition[];
  /** Routers that the scenario may name (src/policies/routing); the basic ones where left out, for the same reason. */
  readonly routers?: readonly RoutingDefinition[];
  /** Length laws that traffic may name (src/workload/synth); those without content where left out. */
  readonly lengths?: readonly LengthDefinition[];
  /** Likewise replica schedulers, admission rules and arrival processes; orders of queues other than that of arrival. */
  readonly schedulers?: readonly BatchingDefinition[];
  readonly orders?: readonly OrderingDefinition[];
  readonly admissions?: readonly AdmissionDefinition[];
  readonly arrivals?: readonly ArrivalDefinition[];
  /** What pools with prefix caching need (src/engine/kv). */
  readonly sharing?: PrefixSharing | null;
}

const NO_PROFILES: ReadonlyMap<string, OpenProfile> = new Map();

function configured<D extends Described>(
  list: readonly D[],
  path: string,
  { id, params }: Choice,
): { definition: D; values: Record<string, unknown> } {
  const definition = list.find((entry) => entry.id === id);
  if (definition === undefined)
    throw new ScenarioError(`${path}.id: Unknown id "${id}". Known: ${list.map((entry) => entry.id).join(", ")}.`);
  return { definition, values: withDefaults(definition.params, params ?? {}) };
}

export const shardOf = (scenario: Pick<Scenario, "model">, pool: Pick<Pool, "gpu" | "tensorParallel" | "pipelineParallel">): Shard => ({
  gpu: gpuById(pool.gpu),
  model: modelById(scenario.model),
  tensorParallel: pool.tensorParallel,
  pipelineParallel: pool.pipelineParallel,
});

/** Memory of one replica of a pool and the KV blocks that it leaves. */
export function memoryOf(scenario: Pick<Scenario, "model">, pool: Pool): MemoryPlan {
  const { blockSize, memoryUtilisation, plan = BASE_KV_PLAN } = pool.kv;
  const { params, plan: planOf } = kvPlanById(plan.id);
  const options = { blockSize, memoryUtilisation, weights: weightPrecisionOf(pool.latency.params) };
  return planOf(withDefaults(params, plan.params) as Values<Params>, shardOf(scenario, pool), options);
}

function latencyOf(pool: Pool, path: string, shard: Shard, profiles: ReadonlyMap<string, OpenProfile>): LatencyModel {
  const { id, params } = pool.latency;
  const definition = latencyById(id);
  try {
    const values = withDefaults(definition.params, params ?? {}) as Values<Params>;
    return definition.create(values, shard, { profiles, blockSize: pool.kv.blockSize });
  } catch (error) {
    if (error instanceof LatencyProblem) throw new ScenarioError(`${path}.latency: ${error.message}`);
    throw error;
  }
}

/** What scenarios name that is loaded apart. */
type Loaded = Required<Pick<BuildOptions, "profiles" | "autoscalers" | "schedulers" | "orders" | "sharing">>;

function poolConfig(
  scenario: Scenario,
  pool: Pool,
  path: string,
  { profiles, autoscalers, schedulers, orders, sharing }: Loaded,
): PoolConfig {
  const shard = shardOf(scenario, pool);
  let blocks = pool.kv.blocks;
  if (blocks === null) {
    const plan = memoryOf(scenario, pool);
    if (plan.problem !== null) throw new ScenarioError(`${path}: ${plan.problem}`);
    blocks = plan.blocks;
  }
  if (pool.kv.prefixCaching === true && sharing === null) throw new Error("Prefix caching is not loaded: give the option sharing.");
  const price = pool.pricePerGpuHour ?? shard.gpu.pricePerHour.value;
  if (price === null)
    throw new ScenarioError(
      `${path}.pricePerGpuHour: The catalog knows no price for ${shard.gpu.name}. Give your price in US dollars per GPU hour.`,
    );
  const { gpusPerNode } = pool;
  const gpusPerReplica = pool.tensorParallel * pool.pipelineParallel;
  return {
    name: pool.name,
    role: pool.role,
    gpu: pool.gpu,
    replicas: pool.replicas,
    gpusPerReplica,
    stages: pool.pipelineParallel,
    pricePerReplicaHour: price * gpusPerReplica,
    node: gpusPerNode === null ? null : { gpus: gpusPerNode, pricePerHour: price * gpusPerNode },
    paysStarting: pool.paidFrom === "order",
    batching: configured(schedulers, `${path}.batching`, pool.batching),
    ...(pool.ordering === undefined || pool.ordering.id === BASE_ORDERING.id
      ? {}
      : { ordering: configured(orders, `${path}.ordering`, pool.ordering) }),
    autoscaling: configured(autoscalers, `${path}.autoscaling`, pool.autoscaling),
    latency: latencyOf(pool, path, shard, profiles),
    work: modelWork(shard, weightPrecisionOf(pool.latency.params)),
    startupSeconds: startupSecondsOf(pool, () => memoryOf(scenario, pool).totalWeightBytes),
    scaleDownSeconds: pool.scaleDownSeconds,
    minReplicas: pool.minReplicas,
    maxReplicas: pool.maxReplicas,
    kvBlocks: blocks,
    blockSize: pool.kv.blockSize,
    prefixCaching: pool.kv.prefixCaching === true ? sharing : null,
    kvBytesPerToken: shard.model.kvBytesPerToken.value,
  };
}

/** A new source of requests with it: build again for every run. */
export function buildConfig(
  scenario: Scenario,
  {
    trace,
    step,
    workloads,
    profiles = NO_PROFILES,
    autoscalers = [fixed],
    routers = basicRouting,
    lengths = basicLengths,
    schedulers = basicBatching,
    orders = [],
    admissions = basicAdmission,
    arrivals = basicArrivals,
    sharing = null,
  }: BuildOptions,
): SimulationConfig {
  const { traffic } = scenario;
  if (traffic.source.kind === "trace" && trace === null)
    throw new ScenarioError(
      `traffic.source: The scenario needs the trace "${traffic.source.file}" (SHA-256 ${traffic.source.hash}). Open that file.`,
    );
  const sloClasses: SloLimits[] = scenario.sloClasses.map(({ name, ttft, tpot, e2e }) => ({
    name,
    ttft: ttft ?? Infinity,
    tpot: tpot ?? Infinity,
    e2e: e2e ?? Infinity,
  }));
  const classOf = (name: string): number => sloClasses.findIndex((entry) => entry.name === name);
  const used = traffic.source.kind === "trace" ? trace : null;
  const tenants = tenantsOfTrace(used, scenario.tenants).map(({ name, share, sloClass, weight }) => ({
    name,
    share,
    sloClass: classOf(sloClass),
    weight,
  }));
  const pools = scenario.pools.map((pool, i) =>
    poolConfig(scenario, pool, `pools[${i}]`, { profiles, autoscalers, schedulers, orders, sharing }),
  );
  const faults: FaultConfig[] = scenario.faults.map(({ at, kind, pool, replica, replaceAfter }) => ({
    at,
    kind,
    pool: scenario.pools.findIndex((entry) => entry.name === pool),
    position: replica - 1,
    replaceAfter: replaceAfter ?? Infinity,
  }));
  return {
    seed: scenario.seed,
    source: createSource(traffic, { seed: scenario.seed, tenants, trace: used, workloads, lengths, arrivals }),
    tenants: tenants.map(({ name, sloClass, weight }) => ({ name, sloClass, weight })),
    sloClasses,
    pools,
    routing: configured(routers, "routing", scenario.routing),
    admission: configured(admissions, "admission", scenario.admission),
    loadStaleness: scenario.loadStaleness,
    faults,
    network: { bytesPerS: scenario.network.gbytesPerS * 1e9, latencyS: scenario.network.latencyS },
    step,
  };
}
