// What a run gives: the shapes that the command line writes and the page draws. Plain data, columns, transferable between threads. Times in seconds.
import type { ReplicaState, Status } from "../contracts.ts";

/** Mean and quantiles of one quantity, seconds. `null` in a field stands for "nobody": no request has the quantity. */
export interface Distribution {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

export interface ClassResult {
  readonly name: string;
  readonly requests: number;
  /** Share of ended requests (completed, refused, failed) that meet every SLO of their class; null when none has ended. */
  readonly attainment: number | null;
  readonly ttftAttainment: number | null;
  readonly tpotAttainment: number | null;
  readonly e2eAttainment: number | null;
  readonly goodputPerS: number;
}

export interface TenantResult {
  readonly name: string;
  readonly requests: number;
  readonly completed: number;
  readonly attainment: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly ttft: Distribution;
  readonly tpot: Distribution;
  readonly e2e: Distribution;
}

export interface PoolResult {
  readonly name: string;
  readonly requests: number;
  readonly replicaSeconds: number;
  readonly gpuSeconds: number;
  readonly cost: number;
  /** Share of ready replica time in which an iteration ran. */
  readonly utilisation: number;
  readonly kvUseMean: number;
  /** Arithmetic of completed requests, each token once, as a share of the dense peak over ready time; null where it is not known. */
  readonly mfu: number | null;
  readonly preemptions: number;
  readonly kvBlocks: number;
}

export interface Summary {
  readonly requests: {
    readonly total: number;
    readonly completed: number;
    readonly refused: number;
    readonly failed: number;
    readonly unfinished: number;
  };
  /** Seconds from 0 to the end of the last event. */
  readonly makespan: number;
  readonly throughput: { readonly requestsPerS: number; readonly inputTokensPerS: number; readonly outputTokensPerS: number };
  readonly ttft: Distribution;
  readonly tpot: Distribution;
  /** Gaps between tokens, from a sketch with a relative error of at most 0.4 %. */
  readonly itl: Distribution;
  readonly e2e: Distribution;
  /** Arrival to the first time in a batch. */
  readonly queueing: Distribution;
  readonly slo: {
    readonly attainment: number | null;
    readonly goodputPerS: number;
    readonly late: number;
    readonly classes: readonly ClassResult[];
  };
  readonly cost: {
    readonly total: number;
    readonly perHour: number;
    readonly perMillionInputTokens: number | null;
    readonly perMillionOutputTokens: number | null;
    readonly perMillionTokens: number | null;
  };
  readonly fleet: {
    readonly replicaSeconds: number;
    readonly gpuSeconds: number;
    readonly utilisation: number;
    readonly kvUseMean: number;
    readonly kvUsePeak: number;
    readonly mfu: number | null;
    readonly preemptions: number;
    readonly cacheHitRate: number;
    /** Engine iterations, counted one by one also where the simulation leapt. */
    readonly iterations: number;
  };
  readonly tenants: readonly TenantResult[];
  readonly pools: readonly PoolResult[];
}

/** Time series in buckets of equal width: bucket i covers [i, i + 1) x bucketSeconds. The width doubles when the buckets run out. */
export interface Series {
  readonly bucketSeconds: number;
  /** Buckets in use. */
  readonly length: number;
  /** Requests per bucket: by arrival; by end. */
  readonly arrivals: Float64Array;
  readonly completions: Float64Array;
  readonly refusals: Float64Array;
  /** Requests that missed an SLO (refused and failed ones included), in the bucket of their ARRIVAL. */
  readonly late: Float64Array;
  readonly preemptions: Float64Array;
  /** Quantiles of requests whose first token (TTFT) or last token (TPOT) falls in the bucket, seconds; NaN where there is none. */
  readonly ttftP50: Float64Array;
  readonly ttftP90: Float64Array;
  readonly ttftP99: Float64Array;
  readonly tpotP50: Float64Array;
  readonly tpotP90: Float64Array;
  readonly tpotP99: Float64Array;
  /** Tokens computed (prompt) or produced (output) in the bucket. */
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** Per tenant: prompt tokens computed + output tokens produced in the bucket. */
  readonly tenantTokens: readonly Float64Array[];
}

/** State of the fleet at the times i x sampleSeconds, i = 0 .. length - 1 (sampleSeconds = Series.bucketSeconds). */
export interface FleetSamples {
  readonly sampleSeconds: number;
  readonly length: number;
  readonly heldAtRouter: Uint32Array;
  readonly pools: readonly PoolSamples[];
  readonly replicas: readonly ReplicaSamples[];
}

export interface PoolSamples {
  readonly name: string;
  readonly gpu: string;
  readonly gpusPerReplica: number;
  /** Per replica and hour, US dollars. */
  readonly pricePerReplicaHour: number;
  readonly batchCap: number;
  readonly ready: Uint16Array;
  readonly starting: Uint16Array;
  readonly draining: Uint16Array;
  /** Ordered to drain, and not begun (scale-down delay). */
  readonly leaving: Uint16Array;
  readonly failed: Uint16Array;
  readonly costPerHour: Float64Array;
}

export interface ReplicaSamples {
  /** "c1": first letters of the pool, number in the pool from 1. */
  readonly name: string;
  readonly pool: number;
  readonly kvBlocks: number;
  /** Sample index of the first entry of the columns below. They end when the replica is gone. */
  readonly from: number;
  readonly state: Uint8Array;
  readonly decoding: Uint16Array;
  readonly prefilling: Uint16Array;
  readonly waiting: Uint32Array;
  readonly kvUsedBlocks: Uint32Array;
  /** Share of the time since the sample before in which an iteration ran. */
  readonly busy: Float32Array;
}

/** Something that happened to a replica, for the story and the marks on the time axis. */
export interface FleetEvent {
  readonly at: number;
  readonly replica: number;
  readonly state: ReplicaState;
  /** For `starting`: when it will be ready. */
  readonly until?: number;
  readonly reason: "initial" | "autoscaler" | "fault" | "reclaim" | "recovered" | "ready" | "drained";
}

/** A change that an autoscaler asked for, and why. Its replicas are the events of the same pool that start at `at`, or drain at `at` plus the scale-down delay. */
export interface ScalingDecision {
  readonly at: number;
  readonly pool: number;
  /** Replicas of the pool just before: serving; ordered and not ready; finishing what they have; ordered to drain and not begun. */
  readonly ready: number;
  readonly starting: number;
  readonly draining: number;
  readonly leaving: number;
  /** What the policy answered, and what was ordered within the pool's limits: replicas more (or, negative, fewer). */
  readonly answered: number;
  readonly ordered: number;
  /** Numbers that the policy named as its reason, in its order: "throughput of a replica", 2365. */
  readonly because: readonly (readonly [name: string, value: number])[];
}

/** Ended requests as columns, in the order in which they ended. */
export interface RequestLog {
  readonly length: number;
  readonly id: Int32Array;
  readonly tenant: Uint16Array;
  readonly sloClass: Uint8Array;
  /** Values of Status. */
  readonly status: Uint8Array;
  /** 1 when every SLO of the class was met. */
  readonly met: Uint8Array;
  readonly pool: Int16Array;
  readonly replica: Int32Array;
  readonly promptTokens: Int32Array;
  readonly outputTokens: Int32Array;
  readonly preemptions: Uint16Array;
  readonly cachedTokens: Int32Array;
  /** Prompt tokens that the router expected to be cached; -1 where it said nothing. */
  readonly predictedTokens: Int32Array;
  readonly arrivedAt: Float64Array;
  /** NaN where it never happened. */
  readonly scheduledAt: Float64Array;
  readonly firstTokenAt: Float64Array;
  /** End of the request, whatever its status. */
  readonly finishedAt: Float64Array;
}

/** Distribution as points of a cumulative curve: share[i] of the requests have a value <= seconds[i]. */
export interface Cdf {
  readonly seconds: Float64Array;
  readonly share: Float64Array;
}

/** Share of ready-replica time by load, and how even the load was between replicas. */
export interface LoadDistribution {
  /** seconds[b] = replica-seconds (sampled) with a running batch of size b (last bin: that or more). */
  readonly batchSize: Float64Array;
  /** Over ready replicas, of mean outstanding requests: max / min, coefficient of variation, Jain index. Null with fewer than 2 replicas or no load. */
  readonly maxOverMin: number | null;
  readonly cv: number | null;
  readonly jain: number | null;
}

/** What the router knew of each candidate when it chose. */
export interface RouteChoice {
  readonly at: number;
  /** Names of the scores: what the router goes by; empty when it says nothing. */
  readonly names: readonly string[];
  /** Candidates, and their scores one after the other. */
  readonly replicas: readonly number[];
  readonly scores: readonly (readonly number[])[];
  readonly chosen: number;
  /** Prompt tokens that it expected to be cached there; -1 when it said nothing. */
  readonly predictedTokens: number;
}

/** One request's life, from a replay of the run. */
export interface RequestTimeline {
  readonly id: number;
  /** The first choice of a replica for it; null when it never came to one. */
  readonly choice: RouteChoice | null;
  /** Prompt tokens found in a prefix cache. */
  readonly cachedTokens: number;
  readonly events: readonly TimelineEvent[];
  /** Load of the replica that finished the request, while the request was in the fleet. */
  readonly replica: { readonly index: number; readonly at: Float64Array; readonly running: Float64Array; readonly waiting: Float64Array };
}

export interface TimelineEvent {
  readonly at: number;
  readonly kind: "arrived" | "held" | "routed" | "scheduled" | "chunk" | "first-token" | "preempted" | "transferred" | "finished";
  readonly replica: number;
  /** Tokens of a chunk. */
  readonly tokens?: number;
  /** Start of the iteration that ended at `at`. */
  readonly since?: number;
  /** Decodes that shared the iteration. */
  readonly sharedWith?: number;
}

export type { ReplicaState, Status };
