// How good the autoscaler `service-level` is on the autoscaling lab for Vidur: cost, P90 latency and hypervolume of its three levels, on the lab's
// trace and on synthetic traffic of ten seeds; and how long the hour takes. Options: --trace FILE, --seeds N.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../scripts/lib/run.mjs";
import { dominatedArea, formulaHypervolume } from "../src/analysis/hypervolume.ts";
import type { Tradeoff } from "../src/analysis/hypervolume.ts";
import { readTraceFile } from "../src/cli/trace-file.ts";
import { everything } from "../src/scenario/everything.ts";
import { inferlineLab } from "../src/scenario/presets/inferline-lab.ts";
import { serviceLevels } from "../src/scenario/presets/service-levels.ts";
import { createRun } from "../src/scenario/run.ts";
import type { Choice, Scenario } from "../src/scenario/types.ts";
import { withTrace } from "../src/scenario/with-trace.ts";
import type { Trace } from "../src/workload/types.ts";
import { fail, median, rounded, say, wholeNumber } from "./processes.ts";

/** The lab's trace, where it stands beside the checkout. */
const BESIDE = "../shared/data/traces/vidur/lab3_synthetic_trace1_1hr.csv.gz";
const REFERENCE: Tradeoff = { cost: 50, latency: 0.5 };
/** Levels 1 to 3 by the lab's notebook (github.com/Nisarg-M-Patel/vidur_autoscaling, commit 78cfb2e). */
const PUBLISHED: readonly Tradeoff[] = [
  { cost: 36.079, latency: 0.278698 },
  { cost: 38.3128, latency: 0.237716 },
  { cost: 40.6573, latency: 0.192705 },
];
const LEVELS = [1, 2, 3] as const;

interface Point extends Tradeoff {
  readonly seconds: number;
}

function pointOf(scenario: Scenario, policy: Choice, trace: Trace | null): Point {
  const pools = scenario.pools.map((pool) => ({ ...pool, autoscaling: policy }));
  const began = performance.now();
  const run = createRun({ ...scenario, pools }, { trace, step: false, workloads: [], ...everything, keepRequests: true });
  run.runUntil(Infinity);
  const { cost, e2e } = run.results().summary;
  return { cost: cost.total, latency: e2e.p90 ?? NaN, seconds: (performance.now() - began) / 1000 };
}

const levelsOf = (scenario: Scenario, trace: Trace | null): Point[] =>
  LEVELS.map((level) => pointOf(scenario, { id: "service-level", params: { level } }, trace));

function spread(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / Math.max(1, values.length - 1);
  return {
    mean: rounded(mean),
    deviation: rounded(Math.sqrt(variance), 2),
    least: rounded(Math.min(...values)),
    most: rounded(Math.max(...values)),
  };
}

const shown = (points: readonly Tradeoff[]) => ({
  levels: points.map(({ cost, latency }) => ({ cost: rounded(cost), p90: rounded(latency) })),
  hypervolume: rounded(formulaHypervolume(points, REFERENCE)),
  dominatedArea: rounded(dominatedArea(points, REFERENCE)),
});

export async function autoscalingBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { trace: { type: "string" }, seeds: { type: "string", default: "10" } } });
  if (values.trace !== undefined && !existsSync(values.trace)) fail(`--trace ${values.trace}: there is no such file.`);
  const seeds = wholeNumber("--seeds", values.seeds, 1);
  const file = values.trace ?? join(root, BESIDE);

  let lab: object | null = null;
  let traffic: { readonly scenario: (from: Scenario) => Scenario; readonly trace: Trace | null } = {
    scenario: (from) => from,
    trace: null,
  };
  if (existsSync(file)) {
    say("The lab's trace ...");
    const { trace, report } = await readTraceFile(file);
    traffic = { scenario: (from) => withTrace(from, report), trace };
    lab = shown(levelsOf(traffic.scenario(serviceLevels.scenario), trace));
  } else say(`${file} is not here: synthetic traffic alone`);

  const fronts = Array.from({ length: seeds }, (_, i) => {
    say(`Seed ${i + 1} of ${seeds} ...`);
    return levelsOf({ ...serviceLevels.scenario, seed: i + 1 }, null);
  });
  say("Time ...");
  const timed = (from: Scenario, id: string): number | null =>
    rounded(median([1, 2, 3].map(() => pointOf(traffic.scenario(from), { id }, traffic.trace).seconds)));

  const figures = {
    bench: "autoscaling",
    policy: "service-level",
    reference: REFERENCE,
    published: shown(PUBLISHED),
    labTrace: lab,
    seeds: {
      count: seeds,
      levels: LEVELS.map((_, i) => ({
        cost: spread(fronts.map((front) => front[i]!.cost)),
        p90: spread(fronts.map((front) => front[i]!.latency)),
      })),
      hypervolume: spread(fronts.map((front) => formulaHypervolume(front, REFERENCE))),
      dominatedArea: spread(fronts.map((front) => dominatedArea(front, REFERENCE))),
    },
    secondsForTheHour: {
      inferline: timed(inferlineLab.scenario, "inferline"),
      serviceLevel: timed(serviceLevels.scenario, "service-level"),
    },
    node: process.version,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
