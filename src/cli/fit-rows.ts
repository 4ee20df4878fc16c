// Rows of a fit one by one: what resamples without a row predict for it, in short for people and in full as a file.
import { barHalfWidth, errorBar } from "../latency/fit/error-bar.ts";
import { regionOf } from "../latency/fit/measurements.ts";
import { medianOf } from "../latency/fit/quantile.ts";
import { QUANTITIES, REGIONS } from "../latency/fit/types.ts";
import type { FormFit, Measurements, Region } from "../latency/fit/types.ts";
import { figure, whole } from "./format.ts";
import { columns } from "./print.ts";

/** Rows of one region that the fit used, percent of the measured time. */
export interface OutOfBagErrors {
  readonly region: Region;
  readonly rows: number;
  /** Mean over rows of how far the mean prediction of the resamples without the row is off. */
  readonly mapePct: number;
  /** Half of the bar that holds 95 % of those predictions: the median over rows, and the widest with its line. */
  readonly medianBarPct: number;
  readonly widestBarPct: number;
  readonly widestLine: number;
}

export function outOfBagErrors({ outOfBag, setAside }: FormFit, data: Measurements): OutOfBagErrors[] {
  if (outOfBag === undefined) return [];
  const aside = new Set(setAside);
  const used = Array.from(data.t.keys()).filter((i) => !aside.has(i) && outOfBag.count[i]! > 1);
  return REGIONS.flatMap((region) => {
    const rows = used.filter((i) => regionOf(data, i) === region);
    if (rows.length === 0) return [];
    const bar = (i: number): number => 100 * barHalfWidth(outOfBag, i);
    const widest = rows.reduce((a, b) => (bar(b) > bar(a) ? b : a));
    return [
      {
        region,
        rows: rows.length,
        mapePct: rows.reduce((sum, i) => sum + 100 * Math.abs(outOfBag.mean[i]!), 0) / rows.length,
        medianBarPct: medianOf(rows.map(bar)),
        widestBarPct: bar(widest),
        widestLine: data.line[widest]!,
      },
    ];
  });
}

/** The same as a table; "" without resamples. */
export function outOfBagText(errors: readonly OutOfBagErrors[]): string {
  if (errors.length === 0) return "";
  return columns(
    [
      ["Out of bag", "rows", "MAPE", "error bar", "widest", "line"],
      ...errors.map(({ region, rows, mapePct, medianBarPct, widestBarPct, widestLine }) => [
        region,
        whole(rows),
        `${figure(mapePct)} %`,
        `+- ${figure(medianBarPct)} %`,
        `+- ${figure(widestBarPct)} %`,
        String(widestLine),
      ]),
    ],
    [1, 2, 3, 4, 5],
  );
}

/** CSV of the rows that took part: `predicted` (seconds, by row) of the fit, and of the resamples without the row the middle and the ends of the bar. */
export function rowsCsv({ outOfBag, setAside }: FormFit, data: Measurements, predicted: ArrayLike<number>): string {
  const aside = new Set(setAside);
  const heads = ["line", "region", ...QUANTITIES, "measured_s", "predicted_s", "set_aside"];
  const more = outOfBag === undefined ? [] : ["resamples_without", "without_low_s", "without_mean_s", "without_high_s"];
  const lines = Array.from(data.t, (t, i) => {
    const known = [
      data.line[i]!,
      regionOf(data, i),
      ...QUANTITIES.map((name) => data[name][i]!),
      t,
      predicted[i]!,
      aside.has(i) ? "yes" : "no",
    ];
    if (outOfBag === undefined) return known.join(",");
    const bar = errorBar(outOfBag, i).map((off) => t / (1 + off));
    return [...known, outOfBag.count[i]!, bar[2]!, bar[1]!, bar[0]!].join(",");
  });
  return `${[...heads, ...more].join(",")}\n${lines.join("\n")}\n`;
}
