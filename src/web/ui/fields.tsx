// Fields drawn from parameter descriptors. They know a value and how to change it, nothing about scenarios.
import { useId, useState } from "react";
import type { ChoiceParam, FlagParam, NumberParam, Param, ParamValue, TableParam } from "../../engine/params.ts";
import { unitSign } from "./format.ts";
import { helpHandlers } from "./help-tip.tsx";
import { Icon } from "./icons.tsx";
import { fitsBeside, Segmented } from "./segmented.tsx";
import { Select } from "./select.tsx";
import { complaint, fieldText, fromPosition, hasSlider, snap, stepOf, toPosition } from "./slider-scale.ts";

interface FieldProps<P, V> {
  readonly label: string;
  readonly param: P;
  readonly value: V;
  /** Value in the pinned run, when it differs. */
  readonly was?: V | undefined;
  /** `gesture` is true while a slider moves or a person types: such changes are one undo step until onEnd. */
  readonly onChange: (value: V, gesture: boolean) => void;
  readonly onEnd: () => void;
  /** A complaint from elsewhere, such as a rule between two fields. */
  readonly error?: string | undefined;
}

const withUnit = (value: number, unit: string | undefined): string =>
  unit === undefined ? fieldText(value) : `${fieldText(value)}\u00a0${unitSign(unit)}`;

/** A label that does not fit beside its control stands above it. */
const LONGEST_BESIDE = 14;
const longClass = (label: string): string => (label.length > LONGEST_BESIDE ? " long" : "");

function rangeText(param: NumberParam): string {
  const from = withUnit(param.min, param.unit);
  return `${param.max < 1e12 ? `${from} to ${withUnit(param.max, param.unit)}` : `At least ${from}`}, default ${withUnit(param.default, param.unit)}.`;
}

/** Accepts what people type: thousands commas and the true minus of our own texts. */
const readNumber = (text: string): number => (text.trim() === "" ? NaN : Number(text.replaceAll(",", "").replace("\u2212", "-").trim()));

interface NumberFieldProps extends FieldProps<NumberParam, number | null> {
  /** What an empty box stands for ("no limit", "320, computed"); without it the box cannot be emptied. */
  readonly none?: string;
}

export function NumberField({ label, param, value, was, onChange, onEnd, error, none }: NumberFieldProps) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const cleared = none !== undefined && draft !== null && draft.trim() === "";
  const wrong = draft === null || cleared ? null : complaint(param, readNumber(draft));
  const message = wrong === null ? error : `${wrong}. The run keeps ${value === null ? (none ?? "none") : withUnit(value, param.unit)}.`;
  const position = value === null ? 1 : toPosition(param, value);
  const slider = hasSlider(param);
  // By the longest number that may come, so that typing moves nothing.
  const roomy = fieldText(param.max).length + (param.unit?.length ?? 0) > 7;
  const help = helpHandlers(label, param.help, rangeText(param));

  const type = (text: string): void => {
    setDraft(text);
    const number = readNumber(text);
    if (none !== undefined && text.trim() === "") onChange(null, true);
    else if (complaint(param, number) === null) onChange(number, true);
  };
  const done = (): void => {
    setDraft(null);
    onEnd();
  };
  const keys = (event: React.KeyboardEvent): void => {
    if (event.key === "Enter") done();
    if (event.key === "Escape" && draft !== null) {
      event.stopPropagation();
      done();
    }
    const by = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setDraft(null);
    onChange(snap({ ...param, scale: "linear" }, (value ?? param.default) + by * stepOf(param) * (event.shiftKey ? 10 : 1)), true);
  };

  return (
    <div
      className={`field${slider ? (roomy ? " roomy" : "") : " wide"}${longClass(label)}${was === undefined ? "" : " changed"}`}
      {...help.row}
    >
      <label className="label" htmlFor={id} {...help.label}>
        {label}
      </label>
      {slider && (
        <div className="slider" style={{ "--at": `${position * 100}%` } as React.CSSProperties}>
          {was !== undefined && was !== null && <span className="was" style={{ left: `${toPosition(param, was) * 100}%` }} />}
          <input
            type="range"
            aria-label={`${label}, slider`}
            aria-valuetext={value === null ? none : withUnit(value, param.unit)}
            min={0}
            max={1}
            step="any"
            value={position}
            onChange={(event) => onChange(fromPosition(param, event.target.valueAsNumber), true)}
            onPointerUp={onEnd}
            onBlur={onEnd}
            onKeyDown={(event) => {
              const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
              if (by === undefined) return;
              event.preventDefault();
              const from = value ?? param.default;
              const step = param.scale === "log" ? Math.max(stepOf(param), from * 0.05) : stepOf(param);
              onChange(snap(param, from + by * step), true);
            }}
          />
        </div>
      )}
      <div className={`box${slider ? "" : none === undefined ? " short" : ""}${wrong === null ? "" : " invalid"}`}>
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          value={draft ?? (value === null ? "" : fieldText(value))}
          placeholder={none}
          aria-invalid={message !== undefined}
          aria-describedby={message === undefined ? undefined : `${id}m`}
          onChange={(event) => type(event.target.value)}
          onFocus={(event) => event.target.select()}
          onBlur={done}
          onKeyDown={keys}
        />
        {param.unit !== undefined && (value !== null || draft !== null) && <i>{unitSign(param.unit)}</i>}
      </div>
      {message !== undefined && (
        <div className="message" id={`${id}m`} role="status">
          {message}
        </div>
      )}
    </div>
  );
}

