// What reading a trace gave: counts, statistics, and every kind of problem with its lines.
import { useTraceStore } from "../state/trace-store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { bytes, counted, integer, seconds, significant } from "../ui/format.ts";
import "./trace.css";

export function TraceDialog({ onClose }: { readonly onClose: () => void }) {
  const outcome = useTraceStore((state) => state.outcome);
  const report = outcome?.report;
  if (report === undefined) return null;
  const { statistics } = report;
  return (
    <Dialog title={report.file} width={640} onClose={onClose}>
      <p>
        Format {report.format}, {bytes(report.bytes)}: {counted(report.rowsRead, "row")} read, {integer(report.accepted)} accepted,{" "}
        {integer(report.refused)} refused
        {report.failed > 0 && `, ${integer(report.failed)} without output tokens (kept as failed requests)`}.
      </p>
      {statistics !== null && (
        <table className="report">
          <thead>
            <tr>
              <th scope="col">Tokens</th>
              <th scope="col">Mean</th>
              <th scope="col">P50</th>
              <th scope="col">P90</th>
              <th scope="col">P99</th>
              <th scope="col">Max</th>
            </tr>
          </thead>
          <tbody>
            {(["promptTokens", "outputTokens"] as const).map((key) => (
              <tr key={key}>
                <th scope="row">{key === "promptTokens" ? "Prompt" : "Output"}</th>
                {[statistics[key].mean, statistics[key].p50, statistics[key].p90, statistics[key].p99, statistics[key].max].map(
                  (value, i) => (
                    <td key={i}>{integer(value)}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {statistics !== null && (
        <p className="quiet">
          {seconds(statistics.durationS)}, {significant(statistics.requestsPerS)} requests per second,{" "}
          {counted(statistics.sessions, "session")}, {counted(statistics.tenants, "tenant")}.
        </p>
      )}
      {report.problems.length === 0 ? (
        <p className="quiet">No row was refused.</p>
      ) : (
        <ul className="problems">
          {report.problems.map((problem) => (
            <li key={problem.code}>
              <details>
                <summary>
                  {problem.text} <span className="quiet">{problem.effect === "refused" ? "Left out." : "Kept."}</span>
                </summary>
                <p className="quiet">
                  {counted(problem.count, "row")}, line{problem.lines.length === 1 ? "" : "s"} {problem.lines.join(", ")}
                  {problem.count > problem.lines.length && " and more"}
                </p>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
