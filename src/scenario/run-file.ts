// A file of a run as text in chunks, so that a million rows never stand in memory as one string.

export interface RunFile {
  readonly name:
    "summary.json" | "requests.csv" | "replicas.csv" | "fleet.csv" | "scaling.csv" | "fairness.csv" | "batches.csv" | "histograms.csv";
  /** The text, in order; may be asked for more than once. */
  readonly chunks: () => Iterable<string>;
}

const ROWS_PER_CHUNK = 4096;

/** A field of a CSV file, quoted where it must be (RFC 4180). */
export const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

export function* inChunks(header: string, rows: Iterable<string>): Generator<string> {
  let chunk = `${header}\n`;
  let count = 0;
  for (const row of rows) {
    chunk += `${row}\n`;
    if (++count % ROWS_PER_CHUNK === 0) {
      yield chunk;
      chunk = "";
    }
  }
  if (chunk !== "") yield chunk;
}
