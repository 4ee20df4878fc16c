// A trace file for a command: read as a stream, gzip or plain; a refusal becomes bad input.
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { readTrace } from "../workload/formats/read.ts";
import type { Trace, TraceReport } from "../workload/types.ts";
import { figure, whole } from "./format.ts";
import { InputError, systemReason } from "./input-error.ts";
import { progressLine } from "./progress.ts";

export async function readTraceFile(file: string): Promise<{ readonly trace: Trace; readonly report: TraceReport }> {
  const cannot = (reason: string): InputError => new InputError(`${file}: It cannot be read: ${reason}. Give a trace file.`);
  const handle = await open(file).catch((error: unknown) => {
    throw cannot(systemReason(error));
  });
  const progress = progressLine();
  try {
    const stats = await handle.stat();
    if (stats.isDirectory()) throw cannot("it is a folder");
    const outcome = await readTrace(handle.createReadStream({ autoClose: false }), {
      file: basename(file),
      bytes: stats.size,
      onProgress: (done, total, rows) => progress.text(`${file}: ${figure((100 * done) / total)} % read, ${whole(rows)} rows`),
    });
    progress.clear();
    if (outcome.ok) return { trace: outcome.trace, report: outcome.report };
    const columns = outcome.columns === undefined ? "" : ` Columns found: ${outcome.columns.join(", ")}.`;
    throw new InputError(`${file}: ${outcome.text}${columns}`);
  } finally {
    progress.clear();
    await handle.close();
  }
}
