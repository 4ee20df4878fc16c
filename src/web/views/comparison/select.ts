// Differences with their intervals, as texts and places on one scale per quantity.
import { metricById, type Metric } from "../../../analysis/metrics.ts";
import type { ComparisonResult, MetricDifference } from "../../../analysis/types.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { fixed, MINUS, NBSP, NONE, percent, significant } from "../../ui/format.ts";
import { axisUnit } from "../sweep/units.ts";

export interface DifferenceCell {
  readonly metric: Metric;
  readonly value: string;
  readonly interval: string;
  /** Places on the scale of the column, 0..1 with 0 in the middle. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
  readonly reading: "better" | "worse" | "none";
  readonly sentence: string;
}

export interface DifferenceColumn {
  readonly metric: Metric;
  /** Ends of the scale: "−25 %", "+25 %". */
  readonly ends: readonly [string, string];
}

export interface DifferenceRow {
  readonly label: string;
  readonly cells: readonly DifferenceCell[];
  /** "better", "trade-off", "no difference seen". */
  readonly reading: string;
}

export interface DifferenceModel {
  readonly columns: readonly DifferenceColumn[];
  readonly rows: readonly DifferenceRow[];
}

/** Shares differ in points; everything else relative to the baseline, where that is not 0. */
function figuresOf(metric: Metric, entry: MetricDifference): { readonly unit: string; readonly value: readonly [number, number, number] } {
  const { difference, low, high, relative } = entry;
  if (metric.unit === "share") return { unit: "pt", value: [100 * difference, 100 * low, 100 * high] };
  if (relative !== null) return { unit: "%", value: [100 * relative.difference, 100 * relative.low, 100 * relative.high] };
  return { unit: axisUnit(metric), value: [difference, low, high] };
}

const signedText = (value: number, unit: string, decimals: number): string =>
  `${value > 0 ? "+" : ""}${fixed(value, decimals)}${NBSP}${unit}`;

/** A round number at least as large. */
function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}

function readingOf(cells: readonly DifferenceCell[]): string {
  const [better, worse] = [cells.some(({ reading }) => reading === "better"), cells.some(({ reading }) => reading === "worse")];
  if (better && worse) return "trade-off";
  return better ? "better" : worse ? "worse" : "no difference seen";
}

export function selectDifferences({ others }: ComparisonResult): DifferenceModel {
  const metrics = (others[0]?.differences ?? []).map(({ metric }) => metricById(metric));
  const most = metrics.map((metric, m) =>
    roundUp(
      Math.max(
        ...others.flatMap(({ differences }) => {
          const { value } = figuresOf(metric, differences[m]!);
          return value.filter(Number.isFinite).map(Math.abs);
        }),
        0,
      ),
    ),
  );
  const unitAt = (m: number): string => (others[0] === undefined ? "" : figuresOf(metrics[m]!, others[0].differences[m]!).unit);
  return {
    columns: metrics.map((metric, m) => ({
      metric,
      ends: [`${MINUS}${significant(most[m])}`, `+${significant(most[m])}${NBSP}${unitAt(m)}`].map((text) =>
        text.replace(/\.0+(?=\D|$)/, ""),
      ) as [string, string],
    })),
    rows: others.map(({ label, differences }) => {
      const cells = differences.map((entry, m): DifferenceCell => {
        const metric = metrics[m]!;
        const { unit, value } = figuresOf(metric, entry);
        const [difference, low, high] = value;
        const half = (high - low) / 2;
        const decimals = half >= 10 ? 0 : 1;
        const place = (v: number): number => Math.max(0, Math.min(1, 0.5 + v / (2 * most[m]!)));
        const good = metric.wantsMore ? "higher" : "lower";
        return {
          metric,
          value: Number.isFinite(difference) ? signedText(difference, unit, decimals) : NONE,
          interval: Number.isFinite(half) ? `± ${fixed(half, decimals)}` : "",
          at: place(difference),
          from: place(low),
          to: place(high),
          reading: entry.claim === "none" ? "none" : entry.claim === good ? "better" : "worse",
          sentence: entry.sentence,
        };
      });
      return { label, cells, reading: readingOf(cells) };
    }),
  };
}

export function differencesTable({ others, baseline }: ComparisonResult): TableData {
  const rows = others.flatMap(({ label, differences }) => differences.map((entry) => ({ label, entry })));
  const column = (label: string, of: (entry: MetricDifference) => number | null) => ({
    label,
    raw: (row: number) => of(rows[row]!.entry),
    show: (row: number) => significant(of(rows[row]!.entry)),
  });
  return {
    title: `Comparison with ${baseline}`,
    length: rows.length,
    columns: [
      { label: "Scenario", raw: (row) => rows[row]!.label, show: (row) => rows[row]!.label },
      { label: "Quantity", raw: (row) => rows[row]!.entry.metric, show: (row) => metricById(rows[row]!.entry.metric).label },
      column("Baseline", ({ baseline: value }) => value),
      column("This one", ({ other }) => other),
      column("Difference", ({ difference }) => difference),
      column("Lower end", ({ low }) => low),
      column("Upper end", ({ high }) => high),
      column("p", ({ pValue }) => pValue),
      column("Replications recommended", ({ recommended }) => recommended),
      { label: "Reading", raw: (row) => rows[row]!.entry.sentence, show: (row) => rows[row]!.entry.sentence },
    ],
  };
}

/** "Requests from 10.0 % to 95.0 % of the arrivals count." */
export const windowText = ({ window: [from, to], settling }: ComparisonResult): string =>
  `The requests from ${percent(from)} to ${percent(to)} of the arrivals count${
    settling === null ? "" : ": before that the fleets warm up, after that they run down, by MSER-5 on pilot runs of each"
  }.`;
