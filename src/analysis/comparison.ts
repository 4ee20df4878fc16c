// Is a difference real? Scenarios on the same traffic, several seeds each: paired differences, with intervals that hold all together.
// Warm-up and run-down are cut by one window for all: pilot runs with seeds of their own say where each scenario settles (MSER-5), so that what is cut does not
// depend on the values that are compared.
import { canonicalJson } from "../scenario/hash.ts";
import { metricById } from "./metrics.ts";
import type { MetricId } from "./metrics.ts";
import { differenceOf } from "./paired.ts";
import { replicate, RunProblem } from "./replications.ts";
import type { Asked, ComparedScenario, Comparison, ComparisonProgress, ComparisonResult, RunScenario, Settling, Window } from "./types.ts";
import { percentOf, plural } from "./words.ts";

/** Pilot runs of each scenario. */
const PILOTS = 3;
/** The window's grain, and how much of a run it leaves at least. */
const GRAIN = 0.05;
const LATEST_FROM = 0.5;
const EARLIEST_TO = 0.75;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Of one scenario, the medians of its pilots. */
async function settle(run: RunScenario, scenario: ComparedScenario["scenario"], seeds: readonly number[]): Promise<Settling> {
  const figures = await replicate(run, scenario, seeds, { settling: true });
  return { from: median(figures.map(({ settling }) => settling!.from)), to: median(figures.map(({ settling }) => settling!.to)) };
}

/** The part in which all are settled, rounded to whole twentieths. */
function windowOf(all: readonly Settling[]): Window {
  const from = Math.max(...all.map((one) => one.from));
  const to = Math.min(...all.map((one) => one.to));
  const up = Math.ceil(from / GRAIN - 1e-9) * GRAIN;
  const down = Math.floor(to / GRAIN + 1e-9) * GRAIN;
  return [Number(Math.min(LATEST_FROM, up).toFixed(2)), Number(Math.max(EARLIEST_TO, down).toFixed(2))];
}

const trafficOf = ({ scenario: { traffic, tenants } }: ComparedScenario): string => canonicalJson([traffic, tenants]);

function notesOf(
  { scenarios, difference }: Comparison,
  { sameTraffic, settling, others, window }: Omit<ComparisonResult, "notes">,
): string[] {
  const notes: string[] = [];
  if (!sameTraffic)
    notes.push("The scenarios do not run on the same traffic: differences hold that of the traffic too, and are less precise.");
  settling?.forEach(({ from }, i) => {
    if (from > LATEST_FROM - GRAIN / 2)
      notes.push(
        `${scenarios[i]!.label} does not settle in its first half: its queue may grow for as long as it runs. Give it longer traffic or less of it.`,
      );
  });
  if (window[1] - window[0] < 0.5) notes.push(`Only ${percentOf(window[1] - window[0])} of the requests count.`);
  for (const { label, differences } of others) {
    const short = differences.filter(({ claim, recommended, pairs }) => claim === "none" && recommended !== null && recommended > pairs);
    const most = Math.max(...short.map(({ recommended }) => recommended!));
    if (short.length > 0)
      notes.push(
        `${label}: ${plural(most, "replication")} would find differences of ${percentOf(difference)} in all quantities; ${short.map(({ metric }) => metric).join(", ")} had too few.`,
      );
  }
  return notes;
}

/** Rejects with a RunProblem when a scenario cannot be run, or there is nothing to compare. */
export async function compareScenarios(
  run: RunScenario,
  comparison: Comparison,
  asked: Asked<ComparisonProgress> = {},
): Promise<ComparisonResult> {
  const { scenarios, metrics, confidence } = comparison;
  const { signal, progress } = asked;
  if (scenarios.length < 2) throw new RunProblem("There is nothing to compare with. Give two scenarios or more.");
  const seedsOf = ({ seeds }: ComparedScenario): readonly number[] => seeds ?? comparison.seeds;
  const count = Math.min(...scenarios.map((one) => seedsOf(one).length));
  if (count < 2) throw new RunProblem("One replication says nothing about chance. Give two seeds or more.");

  let done = 0;
  const settles = comparison.window === "settled";
  const tell =
    (phase: ComparisonProgress["phase"], total: number) =>
    (one: RunScenario): RunScenario =>
    async (scenario, measure) => {
      signal?.throwIfAborted();
      const answer = await one(scenario, measure);
      signal?.throwIfAborted();
      progress?.({ phase, done: ++done, total });
      return answer;
    };
  const pilots = Array.from({ length: PILOTS }, (_, i) => Math.max(...scenarios.flatMap(seedsOf)) + 1 + i);
  const settling = settles
    ? await Promise.all(scenarios.map(({ scenario }) => settle(tell("settling", scenarios.length * PILOTS)(run), scenario, pilots)))
    : null;
  const window = comparison.window === "settled" ? windowOf(settling!) : comparison.window;
  done = 0;
  const counted = tell("replications", scenarios.length * count)(run);
  const figures = await Promise.all(scenarios.map((one) => replicate(counted, one.scenario, seedsOf(one).slice(0, count), { window })));
  const values = figures.map((own) => own.map((one) => metrics.map((id) => one.metrics[id])));

  const tests = metrics.length * (scenarios.length - 1);
  const column = (scenario: number, metric: number): (number | null)[] => values[scenario]!.map((row) => row[metric]!);
  const others = scenarios.slice(1).map(({ label }, i) => ({
    label,
    differences: metrics.flatMap((metric: MetricId, m) => {
      const found = differenceOf(metricById(metric), column(0, m), column(i + 1, m), { ...comparison, tests, confidence });
      return found === null ? [] : [found];
    }),
  }));
  const [first] = scenarios as [ComparedScenario];
  const result = {
    others,
    baseline: first.label,
    values,
    window,
    settling,
    sameTraffic: scenarios.every(
      (one) => trafficOf(one) === trafficOf(first) && canonicalJson(seedsOf(one)) === canonicalJson(seedsOf(first)),
    ),
    tests,
    runs: scenarios.length * (count + (settles ? PILOTS : 0)),
  };
  return { ...result, notes: notesOf(comparison, result) };
}
