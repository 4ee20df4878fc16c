// One parameter that varies: which, and its values as options, a list or a range.
import { useId, useMemo } from "react";
import { integer, number } from "../../../engine/params.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { NumberField } from "../../ui/fields.tsx";
import { counted, integer as whole } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { Select } from "../../ui/select.tsx";
import { axisComplaint, valuesOf } from "./form.ts";
import type { AxisForm, RangeForm, SweepForm } from "./form-types.ts";
import { firstRange, firstValues, isWhole, variablesOf, WHICH, type Variable } from "./parameters.ts";

/** Values shown beside a range. */
const MOST_CHIPS = 14;

/** "GPU" and "KV blocks" keep their capitals. */
const inSentence = (label: string): string => (/^[A-Z]{2}/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1));

function ParameterSelect({
  variables,
  path,
  onChange,
}: {
  variables: readonly Variable[];
  path: string;
  onChange: (variable: Variable) => void;
}) {
  const id = useId();
  const groups = [...new Set(variables.map(({ group }) => group))];
  return (
    <div className="field wide">
      <label className="label" htmlFor={id}>
        Vary
      </label>
      <Select
        id={id}
        value={path}
        onChange={(event) => {
          const next = variables.find((variable) => variable.path === event.target.value);
          if (next !== undefined) onChange(next);
        }}
      >
        {!variables.some((variable) => variable.path === path) && <option value={path}>{path}</option>}
        {groups.map((group) => (
          <optgroup key={group} label={group}>
            {variables
              .filter((variable) => variable.group === group)
              .map(({ path: at, label }) => (
                <option key={at} value={at}>
                  {group}: {inSentence(label)}
                </option>
              ))}
          </optgroup>
        ))}
      </Select>
    </div>
  );
}

/** Options to tick; the last one stays. */
function OptionChips({
  options,
  values,
  onChange,
}: {
  options: readonly { id: string; label: string }[];
  values: readonly string[];
  onChange: (values: string) => void;
}) {
  return (
    <div className="chips" role="group" aria-label="Values">
      {options.map(({ id, label }) => {
        const on = values.includes(id);
        return (
          <button
            key={id}
            type="button"
            className="chip"
            aria-pressed={on}
            disabled={on && values.length === 1}
            onClick={() =>
              onChange(
                options
                  .filter((option) => (option.id === id ? !on : values.includes(option.id)))
                  .map((option) => option.id)
                  .join(","),
              )
            }
          >
            {label}
          </button>
        );
      })}
    </div>
  );
}

function ValueChips({ values }: { readonly values: readonly string[] }) {
  return (
    <div className="chips" aria-hidden="true">
      {values.slice(0, MOST_CHIPS).map((value) => (
        <span key={value} className="chip">
          {value}
        </span>
      ))}
      {values.length > MOST_CHIPS && <span className="chip more">{whole(values.length - MOST_CHIPS)} more</span>}
    </div>
  );
}

function ListField({ axis, complaint, onChange }: { axis: AxisForm; complaint: string | null; onChange: (values: string) => void }) {
  const id = useId();
  const parsed = valuesOf(axis, undefined);
  return (
    <>
      <div className={`box text values${complaint === null ? "" : " invalid"}`}>
        <input
          id={id}
          aria-label="Values"
          aria-invalid={complaint !== null}
          aria-describedby={`${id}h`}
          autoComplete="off"
          spellCheck={false}
          value={axis.values}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <div className="hint" id={`${id}h`} role="status">
        {complaint === null ? "A list, or from..to:step." : <span className="bad">{complaint}</span>}
      </div>
      {parsed.ok && complaint === null && /\.\./.test(axis.values) && <ValueChips values={parsed.values} />}
    </>
  );
}

