// Router, replica scheduler, admission and autoscaler: each a choice from a registry.
import type { Described } from "../../../scenario/registries.ts";
import type { Choice, Pool } from "../../../scenario/types.ts";
import { useLists } from "../../state/lists.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { fetched } from "../../ui/fetched.tsx";
import { integer } from "../../ui/format.ts";
import { Bound, BoundChoice } from "./bound.tsx";
import { loadStaleness } from "./descriptors.ts";
import { isScalingPath } from "./scaling-paths.ts";
import { Section } from "./section.tsx";
import { PoolTabs, usePoolIndex } from "./tabs.tsx";

const AutoscalerFields = fetched(async () => (await import("./autoscaler-fields.tsx")).AutoscalerFields);

const labelIn = (registry: readonly Described[], { id }: Choice): string => registry.find((entry) => entry.id === id)?.label ?? id;

/** "Chunked prefill, 96": a scheduler with its batch cap; several pools that differ are counted. */
function schedulerSummary(choices: readonly Choice[], batching: readonly Described[]): string {
  const texts = choices.map((choice) => {
    const param = batching.find((entry) => entry.id === choice.id)?.params["batchCap"];
    const cap = choice.params?.["batchCap"] ?? param?.default;
    return `${labelIn(batching, choice)}${typeof cap === "number" ? `, ${integer(cap)}` : ""}`;
  });
  const different = [...new Set(texts)];
  const labels = [...new Set(choices.map((choice) => labelIn(batching, choice)))];
  return different.length === 1 ? (different[0] ?? "") : labels.length === 1 ? (labels[0] ?? "") : `${labels.length} policies`;
}

interface Props {
  readonly problems: readonly string[];
}

export function RouterSection({ problems }: Props) {
  const choice = useScenarioStore((state) => state.scenario.routing);
  const { routers } = useLists();
  return (
    <Section
      id="router"
      title="Router"
      summary={labelIn(routers, choice)}
      edits={(path) => path.startsWith("routing") || path === "loadStaleness"}
      problems={problems}
    >
      <BoundChoice path="routing" label="Policy" registry={routers} />
      <Bound path="loadStaleness" param={loadStaleness} />
    </Section>
  );
}

export function SchedulerSection({ problems }: Props) {
  const pools = useScenarioStore((state) => state.scenario.pools);
  const pool = usePoolIndex();
  const { schedulers, orders } = useLists();
  return (
    <Section
      id="scheduler"
      title="Scheduler"
      summary={schedulerSummary(
        pools.map((pool) => pool.batching),
        schedulers,
      )}
      edits={(path) => path.includes(".batching") || path.includes(".ordering")}
      problems={problems}
    >
      <PoolTabs />
      <BoundChoice path={`pools.${pool}.batching`} label="Policy" registry={schedulers} />
      <BoundChoice path={`pools.${pool}.ordering`} label="Queue order" registry={orders} />
    </Section>
  );
}

export function AdmissionSection({ problems }: Props) {
  const choice = useScenarioStore((state) => state.scenario.admission);
  const { admissions } = useLists();
  return (
    <Section
      id="admission"
      title="Admission"
      summary={labelIn(admissions, choice)}
      edits={(path) => path.startsWith("admission")}
      problems={problems}
    >
      <BoundChoice path="admission" label="Policy" registry={admissions} />
    </Section>
  );
}

/** "InferLine, 1 to 7"; several pools that differ are counted. */
function autoscalerSummary(pools: readonly Pool[], registry: readonly Described[]): string {
  const texts = pools.map(({ autoscaling: choice, minReplicas, maxReplicas }) => {
    const label = labelIn(registry, choice);
    return choice.id === "fixed" ? label : `${label}, ${integer(minReplicas)} to ${integer(maxReplicas)}`;
  });
  const different = [...new Set(texts)];
  const labels = [...new Set(pools.map((pool) => labelIn(registry, pool.autoscaling)))];
  return different.length === 1 ? (different[0] ?? "") : labels.length === 1 ? (labels[0] ?? "") : `${labels.length} policies`;
}

export function AutoscalerSection({ problems }: Props) {
  const pools = useScenarioStore((state) => state.scenario.pools);
  const pool = usePoolIndex();
  const registry = useLists().autoscalers;
  return (
    <Section id="autoscaler" title="Autoscaler" summary={autoscalerSummary(pools, registry)} edits={isScalingPath} problems={problems}>
      <PoolTabs />
      <AutoscalerFields index={pool} />
    </Section>
  );
}
