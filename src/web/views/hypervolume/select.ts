// Hypervolumes and the settings of the front, as rows.
import { publishedArea } from "../../../analysis/experiment-files.ts";
import { spreadAt, spreadOf, type Spread } from "../../../analysis/findings.ts";
import { metricById, type Metric, type MetricId } from "../../../analysis/metrics.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { fixed, NBSP } from "../../ui/format.ts";
import { axisUnit, deviationText, inUnit } from "../sweep/units.ts";
import type { ShownExperiment } from "../sweep/use-experiment.ts";

export interface AreaRow {
  readonly label: string;
  readonly value: number;
  /** Lowest and highest over seeds. */
  readonly range: readonly [number, number] | null;
  readonly kind: "ours" | "published" | "all" | "group";
  /** Colour of the group, a token. */
  readonly color?: string;
}

export interface HypervolumeModel {
  readonly to: string;
  readonly rows: readonly AreaRow[];
  /** Why the formula and the area differ. */
  readonly why: string | null;
  readonly seeds: string | null;
  readonly source: string | null;
}

/** Differences below the last digit that is shown are none. */
const DIGITS = 4;
const differ = (a: number, b: number): boolean => a.toFixed(DIGITS) !== b.toFixed(DIGITS);

export function selectHypervolume({ findings, x, y, published, groups }: ShownExperiment): HypervolumeModel | null {
  const { hypervolume, bySeed, reference } = findings;
  if (hypervolume === null) return null;
  const range = (pick: (area: (typeof bySeed)[number]) => number): readonly [number, number] | null =>
    bySeed.length > 1 ? [Math.min(...bySeed.map(pick)), Math.max(...bySeed.map(pick))] : null;
  const two = differ(hypervolume.formula, hypervolume.area);
  const rows: AreaRow[] = two
    ? [
        { label: "By the formula", value: hypervolume.formula, range: range(({ formula }) => formula), kind: "ours" },
        { label: "Dominated area", value: hypervolume.area, range: range(({ area }) => area), kind: "ours" },
      ]
    : [
        {
          label: groups.length > 0 ? "All together" : "This sweep",
          value: hypervolume.formula,
          range: range(({ formula }) => formula),
          kind: groups.length > 0 ? "all" : "ours",
        },
      ];
  // Of each front the true area: the formula would take away what a group's own dominated settings cover.
  for (const { label, color, findings: own } of groups)
    if (own.hypervolume !== null) rows.push({ label, value: own.hypervolume.area, range: null, kind: "group", color });
  let seeds: string | null = null;
  const theirs = published === null ? null : publishedArea(published, reference).formula;
  if (bySeed.length > 1) {
    const spread = spreadOf(bySeed.map(({ formula }) => formula));
    const above = theirs === null ? 0 : bySeed.filter(({ formula }) => formula > theirs).length;
    const beside =
      theirs === null ? "" : ` ${above === bySeed.length ? `All ${above}` : `${above} of ${bySeed.length}`} are above the published one.`;
    seeds = `Seed by seed ${fixed(spread.mean, DIGITS)} ± ${fixed(spread.sd, DIGITS)}, from ${fixed(spread.min, DIGITS)} to ${fixed(spread.max, DIGITS)}.${beside}`;
  }
  if (theirs !== null) rows.push({ label: "Published", value: theirs, range: null, kind: "published" });
  return {
    to: `to ${inUnit(x, reference[0])}, ${inUnit(y, reference[1])}`,
    rows,
    why: two
      ? "The formula counts every setting up to the next one's cost, so a dominated setting takes area away from the one that dominates it."
      : null,
    seeds,
    source: published?.published.source ?? null,
  };
}

export interface FrontColumn {
  readonly metric: Metric;
  readonly head: string;
  /** Factor and decimals of the whole column. */
  readonly factor: number;
  readonly decimals: number;
}

