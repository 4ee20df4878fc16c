// goodput compare: two scenarios or more on the same traffic, and whether their differences are real.
import { compareScenarios } from "../analysis/comparison.ts";
import { isMetricId, metrics } from "../analysis/metrics.ts";
import type { MetricId } from "../analysis/metrics.ts";
import type { ComparisonResult } from "../analysis/types.ts";
import { hint } from "../scenario/suggest.ts";
import { percent, whole } from "./format.ts";
import { InputError } from "./input-error.ts";
import { columns, print, printJson } from "./print.ts";
import { betweenOf, confidenceOf, inPool, openStudy, seedsOf, windowOf } from "./study.ts";
import type { StudyFlags } from "./study.ts";

export interface CompareFlags extends StudyFlags {
  readonly metrics?: string;
  readonly difference?: string;
  readonly power?: string;
  readonly window?: string;
  readonly sameTraffic?: boolean;
}

const USUAL: readonly MetricId[] = ["cost.hour", "ttft.p90", "e2e.p50", "e2e.p99", "slo", "goodput.gpu"];

function metricsOf(given: string | undefined): readonly MetricId[] {
  if (given === undefined) return USUAL;
  const known = metrics.map(({ id }) => id);
  return given.split(",").map((part) => {
    const id = part.trim();
    if (!isMetricId(id))
      throw new InputError(`--metrics ${given}: There is no quantity "${id}".${hint(id, known)} Give some of ${known.join(", ")}.`);
    return id;
  });
}

/** The names of the scenarios, told apart where they are the same. */
const labelsOf = (names: readonly string[]): string[] =>
  names.map((name, i) => (names.indexOf(name) === i && !names.includes(name, i + 1) ? name : `${name} (${i + 1})`));

function windowText({ window: [from, to], settling }: ComparisonResult, labels: readonly string[]): string {
  const counted = `Requests from ${percent(from)} to ${percent(to)} of the arrivals count`;
  if (settling === null) return `${counted}, as asked for.`;
  const rows = settling.map((one, i) => `${labels[i]} ${percent(one.from)} to ${percent(one.to)}`).join("; ");
  return `${counted}. Settled (MSER-5, pilot runs): ${rows}.`;
}

function comparisonTable(result: ComparisonResult, confidence: number): string {
  const { others, baseline, notes, runs, tests } = result;
  const labels = [baseline, ...others.map(({ label }) => label)];
  const parts = others.map(({ label, differences }) =>
    [
      `${label} against ${baseline}`,
      ...differences.map(({ sentence }) => `  ${sentence}`),
      "",
      columns(
        [
          ["  quantity", "p", `replications for ${percent(confidence)}`],
          ...differences.map(({ metric, pValue, recommended }) => [
            `  ${metric}`,
            pValue.toFixed(4),
            recommended === null ? "-" : whole(recommended),
          ]),
        ],
        [1, 2],
      ),
    ].join("\n"),
  );
  return [
    ...parts,
    [
      windowText(result, labels),
      `${runs} runs. The ${tests} intervals hold together with ${percent(confidence)} confidence (Bonferroni).`,
      ...notes,
    ].join("\n"),
  ].join("\n\n");
}

export async function compare(given: readonly string[], flags: CompareFlags): Promise<void> {
  if (given.length < 2) throw new InputError("There is nothing to compare with. Give two scenarios or more.");
  const studies = [];
  for (const one of given) studies.push(await openStudy(one, flags));
  const [first] = studies as [(typeof studies)[number]];
  const labels = labelsOf(studies.map(({ scenario }) => scenario.name));
  const { traffic, tenants } = first.scenario;
  const scenarios = studies.map(({ scenario }, i) => ({
    label: labels[i]!,
    scenario: flags.sameTraffic === true ? { ...scenario, traffic, tenants } : scenario,
  }));
  const confidence = confidenceOf(flags);
  const comparison = {
    scenarios,
    seeds: seedsOf(flags, first.scenario, 10),
    metrics: metricsOf(flags.metrics),
    confidence,
    difference: betweenOf("--difference", flags.difference, 0.05, "a relative difference", 0, 10),
    power: betweenOf("--power", flags.power, 0.9, "a chance", 0.5, 1),
    window: flags.window === undefined || flags.window === "settled" ? ("settled" as const) : windowOf(flags.window, [0, 1]),
  };
  const profiles = [...new Map(studies.flatMap(({ files }) => files.profiles).map((profile) => [profile.hash, profile])).values()];
  const result = await inPool(flags, { trace: first.files.trace, profiles }, (run, signal, tell) =>
    compareScenarios(run, comparison, { signal, progress: ({ phase, done, total }) => tell(`${phase}: ${done} of ${total} runs`) }),
  );
  if (flags.json === true) printJson(result);
  else print(comparisonTable(result, confidence));
}
