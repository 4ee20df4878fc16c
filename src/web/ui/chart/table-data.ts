// The numbers behind a chart, as columns: for the table view and for CSV.

export interface TableColumn {
  readonly label: string;
  /** Unit of the raw numbers; `show` uses the same one, or says its own in `head`. */
  readonly unit?: string;
  /** Head in the table view, where it is not label and unit. */
  readonly head?: string;
  /** Full precision for CSV; null where there is no number. */
  raw(row: number): number | string | null;
  /** As shown in the table. */
  show(row: number): string;
}

export interface TableData {
  readonly title: string;
  readonly length: number;
  readonly columns: readonly TableColumn[];
}

/** RFC 4180: a field with comma, quote or line end is quoted. */
export function csvField(value: number | string | null): string {
  if (value === null || (typeof value === "number" && !Number.isFinite(value))) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

export function toCsv(table: TableData): string {
  const lines = [table.columns.map((column) => csvField(column.unit ? `${column.label} (${column.unit})` : column.label)).join(",")];
  for (let row = 0; row < table.length; row++) lines.push(table.columns.map((column) => csvField(column.raw(row))).join(","));
  return lines.join("\n") + "\n";
}
