// An experiment as files: runs.csv, settings.csv and sweep.json. The command line writes them, the page exports them: the same bytes.
import { decimal } from "../scenario/decimal.ts";
import { canonicalJson, hashScenario } from "../scenario/hash.ts";
import { normalise } from "../scenario/normalise.ts";
import type { PresetSweep } from "../scenario/presets/preset.ts";
import { ENGINE_VERSION } from "../scenario/version.ts";
import type { Constraint, DoneRun, FailedRun, Objectives, Plan } from "./experiment.ts";
import { findingsOf, spreadAt } from "./findings.ts";
import type { Findings } from "./findings.ts";
import { dominatedArea, formulaHypervolume } from "./hypervolume.ts";
import { metrics } from "./metrics.ts";
import type { Metric, MetricId } from "./metrics.ts";

export interface ExperimentResults {
  readonly plan: Plan;
  readonly runs: readonly DoneRun[];
  readonly failed: readonly FailedRun[];
  readonly objectives: Objectives;
  readonly published: PresetSweep | null;
  /** What settings must keep to be on the front. */
  readonly constraints?: readonly Constraint[];
  /** Quantities in the CSV files and the table; left out: all. */
  readonly shown?: readonly MetricId[];
}

/** The quantities that are shown, in the order of their list. */
export const shownMetrics = ({ shown }: Pick<ExperimentResults, "shown">): readonly Metric[] =>
  shown === undefined ? metrics : metrics.filter(({ id }) => shown.includes(id));

export const findingsOfResults = ({ plan, runs, objectives, constraints }: ExperimentResults): Findings =>
  findingsOf(runs, plan.settings.length, objectives, constraints);

/** By setting, then by seed, whatever order they ended in. */
const ordered = <T extends { readonly setting: number; readonly seed: number }>(runs: readonly T[]): T[] =>
  [...runs].sort((a, b) => a.setting - b.setting || a.seed - b.seed);

const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
const cell = (value: number | null): string => (value === null ? "" : decimal(value));
const lines = (rows: readonly (readonly string[])[]): string => rows.map((row) => `${row.join(",")}\n`).join("");

/** The published points belong to these axes only. */
export const publishedOn = (published: PresetSweep | null, { x, y }: Objectives): PresetSweep | null =>
  published !== null && published.x === x && published.y === y ? published : null;

/** Both areas of the published points. */
export function publishedArea(
  { published: { points } }: PresetSweep,
  [cost, latency]: readonly [number, number],
): { formula: number; area: number } {
  const tradeoffs = points.map((point) => ({ cost: point.x, latency: point.y }));
  return { formula: formulaHypervolume(tradeoffs, { cost, latency }), area: dominatedArea(tradeoffs, { cost, latency }) };
}

/** One row per run: values of the axes, seed, every quantity. */
export function runsCsv(results: ExperimentResults): string {
  const { plan, runs } = results;
  const { axes } = plan.experiment;
  const columns = shownMetrics(results);
  const head = [
    ...axes.map(({ path }) => field(path)),
    "seed",
    ...columns.map(({ id }) => id.replace(".", "_")),
    "requests,completed,refused,failed,makespan,mean_replicas,max_replicas",
  ];
  const rows = ordered(runs).map(({ setting, seed, figures }) => {
    const { total, completed, refused, failed } = figures.requests;
    return [
      ...plan.settings[setting]!.values.map(field),
      String(seed),
      ...columns.map(({ id }) => cell(figures.metrics[id])),
      ...[total, completed, refused, failed].map(String),
      ...[figures.makespan, figures.meanReplicas].map(decimal),
      String(figures.maxReplicas),
    ];
  });
  return lines([head, ...rows]);
}

