// What a run leaves behind when details were asked for: batches, replicas and stages, where the time goes, where requests spend theirs. Plain data.
import type { Distribution } from "./results.ts";

/** Over time, or over batches, as the field says. */
export interface Spread {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
}

/** Counts of whole numbers: counts[v] batches have the value v. */
export type ValueCounts = Float64Array;

/** One entry per engine iteration; a batch that was lost in a crash, or at the end of the run, is not counted. */
export interface BatchDetail {
  readonly requests: Distribution;
  readonly tokens: Distribution;
  readonly prefillTokens: Distribution;
  readonly decodeTokens: Distribution;
  /** Seconds in which stages worked on the batch; waiting for a stage is not part of it. */
  readonly executionTime: Distribution;
}

export interface BatchCounts {
  readonly requests: ValueCounts;
  readonly tokens: ValueCounts;
  readonly prefillTokens: ValueCounts;
  readonly decodeTokens: ValueCounts;
  /** counts[i] batches took at least edges[i] and less than edges[i + 1] seconds. */
  readonly executionTime: { readonly edges: Float64Array; readonly counts: Float64Array };
}

export interface StageDetail {
  readonly pool: string;
  readonly replica: string;
  /** From 1. */
  readonly stage: number;
  /** Share of the time in which the replica could serve (ready or draining) that the stage worked. */
  readonly busy: number;
  /** Share of the peak: mean over the time in which the replica could serve; least and most of any batch. What is computed again counts. Null: not known, or no batch. */
  readonly mfu: Spread | null;
  /** Share of the KV blocks of the replica in use while it could serve; over time. */
  readonly kvUse: Spread;
}

/** Where the time of iterations goes, by the parts that the latency model of a pool knows. */
export interface PartDetail {
  readonly pool: string;
  readonly part: string;
  readonly seconds: number;
  /** Of the time in which stages of the pool worked. */
  readonly share: number;
}

/** Where ended requests spent their time from arrival to end, seconds: the four add up to it. */
export interface RequestTimes {
  /** Before the first time in a batch. */
  readonly waiting: Distribution;
  /** In batches, on their stages. */
  readonly running: Distribution;
  /** Without KV blocks: from a preemption, or the loss of a replica, to the next time in a batch. */
  readonly preempted: Distribution;
  /** With KV blocks and in no batch, or waiting for a stage; hand-over of the cache included. */
  readonly stalled: Distribution;
}

export interface RunDetail {
  readonly batches: BatchDetail;
  readonly stages: readonly StageDetail[];
  readonly parts: readonly PartDetail[];
  readonly requestTimes: RequestTimes;
}

/** By request, in the order of their ends: the rows of the request log. */
export interface RequestTimeColumns {
  readonly running: Float64Array;
  readonly preempted: Float64Array;
  readonly stalled: Float64Array;
}

/** Batches as columns, in the order in which they ended; a row of several iterations is a stretch of decodes of one group. */
export interface BatchColumns {
  readonly length: number;
  readonly replica: Int32Array;
  readonly iterations: Int32Array;
  readonly prefillRequests: Int32Array;
  readonly prefillTokens: Int32Array;
  readonly decodeRequests: Int32Array;
  /** Tokens in the KV caches of the decodes before the first iteration. */
  readonly decodeContext: Float64Array;
  /** In use while the first iteration runs. */
  readonly kvUsedBlocks: Int32Array;
  readonly startedAt: Float64Array;
  readonly endedAt: Float64Array;
  readonly executionTime: Float64Array;
  readonly lost: Uint8Array;
}
