// Whether what is concluded from many runs is right as often as it says: the goodput search against theory and against trying every rate, and comparisons of
// what is the same and of what differs by 5 %.
import { parseArgs } from "node:util";
import { compareScenarios } from "../src/analysis/comparison.ts";
import { findGoodput } from "../src/analysis/goodput-search.ts";
import { createSweepRunner } from "../src/analysis/sweep-host.ts";
import { exhaustiveScale } from "../src/analysis/testing-exhaustive.ts";
import { constantService, rateOfConstantService, SERVICE } from "../src/analysis/testing-queue.ts";
import type { Comparison, GoodputSearch, RunScenario } from "../src/analysis/types.ts";
import { complete } from "../src/scenario/complete.ts";
import type { ScenarioDraft } from "../src/scenario/complete.ts";
import type { Scenario } from "../src/scenario/types.ts";

const runner = createSweepRunner();
const run: RunScenario = (scenario, measure) => runner.run(scenario, measure);

const seedsOf = (first: number, count: number): number[] => Array.from({ length: count }, (_, i) => first + i);

/** What is going on, for a person who waits. */
const tell = (text: string): void => void (process.stderr.isTTY && process.stderr.write(`\r\u001b[K${text}`));

async function law(repetitions: number): Promise<object> {
  const truth = rateOfConstantService(5, 0.9);
  let held = 0;
  let width = 0;
  let worst = 0;
  for (let i = 0; i < repetitions; i++) {
    tell(`M/D/1, repetition ${i + 1} of ${repetitions}`);
    const scenario = constantService({ requests: 1500, load: 0.7, limit: 5 });
    const search = { scenario, share: 0.9, confidence: 0.95, seeds: seedsOf(1000 * i, 10), tolerance: 0.005, window: [0.1, 1] } as const;
    const { low, high, rate } = await findGoodput(run, search);
    if (low <= truth && truth <= high!) held++;
    width += (high! - low) / truth / repetitions;
    worst = Math.max(worst, Math.abs(rate / truth - 1));
  }
  return { truth, repetitions, held, meanWidth: width, worstError: worst };
}

const fleet = (draft: ScenarioDraft, rate: number, slo: { ttft?: number; tpot?: number; e2e?: number }, lengths = "lognormal"): Scenario =>
  complete({
    ...draft,
    traffic: {
      source: { kind: "synthetic", arrivals: { id: "poisson", params: { rate } }, lengths: { id: lengths } },
      maxRequests: 1500,
      maxSeconds: null,
    },
    sloClasses: [{ name: "standard", ...slo }],
  });

const two = (batching: string, params: Record<string, number> = {}): ScenarioDraft => ({
  pools: [{ name: "a", replicas: 2, batching: { id: batching, params } }],
});

const ten: readonly (readonly [string, Scenario, number])[] = [
  ["one server", constantService({ requests: 1500, load: 0.5, limit: 4 }), 0.9],
  ["one server, 99 %", constantService({ requests: 1500, load: 0.5, limit: 8 }), 0.99],
  ["TTFT", fleet(two("sarathi"), 20, { ttft: 0.5 }), 0.9],
  ["TPOT", fleet(two("sarathi"), 20, { tpot: 0.02 }), 0.9],
  ["both", fleet(two("sarathi"), 20, { ttft: 1, tpot: 0.03 }), 0.9],
  ["prefill first", fleet(two("vllm"), 20, { ttft: 0.4, tpot: 0.05 }), 0.9],
  ["small GPU", fleet({ pools: [{ name: "a", replicas: 1, gpu: "l4" }] }, 2, { ttft: 3 }), 0.9],
  ["round robin", { ...fleet({ pools: [{ name: "a", replicas: 3 }] }, 20, { ttft: 1 }), routing: { id: "round-robin" } }, 0.9],
  ["orca", fleet(two("orca", { batchCap: 16 }), 10, { e2e: 12 }), 0.9],
  ["fixed lengths", fleet({ pools: [{ name: "a", replicas: 1 }] }, 10, { e2e: 4 }, "fixed"), 0.9],
];

async function search(): Promise<object> {
  const rows = [];
  for (const [name, scenario, share] of ten) {
    tell(`every rate of ${name}`);
    const asked: GoodputSearch = { scenario, share, confidence: 0.95, seeds: seedsOf(1, 5), tolerance: 0.005, window: [0.1, 1] };
    const { rateScale, runs, rate } = await findGoodput(run, asked);
    const best = await exhaustiveScale(run, asked, [rateScale / 2, rateScale * 2]);
    rows.push({ name, rate, runs, offBy: rateScale / best - 1 });
  }
  return { rows, worst: Math.max(...rows.map(({ offBy }) => Math.abs(offBy))) };
}

const comparison = (others: readonly Scenario[], seeds: readonly (readonly number[])[]): Comparison => ({
  scenarios: others.map((scenario, i) => ({ label: String(i), scenario, seeds: seeds[i]! })),
  seeds: seeds[0]!,
  metrics: ["e2e.p90", "e2e.p99", "slo"],
  confidence: 0.95,
  difference: 0.05,
  power: 0.9,
  window: [0.1, 1],
});

async function compare(repetitions: number): Promise<object> {
  const base = constantService({ requests: 400, load: 0.5, limit: 4 });
  const slower = constantService({ requests: 400, load: 0.5, limit: 4, service: 1.025 * SERVICE });
  const claims = async (asked: Comparison): Promise<boolean[]> =>
    (await compareScenarios(run, asked)).others[0]!.differences.map(({ claim }) => claim !== "none");
  let wrong = 0;
  for (let i = 0; i < repetitions; i++) {
    tell(`the same twice, pair ${i + 1} of ${repetitions}`);
    if ((await claims(comparison([base, base], [seedsOf(20 * i, 5), seedsOf(20 * i + 10, 5)]))).includes(true)) wrong++;
  }
  // Traffic of their own in either: what pairing on the same traffic makes easy is left out.
  let found = 0;
  let recommended = 0;
  let difference = 0;
  const trials = Math.ceil(repetitions / 10);
  for (let i = 0; i < trials; i++) {
    tell(`a true difference, trial ${i + 1} of ${trials}`);
    const first = 5000 + 2000 * i;
    const seeds = (count: number): readonly number[][] => [seedsOf(first, count), seedsOf(first + 1000, count)];
    const pilot = await compareScenarios(run, comparison([base, slower], seeds(10)));
    const count = Math.min(900, pilot.others[0]!.differences[0]!.recommended!);
    recommended += count / trials;
    const again = await compareScenarios(run, comparison([base, slower], [seedsOf(first + 100, count), seedsOf(first + 1100, count)]));
    difference += again.others[0]!.differences[0]!.relative!.difference / trials;
    if (again.others[0]!.differences[0]!.claim === "higher") found++;
  }
  return { pairs: repetitions, wrongClaims: wrong, trials, found, recommended, difference };
}

export async function goodputBench(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      part: { type: "string", default: "all" },
      repetitions: { type: "string", default: "100" },
      pairs: { type: "string", default: "200" },
    },
  });
  const wants = (part: string): boolean => values.part === "all" || values.part === part;
  const report = {
    ...(wants("law") ? { law: await law(Number(values.repetitions)) } : {}),
    ...(wants("search") ? { search: await search() } : {}),
    ...(wants("compare") ? { compare: await compare(Number(values.pairs)) } : {}),
  };
  tell("");
  process.stdout.write(`${JSON.stringify(report)}\n`);
}
