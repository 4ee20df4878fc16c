// Speed and memory of the engine, beside a yardstick. Options: --requests N, --replicas N, --runs N, --scale, --yardstick FILE, --profile.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/lib/run.mjs";
import type { Measurement, Order } from "./engine-once.ts";
import { fail, median, once, prepare, rounded, say, wholeNumber } from "./processes.ts";

/** Share of what the fleet can sustain. */
const LOAD = 0.7;
/** Requests of the run before, in the same process. */
const WARMUP = 50_000;
/** A yardstick kept beside the checkout, where there is one, so that figures compare with those of others who use it. */
const BESIDE = "../shared/tools/yardstick.mjs";

function options(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: "string", default: "1000000" },
      replicas: { type: "string", default: "16" },
      runs: { type: "string", default: "3" },
      scale: { type: "boolean", default: false },
      profile: { type: "boolean", default: false },
      yardstick: { type: "string" },
    },
  });
  if (values.yardstick !== undefined && !existsSync(values.yardstick)) fail(`--yardstick ${values.yardstick}: there is no such file.`);
  return {
    scale: values.scale,
    wantProfile: values.profile,
    requests: wholeNumber("--requests", values.requests, 1000),
    replicas: wholeNumber("--replicas", values.replicas, 1),
    runs: wholeNumber("--runs", values.runs, 1),
    yardstick: values.yardstick ?? null,
  };
}

export async function engine(args: readonly string[]): Promise<void> {
  const { requests, replicas, runs, scale, wantProfile, yardstick } = options(args);
  const script = await prepare("engine-once");
  const own = await prepare("yardstick-once");
  const beside = join(root, BESIDE);
  const other = yardstick ?? (existsSync(beside) ? beside : null);

  const engineOnce = (order: Order): Promise<Measurement> => once<Measurement>(script, [JSON.stringify(order)], ["--expose-gc"]);
  const yardstickOnce = (file: string): Promise<{ readonly requestsPerSecond: number }> => once(file, [String(requests), String(replicas)]);

  say("What the fleet can sustain ...");
  const flood: Order = {
    requests: Math.min(requests, 1000 * replicas),
    replicas,
    rate: null,
    keepRequests: true,
    warmup: 0,
    watch: "time",
  };
  const { sustained } = await engineOnce(flood);
  const rate = LOAD * sustained;
  const order: Order = { requests, replicas, rate, keepRequests: true, warmup: WARMUP, watch: "time" };
  const tenth: Order = { ...order, requests: Math.round(requests / 10) };

  const measured: Measurement[] = [];
  const tenths: Measurement[] = [];
  const ownRates: number[] = [];
  const otherRates: number[] = [];
  for (let i = 0; i < runs; i++) {
    say(`Run ${i + 1} of ${runs} ...`);
    ownRates.push((await yardstickOnce(own)).requestsPerSecond);
    if (other !== null) otherRates.push((await yardstickOnce(other)).requestsPerSecond);
    measured.push(await engineOnce(order));
    if (scale) tenths.push(await engineOnce(tenth));
  }
  say("Memory ...");
  const memoryOf = async (changes: Partial<Order>) => {
    const { memory } = await engineOnce({ ...order, watch: "memory", ...changes });
    const mb = (bytes = NaN): number | null => rounded(bytes / 1e6);
    return { highest: mb(memory?.highest), summary: mb(memory?.summary), kept: mb(memory?.kept) };
  };
  const memoryMB = {
    columns: await memoryOf({}),
    withoutColumns: await memoryOf({ keepRequests: false }),
    withoutColumnsTenth: await memoryOf({ keepRequests: false, requests: tenth.requests }),
  };
  say("Profile ...");
  const { profile = [] } = await engineOnce({ ...order, watch: "profile" });
  if (wantProfile)
    for (const [name, share] of profile.slice(0, 30)) process.stderr.write(`${(share * 100).toFixed(1).padStart(5)} %  ${name}\n`);

  const mid = (pick: (one: Measurement) => number): number => median(measured.map(pick));
  const requestsPerSecond = mid((one) => one.requestsPerSecond);
  const yardstickRates = other === null ? ownRates : otherRates;
  const yardstickRate = median(yardstickRates);
  const first = measured[0]!;
  const figures = {
    bench: "engine",
    requestsPerSecond: Math.round(requestsPerSecond),
    yardstick: Math.round(yardstickRate),
    ratio: rounded(requestsPerSecond / yardstickRate),
    yardstickUsed: other === null ? "bench/yardstick.ts" : (yardstick ?? BESIDE),
    ownYardstick: Math.round(median(ownRates)),
    bestRatio: rounded(Math.max(...measured.map((one) => one.requestsPerSecond)) / Math.max(...yardstickRates)),
    ratioToOwn: rounded(requestsPerSecond / median(ownRates)),
    requests,
    replicas,
    warmup: WARMUP,
    load: LOAD,
    sustainedPerS: rounded(sustained),
    ratePerS: rounded(rate),
    ms: rounded(mid((one) => one.ms)),
    runs,
    eventsPerRequest: rounded(first.eventsPerRequest),
    iterationsPerRequest: rounded(first.iterationsPerRequest),
    utilisation: rounded(first.utilisation),
    preemptions: first.preemptions,
    ttftMean: first.meanTtft,
    ttftP99: first.p99Ttft,
    liveMB: memoryMB,
    ...(scale ? { timesLongerForTenTimes: rounded(mid((one) => one.ms) / median(tenths.map((one) => one.ms))) } : {}),
    profile: profile.slice(0, 15).map(([name, share]) => [name, rounded(share, 3)]),
    node: process.version,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
