// Pools: GPUs, replicas, sharding, price, start-up and KV capacity.
import { withDefaults } from "../../../engine/params.ts";
import type { MemoryPlan } from "../../../latency/memory-plan.ts";
import { weightPrecisionOf } from "../../../latency/precision.ts";
import { gpus, kvPlans, models } from "../../../scenario/registries.ts";
import type { Pool, Scenario } from "../../../scenario/types.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { bytes, counted, integer, money } from "../../ui/format.ts";
import { Bound, BoundChoice, BoundName, BoundOptional } from "./bound.tsx";
import {
  blockSize,
  choiceOf,
  gpusPerNode,
  kvBlocks,
  memoryUtilisation,
  prefixCaching,
  paidFrom,
  pipelineParallel,
  price,
  replicas,
  role,
  tensorParallel,
} from "./descriptors.ts";
import { More } from "./more.tsx";
import { isScalingPath } from "./scaling-paths.ts";
import { Section } from "./section.tsx";
import { PoolTabs, usePoolIndex } from "./tabs.tsx";

/** A name that no other pool has: "chat 2". */
export function freeName(wanted: string, taken: readonly string[]): string {
  const base = wanted.replace(/ \d+$/, "");
  if (!taken.includes(base)) return base;
  let n = 2;
  while (taken.includes(`${base} ${n}`)) n++;
  return `${base} ${n}`;
}

function renamePool(scenario: Scenario, index: number, name: string): Scenario {
  const before = scenario.pools[index]?.name;
  return {
    ...scenario,
    pools: scenario.pools.map((pool, i) => (i === index ? { ...pool, name } : pool)),
    faults: scenario.faults.map((fault) => (fault.pool === before ? { ...fault, pool: name } : fault)),
  };
}

function removePool(scenario: Scenario, index: number): Scenario {
  const gone = scenario.pools[index]?.name;
  return {
    ...scenario,
    pools: scenario.pools.filter((_, i) => i !== index),
    faults: scenario.faults.filter((fault) => fault.pool !== gone),
  };
}

function addPool(scenario: Scenario, from: Pool): Scenario {
  const name = freeName(
    from.name,
    scenario.pools.map((pool) => pool.name),
  );
  return { ...scenario, pools: [...scenario.pools, { ...from, name }] };
}

/** As the engine plans it (src/scenario/build.ts, which would bring all policies and workloads along). */
export function planOf(pool: Pool, modelId: string): MemoryPlan | null {
  const gpu = gpus.find((entry) => entry.id === pool.gpu);
  const model = models.find((entry) => entry.id === modelId);
  if (gpu === undefined || model === undefined) return null;
  const shard = { gpu, model, tensorParallel: pool.tensorParallel, pipelineParallel: pool.pipelineParallel };
  const { blockSize, memoryUtilisation, plan } = pool.kv;
  const planner = kvPlans.find((entry) => entry.id === plan?.id) ?? kvPlans[0]!;
  const options = { blockSize, memoryUtilisation, weights: weightPrecisionOf(pool.latency.params) };
  return planner.plan(withDefaults(planner.params, plan?.params), shard, options);
}

