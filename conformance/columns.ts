// Small tables of recorded results: a CSV text as columns of numbers, or as rows of texts.
import { existsSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { splitRow } from "../src/workload/formats/table.ts";

/** Columns of numbers, by name. */
export type Columns = Readonly<Record<string, Float64Array>>;

/** Columns of a CSV text; cells that are not numbers become NaN. */
export function columnsOf(csv: string): Columns {
  const [head, ...lines] = csv.trimEnd().split("\n");
  const names = head!.trim().split(",");
  const columns = names.map(() => new Float64Array(lines.length));
  lines.forEach((line, row) => {
    line.split(",").forEach((cell, i) => {
      columns[i]![row] = Number(cell);
    });
  });
  return Object.fromEntries(names.map((name, i) => [name, columns[i]!]));
}

/** Rows of a CSV text by the names of its columns. Fields may stand in quotation marks. */
export function recordsOf(csv: string): Readonly<Record<string, string>>[] {
  const [names = [], ...rows] = csv
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => splitRow(line, ",") ?? []);
  return rows.map((cells) => Object.fromEntries(cells.map((cell, i) => [names[i] ?? "", cell])));
}

/** Text of a file, unpacked where its name says so. */
export function textOf(path: string): string {
  if (!existsSync(path)) throw new Error(`There is no file ${path}.`);
  const bytes = readFileSync(path);
  return (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString();
}

export const readColumns = (path: string): Columns => columnsOf(textOf(path));
