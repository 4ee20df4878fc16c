// Left column: the file of measured batches and what was read of it, how it is fitted, and what runs.
import { useState } from "react";
import { integer as integerParam } from "../../../engine/params.ts";
import type { FitDevice } from "../../../latency/fit/session-types.ts";
import { SAMPLE_ABOUT, SAMPLE_FILE, sampleText } from "../../../latency/fit/sample.ts";
import { pickFiles } from "../../commands/files.ts";
import { cancelFit, fitAgain, readMeasured } from "../../rpc/fit-control.ts";
import { fitData, setFitForm, useFitStore, type FitForm } from "../../state/fit-store.ts";
import { ChoiceField, FlagField, NumberField } from "../../ui/fields.tsx";
import { counted, integer, seconds } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import "./measured.css";

const none = (): void => undefined;

const forms = {
  kind: "choice",
  label: "Form",
  help: "Which form becomes the model. Best: the one with the least error of held-out batches, but for roofline, which is experimental.",
  default: "auto",
  options: ["auto", "selected", "linear", "past", "tokens", "roofline"].map((id) => ({ id, label: id === "auto" ? "Best" : id })),
} as const;
const replicates = integerParam(400, "How often the rows are drawn anew for the intervals. 0: no intervals; at least 100 otherwise.", {
  min: 0,
  max: 2000,
  step: 50,
});
const starts = integerParam(
  64,
  "How often each search for the planes of roofline begins anew. A GPU, where there is one, does it above 500.",
  {
    min: 1,
    max: 4096,
    step: 1,
  },
);
const device = {
  kind: "choice",
  label: "Run on",
  help: "Where the sums of the resamples are computed. Both give the same bits. Auto: on a GPU where that is worth while.",
  default: "auto",
  options: [
    { id: "auto", label: "Auto" },
    { id: "gpu", label: "GPU" },
    { id: "cpu", label: "CPU" },
  ],
} as const;
const unit = {
  kind: "choice",
  label: "Time unit",
  help: "Of a time column without a unit in its name.",
  default: "",
  options: [
    { id: "", label: "File" },
    { id: "s", label: "s" },
    { id: "ms", label: "ms" },
    { id: "us", label: "\u00b5s" },
  ],
} as const;
const dominated = {
  kind: "flag",
  label: "Odd rows",
  help: "Rows that take far less time than smaller batches, or more than larger ones, are left out unless they are kept here.",
  default: false,
  word: "kept",
} as const;

/** The sentences of the reader speak of flags: here they are fields. */
const onPage = (text: string): string =>
  text
    .replace(/name it with --map (\w+)=COLUMN/g, "name it under Columns as $1=its name")
    .replace(/(or )?name the columns with --map|or name it with --map/g, "or name them under Columns")
    .replace(/say --unit s or --unit ms|say --unit s, --unit ms or --unit us/g, "choose it under Time unit")
    .replace(/pick one with --pick, of/g, "write one of these under Series:")
    .replace("is used with run --profile", "is imported below")
    .replace(/use them with run --profile/g, "drop them on the Workbench");

function Line({ label, value, hint, onChange }: { label: string; value: string; hint: string; onChange: (value: string) => void }) {
  return (
    <label className="text-line">
      <span>{label}</span>
      <input value={value} placeholder={hint} autoComplete="off" spellCheck={false} onChange={(event) => onChange(event.target.value)} />
    </label>
  );
}

/** Of the drawing: the same seed gives the same intervals on every device. */
function SeedLine() {
  const seed = useFitStore((state) => state.form.seed);
  const [draft, setDraft] = useState<string | null>(null);
  const type = (text: string): void => {
    setDraft(text);
    const value = Number(text);
    if (text.trim() !== "" && Number.isSafeInteger(value) && value >= 0) setFitForm({ seed: value });
  };
  const wrong = draft !== null && (draft.trim() === "" || Number(draft) !== seed);
  return (
    <>
      <Line label="Seed" value={draft ?? String(seed)} hint="" onChange={type} />
      {wrong && <p className="hint bad">Give a whole number of at least 0. The fit keeps {seed}.</p>}
    </>
  );
}

const MOST_LISTED = 200;

