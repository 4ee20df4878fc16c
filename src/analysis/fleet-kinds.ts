// The fleets that a search may choose from: kinds (GPU, sharding, policies), each in any number of replicas.
import { gpuById } from "../catalog/index.ts";
import { setPath } from "../scenario/set-path.ts";
import type { Pool, Scenario } from "../scenario/types.ts";
import type { Axis } from "./experiment.ts";
import type { FleetSearch } from "./types.ts";

export interface FleetKind {
  /** By name, without the number of replicas. */
  readonly values: Readonly<Record<string, string>>;
  /** With `replicas.from`; null where it cannot be made, for `problem`. */
  readonly scenario: Scenario | null;
  readonly problem: string | null;
}

/** Each axis of the choice: a name, and what each of its values sets. */
function axesOf({
  pool,
  choices,
}: FleetSearch): { readonly name: string; readonly values: readonly (readonly [label: string, sets: readonly string[]])[] }[] {
  const field = (name: string, path: string, values: readonly (string | number)[] | undefined) =>
    values === undefined ? [] : [{ name, values: values.map((value) => [String(value), [`pools[${pool}].${path}=${value}`]] as const) }];
  const setsOf = ({ path, values, sets }: Axis) => values.map((value, i) => [value, sets?.[i] ?? [`${path}=${value}`]] as const);
  return [
    ...field("gpu", "gpu", choices.gpus),
    ...field("tensorParallel", "tensorParallel", choices.tensorParallel),
    ...field("pipelineParallel", "pipelineParallel", choices.pipelineParallel),
    ...(choices.policies ?? []).map((axis) => ({ name: axis.path, values: setsOf(axis) })),
  ];
}

export function fleetKinds(search: FleetSearch): FleetKind[] {
  let rows: { values: Record<string, string>; sets: readonly string[] }[] = [{ values: {}, sets: [] }];
  for (const { name, values } of axesOf(search))
    rows = rows.flatMap((row) =>
      values.map(([label, sets]) => ({ values: { ...row.values, [name]: label }, sets: [...row.sets, ...sets] })),
    );
  const { from } = search.choices.replicas;
  return rows.map(({ values, sets }) => {
    let { scenario } = search;
    for (const assignment of [...sets, `pools[${search.pool}].replicas=${from}`]) {
      const outcome = setPath(scenario, assignment);
      if (!outcome.ok) return { values, scenario: null, problem: outcome.errors[0] ?? assignment };
      scenario = outcome.scenario;
    }
    return { values, scenario, problem: null };
  });
}

/** The kind with another number of replicas; the schema has seen all but that number. */
export const withReplicas = (scenario: Scenario, pool: number, replicas: number): Scenario => ({
  ...scenario,
  pools: scenario.pools.map((one, i) => (i === pool ? { ...one, replicas } : one)),
});

function hourlyPrice({ gpu, pricePerGpuHour, tensorParallel, pipelineParallel, replicas, autoscaling, minReplicas }: Pool): number | null {
  const price = pricePerGpuHour ?? gpuById(gpu).pricePerHour.value;
  const least = autoscaling.id === "fixed" ? replicas : Math.min(replicas, minReplicas);
  return price === null ? null : price * tensorParallel * pipelineParallel * least;
}

/** What a fleet costs at least, US dollars per hour; with a fixed count, what it costs. Null where there is no price. */
export function leastPrice({ pools }: Scenario): number | null {
  const prices = pools.map(hourlyPrice);
  return prices.includes(null) ? null : prices.reduce<number>((sum, price) => sum + price!, 0);
}
