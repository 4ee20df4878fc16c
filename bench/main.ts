// npm run -s bench -- engine [--requests N] [--replicas N] [--runs N] [--scale] [--yardstick FILE] [--profile]
// Prints one line of JSON; what it is doing goes to stderr when that is a terminal.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/lib/run.mjs";
import type { Measurement, Order } from "./engine-once.ts";
import { median, once, prepare } from "./processes.ts";

/** Share of what the fleet can sustain. */
const LOAD = 0.7;
/** A yardstick kept beside the checkout, where there is one, so that figures compare with those of others who use it. */
const BESIDE = "../shared/tools/yardstick.mjs";

const say = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`${text}\n`);
};

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(2);
}

function options(): { requests: number; replicas: number; runs: number; scale: boolean; profile: boolean; yardstick: string | null } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        requests: { type: "string", default: "1000000" },
        replicas: { type: "string", default: "16" },
        runs: { type: "string", default: "3" },
        scale: { type: "boolean", default: false },
        profile: { type: "boolean", default: false },
        yardstick: { type: "string" },
      },
    });
    if (positionals[0] !== "engine" || positionals.length > 1) fail(`Unknown bench "${positionals.join(" ")}". Known: engine.`);
    const whole = (name: "requests" | "replicas" | "runs", least: number): number => {
      const value = Number(values[name]);
      return Number.isInteger(value) && value >= least ? value : fail(`--${name} ${values[name]}: give a whole number, at least ${least}.`);
    };
    if (values.yardstick !== undefined && !existsSync(values.yardstick)) fail(`--yardstick ${values.yardstick}: there is no such file.`);
    return {
      ...values,
      requests: whole("requests", 1000),
      replicas: whole("replicas", 1),
      runs: whole("runs", 1),
      yardstick: values.yardstick ?? null,
    };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

const { requests, replicas, runs, scale, profile: wantProfile, yardstick } = options();
const engine = await prepare("engine-once");
const own = await prepare("yardstick-once");
const beside = join(root, BESIDE);
const other = yardstick ?? (existsSync(beside) ? beside : null);

const engineOnce = (order: Order): Promise<Measurement> => once<Measurement>(engine, [JSON.stringify(order)], ["--expose-gc"]);
const yardstickOnce = (script: string): Promise<{ readonly requestsPerSecond: number }> =>
  once(script, [String(requests), String(replicas)]);

say("What the fleet can sustain ...");
const { sustained } = await engineOnce({ requests: Math.min(requests, 1000 * replicas), replicas, rate: null, keepRequests: true });
const rate = LOAD * sustained;
const order: Order = { requests, replicas, rate, keepRequests: true };

const measured: Measurement[] = [];
const tenths: Measurement[] = [];
const ownRates: number[] = [];
const otherRates: number[] = [];
for (let i = 0; i < runs; i++) {
  say(`Run ${i + 1} of ${runs} ...`);
  ownRates.push((await yardstickOnce(own)).requestsPerSecond);
  if (other !== null) otherRates.push((await yardstickOnce(other)).requestsPerSecond);
  measured.push(await engineOnce(order));
  if (scale) tenths.push(await engineOnce({ ...order, requests: Math.round(requests / 10) }));
}
const withoutColumns = await engineOnce({ ...order, keepRequests: false });

const mid = (pick: (one: Measurement) => number): number => median(measured.map(pick));
const rounded = (value: number | null, digits = 4): number | null =>
  value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(digits));
const mb = (bytes: number): number | null => rounded(bytes / 1e6);
const requestsPerSecond = mid((one) => one.requestsPerSecond);
const yardstickRate = median(other === null ? ownRates : otherRates);
const first = measured[0]!;

if (wantProfile) {
  for (const [name, share] of (await engineOnce({ ...order, profile: true })).profile?.slice(0, 30) ?? [])
    process.stderr.write(`${(share * 100).toFixed(1).padStart(5)} %  ${name}\n`);
}

process.stdout.write(
  `${JSON.stringify({
    bench: "engine",
    requestsPerSecond: Math.round(requestsPerSecond),
    yardstick: Math.round(yardstickRate),
    ratio: rounded(requestsPerSecond / yardstickRate),
    yardstickUsed: other === null ? "bench/yardstick.ts" : (yardstick ?? BESIDE),
    ownYardstick: Math.round(median(ownRates)),
    bestRatio: rounded(Math.max(...measured.map((one) => one.requestsPerSecond)) / Math.max(...(other === null ? ownRates : otherRates))),
    ratioToOwn: rounded(requestsPerSecond / median(ownRates)),
    requests,
    replicas,
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
    memoryMB: {
      peak: mb(mid((one) => one.peakBytes)),
      kept: mb(mid((one) => one.keptBytes)),
      peakWithoutColumns: mb(withoutColumns.peakBytes),
      keptWithoutColumns: mb(withoutColumns.keptBytes),
    },
    ...(scale ? { timesLongerForTenTimes: rounded(mid((one) => one.ms) / median(tenths.map((one) => one.ms))) } : {}),
    node: process.version,
  })}\n`,
);
