// Columns of a run as tracks take them, and the marks, ticks and table columns made of them. Pure.
import type { PoolSamples } from "../../../engine/metrics/results.ts";
import type { RunPicture } from "../../rpc/protocol.ts";
import { GHOST_DASH } from "../../ui/chart/strokes.ts";
import type { TableColumn } from "../../ui/chart/table-data.ts";
import { fixed, significant } from "../../ui/format.ts";
import type { Column, Mark, TrackModel } from "./model.ts";

export const highest = (...columns: readonly (Column | null)[]): number => {
  let most = 0;
  for (const column of columns) {
    if (!column) continue;
    for (let i = 0; i < column.length; i++) {
      const value = column.values[i] as number;
      if (value > most) most = value;
    }
  }
  return most;
};

export const sampled = (picture: RunPicture, values: ArrayLike<number>): Column => ({
  t0: 0,
  dt: picture.fleet.sampleSeconds,
  values,
  length: picture.fleet.length,
});

/** Buckets that are full; the first from its start. */
export function finished(picture: RunPicture): number {
  const { series, progress } = picture;
  const full = Math.floor(progress.simTime / series.bucketSeconds + 1e-9);
  return Math.max(Math.min(1, series.length), Math.min(series.length, full));
}

/** Counts per bucket as a rate, at the middle of the bucket. The unfinished bucket is left out. */
export function rate(picture: RunPicture, counts: ArrayLike<number>, per = 1): Column {
  const dt = picture.series.bucketSeconds;
  const length = finished(picture);
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = (counts[i] as number) / dt / per;
  return { t0: dt / 2, dt, values, length };
}

/** One value per bucket, at its middle. */
export const bucketed = (picture: RunPicture, values: ArrayLike<number>): Column => ({
  t0: picture.series.bucketSeconds / 2,
  dt: picture.series.bucketSeconds,
  values,
  length: finished(picture),
});

/** A column of one pool. */
export const ofPool = (picture: RunPicture, pool: PoolSamples, key: PoolColumn): Column => sampled(picture, pool[key]);

export type PoolColumn = "ready" | "starting" | "draining" | "leaving" | "failed" | "costPerHour";

/** The sum of a column over all pools. */
export function sumPools(picture: RunPicture, key: PoolColumn): Column {
  const values = new Float64Array(picture.fleet.length);
  for (const pool of picture.fleet.pools) for (let i = 0; i < values.length; i++) values[i] = (values[i] as number) + (pool[key][i] ?? 0);
  return sampled(picture, values);
}

export function plus(a: Column, b: Column): Float64Array {
  const values = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) values[i] = (a.values[i] as number) + (b.values[i] as number);
  return values;
}

export const line = (column: Column, color: string, width: number, extra: { dash?: readonly number[]; step?: boolean } = {}): Mark => ({
  kind: "line",
  column,
  color,
  width,
  ...extra,
});
export const ghostLine = (column: Column | null, step = false): Mark[] =>
  column ? [line(column, "ghost", 1.1, { dash: GHOST_DASH, step })] : [];

export const numberTicks = (
  values: readonly number[],
  text: (v: number) => string = (v) =>
    significant(v, 3)
      .replace(/(\.\d*?)0+$/, "$1")
      .replace(/\.$/, ""),
): TrackModel["ticks"] => values.map((value) => ({ value, text: text(value) }));

export const csv = (label: string, unit: string, column: Column, decimals: number): TableColumn => {
  const at = (row: number): number => (row >= 0 && row < column.length ? (column.values[row] as number) : NaN);
  return { label, unit, raw: at, show: (row) => fixed(at(row), decimals) };
};
