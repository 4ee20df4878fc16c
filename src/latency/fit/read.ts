// Text of a file -> measurements. Never throws: a row that cannot be used is listed with its line, a file that cannot be used gives one sentence.
import { RowFields, splitRow } from "../../workload/formats/table.ts";
import { fitFormats } from "./formats/index.ts";
import { BadRow } from "./formats/types.ts";
import type { Batch, Cells, FitFormat, LogFormat, TableFormat } from "./formats/types.ts";
import { measurementsOf } from "./measurements.ts";
import type { MeasuredRow } from "./measurements.ts";
import { medianOf } from "./quantile.ts";
import type { Measurements, RefusedRow } from "./types.ts";

/** Why a line that repeats another is refused. */
export const REPEATED = "same step, batch and time as an earlier line";

/** Fewer rows show nothing. */
export const LEAST_ROWS = 20;
const SECONDS = { s: 1, ms: 1e-3, us: 1e-6 } as const;
export type TimeUnit = keyof typeof SECONDS;
export const TIME_UNITS = Object.keys(SECONDS) as TimeUnit[];
/** An iteration takes between these, seconds: the unit of a column without one is that which puts its median here. */
const SHORTEST = 0.002;
const LONGEST = 2;

export interface ReadOptions {
  readonly format?: string;
  readonly unit?: TimeUnit;
  /** Column of the file by the name that a format has for it. */
  readonly map?: Readonly<Record<string, string>>;
  /** One of the measured series of a file, by the values of its columns: "llama2-70b,a100-80gb,8". */
  readonly pick?: string;
}

export interface ReadReport {
  readonly format: string;
  readonly label: string;
  /** "time_ms in ms", or "" where the format says it. */
  readonly unit: string;
  /** Rows of the file, accepted and refused; an accepted one may hold two batches. */
  readonly accepted: number;
  readonly refused: readonly RefusedRow[];
  /** What the file does not tell, or had to be assumed. */
  readonly notes: readonly string[];
}

export type ReadOutcome =
  { readonly ok: true; readonly data: Measurements; readonly report: ReadReport } | { readonly ok: false; readonly text: string };

class Unusable extends Error {}

const cut = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);

class TableCells implements Cells {
  private readonly fields: RowFields;
  private readonly places: ReadonlyMap<string, number>;

  constructor(fields: RowFields, places: ReadonlyMap<string, number>) {
    this.fields = fields;
    this.places = places;
  }

  has(column: string): boolean {
    return this.places.has(column);
  }

  text(column: string): string {
    const place = this.places.get(column);
    return place === undefined ? "" : this.fields.text(place);
  }

  count(column: string, least = 0): number {
    const text = this.text(column);
    const value = text === "" ? 0 : Number(text);
    if (!Number.isSafeInteger(value) || value < least) throw new BadRow(`${column} ${cut(text)}: give a whole number of at least ${least}`);
    return value;
  }

  time(column: string): number {
    const text = this.text(column);
    const value = Number(text);
    if (text === "" || !Number.isFinite(value)) throw new BadRow(`${column} ${cut(text)}: the time must be a number`);
    if (value <= 0) throw new BadRow(`${column} ${cut(text)}: the time must be greater than 0`);
    return value;
  }
}

interface Collected {
  rows: (Batch & { readonly line: number })[];
  refused: RefusedRow[];
  accepted: number;
  notes: Set<string>;
}

const sound = (batch: Batch): Batch => {
  if (batch.P + batch.D <= 0) throw new BadRow("there are no tokens in the batch");
  if (!(batch.time > 0 && Number.isFinite(batch.time))) throw new BadRow("the time must be greater than 0");
  return batch;
};

/** One attempt at a row: its batches, or its reason in the list. */
function attempt(into: Collected, line: number, read: () => readonly Batch[]): readonly Batch[] {
  try {
    const batches = read().map(sound);
    into.accepted++;
    return batches;
  } catch (error) {
    if (!(error instanceof BadRow)) throw error;
    into.refused.push({ line, reason: error.message });
    return [];
  }
}

