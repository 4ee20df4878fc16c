// Columns by hand, for a table that no format recognises.
import { useState } from "react";
import type { ColumnMapping } from "../../workload/types.ts";
import { readTrace } from "../commands/trace-actions.ts";
import { useTraceStore } from "../state/trace-store.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Select } from "../ui/select.tsx";
import "./trace.css";

const UNITS: readonly (readonly [ColumnMapping["timeUnit"], string])[] = [
  ["s", "seconds"],
  ["ms", "milliseconds"],
  ["us", "microseconds"],
  ["ns", "nanoseconds"],
  ["date", "date and time"],
];

/** The first column whose name speaks of one of these words. */
const guess = (columns: readonly string[], words: RegExp): string => columns.find((column) => words.test(column)) ?? "";

function Pick({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}) {
  return (
    <label className="field wide">
      <span className="label">{label}</span>
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </label>
  );
}

export function MappingDialog({ onClose }: { readonly onClose: () => void }) {
  const outcome = useTraceStore((state) => state.outcome);
  const file = useTraceStore((state) => state.file);
  const columns = outcome?.ok === false ? (outcome.columns ?? []) : [];
  const [time, setTime] = useState(() => guess(columns, /time|arriv|stamp|date|^ts$/i));
  const [timeUnit, setTimeUnit] = useState<ColumnMapping["timeUnit"]>("s");
  const [prompt, setPrompt] = useState(() => guess(columns, /prompt|input|context|request.?tok/i));
  const [output, setOutput] = useState(() => guess(columns, /output|generat|decode|response|completion/i));
  const [tenant, setTenant] = useState("");
  const [session, setSession] = useState("");
  const named = columns.map((column) => [column, column] as const);
  const optional = [["", "none"] as const, ...named];
  const required = [["", "choose a column"] as const, ...named];
  const ready = prompt !== "" && output !== "" && prompt !== output && file !== null;
  const orNull = (value: string): string | null => (value === "" ? null : value);
  return (
    <Dialog title={`Columns of ${file?.name ?? "the file"}`} width={420} onClose={onClose}>
      <p>{outcome?.ok === false ? outcome.text : ""} Say what the columns mean, and the file is read again.</p>
      <div className="mapping">
        <Pick label="Arrival" value={time} options={[["", "none: one after another"], ...named]} onChange={setTime} />
        {time !== "" && (
          <Pick label="Time unit" value={timeUnit} options={UNITS} onChange={(value) => setTimeUnit(value as ColumnMapping["timeUnit"])} />
        )}
        <Pick label="Prompt tokens" value={prompt} options={required} onChange={setPrompt} />
        <Pick label="Output tokens" value={output} options={required} onChange={setOutput} />
        <Pick label="Tenant" value={tenant} options={optional} onChange={setTenant} />
        <Pick label="Session" value={session} options={optional} onChange={setSession} />
      </div>
      <footer>
        <button type="button" className="button" onClick={onClose}>
          Leave it
        </button>
        <button
          type="button"
          className="button ink"
          disabled={!ready}
          onClick={() => {
            onClose();
            if (file !== null)
              void readTrace(file, { time: orNull(time), timeUnit, prompt, output, tenant: orNull(tenant), session: orNull(session) });
          }}
        >
          Read the file
        </button>
      </footer>
    </Dialog>
  );
}
