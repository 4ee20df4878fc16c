// One measurement of the engine, alone in its process: requests made beforehand, then served with everything recorded. Prints one line of JSON.
import { Session } from "node:inspector/promises";
import { defaultScenario } from "../src/scenario/base.ts";
import { createRun } from "../src/scenario/run.ts";
import type { Scenario } from "../src/scenario/types.ts";
import { createSource, pregenerate } from "../src/workload/index.ts";
import type { Trace } from "../src/workload/types.ts";
import { presetFacts } from "../src/workload/presets/index.ts";

export interface Order {
  readonly requests: number;
  readonly replicas: number;
  /** Requests per second; null measures what the fleet can sustain. */
  readonly rate: number | null;
  readonly keepRequests: boolean;
  /** Also sample where the time goes. */
  readonly profile?: boolean;
}

export interface Measurement {
  readonly ms: number;
  readonly requestsPerSecond: number;
  readonly eventsPerRequest: number;
  readonly iterationsPerRequest: number;
  /** Bytes over what the process held before the run: highest resident set; heap and buffers that the run keeps, after collection. */
  readonly peakBytes: number;
  readonly keptBytes: number;
  readonly utilisation: number;
  readonly meanTtft: number | null;
  readonly p99Ttft: number | null;
  readonly preemptions: number;
  /** Requests per second, completed in the middle of the run. */
  readonly sustained: number;
  /** Share of the run's time by function, highest first. */
  readonly profile?: readonly (readonly [name: string, share: number])[];
}

/** Mean rate of the workload, requests per second (src/workload/presets/azure-conversation-like.ts). */
const MEAN_RATE = 5.906754;
/** Arrivals far beyond what any fleet here can serve, so that its queues never run dry. */
const FLOOD = 1e4;

function requestsOf(order: Order): Trace {
  const traffic = {
    ...defaultScenario.traffic,
    source: { kind: "preset", id: "azure-conversation-like" } as const,
    rateScale: (order.rate ?? FLOOD) / MEAN_RATE,
    maxRequests: order.requests,
    maxSeconds: null,
  };
  return pregenerate(createSource(traffic, { seed: 1, tenants: [{ share: 1, sloClass: 0 }], workloads: presetFacts }), order.requests);
}

function scenarioOf({ replicas }: Order): Scenario {
  return {
    ...defaultScenario,
    name: "bench",
    traffic: {
      ...defaultScenario.traffic,
      source: { kind: "trace", hash: "0".repeat(64), file: "bench", from: 0, to: null, loop: false },
      maxRequests: null,
      maxSeconds: null,
    },
    pools: [{ ...defaultScenario.pools[0]!, replicas, batching: { id: "sarathi" } }],
    routing: { id: "least-outstanding" },
  };
}

/** Completions per second between the first and the last fifth of the ends. */
function sustainedRate(finishedAt: Float64Array): number {
  const count = finishedAt.length;
  const from = Math.floor(count * 0.2);
  const to = Math.floor(count * 0.8);
  return count < 10 ? NaN : (to - from) / (finishedAt[to]! - finishedAt[from]!);
}

const held = (): number => {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** V8's sampling profiler around a piece of work. */
async function profiled(work: () => void): Promise<NonNullable<Measurement["profile"]>> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 500 });
  await session.post("Profiler.start");
  work();
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  const names = new Map(
    profile.nodes.map(({ id, callFrame }) => [id, `${callFrame.functionName || "(anonymous)"}:${callFrame.lineNumber + 1}`]),
  );
  const times = new Map<string, number>();
  let total = 0;
  profile.samples?.forEach((id, i) => {
    const name = names.get(id) ?? "?";
    const time = profile.timeDeltas?.[i] ?? 0;
    times.set(name, (times.get(name) ?? 0) + time);
    total += time;
  });
  return [...times].map(([name, time]) => [name, time / total] as const).sort((a, b) => b[1] - a[1]);
}

async function measure(order: Order): Promise<Measurement> {
  const trace = requestsOf(order);
  const scenario = scenarioOf(order);
  globalThis.gc?.();
  const heldBefore = held();
  const residentBefore = process.memoryUsage.rss();
  const begun = performance.now();
  const run = createRun(scenario, { trace, step: false, workloads: presetFacts, keepRequests: order.keepRequests });
  const serve = (): void => void run.runUntil(Infinity);
  const profile = order.profile ? await profiled(serve) : serve();
  const { summary, requests } = run.results();
  const ms = performance.now() - begun;
  const peak = process.resourceUsage().maxRSS * 1024;
  globalThis.gc?.();
  const kept = held() - heldBefore;
  const total = summary.requests.total;
  if (summary.requests.completed !== order.requests)
    throw new Error(`${summary.requests.completed} of ${order.requests} requests completed.`);
  return {
    ms,
    requestsPerSecond: (total / ms) * 1000,
    eventsPerRequest: run.simulation.events / total,
    iterationsPerRequest: summary.fleet.iterations / total,
    peakBytes: Math.max(0, peak - residentBefore),
    keptBytes: kept,
    utilisation: summary.fleet.utilisation,
    meanTtft: summary.ttft.mean,
    p99Ttft: summary.ttft.p99,
    preemptions: summary.fleet.preemptions,
    sustained: requests === null ? NaN : sustainedRate(requests.finishedAt),
    ...(profile ? { profile } : {}),
  };
}

process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? "{}") as Order))}\n`);
