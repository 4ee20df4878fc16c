// Prefix caching over time: share of the prompts found and expected, requests on each replica, and what each replica holds. Pure.
import type { RequestLog } from "../../../engine/metrics/results.ts";
import type { RunPicture } from "../../../scenario/session-types.ts";
import type { Scenario } from "../../../scenario/types.ts";

/** Buckets of time along a chart. */
const BUCKETS = 60;
/** Replicas drawn one by one. */
export const MOST_LINES = 8;

export interface ReplicaHits {
  readonly name: string;
  readonly requests: number;
  /** Shares of prompt tokens; NaN without any. */
  readonly found: number;
  readonly expected: number;
  /** Blocks that can be found and names lost, at the end of the run; NaN before. */
  readonly blocks: number;
  readonly evicted: number;
}

export interface PrefixModel {
  /** Seconds: right edges of buckets, and shares of the prompts that came into a batch in each. */
  readonly end: number;
  readonly bucket: number;
  readonly found: Float64Array;
  readonly expected: Float64Array;
  readonly predicts: boolean;
  readonly foundShare: number;
  readonly expectedShare: number;
  /** Samples of the fleet: time, requests on each replica (NaN where it is not there), longest minus shortest. */
  readonly at: Float64Array;
  readonly queues: readonly Float64Array[];
  readonly spread: Float64Array;
  readonly mostQueue: number;
  /** Above it the router goes by load; NaN for routers without. */
  readonly threshold: number;
  readonly replicas: readonly ReplicaHits[];
  /** On how many replicas a block stands; NaN before the end. */
  readonly copies: number;
  readonly memory: readonly (readonly [name: string, value: number])[];
}

/** Longest minus shortest queue at which the router of a scenario stops to go by prefixes. */
function thresholdOf({ routing: { id, params } }: Scenario): number {
  if (id === "ray-prefix-aware") return (params?.["imbalance"] as number | undefined) ?? 10;
  if (id === "sglang-cache-aware") return (params?.["absolute"] as number | undefined) ?? 32;
  return NaN;
}

interface Sums {
  prompt: number;
  found: number;
  asked: number;
  expected: number;
  requests: number;
}

const nothing = (): Sums => ({ prompt: 0, found: 0, asked: 0, expected: 0, requests: 0 });

function count(sums: Sums, log: RequestLog, row: number): void {
  const prompt = log.promptTokens[row]!;
  sums.requests++;
  sums.prompt += prompt;
  sums.found += log.cachedTokens[row]!;
  if (log.predictedTokens[row]! < 0) return;
  sums.asked += prompt;
  sums.expected += log.predictedTokens[row]!;
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : NaN);

export function selectPrefix(picture: RunPicture, log: RequestLog, length: number, scenario: Scenario): PrefixModel {
  const end = Math.max(picture.progress.simTime, 1e-9);
  const bucket = end / BUCKETS;
  const byTime = Array.from({ length: BUCKETS }, nothing);
  const byReplica = picture.fleet.replicas.map(nothing);
  const all = nothing();
  for (let row = 0; row < length; row++) {
    const at = log.scheduledAt[row]!;
    if (!(at >= 0)) continue;
    count(all, log, row);
    count(byTime[Math.min(BUCKETS - 1, Math.floor(at / bucket))]!, log, row);
    const own = byReplica[log.replica[row]!];
    if (own !== undefined) count(own, log, row);
  }
  const { fleet, routing } = picture;
  const queues = fleet.replicas.map((replica) => {
    const column = new Float64Array(fleet.length).fill(NaN);
    for (let i = 0; i < replica.state.length && replica.from + i < fleet.length; i++)
      column[replica.from + i] = replica.decoding[i]! + replica.prefilling[i]! + replica.waiting[i]!;
    return column;
  });
  const spread = new Float64Array(fleet.length);
  let mostQueue = 1;
  for (let i = 0; i < fleet.length; i++) {
    let most = -Infinity;
    let least = Infinity;
    for (const column of queues) {
      if (column[i]! > most) most = column[i]!;
      if (column[i]! < least) least = column[i]!;
    }
    spread[i] = most >= least ? most - least : NaN;
    if (most > mostQueue) mostQueue = most;
  }
  const cacheOf = (index: number) => routing?.caches.find(({ replica }) => replica === index);
  return {
    end,
    bucket,
    found: Float64Array.from(byTime, (sums) => share(sums.found, sums.prompt)),
    expected: Float64Array.from(byTime, (sums) => share(sums.expected, sums.asked)),
    predicts: all.asked > 0,
    foundShare: share(all.found, all.prompt),
    expectedShare: share(all.expected, all.asked),
    at: Float64Array.from({ length: fleet.length }, (_, i) => i * fleet.sampleSeconds),
    queues,
    spread,
    mostQueue,
    threshold: thresholdOf(scenario),
    replicas: fleet.replicas.map(({ name }, index) => {
      const sums = byReplica[index]!;
      const cache = cacheOf(index);
      return {
        name,
        requests: sums.requests,
        found: share(sums.found, sums.prompt),
        expected: share(sums.expected, sums.asked),
        blocks: cache?.namedBlocks ?? NaN,
        evicted: cache?.evictions ?? NaN,
      };
    }),
    copies: routing === undefined ? NaN : share(routing.namedBlocks, routing.distinctBlocks),
    memory: Object.entries(routing?.router ?? {}),
  };
}
