// What a scenario must say that no single field can: names that refer to each other, limits of endless traffic, a fleet that can serve.
import { shown } from "./messages.ts";
import { basicBatching } from "../policies/batching/basic.ts";
import { gpus, models } from "./registries.ts";
import { hint } from "./suggest.ts";
import type { Scenario } from "./types.ts";

function repeated(path: string, what: string, entries: readonly { readonly name: string }[]): string[] {
  const seen = new Map<string, number>();
  const errors: string[] = [];
  entries.forEach(({ name }, i) => {
    const first = seen.get(name);
    if (first === undefined) seen.set(name, i);
    else errors.push(`${path}[${i}].name: ${shown(name)} is already the name of ${path}[${first}]. Give each ${what} a name of its own.`);
  });
  return errors;
}

function checkTraffic({ traffic, tenants }: Scenario): string[] {
  const errors: string[] = [];
  const { source } = traffic;
  const endless = source.kind !== "trace" || source.loop;
  if (endless && traffic.maxRequests === null && traffic.maxSeconds === null)
    errors.push(
      `traffic: This traffic has no end of its own, and maxRequests and maxSeconds are both null. Give one of them, for example "maxSeconds": 600.`,
    );
  if (source.kind === "trace" && source.to !== null && source.to <= source.from)
    errors.push(
      `traffic.source.to: ${shown(source.to)} is not after from (${shown(source.from)}). Give a later time in seconds, or null for the end.`,
    );
  if (!tenants.some((tenant) => tenant.share > 0)) errors.push("tenants: Every share is 0. Give at least one tenant a share above 0.");
  return errors;
}

function checkPools(scenario: Scenario): string[] {
  const errors: string[] = [];
  const model = models.find((entry) => entry.id === scenario.model);
  scenario.pools.forEach((pool, i) => {
    const gpu = gpus.find((entry) => entry.id === pool.gpu);
    if (pool.pricePerGpuHour === null && gpu !== undefined && gpu.pricePerHour.value === null)
      errors.push(
        `pools[${i}].pricePerGpuHour: null, but the catalog knows no price for ${gpu.name}. Give your price in US dollars per GPU hour.`,
      );
    if (pool.minReplicas > pool.maxReplicas)
      errors.push(
        `pools[${i}].minReplicas: ${pool.minReplicas} is more than maxReplicas (${pool.maxReplicas}). Give at most ${pool.maxReplicas}.`,
      );
    if (pool.kv.prefixCaching === true && pool.role === "decode")
      errors.push(`pools[${i}].kv.prefixCaching: A decode pool gets its KV blocks over the network and looks for none. Leave it out.`);
    const able = basicBatching.filter(({ sharesPrefixes }) => sharesPrefixes === true).map(({ id }) => id);
    if (pool.kv.prefixCaching === true && !able.includes(pool.batching.id)) {
      errors.push(
        `pools[${i}].kv.prefixCaching: The scheduler ${pool.batching.id} shares no KV blocks. Leave it out, or give batching as one of ${able.join(", ")}.`,
      );
    }
    if (model === undefined) return;
    if (model.heads % pool.tensorParallel !== 0)
      errors.push(
        `pools[${i}].tensorParallel: ${pool.tensorParallel} does not divide the ${model.heads} attention heads of ${model.name}. Give a divisor of ${model.heads}.`,
      );
    if (pool.pipelineParallel > model.layers)
      errors.push(
        `pools[${i}].pipelineParallel: ${pool.pipelineParallel} is more than the ${model.layers} layers of ${model.name}. Give at most ${model.layers}.`,
      );
  });
  const serves = (role: string): boolean => scenario.pools.some((pool) => pool.role === role);
  if (!serves("mixed") && !(serves("prefill") && serves("decode")))
    errors.push("pools: No pool can serve a whole request. Give one pool the role mixed, or one prefill and another decode.");
  if (!scenario.pools.some((pool) => pool.replicas > 0))
    errors.push("pools: Every pool starts with 0 replicas. Give at least one pool a replica.");
  return errors;
}

/** One sentence per problem; the shape has been checked before. */
export function crossCheck(scenario: Scenario): string[] {
  const classes = scenario.sloClasses.map((entry) => entry.name);
  const pools = scenario.pools.map((entry) => entry.name);
  const errors = [
    ...repeated("pools", "pool", scenario.pools),
    ...repeated("tenants", "tenant", scenario.tenants),
    ...repeated("sloClasses", "SLO class", scenario.sloClasses),
  ];
  scenario.tenants.forEach((tenant, i) => {
    if (!classes.includes(tenant.sloClass))
      errors.push(`tenants[${i}].sloClass: Unknown SLO class ${shown(tenant.sloClass)}.${hint(tenant.sloClass, classes)}`);
  });
  scenario.faults.forEach((fault, i) => {
    const pool = scenario.pools.find((entry) => entry.name === fault.pool);
    if (pool === undefined) errors.push(`faults[${i}].pool: Unknown pool ${shown(fault.pool)}.${hint(fault.pool, pools)}`);
    else if (pool.autoscaling.id === "fixed" && fault.replica > pool.replicas)
      errors.push(
        `faults[${i}].replica: Pool ${shown(pool.name)} has no replica ${fault.replica}. Give a number from 1 to ${pool.replicas}.`,
      );
  });
  return [...errors, ...checkTraffic(scenario), ...checkPools(scenario)];
}
