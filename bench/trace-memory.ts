// Memory while a large CSV is read: writes a file of about the given size to a temporary folder and reads it in a process of its own.
// Options: --megabytes N, --kind azure|generic|jitter|sessions. Status 1 where the trace is refused or the process grows past 600 MB.
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { fail, once, prepare, say, wholeNumber } from "./processes.ts";
import type { Reading } from "./trace-memory-once.ts";

/** The most that the process may grow, bytes. */
const LIMIT = 600e6;

const PAD = (value: number, width: number): string => String(value).padStart(width, "0");

/** Rows of an Azure-like file: dates with seven decimals. */
function azureRow(i: number): string {
  const ms = i * 37;
  const seconds = Math.floor(ms / 1000) % 86400;
  const day = 1 + (Math.floor(ms / 86400000) % 28);
  const clock = `${PAD(Math.floor(seconds / 3600), 2)}:${PAD(Math.floor(seconds / 60) % 60, 2)}:${PAD(seconds % 60, 2)}`;
  return `2024-05-${PAD(day, 2)} ${clock}.${PAD(ms % 1000, 3)}0000,${100 + ((i * 7919) % 4000)},${1 + ((i * 104729) % 900)}\n`;
}

const ROWS = {
  azure: { header: "TIMESTAMP,ContextTokens,GeneratedTokens\n", row: azureRow },
  generic: {
    header: "arrival_s,client,input_tokens,output_tokens\n",
    row: (i: number) => `${(i * 0.037).toFixed(6)},client ${i % 50},${100 + ((i * 7919) % 4000)},${1 + ((i * 104729) % 900)}\n`,
  },
  /** Rows out of order, so that the whole trace is sorted. */
  jitter: {
    header: "arrival_s,input_tokens,output_tokens\n",
    row: (i: number) => `${(i * 0.037 + ((i * 7919) % 1000) / 10).toFixed(6)},${100 + ((i * 7919) % 4000)},${1 + ((i * 104729) % 900)}\n`,
  },
  /** Every row a session of its own: the hardest case for what is kept of keys. */
  sessions: {
    header: "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n",
    row: (i: number) => {
      const prompt = 100 + ((i * 7919) % 4000);
      return `${i / 8},${PAD(i, 8)}-0000-4000-8000-000000000001,3,GPT-4,${prompt},20,${prompt + 20},API log\n`;
    },
  },
} as const;

function writeFile(path: string, bytes: number, kind: keyof typeof ROWS): void {
  const out = openSync(path, "w");
  const { header, row } = ROWS[kind];
  let written = writeSync(out, header);
  for (let i = 0; written < bytes;) {
    let block = "";
    for (const end = i + 10000; i < end; i++) block += row(i);
    written += writeSync(out, block);
  }
  closeSync(out);
}

const megabytesOf = (bytes: number): number => Math.round(bytes / 1e6);

export async function traceMemory(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: { megabytes: { type: "string", default: "200" }, kind: { type: "string", default: "azure" } },
  });
  const megabytes = wholeNumber("--megabytes", values.megabytes, 1);
  const kind = (Object.keys(ROWS) as (keyof typeof ROWS)[]).find((known) => known === values.kind);
  if (kind === undefined) fail(`--kind ${values.kind}: known are ${Object.keys(ROWS).join(", ")}.`);
  const script = await prepare("trace-memory-once");
  const folder = mkdtempSync(join(tmpdir(), "goodput-trace-"));
  try {
    const path = join(folder, "trace.csv");
    say(`Writing ${megabytes} MB ...`);
    writeFile(path, megabytes * 1e6, kind);
    say("Reading ...");
    const { ok, rows, refused, fileBytes, seconds, before, peak } = await once<Reading>(script, [path]);
    const figures = {
      bench: "trace-memory",
      kind,
      fileMB: megabytesOf(fileBytes),
      rows,
      ok,
      refused,
      seconds: Number(seconds.toFixed(2)),
      megabytesPerSecond: Math.round(fileBytes / 1e6 / seconds),
      rssBeforeMB: megabytesOf(before),
      peakRssMB: megabytesOf(peak),
      growthMB: megabytesOf(peak - before),
      node: process.version,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    if (!ok || peak - before > LIMIT) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
