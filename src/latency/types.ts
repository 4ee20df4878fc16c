// What a latency model of a scenario is created from.
import type { Gpu, Model } from "../catalog/types.ts";
import type { LatencyModel, LatencyParts } from "../engine/contracts.ts";
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

/** How far a profile was measured. Beyond it times are extrapolated. */
export interface ProfileRange {
  /** New tokens of an iteration, decoding requests, tokens of context, prompt tokens of an iteration. */
  readonly tokens: number;
  readonly decodes: number;
  readonly context: number;
  readonly chunk: number;
}

/** Host time that a profile of kernels does not hold, seconds. */
export interface Overheads {
  readonly perIteration: number;
  readonly perRequest: number;
}

/** A profile that a scenario names, ready for use. */
export interface OpenProfile {
  readonly kind: "operators" | "fitted";
  /** Why it cannot time this shard: one sentence with what would do. Null: it can. */
  problem(shard: Shard, blockSize: number): string | null;
  range(shard: Shard, blockSize: number): ProfileRange;
  /** `draw`, of a fitted model: coefficients of that replicate of its bootstrap; 0 for the fitted ones. Throws a LatencyProblem where it has none. */
  create(shard: Shard, overheads: Overheads, blockSize: number, draw?: number): LatencyModel;
  /** Draws that a fitted model holds. */
  readonly draws?: number;
  /** Left out where the time does not come in parts. */
  parts?(shard: Shard, overheads: Overheads, blockSize: number): LatencyParts;
  explain(shard: Shard, overheads: Overheads, blockSize: number): readonly LatencyTerm[];
}

/** What stands beside a shard: profiles by hash, and the KV blocks that attention reads. */
export interface LatencyContext {
  readonly profiles: ReadonlyMap<string, OpenProfile>;
  readonly blockSize: number;
}

/** A latency model that cannot be made from what the scenario gives it: one sentence. */
export class LatencyProblem extends Error {}

export interface LatencyDefinition<P extends Params = Params> {
  readonly kind: "latency";
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** Aggregates of the batch that the model reads (names of BatchShape). */
  readonly reads: readonly string[];
  readonly params: P;
  /** Throws a LatencyProblem where that cannot be. */
  create(values: Values<P>, shard: Shard, context?: LatencyContext): LatencyModel;
  /** The figures behind the model for this shard; none while a profile that it needs is not at hand. */
  explain(values: Values<P>, shard: Shard, context?: LatencyContext): readonly LatencyTerm[];
}

/** Types the values of `create` from the descriptors, then forgets them, so that definitions fit in one list. */
export const defineLatency = <const P extends Params>(definition: LatencyDefinition<P>): LatencyDefinition =>
  definition as unknown as LatencyDefinition;
