// Measured against predicted: the rows that are drawn, their region, and the contributions of the terms for one row. Pure.
import { errorBar } from "../../../latency/fit/error-bar.ts";
import { formColumns } from "../../../latency/fit/planes.ts";
import { regionOf } from "../../../latency/fit/measurements.ts";
import { QUANTITIES, REGIONS } from "../../../latency/fit/types.ts";
import type { Measurements, OutOfBag, Quantities, Region } from "../../../latency/fit/types.ts";
import type { FitInput, FittedForm } from "../../../latency/fit/session-types.ts";
import { convexHull } from "./convex-hull.ts";
import type { TableColumn, TableData } from "../../ui/chart/table-data.ts";
import { fixed, integer, significant, signed } from "../../ui/format.ts";

/** Points on the page; of more rows a part is drawn, every so many of each region. */
const MOST_POINTS = 5000;

export interface PredictionModel {
  /** Row, predicted and measured time in ms, place in REGIONS, and whether the row took no part in the fit; by point. */
  readonly rows: Int32Array;
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly region: Uint8Array;
  readonly aside: Uint8Array;
  readonly domain: readonly [number, number];
  /** Factors on the predicted time between which nine of ten held-out rows lie. */
  readonly band: readonly [number, number];
  readonly regions: readonly { readonly region: Region; readonly count: number; readonly x: number; readonly y: number }[];
  readonly total: number;
  readonly text: string;
}

export const REGION_WORDS: Readonly<Record<Region, string>> = { decode: "decode only", prefill: "prefill only", mixed: "mixed" };

/** Rows that the fit left out: before it, or by it. */
export function asideOf({ data, dominated }: FitInput, { setAside, heldOut }: FittedForm): Uint8Array {
  const aside = new Uint8Array(data.rows);
  for (const row of dominated) if (Number.isNaN(heldOut[row])) aside[row] = 1;
  for (const row of setAside) aside[row] = 1;
  return aside;
}

const middle = (values: readonly number[]): number => Float64Array.from(values).sort()[values.length >> 1]!;

export function selectPrediction(input: FitInput, fitted: FittedForm): PredictionModel {
  const { data } = input;
  const all = asideOf(input, fitted);
  const every = Math.ceil(data.rows / MOST_POINTS);
  const seen = [0, 0, 0];
  const kept: number[] = [];
  const region: number[] = [];
  let low = Infinity;
  let high = 0;
  for (let row = 0; row < data.rows; row++) {
    const place = REGIONS.indexOf(regionOf(data, row));
    // Rows that were left out are few, and what a person looks for.
    if (seen[place]!++ % every !== 0 && all[row] === 0) continue;
    kept.push(row);
    region.push(place);
    low = Math.min(low, data.t[row]!, fitted.predicted[row]!);
    high = Math.max(high, data.t[row]!, fitted.predicted[row]!);
  }
  const rows = Int32Array.from(kept);
  const x = Float64Array.from(rows, (row) => 1000 * fitted.predicted[row]!);
  const y = Float64Array.from(rows, (row) => 1000 * data.t[row]!);
  const mine: { x: number[]; y: number[] }[] = REGIONS.map(() => ({ x: [], y: [] }));
  region.forEach((place, i) => {
    mine[place]!.x.push(x[i]!);
    mine[place]!.y.push(y[i]!);
  });
  const regions = REGIONS.flatMap((name, place) =>
    mine[place]!.x.length === 0 ? [] : [{ region: name, count: seen[place]!, x: middle(mine[place]!.x), y: middle(mine[place]!.y) }],
  );
  const { mapePct, p95Pct } = fitted.cv;
  const band = [Math.exp(fitted.cv.band[0]), Math.exp(fitted.cv.band[1])] as const;
  return {
    rows,
    x,
    y,
    region: Uint8Array.from(region),
    aside: Uint8Array.from(rows, (row) => all[row]!),
    domain: [900 * low, 1100 * high],
    band,
    regions,
    total: data.rows,
    text: `${integer(data.rows)} batches of ${significant(1000 * low)} to ${significant(1000 * high)} ms, predicted by the form ${fitted.form} with a held-out error of ${significant(mapePct)} % on average and ${significant(p95Pct)} % at the 95th percentile.`,
  };
}

