// One measurement of the engine, alone in its process: requests made beforehand, then served with everything recorded. Prints one line of JSON.
import { Session } from "node:inspector/promises";
import type { Summary } from "../src/engine/metrics/results.ts";
import { defaultScenario } from "../src/scenario/base.ts";
import { createRun } from "../src/scenario/run.ts";
import type { Run } from "../src/scenario/run.ts";
import type { Scenario } from "../src/scenario/types.ts";
import { createSource, pregenerate } from "../src/workload/index.ts";
import type { Trace } from "../src/workload/types.ts";
import { presetFacts } from "../src/workload/presets/index.ts";

/** What is wanted beside the time: where it goes, or the memory that is held on the way (neither leaves the time as it is). */
export type Watch = "time" | "profile" | "memory";

export interface Order {
  readonly requests: number;
  readonly replicas: number;
  /** Requests per second; null measures what the fleet can sustain. */
  readonly rate: number | null;
  readonly keepRequests: boolean;
  /** Requests of a run before, in the same process: the page and its workers serve one run after the other. */
  readonly warmup: number;
  readonly watch: Watch;
}

/** Live bytes: JavaScript heap and array buffers after a collection, less what they were before the run (its requests among them). */
export interface Memory {
  /** The most at any of POINTS points of the run, and at its end. */
  readonly highest: number;
  /** Right after the summary, before a collection: what the sorting of its quantiles borrows is still in it. */
  readonly summary: number;
  /** At the end, summary made. */
  readonly kept: number;
}

export interface Measurement {
  /** From a scenario to its summary, quantiles exact. */
  readonly ms: number;
  readonly requestsPerSecond: number;
  readonly eventsPerRequest: number;
  readonly iterationsPerRequest: number;
  readonly utilisation: number;
  readonly meanTtft: number | null;
  readonly p99Ttft: number | null;
  readonly preemptions: number;
  /** Requests per second, completed in the middle of the run. */
  readonly sustained: number;
  readonly memory?: Memory;
  /** Share of the run's time by function and line of the bundled script, highest first. */
  readonly profile?: readonly (readonly [name: string, share: number])[];
}

/** Points of simulated time at which memory is looked at. */
const POINTS = 20;
/** Mean rate of the workload, requests per second (src/workload/presets/azure-conversation-like.ts). */
const MEAN_RATE = 5.906754;
/** Arrivals far beyond what any fleet here can serve, so that its queues never run dry. */
const FLOOD = 1e4;

function requestsOf(order: Order, count: number): Trace {
  const traffic = {
    ...defaultScenario.traffic,
    source: { kind: "preset", id: "azure-conversation-like" } as const,
    rateScale: (order.rate ?? FLOOD) / MEAN_RATE,
    maxRequests: count,
    maxSeconds: null,
  };
  return pregenerate(createSource(traffic, { seed: 1, tenants: [{ share: 1, sloClass: 0 }], workloads: presetFacts }), count);
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

const start = (order: Order, trace: Trace): Run =>
  createRun(scenarioOf(order), { trace, step: false, workloads: presetFacts, keepRequests: order.keepRequests });

/** To the end of the run, and its summary. */
function serve(run: Run): Summary {
  run.runUntil(Infinity);
  run.simulation.finish();
  return run.summary(true);
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
const collect = (): number => {
  if (globalThis.gc === undefined) throw new Error("Memory is measured after collections: start Node with --expose-gc.");
  globalThis.gc();
  return held();
};

/** Serves with a look at what is alive at even steps of the time in which requests arrive. */
function remembered(order: Order, trace: Trace): { readonly run: Run; readonly summary: Summary; readonly memory: Memory } {
  const before = collect();
  const run = start(order, trace);
  const lastArrival = trace.arrivedAt[trace.length - 1]!;
  let highest = 0;
  for (let point = 1; point <= POINTS; point++) {
    run.runUntil((lastArrival * point) / POINTS);
    highest = Math.max(highest, collect() - before);
  }
  run.runUntil(Infinity);
  run.simulation.finish();
  collect();
  const summary = run.summary(true);
  const borrowed = held() - before;
  const kept = collect() - before;
  return { run, summary, memory: { highest: Math.max(highest, kept), summary: borrowed, kept } };
}

/** V8's sampling profiler around a piece of work. */
async function profiled<T>(work: () => T): Promise<readonly [T, NonNullable<Measurement["profile"]>]> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 500 });
  await session.post("Profiler.start");
  const result = work();
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
  return [result, [...times].map(([name, time]) => [name, time / total] as const).sort((a, b) => b[1] - a[1])];
}

async function measure(order: Order): Promise<Measurement> {
  const before = start(order, requestsOf(order, order.warmup));
  serve(before);
  const trace = requestsOf(order, order.requests);
  globalThis.gc?.();
  let run: Run;
  let summary: Summary;
  let memory: Memory | undefined;
  let profile: Measurement["profile"];
  const begun = performance.now();
  if (order.watch === "memory") ({ run, summary, memory } = remembered(order, trace));
  else {
    run = start(order, trace);
    if (order.watch === "profile") [summary, profile] = await profiled(() => serve(run));
    else summary = serve(run);
  }
  const ms = performance.now() - begun;
  // Looked at here so that it is held until now, as a worker holds its last run until the next one stands: V8 forgets the code of classes that have
  // no instance left, and a bundler drops a name that is used once.
  if (!before.simulation.done) throw new Error("The run before was not served to its end.");
  const total = summary.requests.total;
  if (summary.requests.completed !== order.requests)
    throw new Error(`${summary.requests.completed} of ${order.requests} requests completed.`);
  return {
    ms,
    requestsPerSecond: (total / ms) * 1000,
    eventsPerRequest: run.simulation.events / total,
    iterationsPerRequest: summary.fleet.iterations / total,
    utilisation: summary.fleet.utilisation,
    meanTtft: summary.ttft.mean,
    p99Ttft: summary.ttft.p99,
    preemptions: summary.fleet.preemptions,
    sustained: order.keepRequests ? sustainedRate(run.requests().finishedAt) : NaN,
    ...(memory ? { memory } : {}),
    ...(profile ? { profile } : {}),
  };
}

process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2] ?? "{}") as Order))}\n`);
