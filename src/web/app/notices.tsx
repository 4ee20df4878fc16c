// News in place, above the story: an error with its way out, a trace being read, what a trace was.
import { cancelReading, openFiles, pickFiles } from "../commands/files.ts";
import { openDialog, tell, useDialogStore } from "../state/dialog-store.ts";
import { useRunStore } from "../state/run-store.ts";
import { useTraceStore } from "../state/trace-store.ts";
import { bytes, counted, integer } from "../ui/format.ts";
import { Icon } from "../ui/icons.tsx";

function Dismiss({ onClick }: { readonly onClick: () => void }) {
  return (
    <button type="button" className="text-button" aria-label="Dismiss" onClick={onClick}>
      <Icon name="cross" size={12} />
    </button>
  );
}

function ReadingNotice() {
  const reading = useTraceStore((state) => state.reading);
  if (reading === null) return null;
  const share = reading.total > 0 ? reading.done / reading.total : 0;
  return (
    <div className="notice" role="status">
      <span>
        Reading <strong>{reading.file}</strong>, {bytes(reading.done)} of {bytes(reading.total)}
        {reading.rows !== null && `, ${counted(reading.rows, "row")}`}
      </span>
      <span className="grow" />
      <button type="button" className="text-button" onClick={() => void cancelReading()}>
        Cancel
      </button>
      <div className="bar" role="progressbar" aria-label={`Reading ${reading.file}`} aria-valuenow={Math.round(share * 100)}>
        <i style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

function OutcomeNotice() {
  const outcome = useTraceStore((state) => state.outcome);
  const dismiss = (): void => useTraceStore.setState({ outcome: null, file: null });
  if (outcome === null) return null;
  const { report } = outcome;
  return (
    <div className={`notice${outcome.ok ? "" : " error"}`} role={outcome.ok ? "status" : "alert"}>
      {outcome.ok ? (
        <span>
          <strong>{report.file}</strong> ({report.format}): {counted(report.rowsRead, "row")} read, {integer(report.accepted)} accepted
          {report.refused > 0 && `, ${integer(report.refused)} refused`}
          {report.failed > 0 && `, ${integer(report.failed)} without output tokens, kept as failed requests`}.
        </span>
      ) : (
        <span>
          <strong>{outcome.text}</strong> The traffic stays as it was.
        </span>
      )}
      {!outcome.ok && outcome.columns !== undefined && outcome.columns.length > 0 && (
        <button type="button" className="text-button" onClick={() => openDialog("mapping")}>
          Choose the columns by hand
        </button>
      )}
      {(report.problems.length > 0 || outcome.ok) && (
        <button type="button" className="text-button" onClick={() => openDialog("trace")}>
          {report.problems.length > 0 ? "Show the problems" : "Show the report"}
        </button>
      )}
      <span className="grow" />
      <Dismiss onClick={dismiss} />
    </div>
  );
}

function RunNotice() {
  const error = useRunStore((state) => state.current.error);
  const missing = useTraceStore((state) => state.missing);
  if (error === null) return null;
  return (
    <div className="notice error" role="alert">
      <strong>{error}</strong>
      {missing !== null && (
        <>
          <button type="button" className="text-button" onClick={() => pickFiles((files) => void openFiles(files))}>
            Choose {missing.file}
          </button>
          <span className="quiet">SHA-256 {missing.hash.slice(0, 12)}…</span>
        </>
      )}
    </div>
  );
}

export function Notices() {
  const notice = useDialogStore((state) => state.notice);
  return (
    <>
      {notice !== null && (
        <div className={`notice ${notice.kind}`} role={notice.kind === "error" ? "alert" : "status"}>
          <strong>{notice.title}</strong>
          <span>{notice.text}</span>
          <span className="grow" />
          <Dismiss onClick={() => tell(null)} />
        </div>
      )}
      <ReadingNotice />
      <OutcomeNotice />
      <RunNotice />
    </>
  );
}
