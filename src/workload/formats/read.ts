// Reads a trace of any known format from a stream of bytes. Never throws: a file that cannot be used gives a reason.
import { statisticsOf } from "../inspect.ts";
import type { ColumnMapping, TraceOutcome, TraceReport } from "../types.ts";
import { TraceBuilder } from "./builder.ts";
import { openBytes } from "./bytes.ts";
import type { ByteStream } from "./bytes.ts";
import { genericCsv } from "./generic-csv.ts";
import { genericJsonl } from "./generic-jsonl.ts";
import { checkText, headOf, HEAD_BYTES } from "./head.ts";
import { traceFormats } from "./index.ts";
import { feeder } from "./feeder.ts";
import { Refusal } from "./types.ts";
import type { Head, TraceFormat } from "./types.ts";

export interface ReadOptions {
  /** Name of the file, for the report. */
  readonly file: string;
  /** Size as stored, for the progress; NaN when unknown. */
  readonly bytes?: number;
  readonly mapping?: ColumnMapping | null;
  readonly signal?: AbortSignal;
  /** Bytes read as stored, bytes in all, rows so far; after every chunk. */
  readonly onProgress?: (done: number, total: number, rows: number) => void;
}

function formatOf(head: Head, mapping: ColumnMapping | null): TraceFormat {
  if (mapping !== null) return head.first === "{" || head.first === "[" ? genericJsonl : genericCsv;
  const format = traceFormats.find((candidate) => candidate.detect(head));
  if (format === undefined) {
    throw new Refusal(
      "unknown-format",
      "The file is text, but no known trace format: neither a table with a header nor JSON records nor an access log.",
    );
  }
  return format;
}

export async function readTrace(stream: ByteStream, options: ReadOptions): Promise<TraceOutcome> {
  const { file, mapping = null, signal, onProgress } = options;
  const bytes = openBytes(stream, HEAD_BYTES, signal);
  const builder = new TraceBuilder();
  let format = "unknown";
  let whole = false;
  const report = (): Omit<TraceReport, "statistics" | "accepted" | "refused" | "failed" | "rowsRead"> => ({
    file,
    format,
    problems: builder.problems(),
    hash: whole ? bytes.hash() : "",
    bytes: bytes.bytes(),
  });
  const refusal = (code: string, text: string, columns?: readonly string[]): TraceOutcome => {
    // Nothing is loaded: rows count only where all of them were left out.
    const counted = whole ? builder.refused : 0;
    return {
      ok: false,
      code,
      text,
      report: { ...report(), rowsRead: counted, accepted: 0, refused: counted, failed: 0, statistics: null },
      ...(columns ? { columns } : {}),
    };
  };
  try {
    const decoder = new TextDecoder();
    let feed: ReturnType<typeof feeder> | null = null;
    let replaced = false;
    for await (const chunk of bytes.chunks) {
      signal?.throwIfAborted();
      if (feed === null) {
        checkText(chunk);
        const head = headOf(new TextDecoder().decode(chunk.subarray(0, HEAD_BYTES)), chunk.length < HEAD_BYTES);
        if (head.first === "") throw new Refusal("empty-file", "The file is empty.");
        const chosen = formatOf(head, mapping);
        format = chosen.id;
        feed = feeder(chosen.open(builder, head, mapping), head, builder);
      }
      const text = decoder.decode(chunk, { stream: true });
      replaced ||= text.includes("\ufffd");
      feed.text(text);
      onProgress?.(bytes.stored(), options.bytes ?? NaN, builder.rowsRead);
    }
    if (feed === null) throw new Refusal("empty-file", "The file is empty.");
    signal?.throwIfAborted();
    feed.text(decoder.decode());
    whole = true;
    feed.end();
    if (replaced) builder.noteFile("invalid-utf8", 1);
    if (builder.rowsRead === 0) throw new Refusal("no-rows", "The file has a header but no rows: there is nothing to send.");
    if (builder.accepted === 0) {
      const worst = builder.problems().reduce((a, b) => (b.count > a.count ? b : a));
      throw new Refusal("no-usable-rows", `None of the ${builder.rowsRead.toLocaleString("en-US")} rows can be used. ${worst.text}`);
    }
    const { rowsRead, accepted, refused, failed } = builder;
    const trace = builder.finish();
    return { ok: true, trace, report: { ...report(), rowsRead, accepted, refused, failed, statistics: statisticsOf(trace) } };
  } catch (error) {
    if (error instanceof Refusal) return refusal(error.code, error.message, error.columns);
    if (signal?.aborted) return refusal("cancelled", "Reading was cancelled: nothing was loaded.");
    return refusal("read-failed", `The file could not be read to its end: ${error instanceof Error ? error.message : String(error)}.`);
  }
}
