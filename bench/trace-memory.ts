// Memory while a large CSV is read: writes a file of about the given size to a temporary folder, reads it in a process of its own, and
// prints one JSON line. Usage: node --import tsx bench/trace-memory.ts [megabytes] [azure|generic|jitter|sessions]
import { spawnSync } from "node:child_process";
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readTrace } from "../src/workload/formats/read.ts";

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

async function measure(path: string): Promise<void> {
  const before = process.memoryUsage().rss;
  const started = performance.now();
  const outcome = await readTrace(createReadStream(path, { highWaterMark: 262144 }), { file: path });
  const seconds = (performance.now() - started) / 1000;
  // maxRSS is the peak of the whole process, in kilobytes.
  const peak = process.resourceUsage().maxRSS * 1024;
  const megabytes = (bytes: number): number => Math.round(bytes / 1e6);
  const fileMB = megabytes(statSync(path).size);
  console.log(
    JSON.stringify({
      bench: "trace-memory",
      fileMB,
      rows: outcome.report.rowsRead,
      ok: outcome.ok,
      refused: outcome.report.refused,
      seconds: Number(seconds.toFixed(2)),
      megabytesPerSecond: Math.round(fileMB / seconds),
      rssBeforeMB: megabytes(before),
      peakRssMB: megabytes(peak),
      growthMB: megabytes(peak - before),
    }),
  );
  if (!outcome.ok || peak - before > 600e6) process.exitCode = 1;
}

const [first = "200", kind = "azure"] = process.argv.slice(2);
if (first === "--measure") await measure(kind);
else {
  const folder = mkdtempSync(join(tmpdir(), "goodput-trace-"));
  try {
    const path = join(folder, "trace.csv");
    writeFile(path, Number(first) * 1e6, kind as keyof typeof ROWS);
    const child = spawnSync(process.execPath, ["--import", "tsx", fileURLToPath(import.meta.url), "--measure", path], { stdio: "inherit" });
    process.exitCode = child.status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
