// Vidur's own timed runs again: Llama-2-70B on two A100 per replica, its conversation trace, operator tables, router (lor) and defaults.
// Options: --requests N, --replicas N, --runs N, --reference FOLDER, --trace FILE.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { recordsOf, textOf } from "../conformance/columns.ts";
import { root } from "../scripts/lib/run.mjs";
import { fail, median, once, prepare, rounded, say, wholeNumber } from "./processes.ts";
import type { VidurMeasurement, VidurOrder } from "./vidur-once.ts";

/** Runs of the same before, in the same process, for the figure `warm`: as on the page, whose workers go on from run to run. */
const WARMUP = 5;
const REFERENCE = "../shared/reference/vidur";
const TRACE = "../shared/data/traces/vidur/splitwise_conv.csv.gz";

/** A row of speed.csv: one run of Vidur, and its requests per CPU second. */
interface TimedRun {
  readonly requests: number;
  readonly replicas: number;
  readonly scheduler: string;
  readonly perCpuSecond: number;
  readonly batches: number;
  readonly ttftP90: number;
}

/** The rows without Vidur's metrics: it is faster so. */
function timedRuns(file: string): TimedRun[] {
  return recordsOf(textOf(file))
    .filter((row) => row["metrics_on"] === "False")
    .map((row) => ({
      requests: Number(row["requests"]),
      replicas: Number(row["replicas"]),
      scheduler: row["scheduler"]!,
      perCpuSecond: Number(row["req_per_cpu_s"]),
      batches: Number(row["batches"]),
      ttftP90: Number(row["ttft_p90"]),
    }));
}

export async function vidur(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      requests: { type: "string", default: "1000000" },
      replicas: { type: "string", default: "8" },
      runs: { type: "string", default: "5" },
      reference: { type: "string" },
      trace: { type: "string" },
    },
  });
  const given = (name: "reference" | "trace", beside: string): string | null => {
    const path = values[name];
    if (path !== undefined && !existsSync(path)) fail(`--${name} ${path}: there is no such file.`);
    const found = path === undefined ? join(root, beside) : resolve(path);
    if (existsSync(found)) return found;
    process.stdout.write(`${JSON.stringify({ bench: "vidur", skipped: `${beside} is not here: name it with --${name}.` })}\n`);
    return null;
  };
  const reference = given("reference", REFERENCE);
  const trace = reference === null ? null : given("trace", TRACE);
  if (reference === null || trace === null) return;
  const runs = wholeNumber("--runs", values.runs, 1);
  const script = await prepare("vidur-once");
  const order: VidurOrder = {
    reference,
    trace,
    requests: wholeNumber("--requests", values.requests, 1),
    replicas: wholeNumber("--replicas", values.replicas, 1),
    router: "lor",
    scheduler: "sarathi",
    warmup: 0,
  };
  const measure = (changes: Partial<VidurOrder>): Promise<VidurMeasurement> =>
    once<VidurMeasurement>(script, [JSON.stringify({ ...order, ...changes })]);

  const figures = async (changes: Partial<VidurOrder>) => {
    const measured: VidurMeasurement[] = [];
    for (let i = 0; i < runs; i++) measured.push(await measure(changes));
    const [{ requests, outputTokens, batches }] = measured as [VidurMeasurement];
    const cpuSeconds = median(measured.map((one) => one.cpuSeconds));
    return {
      requests,
      outputTokens,
      batches,
      cpuSeconds: rounded(cpuSeconds),
      outputTokensPerCpuSecond: Math.round(outputTokens / cpuSeconds),
      requestsPerCpuSecond: Math.round(requests / cpuSeconds),
    };
  };
  say("A fresh process each ...");
  const fresh = await figures({});
  say("Warm ...");
  const warm = await figures({ warmup: WARMUP });
  const roundRobin = await figures({ router: "round-robin" });

  say("Vidur's timed runs ...");
  const recorded = timedRuns(join(reference, "speed.csv"));
  const same = [];
  for (const { requests, replicas, scheduler, batches, ttftP90, perCpuSecond } of recorded) {
    const ours = await measure({ requests, replicas, scheduler });
    // The trace at hand may be shorter than Vidur's.
    if (ours.requests !== requests) continue;
    same.push({
      requests,
      replicas,
      scheduler,
      batches: [ours.batches, batches],
      ttftP90: [rounded(ours.ttftP90, 7), ttftP90],
      requestsPerCpuSecond: [Math.round(requests / ours.cpuSeconds), perCpuSecond],
    });
  }
  // The rows of the same fleet and scheduler, however many requests.
  const rates = recorded
    .filter(({ replicas, scheduler }) => replicas === order.replicas && scheduler === order.scheduler)
    .map(({ perCpuSecond }) => perCpuSecond);
  const times = (rate: number): (number | null)[] => [Math.max(...rates), Math.min(...rates)].map((theirs) => rounded(rate / theirs, 3));
  const { outputTokensPerCpuSecond, requestsPerCpuSecond, ...rest } = fresh;
  process.stdout.write(
    `${JSON.stringify({
      bench: "vidur",
      outputTokensPerCpuSecond,
      requestsPerCpuSecond,
      vidurRequestsPerCpuSecond: rates.length > 0 ? [Math.min(...rates), Math.max(...rates)] : null,
      timesVidur: rates.length > 0 ? times(requestsPerCpuSecond) : null,
      ...rest,
      replicas: order.replicas,
      runs,
      warm: { ...warm, timesVidur: rates.length > 0 ? times(warm.requestsPerCpuSecond) : null },
      roundRobin,
      same,
      node: process.version,
    })}\n`,
  );
}
