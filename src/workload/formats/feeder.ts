// Text in chunks -> the parser of a format, by its kind.
import type { TraceBuilder } from "./builder.ts";
import { JsonScanner } from "./json-scanner.ts";
import { LineSplitter } from "./line-splitter.ts";
import { RowFields } from "./table.ts";
import type { Head, JsonParser, TableParser, TraceParser } from "./types.ts";

export interface Feeder {
  text(chunk: string): void;
  end(): void;
}

/** Lines that one quoted field may span. */
const QUOTED_LINES = 50;

/** Rows of a table. A field in quotes may hold line ends: lines are joined until the quote closes and the fields are as many as in the header. */
function tableLines(parser: TableParser, delimiter: string, builder: TraceBuilder) {
  const fields = new RowFields(delimiter);
  let columns = -1;
  let open: { text: string; line: number }[] = [];

  const row = (line: number): void => {
    if (columns >= 0) {
      if (fields.count === columns) parser.row(fields, line);
      else builder.refuse("wrong-field-count", line);
      return;
    }
    columns = fields.count;
    if (parser.header === false) parser.row(fields, line);
  };
  const giveUp = (): void => {
    const [first, ...rest] = open;
    open = [];
    builder.refuse("unclosed-quote", first!.line);
    for (const later of rest) take(later.text, later.line);
  };
  const take = (text: string, line: number): void => {
    if (open.length > 0) {
      open.push({ text, line });
      if (fields.read(open.map((part) => part.text).join("\n"))) {
        if (fields.count !== columns) return giveUp();
        const { line: first } = open[0]!;
        open = [];
        parser.row(fields, first);
      } else if (open.length > QUOTED_LINES) giveUp();
      return;
    }
    if (text.length === 0 || text.trim() === "") return;
    if (fields.read(text)) row(line);
    else if (columns < 0) columns = 0;
    else open.push({ text, line });
  };
  return {
    take,
    finish: () => {
      while (open.length > 0) giveUp();
    },
  };
}

function jsonFeeder(parser: JsonParser, builder: TraceBuilder): Feeder {
  const scanner = new JsonScanner(parser.paths, (path, text, line) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return builder.refuse("bad-json", line);
    }
    parser.value(path, value, line, text);
  });
  return {
    text: (chunk) => scanner.feed(chunk),
    end: () => {
      if (!scanner.finish()) builder.noteFile("truncated-json", 1);
      parser.end?.();
    },
  };
}

export function feeder(parser: TraceParser, head: Head, builder: TraceBuilder): Feeder {
  if (parser.kind === "json") return jsonFeeder(parser, builder);
  const lineEnd = head.text.includes("\n") || !head.text.includes("\r") ? "\n" : "\r";
  if (parser.kind === "lines") {
    const splitter = new LineSplitter(lineEnd, (text, line) => parser.line(text, line));
    return {
      text: (chunk) => splitter.feed(chunk),
      end: () => {
        splitter.finish();
        parser.end?.();
      },
    };
  }
  const rows = tableLines(parser, head.delimiter, builder);
  const splitter = new LineSplitter(lineEnd, rows.take);
  return {
    text: (chunk) => splitter.feed(chunk),
    end: () => {
      splitter.finish();
      rows.finish();
      parser.end?.();
    },
  };
}