/** Corners of what the used rows of a region span on the two logarithmic axes, in turn: beyond them nothing was measured. */
export interface Outline {
  readonly region: Region;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export const outlinesOf = ({ x, y, region, aside }: PredictionModel): Outline[] =>
  REGIONS.flatMap((name, place) => {
    const used = Array.from(x.keys()).filter((i) => region[i] === place && aside[i] === 0);
    const corners = convexHull(used.map((i) => [Math.log(x[i]!), Math.log(y[i]!)])).map((k) => used[k]!);
    return corners.length < 3 ? [] : [{ region: name, x: corners.map((i) => x[i]!), y: corners.map((i) => y[i]!) }];
  });

/** Milliseconds of each term in one row, largest first. */
export function contributions(fitted: Pick<FittedForm, "terms" | "coefficients" | "planes">, data: Measurements, row: number) {
  const one = (column: Float64Array): Float64Array => column.subarray(row, row + 1);
  const quantities = Object.fromEntries(QUANTITIES.map((name) => [name, one(data[name])])) as unknown as Quantities;
  const runs = data.runs === undefined ? {} : { runs: [data.runs[row]!] };
  const columns = formColumns(fitted, { ...quantities, ...runs });
  return fitted.terms
    .map((term, j) => ({ term, ms: 1000 * fitted.coefficients[j]! * columns[j]![0]! }))
    .filter(({ ms }) => ms > 0)
    .sort((a, b) => b.ms - a.ms);
}

/** Between which seconds 95 % of the predictions lie of resamples that did not draw a row. */
export function predictedWithout({ t }: Measurements, outOfBag: OutOfBag, row: number): readonly [number, number] {
  const [low, , high] = errorBar(outOfBag, row);
  return [t[row]! / (1 + high), t[row]! / (1 + low)];
}

export const ratioText = (measured: number, predicted: number): string =>
  `${signed(100 * (measured / predicted - 1), (value) => fixed(value, 1))}\u00a0%`;

/** All rows, drawn or not. */
export function predictionTable(input: FitInput, fitted: FittedForm, outOfBag?: OutOfBag): TableData {
  const { data } = input;
  const aside = asideOf(input, fitted);
  const number = (label: string, unit: string | undefined, of: (row: number) => number, show: (value: number) => string): TableColumn => ({
    label,
    ...(unit === undefined ? {} : { unit }),
    raw: (row) => (Number.isNaN(of(row)) ? null : of(row)),
    show: (row) => show(of(row)),
  });
  const ms = (value: number): string => fixed(value, 3);
  /** What resamples without the row predict, ms. */
  const bars =
    outOfBag === undefined
      ? []
      : [
          number("resamples without it", undefined, (row) => outOfBag.count[row]!, integer),
          number("predicted by these, low", "ms", (row) => 1000 * predictedWithout(data, outOfBag, row)[0], ms),
          number("predicted by these, high", "ms", (row) => 1000 * predictedWithout(data, outOfBag, row)[1], ms),
        ];
  return {
    title: "Measured against predicted",
    length: data.rows,
    columns: [
      number("line", undefined, (row) => data.line[row]!, String),
      { label: "region", raw: (row) => regionOf(data, row), show: (row) => regionOf(data, row) },
      ...QUANTITIES.map((name) => number(name, undefined, (row) => data[name][row]!, integer)),
      number("measured", "ms", (row) => 1000 * data.t[row]!, ms),
      number("predicted", "ms", (row) => 1000 * fitted.predicted[row]!, ms),
      number("predicted held out", "ms", (row) => 1000 * fitted.heldOut[row]!, ms),
      ...bars,
      { label: "set aside", raw: (row) => (aside[row] === 1 ? "yes" : "no"), show: (row) => (aside[row] === 1 ? "yes" : "no") },
    ],
  };
}