/** The time column, and seconds per unit; undefined where only the values can tell. */
function timeColumn(columns: ReadonlyMap<string, number>, unit: TimeUnit | undefined, name: string): { column: string; seconds?: number } {
  for (const suffix of TIME_UNITS) if (columns.has(`${name}_${suffix}`)) return { column: `${name}_${suffix}`, seconds: SECONDS[suffix] };
  for (const column of ["time", "latency", "duration", "elapsed"])
    if (columns.has(column)) return unit === undefined ? { column } : { column, seconds: SECONDS[unit] };
  throw new Unusable(
    `There is no time column (looked for ${name}_s, ${name}_ms, ${name}_us, time, latency, duration, elapsed): name it with --map time=COLUMN.`,
  );
}

/** Of the rows' series, the one that was picked; a file with several needs a choice. */
function pickSeries(format: TableFormat, names: ReadonlySet<string>, pick: string | undefined): string {
  const known = [...names];
  const chosen = pick ?? (known.length === 1 ? known[0] : undefined);
  const list = `${known.slice(0, 8).join(" | ")}${known.length > 8 ? ` and ${known.length - 8} more` : ""}`;
  if (chosen === undefined)
    throw new Unusable(`The file has ${known.length} measured series (${format.series.join(",")}): pick one with --pick, of ${list}.`);
  if (!names.has(chosen)) throw new Unusable(`The file has no series ${cut(chosen)}: pick one of ${list}.`);
  return chosen;
}

function readTable(format: TableFormat, lines: readonly string[], places: ReadonlyMap<string, number>, options: ReadOptions) {
  const into: Collected = { rows: [], refused: [], accepted: 0, notes: new Set() };
  const time: { column: string; seconds?: number } =
    format.timed === null ? { column: "", seconds: format.seconds } : timeColumn(places, options.unit, format.timed);
  const fields = new RowFields(",");
  const cells = new TableCells(fields, places);
  const width = Math.max(...places.values()) + 1;
  const series = format.series.filter((column) => places.has(column));
  const seriesOf = (): string => series.map((column) => cells.text(column)).join(",");
  const each = (visit: (line: number) => void): void =>
    lines.forEach((text, i) => {
      if (i === 0 || text.trim() === "") return;
      if (fields.read(text) && fields.count >= width) visit(i + 1);
      else if (series.length === 0)
        into.refused.push({ line: i + 1, reason: `there are ${fields.count} fields, and the header has ${width}` });
    });
  let only = "";
  if (series.length > 0) {
    const names = new Set<string>();
    each(() => names.add(seriesOf()));
    only = pickSeries(format, names, options.pick);
    into.notes.add(`Measured: ${only}.`);
  }
  const seen = new Set<string>();
  const later: Collected["rows"] = [];
  each((line) => {
    if (series.length > 0 && seriesOf() !== only) return;
    const batches = attempt(into, line, () => {
      const found = format.batches(cells, time.column);
      if (!places.has("step")) return found;
      const key = [cells.text("step"), ...found.flatMap(({ P, N, D, C, K, W, time }) => [P, N, D, C, K, W, time])].join(" ");
      if (seen.has(key)) throw new BadRow(REPEATED);
      seen.add(key);
      return found;
    });
    if (batches.length > 0) {
      const note = format.assumed(cells);
      if (note !== "") into.notes.add(note);
    }
    batches.forEach((batch, i) => (format.apart && i > 0 ? later : into.rows).push({ ...batch, line }));
  });
  into.rows.push(...later);
  return { into, time };
}

function readLog(format: LogFormat, lines: readonly string[]): Collected {
  const into: Collected = { rows: [], refused: [], accepted: 0, notes: new Set() };
  const read = format.open();
  lines.forEach((text, i) => {
    let other = false;
    const batches = attempt(into, i + 1, () => {
      const batch = read(text);
      other = batch === null;
      return batch === null ? [] : [batch];
    });
    if (other) into.accepted--;
    for (const batch of batches) into.rows.push({ ...batch, line: i + 1 });
  });
  return into;
}

/** Seconds per unit of a column that does not say it. */
function unitByMedian(times: readonly number[], column: string): TimeUnit {
  const median = medianOf(times);
  const fitting = TIME_UNITS.filter((unit) => median * SECONDS[unit] >= SHORTEST && median * SECONDS[unit] <= LONGEST);
  const [unit] = fitting;
  if (unit === undefined || fitting.length > 1)
    throw new Unusable(`The unit of "${column}" is not clear (median ${median}): say --unit s, --unit ms or --unit us.`);
  return unit;
}

const KNOWN = fitFormats.map(({ id }) => id).join(", ");

