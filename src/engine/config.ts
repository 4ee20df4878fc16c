// What an engine is built from: plain objects, already checked. src/scenario/build.ts makes one from a scenario.
import type { PrefixSharing } from "./kv/sharing.ts";
import type { Params } from "./params.ts";
import type {
  AutoscalingDefinition,
  AdmissionDefinition,
  BatchingDefinition,
  LatencyModel,
  OrderingDefinition,
  RequestSource,
  RoutingDefinition,
} from "./contracts.ts";

/** A definition with the values to create it with. */
export interface Configured<D extends { readonly params: Params }> {
  readonly definition: D;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Arithmetic of a model on one pipeline stage of a replica, FLOP; a multiply-add counts two. What a perfect program must compute, whatever the sharding repeats. */
export interface StageWork {
  readonly perToken: number;
  /** Output head, per row of logits. */
  readonly perOutput: number;
  /** Attention, per pair of a token and one that it sees: in layers that see all, and in layers that see a window. */
  readonly perPair: number;
  readonly perLocalPair: number;
}

export interface ModelWork {
  readonly stages: readonly StageWork[];
  /** Tokens; Infinity without. */
  readonly window: number;
  /** Dense peak of all GPUs of a replica, FLOP/s. */
  readonly peakFlopsPerS: number;
}

export interface PoolConfig {
  readonly name: string;
  readonly role: "mixed" | "prefill" | "decode";
  readonly gpu: string;
  readonly replicas: number;
  readonly gpusPerReplica: number;
  readonly stages: number;
  readonly pricePerReplicaHour: number;
  /** GPUs are rented in nodes of this many at this price; null: each replica pays for its own. */
  readonly node: { readonly gpus: number; readonly pricePerHour: number } | null;
  /** The meter runs from the order to start a replica; false: from when it is ready. */
  readonly paysStarting: boolean;
  readonly batching: Configured<BatchingDefinition>;
  /** Who comes in next from the waiting queue; left out: who waits longest. */
  readonly ordering?: Configured<OrderingDefinition>;
  readonly autoscaling: Configured<AutoscalingDefinition>;
  readonly latency: LatencyModel;
  /** For the share of the peak that the model's arithmetic takes (MFU); without it there is none. */
  readonly work?: ModelWork;
  readonly startupSeconds: number;
  /** From the order to stop a replica until it takes no more requests. */
  readonly scaleDownSeconds: number;
  /** What an autoscaler may order. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly kvBlocks: number;
  readonly blockSize: number;
  /** KV blocks are shared between requests that begin alike (src/engine/kv/sharing.ts); null or left out: not. */
  readonly prefixCaching?: PrefixSharing | null;
  /** For the network hand-over. */
  readonly kvBytesPerToken: number;
}

export interface SloLimits {
  readonly name: string;
  /** Seconds; Infinity = no limit. */
  readonly ttft: number;
  readonly tpot: number;
  readonly e2e: number;
}

export interface FaultConfig {
  readonly at: number;
  readonly kind: "crash" | "reclaim";
  readonly pool: number;
  /** Position in the pool, from 0. */
  readonly position: number;
  /** Infinity = never. */
  readonly replaceAfter: number;
}

export interface SimulationConfig {
  readonly seed: number;
  readonly source: RequestSource;
  readonly tenants: readonly { readonly name: string; readonly sloClass: number; readonly weight: number }[];
  readonly sloClasses: readonly SloLimits[];
  readonly pools: readonly PoolConfig[];
  readonly routing: Configured<RoutingDefinition>;
  readonly admission: Configured<AdmissionDefinition>;
  /** Seconds; 0 = live. */
  readonly loadStaleness: number;
  readonly faults: readonly FaultConfig[];
  readonly network: { readonly bytesPerS: number; readonly latencyS: number };
  /** Advance one iteration at a time instead of leaping. Same bytes, slower: for tests. */
  readonly step: boolean;
}
