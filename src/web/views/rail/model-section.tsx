// The model that is served, how long a batch takes on each pool, and where the figures come from.
import { withDefaults } from "../../../engine/params.ts";
import { gpus, latencies, models } from "../../../scenario/registries.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { counted, listed, significant } from "../../ui/format.ts";
import { Figures } from "./figures.tsx";
import { Bound, BoundChoice } from "./bound.tsx";
import { choiceOf } from "./descriptors.ts";
import { PoolTabs, usePoolIndex } from "./tabs.tsx";
import { Section } from "./section.tsx";
import { Sources } from "./sources.tsx";

function Explained({ pool: index }: { readonly pool: number }) {
  const scenario = useScenarioStore((state) => state.scenario);
  const pool = scenario.pools[index];
  const gpu = gpus.find((entry) => entry.id === pool?.gpu);
  const model = models.find((entry) => entry.id === scenario.model);
  const latency = latencies.find((entry) => entry.id === pool?.latency.id);
  if (pool === undefined || gpu === undefined || model === undefined || latency === undefined) return null;
  const shard = { gpu, model, tensorParallel: pool.tensorParallel, pipelineParallel: pool.pipelineParallel };
  return <Figures terms={latency.explain(withDefaults(latency.params, pool.latency.params), shard)} />;
}

/** "NVIDIA H100 80GB SXM" is an H100 among colleagues. */
const shortName = (name: string): string => name.split(" ").find((word) => /\d/.test(word)) ?? name;

export function ModelSection({ problems }: { readonly problems: readonly string[] }) {
  const modelId = useScenarioStore((state) => state.scenario.model);
  const gpuIds = useScenarioStore((state) => [...new Set(state.scenario.pools.map((pool) => pool.gpu))].join(" "));
  const pool = usePoolIndex();
  const model = models.find((entry) => entry.id === modelId);
  const used = gpus.filter((gpu) => gpuIds.split(" ").includes(gpu.id));
  const size = model === undefined ? "" : (/\b\d+(\.\d+)?B\b/.exec(model.name)?.[0] ?? `${significant(model.params.value / 1e9, 2)}B`);
  const note =
    model === undefined
      ? ""
      : `${model.layers} layers, ${counted(model.kvHeads, "KV head")}, at most ${counted(model.maxContext, "token")} of context.`;
  return (
    <Section
      id="model"
      title="Model and GPUs"
      summary={`${size} on ${listed(used.map((gpu) => shortName(gpu.name)))}`}
      edits={(path) => path === "model" || path.includes(".latency")}
      problems={problems}
    >
      <Bound
        path="model"
        name="Model"
        param={choiceOf(
          "Model",
          note,
          models.map(({ id, name }) => ({ id, label: name })),
        )}
      />
      <PoolTabs />
      <BoundChoice path={`pools.${pool}.latency`} label="Latency" registry={latencies} fold="Factors of the latency model">
        <Explained pool={pool} />
      </BoundChoice>
      <Sources gpus={used} model={model} />
    </Section>
  );
}
