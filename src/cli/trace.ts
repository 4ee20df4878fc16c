// goodput trace inspect
import { reuseBySize } from "../workload/prefix-reuse.ts";
import type { PrefixReuse } from "../workload/prefix-reuse.ts";
import type { TraceReport, TraceStatistics } from "../workload/types.ts";
import { clock, figure, whole } from "./format.ts";
import { columns, print, printJson } from "./print.ts";
import { readTraceFile } from "./trace-file.ts";

function statistics({ durationS, requestsPerS, promptTokens, outputTokens, sessions, tenants }: TraceStatistics): string {
  const row = (name: string, t: TraceStatistics["promptTokens"]): string[] => [
    name,
    figure(t.mean, 5),
    ...[t.p50, t.p90, t.p99, t.max, t.sum].map(whole),
  ];
  return [
    columns([
      ["Duration", `${clock(durationS)} (${figure(durationS, 7)} s)`],
      ["Rate", `${figure(requestsPerS)} requests per second`],
      ["Sessions", whole(sessions)],
      ["Tenants", whole(tenants)],
    ]),
    columns(
      [["Tokens", "mean", "p50", "p90", "p99", "max", "sum"], row("  prompt", promptTokens), row("  output", outputTokens)],
      [1, 2, 3, 4, 5, 6],
    ),
  ].join("\n\n");
}

/** Share of the prompts' blocks that caches of several sizes would have held. */
function reuseText(rows: readonly PrefixReuse[], blockTokens: number): string {
  return columns(
    [
      [`Prefix cache, blocks of ${whole(blockTokens)} tokens`, "hit", "evicted"],
      ...rows.map(({ capacity, blocks, hits, evictions }) => [
        `  ${capacity === Infinity ? "without a limit" : whole(capacity)}`,
        `${figure((100 * hits) / blocks)} %`,
        whole(evictions),
      ]),
    ],
    [1, 2],
  );
}

function reportText(report: TraceReport, reuse: string): string {
  const failed = report.failed > 0 ? ` (${whole(report.failed)} of them with no output: they failed at their origin)` : "";
  const head = columns([
    ["File", report.file],
    ["Format", report.format],
    ["Rows", `${whole(report.rowsRead)} read, ${whole(report.accepted)} accepted${failed}, ${whole(report.refused)} refused`],
    ["Size", `${whole(report.bytes)} bytes`],
    ["SHA-256", report.hash],
  ]);
  const problems = report.problems.map(({ effect, count, lines, text }) => {
    const at =
      lines.length === 0 ? "" : ` (${lines.length > 1 ? "lines" : "line"} ${lines.join(", ")}${count > lines.length ? ", ..." : ""})`;
    return `${effect === "refused" ? "Refused" : "Noted"}: ${text}${at}`;
  });
  return [
    head,
    ...(problems.length === 0 ? [] : [problems.join("\n")]),
    ...(report.statistics === null ? [] : [statistics(report.statistics)]),
    ...(reuse === "" ? [] : [reuse]),
  ].join("\n\n");
}

export async function inspect(file: string, options: { readonly json?: boolean }): Promise<void> {
  const { report, trace } = await readTraceFile(file);
  const reuse = reuseBySize(trace);
  const { blockTokens = 0 } = trace.prefix ?? {};
  if (options.json === true) {
    // Null stands for no limit: JSON has no Infinity.
    const rows = reuse.map((row) => ({ ...row, capacity: row.capacity === Infinity ? null : row.capacity }));
    printJson({ ...report, prefixCache: reuse.length === 0 ? null : { blockTokens, rows } });
  } else print(reportText(report, reuse.length === 0 ? "" : reuseText(reuse, blockTokens)));
}