function RangeFields({
  range,
  variable,
  drawn,
  complaint,
  values,
  onChange,
}: {
  range: RangeForm;
  variable: Variable;
  drawn: boolean;
  complaint: string | null;
  values: readonly string[];
  onChange: (range: RangeForm) => void;
}) {
  const { param } = variable;
  const end = (key: "from" | "to", label: string) => (
    <NumberField
      label={label}
      param={number(range[key], `${label === "From" ? "The first" : "The last"} value of the range.`, {
        label,
        min: param.kind === "number" ? param.min : 0,
        // No slider: a range has ends of its own.
        max: 1e15,
      })}
      value={range[key]}
      onChange={(value) => value !== null && onChange({ ...range, [key]: isWhole(variable) ? Math.round(value) : value })}
      onEnd={() => undefined}
    />
  );
  return (
    <>
      {end("from", "From")}
      {end("to", "To")}
      {!drawn && (
        <NumberField
          label="Values"
          param={integer(5, "How many values, both ends among them.", { label: "Values", min: 2, max: 200 })}
          value={range.count}
          onChange={(count) => count !== null && onChange({ ...range, count })}
          onEnd={() => undefined}
        />
      )}
      {complaint !== null ? (
        <div className="hint bad" role="status">
          {complaint}
        </div>
      ) : drawn ? (
        <div className="hint">Any value in between is drawn{range.scale === "log" ? ", evenly by ratio" : ""}.</div>
      ) : (
        <ValueChips values={values} />
      )}
    </>
  );
}

const KINDS = [
  { id: "list", label: "List" },
  { id: "linear", label: "Range" },
  { id: "log", label: "Log range" },
] as const;

interface Props {
  readonly form: SweepForm;
  readonly at: number;
  readonly onChange: (axis: AxisForm) => void;
  /** Null: the only one stays. */
  readonly onRemove: (() => void) | null;
}

export function AxisFields({ form, at, onChange, onRemove }: Props) {
  const scenario = useScenarioStore((state) => state.scenario);
  const variables = useMemo(() => variablesOf(scenario), [scenario]);
  const complaint = useMemo(() => axisComplaint(scenario, form, at), [scenario, form, at]);
  const axis = form.axes[at]!;
  const variable = variables.find(({ path }) => path === axis.path);
  const parsed = valuesOf(axis, variable);
  const options =
    variable?.param.kind === "choice"
      ? variable.param.options
      : variable?.param.kind === "flag"
        ? [
            { id: "false", label: "off" },
            { id: "true", label: "on" },
          ]
        : null;
  const unit = variable?.param.kind === "number" && variable.param.unit !== undefined ? `${variable.param.unit}, ` : "";
  const drawn = form.design !== "grid" && axis.range !== undefined;
  const name = variable === undefined ? axis.path : variable.label === WHICH ? variable.group : variable.label;
  return (
    <section className="axis" aria-label={form.axes.length === 1 ? "What varies" : `What varies, ${at + 1}: ${name}`}>
      <header>
        <h3>{name}</h3>
        <span>
          {unit}
          {drawn ? "drawn" : parsed.ok ? counted(parsed.values.length, "value") : "no values"}
        </span>
        {onRemove !== null && (
          <button type="button" className="remove" aria-label={`Do not vary ${inSentence(name)}`} onClick={onRemove}>
            <Icon name="cross" size={10} />
          </button>
        )}
      </header>
      <ParameterSelect
        variables={variables}
        path={axis.path}
        onChange={(next) => onChange({ path: next.path, values: firstValues(next) })}
      />
      {variable?.param.kind === "number" && (
        <Segmented
          label="Given as"
          options={KINDS}
          value={axis.range?.scale ?? "list"}
          onChange={(kind) => {
            const { path } = axis;
            if (kind === "list") onChange({ path, values: parsed.ok ? parsed.values.join(",") : axis.values });
            else {
              const range = axis.range === undefined ? firstRange(variable, kind) : { ...axis.range, scale: kind };
              if (range !== null) onChange({ path, values: axis.values, range });
            }
          }}
        />
      )}
      {options !== null ? (
        <OptionChips
          options={options}
          values={parsed.ok ? parsed.values : []}
          onChange={(values) => onChange({ path: axis.path, values })}
        />
      ) : axis.range !== undefined && variable !== undefined ? (
        <RangeFields
          range={axis.range}
          variable={variable}
          drawn={drawn}
          complaint={complaint}
          values={parsed.ok ? parsed.values : []}
          onChange={(range) => onChange({ ...axis, range })}
        />
      ) : (
        <ListField axis={axis} complaint={complaint} onChange={(values) => onChange({ path: axis.path, values })} />
      )}
      {options !== null && complaint !== null && <div className="hint bad">{complaint}</div>}
    </section>
  );
}
