// What a latency model of a scenario is created from.
import type { Gpu, Model } from "../catalog/types.ts";
import type { LatencyModel } from "../engine/contracts.ts";
import type { Params, Values } from "../engine/params.ts";

/** A model on the GPUs of one replica. */
export interface Shard {
  readonly gpu: Gpu;
  readonly model: Model;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
}

/** One line of "where the time goes" for a form on the page: a term and its size for this shard. */
export interface LatencyTerm {
  readonly label: string;
  readonly value: number;
  readonly unit: string;
  readonly source: string;
}

export interface LatencyDefinition<P extends Params = Params> {
  readonly kind: "latency";
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** Aggregates of the batch that the model reads (names of BatchShape). */
  readonly reads: readonly string[];
  readonly params: P;
  create(values: Values<P>, shard: Shard): LatencyModel;
  /** The figures behind the model for this shard. */
  explain(values: Values<P>, shard: Shard): readonly LatencyTerm[];
}

/** Types the values of `create` from the descriptors, then forgets them, so that definitions fit in one list. */
export const defineLatency = <const P extends Params>(definition: LatencyDefinition<P>): LatencyDefinition =>
  definition as unknown as LatencyDefinition;