function Refused() {
  const { input } = fitData;
  const refused = input?.report.refused ?? [];
  if (input === null || refused.length === 0) return null;
  return (
    <details>
      <summary>
        {counted(refused.length, "line")} refused{input.duplicates > 0 ? `, ${integer(input.duplicates)} of them repeats` : ""}
      </summary>
      <ol className="refused" tabIndex={0} aria-label="Refused lines">
        {refused.slice(0, MOST_LISTED).map(({ line, reason }) => (
          <li key={line}>
            line {line}: {reason}
          </li>
        ))}
        {refused.length > MOST_LISTED && <li>and {integer(refused.length - MOST_LISTED)} more</li>}
      </ol>
    </details>
  );
}

function Report() {
  const { input } = fitData;
  if (input === null) return null;
  const { report, data, dominated: odd, file } = input;
  return (
    <div className="read-report">
      {file === SAMPLE_FILE && <p className="sample-mark">{SAMPLE_ABOUT}</p>}
      <dl>
        <dt>Format</dt>
        <dd>{report.label}</dd>
        {report.unit !== "" && (
          <>
            <dt>Time</dt>
            <dd>{report.unit}</dd>
          </>
        )}
        <dt>Rows</dt>
        <dd>
          {integer(report.accepted)} read, {integer(report.refused.length)} refused
        </dd>
        <dt>Batches</dt>
        <dd>
          {integer(data.rows)} of {counted(data.compositions, "kind")}
        </dd>
        {odd.length > 0 && (
          <>
            <dt>Odd</dt>
            <dd>
              {counted(odd.length, "row")} out of order with smaller or larger batches: line{odd.length === 1 ? "" : "s"}{" "}
              {odd
                .slice(0, 5)
                .map((row) => data.line[row])
                .join(", ")}
              {odd.length > 5 ? " …" : ""}
            </dd>
          </>
        )}
      </dl>
      <Refused />
      {report.notes.map((note) => (
        <p key={note} className="hint">
          {note}
        </p>
      ))}
    </div>
  );
}

function Paste({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState("");
  return (
    <form
      className="paste"
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
        void readMeasured({ name: "pasted.csv", text });
      }}
    >
      <textarea
        aria-label="Rows of a table or lines of a log"
        rows={6}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" disabled={text.trim() === ""}>
        Read this
      </button>
    </form>
  );
}

function Measurements() {
  useFitStore((state) => state.revision);
  const form = useFitStore((state) => state.form);
  const error = useFitStore((state) => state.error);
  const [pasting, setPasting] = useState(false);
  const { input, source } = fitData;
  return (
    <section aria-label="Measurements">
      <header>
        <h2>Measurements</h2>
        <span>{input === null ? "none" : counted(input.report.accepted, "row")}</span>
      </header>
      <button
        type="button"
        className="drop-box"
        onClick={() => pickFiles(([file]) => file !== undefined && void readMeasured(file), "", false)}
      >
        {source === null ? "Choose a file, or drop one anywhere" : source.name}
      </button>
      <p className="file-tools">
        <button type="button" className="text-button" aria-expanded={pasting} onClick={() => setPasting(!pasting)}>
          Paste rows
        </button>
        {source?.name !== SAMPLE_FILE && (
          <button type="button" className="text-button" onClick={() => void readMeasured({ name: SAMPLE_FILE, text: sampleText() })}>
            Show the sample
          </button>
        )}
      </p>
      {pasting && <Paste onClose={() => setPasting(false)} />}
      {error !== null && (
        <p className="hint bad" role="alert">
          {onPage(error)}
        </p>
      )}
      <Report />
      <details className="reading" open={error !== null ? true : undefined}>
        <summary>How the file is read</summary>
        <ChoiceField
          label={unit.label}
          param={unit}
          value={form.unit}
          onChange={(next) => setFitForm({ unit: next as FitForm["unit"] })}
          onEnd={none}
        />
        <Line label="Columns" value={form.map} hint="time_ms=latency" onChange={(map) => setFitForm({ map })} />
        <Line label="Series" value={form.pick} hint="model,gpu,1" onChange={(pick) => setFitForm({ pick })} />
        <button type="button" className="button" disabled={source === null} onClick={() => source !== null && void readMeasured(source)}>
          Read again
        </button>
      </details>
    </section>
  );
}

