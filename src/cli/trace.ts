// goodput trace inspect
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

function reportText(report: TraceReport): string {
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
  ].join("\n\n");
}

export async function inspect(file: string, options: { readonly json?: boolean }): Promise<void> {
  const { report } = await readTraceFile(file);
  if (options.json === true) printJson(report);
  else print(reportText(report));
}
