// Any table with a header: columns by common names, or mapped by hand.
import type { ColumnMapping } from "../types.ts";
import type { TraceBuilder } from "./builder.ts";
import { OUTPUT_NAMES, PROMPT_NAMES, SESSION_NAMES, TENANT_NAMES, TIME_NAMES, unitOfName } from "./generic-names.ts";
import { columnOf, plainName, tableParser, uniqueNames } from "./named-table.ts";
import type { TimeUnit } from "./named-table.ts";
import { Refusal } from "./types.ts";
import type { Head, TraceFormat } from "./types.ts";
import { parseDate } from "./values.ts";

export const MAPPED_UNITS = { s: 0, ms: 3, us: 6, ns: 9, date: "auto" } as const satisfies Record<ColumnMapping["timeUnit"], TimeUnit>;

/** What programs write where a value is missing. */
const NO_VALUE = /^(nan|null|none|n\/a|undefined|[+-]?inf(inity)?)$/i;

/** Whether the first line holds values instead of names: a number, a date or a missing value in every cell that is not empty. */
export function looksLikeData(cells: readonly string[]): boolean {
  const moment = { whole: 0, fraction: 0, offset: 0 };
  const filled = cells.filter((cell) => cell !== "");
  return (
    filled.length > 1 && filled.every((cell) => /^[+-]?[\d.,]+(e[+-]?\d+)?$/i.test(cell) || NO_VALUE.test(cell) || parseDate(cell, moment))
  );
}

function byHand(builder: TraceBuilder, { cells, delimiter }: Head, mapping: ColumnMapping) {
  const header = !looksLikeData(cells);
  const names = header ? uniqueNames(cells) : cells.map((_, i) => `column ${i + 1}`);
  const at = (name: string | null): number => {
    if (name === null || name === "") return -1;
    const exact = names.indexOf(name);
    const index = exact >= 0 ? exact : names.findIndex((other) => plainName(other) === plainName(name));
    if (index < 0) throw new Refusal("unknown-column", `The file has no column "${name}". It has: ${names.join(", ")}.`, names);
    return index;
  };
  return tableParser(
    builder,
    {
      time: at(mapping.time),
      unit: MAPPED_UNITS[mapping.timeUnit],
      prompt: at(mapping.prompt),
      output: at(mapping.output),
      session: at(mapping.session),
      tenant: at(mapping.tenant),
      total: -1,
    },
    delimiter,
    header,
  );
}

export const genericCsv: TraceFormat = {
  id: "generic-csv",
  label: "Table with a header",
  help: "Any CSV (comma, semicolon, tab or bar): columns such as arrival_s, prompt_tokens, output_tokens are found by name, others are mapped by hand.",
  detect: ({ first, cells }) => first !== "{" && first !== "[" && cells.length > 1,
  open: (builder, head, mapping) => {
    if (mapping !== null) return byHand(builder, head, mapping);
    const { cells, delimiter } = head;
    if (looksLikeData(cells)) {
      const names = cells.map((_, i) => `column ${i + 1}`);
      throw new Refusal(
        "missing-header",
        "The first line holds values, not column names: add a header line, or choose the columns by hand.",
        names,
      );
    }
    const plain = cells.map(plainName);
    const time = columnOf(cells, TIME_NAMES);
    const prompt = columnOf(cells, PROMPT_NAMES);
    const output = columnOf(cells, OUTPUT_NAMES);
    if (time < 0 || prompt < 0 || output < 0) {
      const missing = [time < 0 && "the time", prompt < 0 && "the prompt tokens", output < 0 && "the output tokens"]
        .filter(Boolean)
        .join(", ");
      const shown = cells
        .filter((cell) => !NO_VALUE.test(cell))
        .slice(0, 12)
        .join(", ")
        .slice(0, 300);
      throw new Refusal(
        "columns-unknown",
        `No column was recognised for ${missing} among ${shown}: choose the columns by hand.`,
        uniqueNames(cells),
      );
    }
    const tenant = columnOf(cells, TENANT_NAMES);
    const session = columnOf(cells, SESSION_NAMES);
    return tableParser(builder, { time, unit: unitOfName(plain[time]!), prompt, output, session, tenant, total: -1 }, delimiter);
  },
};