function Method() {
  const form = useFitStore((state) => state.form);
  return (
    <section aria-label="Method">
      <header>
        <h2>Method</h2>
        <span>coefficients of at least 0</span>
      </header>
      <ChoiceField
        label="Form"
        param={forms}
        value={form.form}
        onChange={(next) => setFitForm({ form: next as FitForm["form"] })}
        onEnd={none}
      />
      <NumberField
        label="Resamples"
        param={replicates}
        value={form.replicates}
        onChange={(next) => setFitForm({ replicates: next === null || next < 50 ? 0 : Math.max(100, next) })}
        onEnd={none}
      />
      <SeedLine />
      <NumberField
        label="Starts"
        param={starts}
        value={form.starts}
        onChange={(next) => setFitForm({ starts: Math.max(1, next ?? 64) })}
        onEnd={none}
      />
      <FlagField
        label="Odd rows"
        param={dominated}
        value={form.keepDominated}
        onChange={(keepDominated) => setFitForm({ keepDominated })}
        onEnd={none}
      />
      <ChoiceField
        label="Run on"
        param={device}
        value={form.device}
        onChange={(next) => setFitForm({ device: next as FitDevice })}
        onEnd={none}
      />
    </section>
  );
}

const PHASES = {
  fit: "Fitting",
  select: "Choosing terms",
  check: "Checking the chosen terms",
  bootstrap: "Resampling",
  residuals: "Rows left out",
  planes: "Searching planes",
} as const;

function progressText(): string {
  const { phase, progress, device: running } = useFitStore.getState();
  if (phase === "reading") return "Reading the file";
  if (phase === "stopping") return "Cancelled. What is finished stays.";
  if (phase !== "fitting") return "";
  if (progress === null) return "Fitting";
  const many = progress.total > 1 ? `, ${integer(progress.done)} of ${integer(progress.total)}` : "";
  const where = progress.phase === "bootstrap" ? ` on the ${running.name.toUpperCase()}` : "";
  return `${PHASES[progress.phase]}${where}: ${progress.text}${many}`;
}

function Badge() {
  const badge = useFitStore((state) => state.badge);
  const line = useFitStore((state) => state.device.line);
  return (
    <>
      {badge !== null && (
        <p className="fit-badge">
          <b>
            {badge.device.toUpperCase()}, {seconds(badge.seconds)}
          </b>
          {badge.adapter !== "" && <span>{badge.adapter}</span>}
          {badge.sumsSeconds > 0 && <span>sums of the resamples {seconds(badge.sumsSeconds)}</span>}
          {badge.planesOn !== "" && <span>planes of roofline on {badge.planesOn === badge.adapter ? "it, too" : badge.planesOn}</span>}
        </p>
      )}
      {line !== "" && <p className="hint">{line}</p>}
    </>
  );
}

function Run() {
  const phase = useFitStore((state) => state.phase);
  const progress = useFitStore((state) => state.progress);
  useFitStore((state) => state.revision);
  const busy = phase === "fitting" || phase === "reading";
  const share = progress === null || progress.total <= 1 ? null : progress.done / progress.total;
  return (
    <section className="fit-run" aria-label="Fit">
      {/* Spoken at beginning and end, not step by step. */}
      <p className="visually-hidden" role="status">
        {phase === "fitting"
          ? "The fit runs."
          : phase === "fitted"
            ? "The fit is done."
            : phase === "cancelled" || phase === "stopping"
              ? "The fit is cancelled."
              : ""}
      </p>
      {(busy || phase === "stopping") && (
        <>
          <p className="fit-line">{progressText()}</p>
          <div className="fit-bar" aria-hidden="true">
            <i style={{ width: `${100 * (share ?? 0)}%` }} />
          </div>
        </>
      )}
      {phase === "cancelled" && <p className="fit-line">Cancelled. What was finished stays.</p>}
      <Badge />
      <div className="buttons">
        {busy ? (
          <button type="button" className="button" onClick={cancelFit}>
            Cancel, keep what is finished
          </button>
        ) : (
          <button
            type="button"
            className="button"
            disabled={fitData.input === null || phase === "stopping"}
            onClick={() => void fitAgain()}
          >
            <Icon name="play" />
            Fit again
          </button>
        )}
      </div>
    </section>
  );
}

export function MeasuredPanel() {
  return (
    <div className="measured">
      <Measurements />
      <Method />
      <Run />
    </div>
  );
}
