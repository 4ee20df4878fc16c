// How far measured times are from predicted ones, against each quantity of a batch: points, and their median and tenths in steps along the axis. Pure.
import { errorBar } from "../../../latency/fit/error-bar.ts";
import type { Measurements, OutOfBag } from "../../../latency/fit/types.ts";
import type { FitInput, FittedForm } from "../../../latency/fit/session-types.ts";
import { asideOf } from "../prediction/select.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { fixed, integer, signed } from "../../ui/format.ts";

export interface Feature {
  readonly id: string;
  readonly label: string;
  readonly of: (data: Measurements, row: number) => number;
}

const FEATURES: readonly Feature[] = [
  { id: "T", label: "New tokens", of: ({ P, D }, i) => P[i]! + D[i]! },
  { id: "D", label: "Decodes", of: ({ D }, i) => D[i]! },
  { id: "C", label: "Context of decodes, tok", of: ({ C }, i) => C[i]! },
  { id: "P", label: "Prompt tokens", of: ({ P }, i) => P[i]! },
  { id: "W", label: "Prefill work, tok\u00b2", of: ({ W }, i) => W[i]! },
  { id: "K", label: "Context of prompts, tok", of: ({ K }, i) => K[i]! },
];

/** Steps along an axis, and rows that a step needs. */
const STEPS = 18;
const LEAST_ROWS = 5;
/** More error bars than this hide the points. */
const MOST_BARS = 40;
/** The axis is logarithmic from this range on. */
const WIDE = 30;

export interface Residuals {
  readonly feature: Feature;
  readonly log: boolean;
  readonly domain: readonly [number, number];
  /** Rows with any of the quantity. */
  readonly x: Float64Array;
  /** Measured over predicted, less one, percent. */
  readonly y: Float64Array;
  /** By step: where its middle is, P10, median, P90. */
  readonly steps: readonly {
    readonly x: number;
    readonly low: number;
    readonly median: number;
    readonly high: number;
    readonly rows: number;
  }[];
  /** Of some rows, spread along the axis: between `low` and `high` lie 95 % of what resamples without the row leave it off, percent. */
  readonly bars: readonly { readonly x: number; readonly low: number; readonly high: number }[];
}

const quantile = (sorted: Float64Array, q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))]!;

/** Null where the quantity does not vary. */
export function selectResiduals(feature: Feature, input: FitInput, fitted: FittedForm, outOfBag?: OutOfBag): Residuals | null {
  const { data } = input;
  const { predicted } = fitted;
  const aside = asideOf(input, fitted);
  const rows: number[] = [];
  let low = Infinity;
  let high = 0;
  for (let row = 0; row < data.rows; row++) {
    const value = feature.of(data, row);
    if (!(value > 0)) continue;
    rows.push(row);
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (rows.length < LEAST_ROWS || high <= low) return null;
  const log = high / low > WIDE;
  const x = Float64Array.from(rows, (row) => feature.of(data, row));
  const y = Float64Array.from(rows, (row) => 100 * (data.t[row]! / predicted[row]! - 1));
  const along = (value: number): number => (log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low));
  const at = (share: number): number => (log ? low * (high / low) ** share : low + share * (high - low));
  const bins = Array.from({ length: STEPS }, (): number[] => []);
  // Rows that were set aside are points of their own: they say nothing of the others.
  x.forEach((value, i) => {
    if (aside[rows[i]!] === 0) bins[Math.min(STEPS - 1, Math.floor(along(value) * STEPS))]!.push(y[i]!);
  });
  const steps = bins.flatMap((values, step) => {
    if (values.length < LEAST_ROWS) return [];
    const sorted = Float64Array.from(values).sort();
    return [
      {
        x: at((step + 0.5) / STEPS),
        low: quantile(sorted, 0.1),
        median: quantile(sorted, 0.5),
        high: quantile(sorted, 0.9),
        rows: values.length,
      },
    ];
  });
  const bars = outOfBag === undefined ? [] : barsOf(rows, x, outOfBag);
  return { feature, log, domain: [low, high], x, y, steps, bars };
}

/** Every so many rows in the order of the axis, so that bars stand where the points do. */
function barsOf(rows: readonly number[], x: Float64Array, outOfBag: OutOfBag): Residuals["bars"] {
  const order = Array.from(rows.keys())
    .filter((i) => outOfBag.count[rows[i]!]! > 1)
    .sort((a, b) => x[a]! - x[b]!);
  const every = Math.ceil(order.length / MOST_BARS);
  return order.flatMap((i, rank) => {
    if (rank % every !== every >> 1) return [];
    const [low, , high] = errorBar(outOfBag, rows[i]!);
    return [{ x: x[i]!, low: 100 * low, high: 100 * high }];
  });
}

export interface ResidualsModel {
  readonly charts: readonly Residuals[];
  /** Reach of the vertical axis up and down, percent; what is beyond stands at its edge. */
  readonly reach: number;
}

/** One for all charts: twice what nine of ten held-out rows are off. */
export function reachOf({ cv: { band } }: FittedForm): number {
  const most = Math.max(...band.map((log) => Math.abs(100 * (Math.exp(log) - 1))));
  return Math.max(10, 10 * Math.ceil((2 * most) / 10));
}

export function residualsText({ feature, steps }: Residuals): string {
  const worst = steps.toSorted((a, b) => Math.abs(b.median) - Math.abs(a.median))[0];
  const name = feature.label.toLowerCase();
  return worst === undefined
    ? `Residuals against ${name}: too few rows for a median.`
    : `Residuals against ${name}: the median is farthest from zero at ${integer(worst.x)}, ${signed(worst.median, (value) => fixed(value, 1))} %.`;
}

export const features = FEATURES;

export function residualsTable({ charts }: ResidualsModel): TableData {
  const rows = charts.flatMap(({ feature, steps }) => steps.map((step) => ({ feature, ...step })));
  const percent = (key: "low" | "median" | "high", label: string) => ({
    label,
    unit: "%",
    raw: (row: number) => rows[row]![key],
    show: (row: number) => signed(rows[row]![key], (value) => fixed(value, 1)),
  });
  return {
    title: "Residuals",
    length: rows.length,
    columns: [
      { label: "quantity", raw: (row) => rows[row]!.feature.label, show: (row) => rows[row]!.feature.label },
      { label: "at", raw: (row) => rows[row]!.x, show: (row) => integer(rows[row]!.x) },
      { label: "rows", raw: (row) => rows[row]!.rows, show: (row) => integer(rows[row]!.rows) },
      percent("low", "P10"),
      percent("median", "median"),
      percent("high", "P90"),
    ],
  };
}
