// What a reader of measurements is.
import type { MeasuredRow } from "../measurements.ts";

/** Why one row cannot be used. */
export class BadRow extends Error {}

/** One row of a table, by the names of its columns. Each accessor throws a BadRow for a value that cannot be. */
export interface Cells {
  has(column: string): boolean;
  text(column: string): string;
  /** A whole number of at least `least`; an empty or absent column is 0. */
  count(column: string, least?: number): number;
  /** A time in the column's own unit, greater than 0. */
  time(column: string): number;
}

/** A batch that was measured; `time` in the unit of the column. */
export type Batch = Omit<MeasuredRow, "t" | "line"> & { readonly time: number };

export interface TableFormat {
  readonly kind: "table";
  readonly id: string;
  readonly label: string;
  readonly needs: readonly string[];
  /** The column of the time without its unit; null: the format has its own columns and unit. */
  readonly timed: "time" | "e2e" | null;
  /** Seconds per unit, where the format says it. */
  readonly seconds: number;
  /** Columns whose values make one measured series: the user picks one where a file has several. */
  readonly series: readonly string[];
  /** Quantities that the file does not tell. */
  readonly lacks: string;
  /** Only tokens, requests and context in all (Measurements.totals). */
  readonly totals: boolean;
  /** `time`: the time column as it is called in this file, "" where the format has its own. */
  batches(row: Cells, time: string): readonly Batch[];
  /** What had to be assumed, as a sentence; "" for nothing. */
  assumed(row: Cells): string;
  /** Batches of the first kind of all rows come before those of the second. */
  readonly apart: boolean;
}

export interface LogFormat {
  readonly kind: "log";
  readonly id: string;
  readonly label: string;
  readonly lacks: string;
  /** A reader that keeps what it must between lines: null for a line of something else. Throws a BadRow. Times are seconds. */
  open(): (line: string) => Batch | null;
}

export type FitFormat = TableFormat | LogFormat;
