// One run of the autoscaling lab: its configuration from the recorded one, and what is compared.
import { ReplicaState } from "../src/engine/contracts.ts";
import type { LatencyModel } from "../src/engine/contracts.ts";
import { byId } from "../src/engine/registry.ts";
import { configOf, runAll } from "../src/engine/testing.ts";
import type { FleetEvent } from "../src/engine/metrics/results.ts";
import { autoscaling } from "../src/policies/autoscaling/index.ts";
import { batching } from "../src/policies/batching/index.ts";
import { routing } from "../src/policies/routing/index.ts";
import type { Columns } from "./columns.ts";

/** A run as runs.json has it. */
export interface LabRun {
  readonly name: string;
  readonly router: string;
  readonly policy: {
    readonly fixed_replicas?: number;
    readonly min_window_size_scale_up?: number;
    readonly min_window_size_scale_down?: number;
    readonly look_back_time_scale_up?: number;
    readonly look_back_time_scale_down?: number;
    readonly stabilization_delay?: number;
    readonly throughput_alpha?: number;
    readonly initial_replica_token_throughput?: number;
    readonly tune_interval?: number;
    readonly scale_up_delay?: number;
    readonly scale_down_delay?: number;
    readonly target_utilisation?: number;
  };
  readonly requests: number;
  readonly total_cost: number;
  readonly e2e_p90: number;
  readonly e2e_p99: number;
  readonly max_replicas: number;
}

export interface LabResult {
  readonly requests: number;
  readonly cost: number;
  readonly p90: number;
  readonly p99: number;
  readonly maxReplicas: number;
  /** The step series beside the recorded one, as text; "" where none was recorded. */
  readonly steps: string;
}

/** Configuration of the lab where a run does not name it: config.py of the lab release. */
const LAB = { tick: 5, startupSeconds: 10, scaleDownSeconds: 0, gpus: 4, nodePrice: 8, batchCap: 16, maxTokens: 4096, blockSize: 16 };
/** Blocks of a replica: more than 16 requests of 257 tokens can hold, so that memory never decides. */
const BLOCKS = 10_000;

const ROUTERS = {
  round_robin: { id: "round-robin", values: {} },
  lor: { id: "least-outstanding", values: { tiesToFirst: true } },
} as const;

/** The recorded names of the policy's parameters, and ours. */
const PARAMETERS = {
  min_window_size_scale_up: "upWindow",
  min_window_size_scale_down: "downWindow",
  look_back_time_scale_up: "upLookBack",
  look_back_time_scale_down: "downLookBack",
  stabilization_delay: "stabilisation",
  throughput_alpha: "alpha",
  initial_replica_token_throughput: "throughput",
  tune_interval: "tick",
  target_utilisation: "utilisation",
} as const;
const OF_THE_POOL = ["fixed_replicas", "scale_up_delay", "scale_down_delay"];

function scalerOf({ policy }: LabRun) {
  // The lab starts with one replica, and a policy of a fixed number orders the others in its first tick.
  if (policy.fixed_replicas !== undefined)
    return { definition: byId("autoscaling policy", autoscaling, "schedule"), values: { replicas: [[0, policy.fixed_replicas]] } };
  const values: Record<string, number> = {};
  for (const [key, value] of Object.entries(policy)) {
    if (key in PARAMETERS) values[PARAMETERS[key as keyof typeof PARAMETERS]] = value;
    else if (!OF_THE_POOL.includes(key)) throw new Error(`policy.${key}: no such parameter is known, so the run cannot be replayed`);
  }
  return { definition: byId("autoscaling policy", autoscaling, "inferline"), values };
}

/** Steps of a staircase. */
interface Staircase {
  readonly at: number[];
  readonly count: number[];
}

