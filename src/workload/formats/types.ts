// What a trace format is. Format authors need this file, values.ts for numbers and times, and a sample for the tests.
import type { ColumnMapping } from "../types.ts";
import type { TraceBuilder } from "./builder.ts";

/** The first bytes of a file, as text, and what can be said of them. */
export interface Head {
  readonly text: string;
  /** Complete lines of the text (the whole file, if it is short), blank ones left out; at most 50. */
  readonly lines: readonly string[];
  /** First character that is not white space. */
  readonly first: string;
  /** Delimiter and cells of the first line, read as a table. */
  readonly delimiter: string;
  readonly cells: readonly string[];
  /** Names that stand before a colon in quotes: the keys of JSON, wherever they are. */
  readonly keys: ReadonlySet<string>;
}

/** Why nothing can be loaded. */
export class Refusal extends Error {
  readonly code: string;
  readonly columns: readonly string[] | undefined;
  constructor(code: string, text: string, columns?: readonly string[]) {
    super(text);
    this.code = code;
    this.columns = columns;
  }
}

/** Fields of the current line of a table. */
export interface Fields {
  readonly count: number;
  /** Text of a field without quotes and outer blanks. */
  text(index: number): string;
}

/** A table: named columns, one row a line. */
export interface TableParser {
  readonly kind: "table";
  /** False when the first line is a row already (columns mapped by hand on a table without names). */
  readonly header?: boolean;
  row(fields: Fields, line: number): void;
  end?(): void;
}
/** One record a line. */
export interface LineParser {
  readonly kind: "lines";
  line(text: string, line: number): void;
  end?(): void;
}
/** JSON of any size: the values at some paths ("*" = any element or key), each parsed alone. Several documents may follow each other. */
export interface JsonParser {
  readonly kind: "json";
  readonly paths: readonly (readonly string[])[];
  value(path: number, value: unknown, line: number, text: string): void;
  end?(): void;
}
export type TraceParser = TableParser | LineParser | JsonParser;

/**
 * A trace format. `detect` sees the first bytes; `open` makes a parser that gives rows to the builder.
 * `open` throws a Refusal when the file is of this format but cannot be used (a column stands twice).
 */
export interface TraceFormat {
  readonly id: string;
  readonly label: string;
  /** Who writes it, and which fields are read. */
  readonly help: string;
  detect(head: Head): boolean;
  open(builder: TraceBuilder, head: Head, mapping: ColumnMapping | null): TraceParser;
}
