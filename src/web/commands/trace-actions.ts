// Reading a dropped trace in its worker, keeping it on this machine, and giving it to the scenario.
import type { ColumnMapping, TraceOutcome } from "../../workload/types.ts";
import { withTrace } from "../../scenario/with-trace.ts";
import { restart } from "../rpc/run-control.ts";
import { connectTrace, proxy, type Connection } from "../rpc/client.ts";
import type { TraceHost } from "../rpc/protocol.ts";
import { openDialog, tell } from "../state/dialog-store.ts";
import { useScenarioStore } from "../state/scenario-store.ts";
import { forgetTrace, keepTrace, listTraces } from "../state/trace-database.ts";
import { useTraceStore } from "../state/trace-store.ts";

let connection: Connection<TraceHost> | null = null;

/** Files of this kind are scenarios, not traces: JSON with pools. */
export async function looksLikeScenario(file: File): Promise<boolean> {
  if (!/\.json$/i.test(file.name) || file.size > 5_000_000) return false;
  const text = await file.text();
  return (
    text.trimStart().startsWith("{") && /"(pools|traffic|sloClasses|version)"\s*:/.test(text.slice(0, 4000)) && !text.includes('"mooncake"')
  );
}

export async function readTrace(file: File, mapping: ColumnMapping | null = null): Promise<void> {
  tell(null);
  connection?.end();
  connection = connectTrace((why) => {
    connection = null;
    useTraceStore.setState({ reading: null });
    tell({ kind: "error", title: `Reading ${file.name} stopped: ${why}.`, text: "The traffic stays as it was." });
  });
  const mine = connection;
  useTraceStore.setState({ reading: { file: file.name, done: 0, total: file.size, rows: 0 }, outcome: null, file });
  let outcome: TraceOutcome;
  try {
    outcome = await mine.host.read(
      file,
      mapping,
      proxy((done: number, total: number, rows: number) => {
        if (connection === mine) useTraceStore.setState({ reading: { file: file.name, done, total, rows } });
      }),
    );
  } catch (error) {
    if (connection === mine)
      tell({
        kind: "error",
        title: `${file.name} could not be read.`,
        text: `${error instanceof Error ? error.message : String(error)} The traffic stays as it was.`,
      });
    return;
  } finally {
    if (connection === mine) {
      useTraceStore.setState({ reading: null });
      mine.end();
      connection = null;
    }
  }
  useTraceStore.setState({ outcome });
  if (!outcome.ok) {
    if (outcome.columns !== undefined && outcome.columns.length > 0) openDialog("mapping");
    return;
  }
  const { report, trace } = outcome;
  const stored = await keepTrace(trace, report);
  // The columns are in the store of traces now; the page keeps the report only.
  useTraceStore.setState({ outcome: { ...outcome, trace: EMPTY_TRACE }, kept: await keptWith(report.hash) });
  if (!stored)
    tell({
      kind: "done",
      title: `${report.file} is loaded.`,
      text: "It could not be kept for the next visit: the browser's storage is closed or full.",
    });
  giveTrace(report.hash, report.file);
}

const EMPTY_TRACE = {
  length: 0,
  arrivedAt: new Float64Array(0),
  promptTokens: new Int32Array(0),
  outputTokens: new Int32Array(0),
  tenant: null,
  tenantNames: [],
  session: null,
  prefix: null,
} as const;

/** What is stored, and the trace just read even where nothing can be stored. */
async function keptWith(hash: string) {
  const listed = await listTraces();
  const { outcome } = useTraceStore.getState();
  if (listed.some((entry) => entry.hash === hash) || outcome?.ok !== true) return listed;
  return [{ hash, file: outcome.report.file, report: outcome.report }, ...listed];
}

/** The scenario's traffic is this trace from now on, every row of it, as it stands; the same as --trace on the command line. */
export function giveTrace(hash: string, file: string): void {
  const { source } = useScenarioStore.getState().scenario.traffic;
  // The file that a link asked for: the scenario already names it, with its own window.
  if (source.kind === "trace" && source.hash === hash) return restart();
  useScenarioStore.getState().change((scenario) => withTrace(scenario, { hash, file }));
}

export function cancelReading(): void {
  void connection?.host.cancel();
  connection?.end();
  connection = null;
  useTraceStore.setState({ reading: null });
}

export async function forget(hash: string): Promise<void> {
  await forgetTrace(hash);
  useTraceStore.setState({ kept: await listTraces() });
}

export async function loadKeptTraces(): Promise<void> {
  useTraceStore.setState({ kept: await listTraces() });
}