export function FlagField({ label, param, value, was, onChange }: FieldProps<FlagParam, boolean>) {
  const help = helpHandlers(label, param.help);
  return (
    <div className={`field wide${was === undefined ? "" : " changed"}`} {...help.row}>
      <span className="label" {...help.label}>
        {label}
      </span>
      <label className="toggle">
        <input
          type="checkbox"
          role="switch"
          aria-label={label}
          checked={value}
          onChange={(event) => onChange(event.target.checked, false)}
        />
        {param.word ?? (value ? "on" : "off")}
      </label>
    </div>
  );
}

export function ChoiceField({ label, param, value, was, onChange, error }: FieldProps<ChoiceParam, string>) {
  const id = useId();
  const help = helpHandlers(label, param.help);
  const segmented = fitsBeside(param.options.map((option) => option.label));
  return (
    <div className={`field wide${longClass(label)}${was === undefined ? "" : " changed"}`} {...help.row}>
      <label className="label" htmlFor={segmented ? undefined : id} {...help.label}>
        {label}
      </label>
      {segmented ? (
        <Segmented label={label} options={param.options} value={value} onChange={(next) => onChange(next, false)} />
      ) : (
        <Select id={id} value={value} onChange={(event) => onChange(event.target.value, false)}>
          {!param.options.some((option) => option.id === value) && <option value={value}>{value}</option>}
          {param.options.map((option) => (
            <option key={option.id} value={option.id}>
              {option.label}
            </option>
          ))}
        </Select>
      )}
      {error !== undefined && (
        <div className="message" role="status">
          {error}
        </div>
      )}
    </div>
  );
}

export function TextField({
  label,
  help: text,
  value,
  was,
  onChange,
  onEnd,
  error,
}: Omit<FieldProps<null, string>, "param"> & { readonly help: string }) {
  const id = useId();
  const [draft, setDraft] = useState<string | null>(null);
  const help = helpHandlers(label, text);
  return (
    <div className={`field wide${was === undefined ? "" : " changed"}`} {...help.row}>
      <label className="label" htmlFor={id} {...help.label}>
        {label}
      </label>
      <div className={`box text${error === undefined ? "" : " invalid"}`}>
        <input
          id={id}
          value={draft ?? value}
          maxLength={80}
          autoComplete="off"
          onChange={(event) => {
            setDraft(event.target.value);
            if (event.target.value.trim() !== "") onChange(event.target.value.trim(), true);
          }}
          onBlur={() => {
            setDraft(null);
            onEnd();
          }}
        />
      </div>
      {error !== undefined && <div className="message">{error}</div>}
    </div>
  );
}

type Rows = readonly (readonly number[])[];