/** Memory of the device that limits a replica, from top to what is left for the KV cache. */
function MemoryFigures({ pool, model: modelId }: { readonly pool: Pool; readonly model: string }) {
  const plan = planOf(pool, modelId);
  if (plan === null) return null;
  if (plan.problem !== null) return <p className="problem">{plan.problem}</p>;
  const rows: readonly (readonly [string, string])[] = [
    [`Memory per GPU, of ${bytes(plan.memoryBytes)}`, bytes(plan.usableBytes)],
    ["Weights", `−${bytes(plan.weightBytes)}`],
    ["Working memory", `−${bytes(plan.reserveBytes)}`],
    [`KV cache, ${bytes(plan.kvBytesPerToken)} per token`, bytes(plan.kvBytes)],
    ["Blocks, computed", `${integer(plan.blocks)}, ${counted(plan.tokens, "token")}`],
  ];
  return (
    <table className="figures">
      <caption className="visually-hidden">KV cache capacity of a replica of {pool.name}</caption>
      <tbody>
        {rows.map(([label, value]) => (
          <tr key={label}>
            <td>{label}</td>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function computedBlocks(pool: Pool, modelId: string): string {
  const plan = planOf(pool, modelId);
  if (plan === null) return "computed";
  return plan.problem === null ? `${integer(plan.blocks)}, computed` : "does not fit";
}

/** What is paid at least, where GPUs come by the node. */
function NodePrice({ pool }: { readonly pool: Pool }) {
  const price = pool.pricePerGpuHour ?? gpus.find((entry) => entry.id === pool.gpu)?.pricePerHour.value ?? null;
  const { gpusPerNode } = pool;
  if (gpusPerNode === null || price === null) return null;
  const each = pool.tensorParallel * pool.pipelineParallel;
  return (
    <p className="remark">
      {money(price * gpusPerNode)}/h per node of {counted(gpusPerNode, "GPU")},{" "}
      {counted(Math.ceil((pool.replicas * each) / gpusPerNode), "node")} at the start.
    </p>
  );
}

function PoolFields({ index }: { readonly index: number }) {
  const pool = useScenarioStore((state) => state.scenario.pools[index]);
  const model = useScenarioStore((state) => state.scenario.model);
  const { change } = useScenarioStore.getState();
  if (pool === undefined) return null;
  const gpu = gpus.find((entry) => entry.id === pool.gpu);
  const listPrice = gpu?.pricePerHour.value ?? null;
  const at = `pools.${index}`;
  return (
    <div className="group" role="group" aria-label={`Pool ${pool.name}`}>
      <BoundName
        path={`${at}.name`}
        label="Name"
        help="Its first letters name the replicas: c1, c2."
        rename={(name) => change((scenario) => renamePool(scenario, index, name))}
      />
      <Bound
        path={`${at}.gpu`}
        name="GPU"
        param={choiceOf(
          "GPU",
          gpu?.notes ?? "",
          gpus.map(({ id, name }) => ({ id, label: name })),
        )}
      />
      <Bound path={`${at}.replicas`} param={replicas} />
      <Bound path={`${at}.tensorParallel`} param={tensorParallel} />
      <Bound path={`${at}.pipelineParallel`} param={pipelineParallel} />
      <BoundOptional path={`${at}.pricePerGpuHour`} param={price} none={listPrice === null ? "give one" : money(listPrice)} />
      <BoundOptional path={`${at}.gpusPerNode`} param={gpusPerNode} none="single" />
      <Bound path={`${at}.paidFrom`} param={paidFrom} />
      <NodePrice pool={pool} />
      <BoundOptional path={`${at}.kv.blocks`} param={kvBlocks} none={computedBlocks(pool, model)} />
      <Bound path={`${at}.kv.prefixCaching`} param={prefixCaching} />
      <MemoryFigures pool={pool} model={model} />
      <More title="Memory, blocks, KV plan, role">
        <Bound path={`${at}.kv.memoryUtilisation`} param={memoryUtilisation} />
        <Bound path={`${at}.kv.blockSize`} param={blockSize} />
        <BoundChoice path={`${at}.kv.plan`} label="KV plan" registry={kvPlans} />
        <Bound path={`${at}.role`} param={role} />
      </More>
    </div>
  );
}

export function FleetSection({ problems }: { readonly problems: readonly string[] }) {
  const count = useScenarioStore((state) => state.scenario.pools.length);
  const total = useScenarioStore((state) => state.scenario.pools.reduce((sum, pool) => sum + pool.replicas, 0));
  const index = usePoolIndex();
  const name = useScenarioStore((state) => state.scenario.pools[index]?.name ?? "");
  const { change } = useScenarioStore.getState();
  const add = (): void => {
    change((scenario) => addPool(scenario, scenario.pools[index]!));
    useViewStore.setState({ poolTab: count });
  };
  return (
    <Section
      id="fleet"
      title="Fleet"
      summary={`${counted(count, "pool")}, ${counted(total, "replica")}`}
      edits={(path) => path.startsWith("pools") && !/\.(batching|autoscaling|latency)/.test(path) && !isScalingPath(path)}
      problems={problems}
    >
      <PoolTabs />
      <PoolFields index={index} />
      <p className="actions">
        <button type="button" className="text-button" onClick={add}>
          Add a pool like this
        </button>
        {count > 1 && (
          <button type="button" className="text-button" onClick={() => change((scenario) => removePool(scenario, index))}>
            Remove {name}
          </button>
        )}
      </p>
    </Section>
  );
}