export interface FrontRow {
  readonly setting: number;
  readonly label: string;
  /** One value per parameter, as people call it. */
  readonly values: readonly string[];
  /** Colour of the front it is on, a token; null where there is one front. */
  readonly color: string | null;
  readonly cells: readonly { readonly value: string; readonly deviation: string }[];
}

export interface FrontRows {
  /** Names of the parameters. */
  readonly axes: readonly string[];
  readonly columns: readonly FrontColumn[];
  readonly rows: readonly FrontRow[];
}

/** The second quantity's quantiles, where it is one of them: P50, P90 and P99 of the same latency. */
function shownMetrics(x: Metric, y: Metric): Metric[] {
  const latency = /^(ttft|tpot|e2e)\./.exec(y.id)?.[1] ?? /^(ttft|tpot|e2e)\./.exec(x.id)?.[1] ?? "e2e";
  // Of another second quantity there is room for one latency beside it.
  const wanted = (
    y.id.startsWith(latency) ? [x.id, `${latency}.p50`, `${latency}.p90`, `${latency}.p99`] : [x.id, y.id, `${latency}.p90`]
  ) as MetricId[];
  return [...new Set(wanted)].map(metricById);
}

/** One unit per column: milliseconds where all of it is short. */
function columnOf(metric: Metric, spreads: readonly (Spread | null)[]): FrontColumn {
  const { unit, short } = metric;
  if (unit === "share") return { metric, head: `${short}, %`, factor: 100, decimals: 1 };
  if (unit !== "s") return { metric, head: unit === "$" ? "$" : axisUnit(metric).replace(" ", NBSP), factor: 1, decimals: 2 };
  const most = Math.max(...spreads.map((spread) => spread?.mean ?? 0));
  const quantile = short.split(" ")[0] ?? short;
  return most < 1
    ? { metric, head: `${quantile}, ms`, factor: 1000, decimals: most < 0.0995 ? 1 : 0 }
    : { metric, head: `${quantile}, s`, factor: 1, decimals: 2 };
}

export function selectFrontRows({ plan, findings, runsOf, x, y, labels, axes, groups, groupOf }: ShownExperiment): FrontRows {
  // Several parameters take the room of further quantities.
  const columns = (axes.length > 1 ? [...new Set([x, y])] : shownMetrics(x, y)).map((metric) =>
    columnOf(
      metric,
      findings.front.map((setting) => spreadAt(runsOf[setting]!, setting, metric.id)),
    ),
  );
  const rows = findings.front.map((setting) => ({
    setting,
    label: labels[setting] ?? "",
    values: axes.map((axis, i) => axis.nameOf(plan.settings[setting]?.values[i] ?? "")),
    color: groups[groupOf[setting] ?? -1]?.color ?? null,
    cells: columns.map(({ metric, factor, decimals }) => {
      const spread = spreadAt(runsOf[setting]!, setting, metric.id);
      return {
        value: fixed(spread === null ? null : spread.mean * factor, decimals),
        deviation: spread === null || spread.sd === null ? "" : `± ${deviationText(spread.sd * factor, decimals)}`,
      };
    }),
  }));
  return { axes: axes.map(({ name }) => name), columns, rows };
}

export function frontRowsTable({ columns, rows }: FrontRows): TableData {
  return {
    title: "Settings on the front",
    length: rows.length,
    columns: [
      { label: "Setting", raw: (row) => rows[row]?.label ?? "", show: (row) => rows[row]?.label ?? "" },
      ...columns.flatMap(({ head }, c) => [
        { label: head, raw: (row: number) => rows[row]?.cells[c]?.value ?? "", show: (row: number) => rows[row]?.cells[c]?.value ?? "" },
        {
          label: `${head}, deviation`,
          raw: (row: number) => rows[row]?.cells[c]?.deviation.replace("± ", "") ?? "",
          show: (row: number) => rows[row]?.cells[c]?.deviation ?? "",
        },
      ]),
    ],
  };
}
