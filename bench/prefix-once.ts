// One run of the bench prefix, alone in its process: node prefix-once.mjs '<order as JSON>'. Prints one line of JSON.
import { everything } from "../src/scenario/everything.ts";
import { complete } from "../src/scenario/complete.ts";
import { createRun } from "../src/scenario/run.ts";

export interface PrefixOrder {
  readonly requests: number;
  readonly replicas: number;
  /** With prefix caching and the prefix-aware router; else neither, and the least outstanding. */
  readonly prefixes: boolean;
}

export interface PrefixMeasurement {
  readonly cpuSeconds: number;
  readonly hitRate: number;
  /** What the router's memory holds at the end. */
  readonly memory: Readonly<Record<string, number>> | null;
}

/** About two thirds of what H100s sustain with this traffic, without caches. */
const RATE_PER_REPLICA = 18;

function measure({ requests, replicas, prefixes }: PrefixOrder): PrefixMeasurement {
  const scenario = complete({
    name: "Prefixes",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "poisson", params: { rate: RATE_PER_REPLICA * replicas } },
        lengths: { id: "shared-prefixes", params: { prefixes: 2000, prefixTokens: 768, suffixes: 0, suffixTokens: 256 } },
      },
      maxRequests: requests,
      maxSeconds: null,
    },
    pools: [{ name: "main", gpu: "h100-sxm", replicas, kv: prefixes ? { prefixCaching: true } : {} }],
    routing: { id: prefixes ? "ray-prefix-aware" : "least-outstanding" },
  });
  const serve = (most: number): ReturnType<typeof createRun> => {
    const run = createRun(
      { ...scenario, traffic: { ...scenario.traffic, maxRequests: most } },
      { trace: null, step: false, workloads: [], keepRequests: true, ...everything },
    );
    run.runUntil(Infinity);
    return run;
  };
  serve(Math.min(requests, 20_000));
  const before = process.cpuUsage();
  const run = serve(requests);
  const { summary } = run.results();
  const { user, system } = process.cpuUsage(before);
  return { cpuSeconds: (user + system) / 1e6, hitRate: summary.fleet.cacheHitRate, memory: run.routing()?.router ?? null };
}

process.stdout.write(`${JSON.stringify(measure(JSON.parse(process.argv[2] ?? "{}") as PrefixOrder))}\n`);
