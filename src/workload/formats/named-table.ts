// Tables whose columns have known names: what the CSV formats share.
import type { TraceBuilder } from "./builder.ts";
import { Refusal } from "./types.ts";
import type { Fields, Head, TableParser, TraceFormat } from "./types.ts";
import { parseDate, parseTime, parseTokens } from "./values.ts";
import type { Moment, UnitDigits } from "./values.ts";

/** Names of columns compare without case, blanks and punctuation between words. */
export const plainName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");

/** Position of the column with one of these names, or -1; a name that stands twice is refused. */
export function columnOf(cells: readonly string[], names: readonly string[]): number {
  const plain = cells.map(plainName);
  for (const name of names) {
    const at = plain.indexOf(name);
    if (at < 0) continue;
    if (plain.includes(name, at + 1)) {
      throw new Refusal(
        "duplicate-column",
        `The column ${cells[at]} stands more than once: keep one of them, or choose the columns by hand.`,
        uniqueNames(cells),
      );
    }
    return at;
  }
  return -1;
}

/** Column names for choosing by hand; one that stands twice gets a number. */
export function uniqueNames(cells: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, i) => {
    const name = cell === "" ? `column ${i + 1}` : cell;
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return before === 0 ? name : `${name} (${before + 1})`;
  });
}

/** "auto": a date, or a number of seconds, or a number so large that it can only be milli-, micro- or nanoseconds since 1970. */
export type TimeUnit = UnitDigits | "date" | "auto";

/** Reads a time of one unit: 0, or why not. `decimalComma` says that 11,2 means 11.2. */
export function readTime(text: string, unit: TimeUnit, decimalComma: boolean, into: Moment): number {
  if ((unit === "date" || unit === "auto") && parseDate(text, into)) return 0;
  const plain = decimalComma ? text.replace(",", ".") : text;
  if (unit !== "auto" && unit !== "date") return parseTime(plain, unit, into);
  const digits = plain.indexOf(".") < 0 ? plain.length : plain.indexOf(".");
  return parseTime(plain, digits >= 18 ? 9 : digits >= 15 ? 6 : digits >= 12 ? 3 : 0, into);
}

export interface TableColumns {
  /** -1: the file has no times. */
  readonly time: number;
  readonly unit: TimeUnit;
  readonly prompt: number;
  readonly output: number;
  readonly session: number;
  readonly tenant: number;
  /** Prompt + output, to be checked only. */
  readonly total: number;
}

const DECIMAL_COMMA = /^\+?\d+,\d+$/;

export function tableParser(builder: TraceBuilder, columns: TableColumns, delimiter: string, header = true): TableParser {
  const { time, unit, prompt, output, session, tenant, total } = columns;
  const { moment } = builder;
  // Where the comma cannot be the delimiter it may be the decimal mark; dots then group thousands.
  const commaIsFree = delimiter !== ",";
  let decimalCommas = 0;
  if (time < 0) builder.timeless();
  return {
    kind: "table",
    header,
    row: (fields: Fields, line: number) => {
      let at = 0;
      if (time >= 0) {
        const text = fields.text(time);
        const comma = commaIsFree && DECIMAL_COMMA.test(text);
        if (comma) decimalCommas++;
        at = readTime(text, unit, comma, moment);
      }
      const grouping = decimalCommas > 0 ? "." : ",";
      const prompts = parseTokens(fields.text(prompt), grouping);
      const outputs = parseTokens(fields.text(output), grouping);
      if (!builder.add(at, prompts, outputs, line)) return;
      if (session >= 0) builder.session(fields.text(session));
      if (tenant >= 0) builder.tenant(fields.text(tenant));
      if (total >= 0) {
        const sum = parseTokens(fields.text(total), grouping);
        if (sum >= 0 || sum === -3) if (sum !== prompts + outputs) builder.note("total-tokens-mismatch", line);
      }
    },
    end: () => {
      if (decimalCommas > 0) builder.noteFile("delimiter-semicolon-decimal-comma", decimalCommas);
      if (time < 0 && builder.accepted > 0) builder.noteFile("no-arrival-times", builder.accepted);
    },
  };
}

export interface NamedTable {
  readonly id: string;
  readonly label: string;
  readonly help: string;
  /** Plain names (plainName) of the columns; null: the format has no times. */
  readonly time: string | null;
  readonly unit: TimeUnit;
  readonly prompt: string;
  readonly output: string;
  /** Other columns that must be there for the format to be recognised, and columns that must not. */
  readonly also?: readonly string[];
  readonly without?: readonly string[];
  readonly session?: string;
  readonly total?: string;
}

/** A CSV format that is known by the names of its columns, in any order, beside any others. */
export function namedTable(spec: NamedTable): TraceFormat {
  const { id, label, help, time, unit, prompt, output } = spec;
  const needed = [...(time === null ? [] : [time]), prompt, output, ...(spec.also ?? [])];
  return {
    id,
    label,
    help,
    detect: ({ cells, first }: Head) => {
      const plain = new Set(cells.map(plainName));
      return first !== "{" && needed.every((name) => plain.has(name)) && !(spec.without ?? []).some((name) => plain.has(name));
    },
    open: (builder, { cells, delimiter }) => {
      const optional = (name: string | undefined): number => (name === undefined ? -1 : columnOf(cells, [name]));
      return tableParser(
        builder,
        {
          time: time === null ? -1 : columnOf(cells, [time]),
          unit,
          prompt: columnOf(cells, [prompt]),
          output: columnOf(cells, [output]),
          session: optional(spec.session),
          tenant: -1,
          total: optional(spec.total),
        },
        delimiter,
      );
    },
  };
}