function staircaseOf(events: readonly FleetEvent[], end: number): Staircase {
  const stairs: Staircase = { at: [], count: [] };
  const counts = (state: number): boolean => state === ReplicaState.ready || state === ReplicaState.draining;
  const states = new Map<number, number>();
  let count = 0;
  for (const { at, replica, state } of events) {
    const before = states.get(replica);
    states.set(replica, state);
    const change = Number(counts(state)) - Number(before !== undefined && counts(before));
    if (change === 0) continue;
    count += change;
    if (stairs.at.at(-1) !== at) stairs.at.push(at);
    stairs.count[stairs.at.length - 1] = count;
  }
  stairs.at.push(end);
  stairs.count.push(0);
  return stairs;
}

/** Of a recorded series: rows that change nothing (a mark) or are overtaken in the same moment are not steps. */
function recordedStairs({ time, num_replicas: replicas }: Columns): Staircase {
  const stairs: Staircase = { at: [], count: [] };
  time!.forEach((at, row) => {
    const count = replicas![row]!;
    if (stairs.at.at(-1) === at) stairs.count[stairs.count.length - 1] = count;
    else if (stairs.count.at(-1) !== count) {
      stairs.at.push(at);
      stairs.count.push(count);
    }
  });
  return stairs;
}

/** Mean over time of |a - b|. */
function meanDifference(a: Staircase, b: Staircase): number {
  const times = [...new Set([...a.at, ...b.at])].sort((x, y) => x - y);
  const countAt = ({ at, count }: Staircase, time: number): number => count[at.findLastIndex((step) => step <= time)] ?? 0;
  let area = 0;
  for (let i = 0; i + 1 < times.length; i++) area += (times[i + 1]! - times[i]!) * Math.abs(countAt(a, times[i]!) - countAt(b, times[i]!));
  return area / Math.max(1e-9, times.at(-1)! - times[0]!);
}

/** The run again, on the trace and the operator tables of the lab. */
export function replayLab(run: LabRun, trace: Columns, latency: LatencyModel, recorded: Columns | null): LabResult {
  const { policy } = run;
  const router = ROUTERS[run.router as keyof typeof ROUTERS];
  if (router === undefined) throw new Error(`router "${run.router}" is not known; known: ${Object.keys(ROUTERS).join(", ")}`);
  const engine = runAll(
    configOf({
      pools: [
        {
          batching: {
            definition: byId("replica scheduler", batching, "vllm"),
            values: { batchCap: LAB.batchCap, maxTokens: LAB.maxTokens },
          },
          autoscaling: scalerOf(run),
          latency,
          replicas: 1,
          gpusPerReplica: LAB.gpus,
          pricePerReplicaHour: LAB.nodePrice,
          node: { gpus: LAB.gpus, pricePerHour: LAB.nodePrice },
          // The lab counts a replica from when it has joined.
          paysStarting: false,
          startupSeconds: policy.scale_up_delay ?? LAB.startupSeconds,
          scaleDownSeconds: policy.scale_down_delay ?? LAB.scaleDownSeconds,
          kvBlocks: BLOCKS,
          blockSize: LAB.blockSize,
        },
      ],
      routing: { definition: byId("routing policy", routing, router.id), values: router.values },
      source: Array.from(trace["arrived_at"]!, (at, i) => ({
        at,
        prompt: trace["num_prefill_tokens"]![i]!,
        output: trace["num_decode_tokens"]![i]!,
      })),
    }),
  );
  const { requests, cost, e2e, makespan } = engine.summary(true);
  const stairs = staircaseOf(engine.events(), makespan);
  const theirs = recorded === null ? null : recordedStairs(recorded);
  return {
    requests: requests.completed,
    cost: cost.total,
    p90: e2e.p90!,
    p99: e2e.p99!,
    maxReplicas: Math.max(...stairs.count),
    steps:
      theirs === null
        ? ""
        : `; ${stairs.at.length} steps beside ${theirs.at.length}, mean difference ${meanDifference(stairs, theirs).toFixed(4)} replicas`,
  };
}
