// The autoscaler of one pool: its policy, what it may order, and how long an order takes. Loaded when the section is opened.
import { autoscaling } from "../../../policies/autoscaling/index.ts";
import { startupSecondsOf } from "../../../scenario/startup.ts";
import type { Pool } from "../../../scenario/types.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { bytes, seconds } from "../../ui/format.ts";
import { Bound, BoundChoice, BoundOptional } from "./bound.tsx";
import { loadGbytesPerS, maxReplicas, minReplicas, scaleDownSeconds, startupSeconds } from "./descriptors.ts";
import { planOf } from "./fleet-section.tsx";

/** "Ready 24.2 s after the order: 141 GB of weights in 14.2 s." */
function Startup({ pool, model }: { readonly pool: Pool; readonly model: string }) {
  if (pool.loadGbytesPerS === null) return null;
  const weights = planOf(pool, model)?.totalWeightBytes;
  if (weights === undefined) return null;
  const all = startupSecondsOf(pool, () => weights);
  return (
    <p className="remark">
      Ready {seconds(all)} after the order: {bytes(weights)} of weights in {seconds(all - pool.startupSeconds)}.
    </p>
  );
}

export function AutoscalerFields({ index }: { readonly index: number }) {
  const pool = useScenarioStore((state) => state.scenario.pools[index]);
  const model = useScenarioStore((state) => state.scenario.model);
  if (pool === undefined) return null;
  const at = `pools.${index}`;
  // Limits are for a policy that orders; the start delay counts for replacements of crashed replicas too.
  const orders = pool.autoscaling.id !== "fixed";
  const error =
    pool.minReplicas > pool.maxReplicas
      ? `More than at most (${pool.maxReplicas}). The last run stays until one of the two is changed.`
      : undefined;
  return (
    <div className="group" role="group" aria-label={`Autoscaler of ${pool.name}`}>
      <BoundChoice path={`${at}.autoscaling`} label="Policy" registry={autoscaling} />
      {orders && (
        <>
          <Bound path={`${at}.minReplicas`} param={minReplicas} error={error} />
          <Bound path={`${at}.maxReplicas`} param={maxReplicas} />
        </>
      )}
      <Bound path={`${at}.startupSeconds`} param={startupSeconds} />
      <BoundOptional path={`${at}.loadGbytesPerS`} param={loadGbytesPerS} none="in the delay" />
      <Startup pool={pool} model={model} />
      {orders && <Bound path={`${at}.scaleDownSeconds`} param={scaleDownSeconds} />}
    </div>
  );
}
