// Fleets over time, one row per setting.
import type { FleetSteps } from "../../../analysis/experiment.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import type { TipContent } from "../../ui/chart/tooltip.tsx";
import { clock, fixed, money, perHour } from "../../ui/format.ts";
import type { ShownExperiment } from "../sweep/use-experiment.ts";

export interface StepsRow {
  readonly setting: number;
  readonly label: string;
  readonly onFront: boolean;
  /** In the order of the seeds: the first stands in front. */
  readonly fleets: readonly FleetSteps[];
  readonly replicas: string;
  readonly cost: string;
}

export interface StepsModel {
  readonly rows: readonly StepsRow[];
  /** Settings that are not shown. */
  readonly left: number;
  readonly end: number;
  readonly mostReplicas: number;
  readonly mostCost: number;
  readonly text: string;
}

/** Rows on the page, and seeds of a row beside the first, so that drawing them never keeps the page from answering; files have all. */
const MOST_ROWS = 8;
export const MOST_BESIDE = 4;

export function selectSteps({ plan, runsOf, findings, labels }: ShownExperiment): StepsModel {
  const all = plan.settings.flatMap((_, setting): StepsRow[] => {
    const runs = runsOf[setting]!;
    if (runs.length === 0) return [];
    const over = (pick: (run: (typeof runs)[number]) => number): number => runs.reduce((sum, run) => sum + pick(run), 0) / runs.length;
    const most = Math.max(...runs.map(({ figures }) => figures.maxReplicas));
    return [
      {
        setting,
        label: labels[setting] ?? "",
        onFront: findings.places[setting]?.onFront ?? false,
        fleets: runs.slice(0, 1 + MOST_BESIDE).map(({ figures }) => figures.fleet),
        replicas: `mean ${fixed(
          over(({ figures }) => figures.meanReplicas),
          2,
        )}, most ${most}`,
        cost: `mean ${perHour(over(({ figures }) => figures.metrics["cost.hour"] ?? 0))}`,
      },
    ];
  });
  const rows = all.slice(0, MOST_ROWS);
  const fleets = rows.flatMap((row) => row.fleets);
  return {
    rows,
    left: all.length - rows.length,
    end: Math.max(1, ...fleets.map(({ end }) => end)),
    mostReplicas: Math.max(1, ...fleets.map(({ serving }) => Math.max(...serving, 0))),
    mostCost: Math.max(1e-9, ...fleets.map(({ costPerHour }) => Math.max(...costPerHour, 0))),
    text: `Replicas and cost per hour over time. ${rows.map((row) => `${row.label}: replicas ${row.replicas}, cost ${row.cost}`).join("; ")}.`,
  };
}

/** Row of the step that holds at a time; -1 before the first. */
export function stepAt({ at }: FleetSteps, time: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function stepsTip({ rows }: StepsModel, time: number): TipContent {
  return {
    name: `at ${clock(time)}`,
    ...(rows.some((row) => row.fleets.length > 1) ? { state: "first seed" } : {}),
    rows: rows.slice(0, 12).map(({ label, fleets: [first] }): readonly [string, string] => {
      const step = first === undefined ? -1 : stepAt(first, time);
      if (first === undefined || step < 0 || time > first.end) return [label, "ended"];
      return [label, `${first.serving[step]!}, ${money(first.costPerHour[step]!)}/h`];
    }),
  };
}

export function stepsTable(experiment: ShownExperiment): TableData {
  const rows = [...experiment.results.runs]
    .sort((a, b) => a.setting - b.setting || a.seed - b.seed)
    .flatMap(({ setting, seed, figures: { fleet } }) => Array.from(fleet.at, (at, i) => ({ setting, seed, at, fleet, i })));
  return {
    title: "Replicas over time",
    length: rows.length,
    columns: [
      {
        label: "Setting",
        raw: (row) => experiment.labels[rows[row]!.setting] ?? "",
        show: (row) => experiment.labels[rows[row]!.setting] ?? "",
      },
      { label: "Seed", raw: (row) => rows[row]!.seed, show: (row) => String(rows[row]!.seed) },
      { label: "From", unit: "s", raw: (row) => rows[row]!.at, show: (row) => fixed(rows[row]!.at, 2) },
      {
        label: "Replicas",
        raw: (row) => rows[row]!.fleet.serving[rows[row]!.i]!,
        show: (row) => String(rows[row]!.fleet.serving[rows[row]!.i]!),
      },
      {
        label: "Cost",
        unit: "$/h",
        raw: (row) => rows[row]!.fleet.costPerHour[rows[row]!.i]!,
        show: (row) => fixed(rows[row]!.fleet.costPerHour[rows[row]!.i]!, 2),
      },
    ],
  };
}