/** One row per setting: mean and standard deviation over seeds, and whether it is on the front. */
export function settingsCsv(results: ExperimentResults, findings: Findings): string {
  const { plan, runs } = results;
  const columns = shownMetrics(results);
  const head = [
    ...plan.experiment.axes.map(({ path }) => field(path)),
    "runs,on_front",
    ...columns.flatMap(({ id }) => [`${id.replace(".", "_")}_mean`, `${id.replace(".", "_")}_sd`]),
  ];
  const rows = plan.settings.map(({ values }, setting) => [
    ...values.map(field),
    String(runs.filter((run) => run.setting === setting).length),
    findings.places[setting]?.onFront === true ? "1" : "0",
    ...columns.flatMap(({ id }) => {
      const spread = spreadAt(runs, setting, id);
      return spread === null ? ["", ""] : [decimal(spread.mean), cell(spread.sd)];
    }),
  ]);
  return lines([head, ...rows]);
}

/** Replica counts and cost per hour of every run: one row per step. */
export function stepsCsv({ plan, runs }: ExperimentResults): string {
  const rows = ordered(runs).flatMap(({ setting, seed, figures: { fleet } }) => {
    const begin = [...plan.settings[setting]!.values.map(field), String(seed)];
    return Array.from(fleet.at, (at, i) => [...begin, decimal(at), String(fleet.serving[i]!), decimal(fleet.costPerHour[i]!)]);
  });
  return lines([[...plan.experiment.axes.map(({ path }) => field(path)), "seed,t,replicas,cost_per_hour"], ...rows]);
}

/** Everything but the steps over time. */
export function experimentJson(results: ExperimentResults): string {
  const { plan, runs, failed, objectives, constraints = [] } = results;
  const { base, axes, seeds, sampling } = plan.experiment;
  const findings = findingsOfResults(results);
  const valuesOf = (setting: number): Record<string, string> =>
    Object.fromEntries(axes.map(({ path }, i) => [path, plan.settings[setting]!.values[i]!]));
  const scenario = JSON.parse(canonicalJson(normalise(base))) as typeof base;
  const { places, front, reference, hypervolume, bySeed } = findings;
  const published = publishedOn(results.published, objectives);
  return `${JSON.stringify(
    {
      vary: axes,
      seeds,
      ...(sampling === undefined || sampling.kind === "grid" ? {} : { sampling }),
      x: objectives.x,
      y: objectives.y,
      ...(constraints.length === 0 ? {} : { constraints }),
      reference,
      hypervolume,
      hypervolumeBySeed: bySeed,
      ...(published === null ? {} : { published: { ...published.published, ...publishedArea(published, reference) } }),
      front: front.map(valuesOf),
      settings: plan.settings.map((_, setting) => ({
        values: valuesOf(setting),
        onFront: places[setting]?.onFront ?? false,
        metrics: Object.fromEntries(metrics.map(({ id }) => [id, spreadAt(runs, setting, id)])),
      })),
      runs: ordered(runs).map(({ setting, seed, figures: { fleet: _steps, ...figures } }) => ({
        values: valuesOf(setting),
        seed,
        ...figures,
      })),
      ...(failed.length === 0
        ? {}
        : { failed: ordered(failed).map(({ setting, seed, error }) => ({ values: valuesOf(setting), seed, error })) }),
      scenario,
      scenarioHash: hashScenario(scenario),
      engineVersion: ENGINE_VERSION,
    },
    null,
    2,
  )}\n`;
}

export interface ExperimentFile {
  readonly name: "sweep.json" | "runs.csv" | "settings.csv" | "replicas.csv";
  readonly chunks: () => Iterable<string>;
}

export function experimentFiles(results: ExperimentResults): readonly ExperimentFile[] {
  const findings = findingsOfResults(results);
  return [
    { name: "sweep.json", chunks: () => [experimentJson(results)] },
    { name: "runs.csv", chunks: () => [runsCsv(results)] },
    { name: "settings.csv", chunks: () => [settingsCsv(results, findings)] },
    { name: "replicas.csv", chunks: () => [stepsCsv(results)] },
  ];
}
