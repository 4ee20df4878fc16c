// A scenario: everything that decides a run. Plain data, versioned; schema.ts checks it at the edge, build.ts turns it into an engine.
import type { ParamValue } from "../engine/params.ts";

export const SCENARIO_VERSION = 1;

/** A choice from a registry with its parameters; missing parameters take their defaults. */
export interface Choice {
  readonly id: string;
  readonly params?: Readonly<Record<string, ParamValue>>;
}

export interface Scenario {
  readonly version: typeof SCENARIO_VERSION;
  readonly name: string;
  readonly seed: number;
  readonly traffic: Traffic;
  readonly tenants: readonly Tenant[];
  readonly sloClasses: readonly SloClass[];
  /** Id in the model catalog. */
  readonly model: string;
  readonly pools: readonly Pool[];
  readonly routing: Choice;
  /** Age of the load that the router sees, seconds; 0 = live. */
  readonly loadStaleness: number;
  readonly admission: Choice;
  readonly faults: readonly Fault[];
  /** Hand-over of KV caches between prefill and decode pools. */
  readonly network: { readonly gbytesPerS: number; readonly latencyS: number };
}

export interface Traffic {
  readonly source: TrafficSource;
  /** Multiplies the arrival rate (synthetic) or compresses time (trace). */
  readonly rateScale: number;
  readonly promptScale: number;
  readonly outputScale: number;
  /** Stop after this many requests, and after this many seconds of arrivals; null = no limit (a source without an end needs one). */
  readonly maxRequests: number | null;
  readonly maxSeconds: number | null;
}

export type TrafficSource =
  /** A workload of src/workload/presets: measured arrivals and lengths. `arrivals` replaces the measured arrival process, keeping its mean rate unless it has its own. */
  | { readonly kind: "preset"; readonly id: string; readonly arrivals?: Choice }
  | { readonly kind: "synthetic"; readonly arrivals: Choice; readonly lengths: Choice }
  | {
      readonly kind: "trace";
      /** SHA-256 of the file's bytes (of the uncompressed text), hex: the link names the trace by it. */
      readonly hash: string;
      readonly file: string;
      /** Cut to [from, to) seconds of the trace before scaling; null = to the end. */
      readonly from: number;
      readonly to: number | null;
      /** Start again at the end, until a limit of Traffic is reached. */
      readonly loop: boolean;
    };

export interface Tenant {
  readonly name: string;
  /** Share of synthetic requests; shares are normalised. A trace that has tenants of its own keeps them. */
  readonly share: number;
  /** Name of an SLO class. */
  readonly sloClass: string;
  /** For schedulers that weigh tenants. */
  readonly weight: number;
}

/** Limits in seconds; null = no limit. */
export interface SloClass {
  readonly name: string;
  readonly ttft: number | null;
  readonly tpot: number | null;
  readonly e2e: number | null;
}

export interface Pool {
  readonly name: string;
  readonly role: "mixed" | "prefill" | "decode";
  /** Id in the GPU catalog. */
  readonly gpu: string;
  /** Replicas at the start. */
  readonly replicas: number;
  readonly tensorParallel: number;
  readonly pipelineParallel: number;
  /** The user's own price; null = the catalog's. US dollars per GPU hour. */
  readonly pricePerGpuHour: number | null;
  /** GPUs are rented in whole nodes of this many, of all replicas of the pool together; null = one by one. */
  readonly gpusPerNode: number | null;
  /** When the meter of a replica starts: with the order to start it, or when it is ready. */
  readonly paidFrom: "order" | "ready";
  readonly batching: Choice;
  /** Who comes in next from a waiting queue; left out: who waits longest. */
  readonly ordering?: Choice;
  readonly latency: Choice;
  readonly autoscaling: Choice;
  /** Seconds from the order to start a replica until it is ready, loading its weights apart where `loadGbytesPerS` is given. */
  readonly startupSeconds: number;
  /** Bandwidth at which a replica loads its weights, 1e9 bytes per second; null = `startupSeconds` is all. */
  readonly loadGbytesPerS: number | null;
  /** Seconds from the order to stop a replica until it takes no more requests. */
  readonly scaleDownSeconds: number;
  /** What the autoscaler may order; a pool that starts with more keeps that as its limit. */
  readonly minReplicas: number;
  readonly maxReplicas: number;
  readonly kv: {
    readonly blockSize: number;
    /** Share of GPU memory that the engine may use (vLLM's gpu-memory-utilization). */
    readonly memoryUtilisation: number;
    /** Blocks per replica; null = computed from memory, weights and sharding. */
    readonly blocks: number | null;
    /** Blocks are shared between requests that begin alike (vLLM's automatic prefix caching). Left out: not. */
    readonly prefixCaching?: boolean;
    /** How they are computed; left out: as engines do. */
    readonly plan?: Choice;
  };
}

export interface Fault {
  /** Simulated seconds. */
  readonly at: number;
  /** crash: the replica and all it holds is lost at once, its requests go back to the router. reclaim: it drains. */
  readonly kind: "crash" | "reclaim";
  readonly pool: string;
  /** Position in the pool, from 1, as in the replica's name. */
  readonly replica: number;
  /** Seconds after which a replacement starts (and then takes startupSeconds); null = never. */
  readonly replaceAfter: number | null;
}
