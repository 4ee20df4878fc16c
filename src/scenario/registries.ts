// Everything that a scenario can name, by the word that names it. The schema, the builder and the command line read these lists; a new
// policy, latency model, GPU, model or workload appears in all of them through the list of its own folder.
import type { Params } from "../engine/params.ts";
import { gpus } from "../catalog/index.ts";
import { models } from "../catalog/index.ts";
import { latencies } from "../latency/index.ts";
import { admission } from "../policies/admission/index.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { batching } from "../policies/batching/index.ts";
import { routing } from "../policies/routing/index.ts";
import { arrivals, lengths, workloads } from "../workload/index.ts";

/** What the schema and the lists need to know of a definition. */
export interface Described {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  readonly params: Params;
}

export { admission, arrivals, autoscaling, batching, gpus, latencies, lengths, models, routing, workloads };
