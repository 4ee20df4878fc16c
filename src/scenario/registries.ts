// What a scenario can name, by the word that names it (measured workloads, policies, arrival processes and length laws apart: they are many, so they are imported from their own folders). The schema, the builder and the command line read these lists; a new
// policy, latency model, GPU, model or workload appears in all of them through the list of its own folder.
import type { Params } from "../engine/params.ts";

/** What the schema and the lists need to know of a definition. */
export interface Described {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly params: Params;
}

export { gpus, models } from "../catalog/index.ts";
export { latencyModels as latencies } from "../latency/index.ts";
export { kvPlans } from "../latency/kv-plan.ts";
