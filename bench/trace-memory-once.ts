// Reads one trace file, alone in its process: trace-memory-once.mjs <file>. Prints one line of JSON.
import { createReadStream, statSync } from "node:fs";
import { readTrace } from "../src/workload/formats/read.ts";

export interface Reading {
  readonly ok: boolean;
  readonly rows: number;
  readonly refused: number;
  readonly fileBytes: number;
  readonly seconds: number;
  /** Resident set, bytes: before reading, and the highest of the process. */
  readonly before: number;
  readonly peak: number;
}

const path = process.argv[2] ?? "";
const before = process.memoryUsage.rss();
const begun = performance.now();
const { ok, report } = await readTrace(createReadStream(path, { highWaterMark: 262144 }), { file: path });
const reading: Reading = {
  ok,
  rows: report.rowsRead,
  refused: report.refused,
  fileBytes: statSync(path).size,
  seconds: (performance.now() - begun) / 1000,
  before,
  // maxRSS is in kilobytes.
  peak: process.resourceUsage().maxRSS * 1024,
};
process.stdout.write(`${JSON.stringify(reading)}\n`);