/** Lines of a log before which its first measured one stands. */
const LOG_HEAD = 2000;

function formatFor(lines: readonly string[], columns: readonly string[], asked: string | undefined): FitFormat {
  if (asked !== undefined) {
    const named = fitFormats.find(({ id }) => id === asked);
    if (named === undefined) throw new Unusable(`There is no format ${cut(asked)}: name one of ${KNOWN}.`);
    return named;
  }
  const [first = ""] = lines;
  if (first.startsWith("{")) throw new Unusable("This is JSON, not a table of measurements: a fitted model is used with run --profile.");
  if (columns.some((column) => column.startsWith("time_stats.")))
    throw new Unusable("These are operator times of Vidur, which are not fitted: use them with run --profile.");
  const table = fitFormats.find((format) => format.kind === "table" && format.needs.every((column) => columns.includes(column)));
  const log = fitFormats.find(
    (format): format is LogFormat =>
      format.kind === "log" &&
      lines.slice(0, LOG_HEAD).some((line) => {
        try {
          return format.open()(line) !== null;
        } catch {
          return true;
        }
      }),
  );
  const found = table ?? log;
  if (found !== undefined) return found;
  const nearest = fitFormats
    .filter((format) => format.kind === "table")
    .map((format) => ({ format, lacks: format.needs.filter((column) => !columns.includes(column)) }))
    .find(({ format, lacks }) => lacks.length * 2 < format.needs.length);
  throw new Unusable(
    nearest === undefined
      ? `No format of measurements is recognised: give one of ${KNOWN}, or name the columns with --map.`
      : `This looks like ${nearest.format.label}, but has no column ${nearest.lacks.join(", ")}: add it, or name it with --map ${nearest.lacks[0]}=COLUMN.`,
  );
}

function read(text: string, options: ReadOptions): { data: Measurements; report: ReadReport } {
  const lines = text.replace(/^\ufeff/, "").split(/\r?\n/);
  const header = splitRow(lines[0] ?? "", ",") ?? [];
  const places = new Map(header.map((name, i) => [name, i]));
  for (const [name, column] of Object.entries(options.map ?? {})) {
    const place = places.get(column);
    if (place === undefined)
      throw new Unusable(`--map ${name}=${column}: the file has no column ${cut(column)}; it has ${header.join(", ")}.`);
    places.set(name, place);
  }
  const format = formatFor(lines, [...places.keys()], options.format);
  let into: Collected;
  let seconds = 1;
  let unit = "";
  if (format.kind === "log") into = readLog(format, lines);
  else {
    const lacks = format.needs.filter((column) => !places.has(column));
    if (lacks.length > 0)
      throw new Unusable(`A file of format ${format.id} needs the column ${lacks.join(", ")}: add it, or name it with --map.`);
    const table = readTable(format, lines, places, options);
    into = table.into;
    if (table.time.seconds === undefined && into.rows.length > 0) {
      const guessed = unitByMedian(
        into.rows.map((row) => row.time),
        table.time.column,
      );
      seconds = SECONDS[guessed];
      unit = `${table.time.column} in ${guessed}`;
    } else seconds = table.time.seconds ?? 1;
  }
  if (into.rows.length < LEAST_ROWS) {
    const [first] = into.refused;
    const why = first === undefined ? "" : ` ${into.refused.length} were refused, the first in line ${first.line}: ${first.reason}.`;
    throw new Unusable(`There are only ${into.rows.length} usable rows, and at least ${LEAST_ROWS} are needed.${why}`);
  }
  if (format.lacks !== "") into.notes.add(format.lacks);
  // A division by 1000 rounds better than a product with 0.001.
  const per = Math.round(1 / seconds);
  const rows: MeasuredRow[] = into.rows.map(({ time, ...row }) => ({ ...row, t: time / per }));
  const { refused, accepted } = into;
  refused.sort((a, b) => a.line - b.line);
  return {
    data: measurementsOf(rows, format.kind === "table" && format.totals),
    report: { format: format.id, label: format.label, unit, accepted, refused, notes: [...into.notes] },
  };
}

export function readMeasurements(text: string, options: ReadOptions = {}): ReadOutcome {
  try {
    return { ok: true, ...read(text, options) };
  } catch (error) {
    if (error instanceof Unusable) return { ok: false, text: error.message };
    throw error;
  }
}