/** One cell of a table: keeps what is typed, passes on what fits. */
function Cell({
  label,
  value,
  fits,
  onChange,
  onEnd,
}: {
  label: string;
  value: number;
  fits: (n: number) => boolean;
  onChange: (n: number) => void;
  onEnd: () => void;
}) {
  const [draft, setDraft] = useState<string | null>(null);
  const wrong = draft !== null && !fits(readNumber(draft));
  return (
    <div className={`box${wrong ? " invalid" : ""}`}>
      <input
        aria-label={label}
        aria-invalid={wrong}
        inputMode="decimal"
        value={draft ?? fieldText(value)}
        onChange={(event) => {
          setDraft(event.target.value);
          const number = readNumber(event.target.value);
          if (fits(number)) onChange(number);
        }}
        onBlur={() => {
          setDraft(null);
          onEnd();
        }}
      />
    </div>
  );
}

/** Longer tables stay folded until a person wants them. */
const OPEN_ROWS = 4;

/** Rows that are shown; longer tables (quantile tables of a measured workload) are edited in a scenario file. */
const MAX_ROWS = 24;

export function TableField({ label, param, value, was, onChange, onEnd }: FieldProps<TableParam, Rows>) {
  const help = helpHandlers(label, param.help);
  const replace = (r: number, c: number, number: number): Rows =>
    value.map((row, i) => (i === r ? row.map((cell, j) => (j === c ? number : cell)) : row));
  const [open, setOpen] = useState(value.length <= OPEN_ROWS);
  if (!open)
    return (
      <div className={`field wide${was === undefined ? "" : " changed"}`} {...help.row}>
        <span className="label" {...help.label}>
          {label}
        </span>
        <button type="button" className="text-button" onClick={() => setOpen(true)}>
          {value.length} rows
        </button>
      </div>
    );
  return (
    <div className={`field tall${was === undefined ? "" : " changed"}`} role="group" aria-label={label} {...help.row}>
      <span className="label" {...help.label}>
        {label}
      </span>
      <table className="rows-table">
        <thead>
          <tr>
            {param.columns.map((column) => (
              <th key={column.id} scope="col">
                {column.unit === undefined ? column.label : `${column.label}, ${unitSign(column.unit)}`}
              </th>
            ))}
            <th scope="col">
              <span className="visually-hidden">Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {value.slice(0, MAX_ROWS).map((row, r) => (
            <tr key={r}>
              {param.columns.map((column, c) => (
                <td key={column.id}>
                  <Cell
                    label={`${label}, row ${r + 1}, ${column.label}`}
                    value={row[c] ?? 0}
                    fits={(n) => n >= column.min && n <= column.max}
                    onChange={(n) => onChange(replace(r, c, n), true)}
                    onEnd={onEnd}
                  />
                </td>
              ))}
              <td>
                {value.length > 1 && (
                  <button
                    type="button"
                    className="remove"
                    aria-label={`Remove row ${r + 1}`}
                    onClick={() =>
                      onChange(
                        value.filter((_, i) => i !== r),
                        false,
                      )
                    }
                  >
                    <Icon name="cross" size={10} />
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {value.length > MAX_ROWS && <span className="quiet">{value.length - MAX_ROWS} more rows</span>}
      <button
        type="button"
        className="text-button"
        onClick={() => onChange([...value, value.at(-1) ?? param.columns.map((column) => column.min)], false)}
      >
        Add row
      </button>
    </div>
  );
}

/** The field of any parameter. */
export function ParamField(props: FieldProps<Param, ParamValue>) {
  switch (props.param.kind) {
    case "number":
      return <NumberField {...(props as unknown as NumberFieldProps)} />;
    case "flag":
      return <FlagField {...(props as unknown as FieldProps<FlagParam, boolean>)} />;
    case "choice":
      return <ChoiceField {...(props as unknown as FieldProps<ChoiceParam, string>)} />;
    case "table":
      return <TableField {...(props as unknown as FieldProps<TableParam, Rows>)} />;
    case "profile":
      // Knows what is kept on this machine: views/rail/profile-field.tsx.
      return null;
  }
}
