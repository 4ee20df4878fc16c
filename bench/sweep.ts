// A sweep against its ideal: scenarios x requests in processes, beside the speed of single runs in one that is warm.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { createSweepRunner } from "../src/analysis/sweep-host.ts";
import { openPool } from "../src/cli/run-pool.ts";
import { complete } from "../src/scenario/complete.ts";
import type { Scenario } from "../src/scenario/types.ts";

/** Replica counts and schedulers on the traffic of each seed, as a grid has them. */
function scenariosOf(count: number, requests: number): Scenario[] {
  const settings = 50;
  return Array.from({ length: count }, (_, i) => {
    const setting = i % settings;
    return complete({
      seed: 1 + Math.floor(i / settings),
      traffic: {
        source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate: 40 } }, lengths: { id: "lognormal" } },
        maxRequests: requests,
        maxSeconds: null,
      },
      pools: [
        {
          name: "main",
          replicas: 4 + (setting % 10),
          batching: { id: "sarathi", params: { chunk: 256 * (1 + Math.floor(setting / 10)) } },
        },
      ],
    });
  });
}

/** Seconds of processor time and resident megabytes of a process, where the system says (Linux: 100 ticks a second). */
function usage(pid: number): { readonly cpu: number; readonly megabytes: number } | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, megabytes: (Number(fields[21]) * 4096) / 1e6 };
  } catch {
    return null;
  }
}

export async function sweepBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      scenarios: { type: "string", default: "1000" },
      requests: { type: "string", default: "10000" },
      jobs: { type: "string", default: "2" },
    },
  });
  const [count, requests, jobs] = [Number(values.scenarios), Number(values.requests), Number(values.jobs)];
  const scenarios = scenariosOf(count, requests);

  // Single runs: every fiftieth scenario is of a seed of its own, so none shares traffic with the one before.
  const singles = scenariosOf(50 * 12, requests).filter((_, i) => i % 51 === 0);
  const alone = createSweepRunner();
  for (const scenario of singles.slice(0, 3)) await alone.run(scenario);
  const begunCpu = process.cpuUsage();
  const begun = performance.now();
  for (const scenario of singles.slice(3)) await alone.run(scenario);
  const single = (performance.now() - begun) / 1000 / (singles.length - 3);
  const { user, system } = process.cpuUsage(begunCpu);
  const singleCpu = (user + system) / 1e6 / (singles.length - 3);

  const pool = openPool(jobs, { trace: null, profiles: [] });
  const memory: number[] = [];
  let done = 0;
  const started = performance.now();
  await Promise.all(
    scenarios.map(async (scenario) => {
      await pool.run(scenario);
      done++;
      if (done % Math.ceil(count / 4) === 0) memory.push(Math.round(Math.max(...pool.pids().map((pid) => usage(pid)?.megabytes ?? NaN))));
    }),
  );
  const wall = (performance.now() - started) / 1000;
  const cpus = pool.pids().map((pid) => usage(pid)?.cpu ?? NaN);
  pool.close();
  const cpu = cpus.reduce((sum, one) => sum + one, 0);
  const report = {
    scenarios: count,
    requests,
    jobs,
    singleMs: 1000 * single,
    wallS: wall,
    /** Wall time over single-run time x runs / processes; and processor time over that of as many single runs. */
    timesIdeal: wall / ((single * count) / jobs),
    timesIdealCpu: cpu / (singleCpu * count),
    residentMB: memory,
  };
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
