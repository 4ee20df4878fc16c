// The left column: what varies, how often, what is compared; run, progress, cancel.
import { useId, useMemo, useState } from "react";
import { axisValues } from "../../../analysis/axis-values.ts";
import { metricById, metrics, type Metric } from "../../../analysis/metrics.ts";
import { findingsOf } from "../../../analysis/findings.ts";
import { choice, integer, number } from "../../../engine/params.ts";
import { cancelSweep, poolSize, startSweep } from "../../rpc/sweep-control.ts";
import { experimentData, useExperimentStore } from "../../state/experiment-store.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { useViewStore, type SweepForm } from "../../state/view-store.ts";
import { ChoiceField, NumberField } from "../../ui/fields.tsx";
import { counted, integer as whole } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { axisUnit, inUnit } from "./units.ts";
import { complaintOf, formFor, objectivesOf, planOf } from "./form.ts";
import { firstValues, variablesOf, WHICH, type Variable } from "./parameters.ts";
import "./sweep.css";

const MOST_SEEDS = 30;
/** Values shown beside a range. */
const MOST_CHIPS = 14;
const seeds = integer(1, "Every setting runs with each seed, from the scenario's own on: settings are compared on the same traffic.", {
  label: "Seeds",
  min: 1,
  max: MOST_SEEDS,
});
const quantity = (label: string): ReturnType<typeof choice> =>
  choice("cost", Object.fromEntries(metrics.map(({ id, label: name }) => [id, name])), "One axis of the front.", label);

/** The form on the page, and how to change it. */
function useForm(): { readonly form: SweepForm; readonly set: (part: Partial<SweepForm>) => void } {
  const scenario = useScenarioStore((state) => state.scenario);
  const kept = useViewStore((state) => state.sweep);
  const form = useMemo(() => formFor(scenario, kept), [scenario, kept]);
  return { form, set: (part) => useViewStore.getState().setView({ sweep: { ...form, name: scenario.name, ...part } }) };
}

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
      <span className="select">
        <select
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
        </select>
        <Icon name="down" size={12} />
      </span>
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

function ValuesField({ form, complaint, onChange }: { form: SweepForm; complaint: string | null; onChange: (values: string) => void }) {
  const id = useId();
  const parsed = axisValues(form.values);
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
          value={form.values}
          onChange={(event) => onChange(event.target.value)}
        />
      </div>
      <div className="hint" id={`${id}h`} role="status">
        {complaint === null ? "A list, or from..to:step." : <span className="bad">{complaint}</span>}
      </div>
      {parsed.ok && complaint === null && /\.\./.test(form.values) && (
        <div className="chips" aria-hidden="true">
          {parsed.values.slice(0, MOST_CHIPS).map((value) => (
            <span key={value} className="chip">
              {value}
            </span>
          ))}
          {parsed.values.length > MOST_CHIPS && <span className="chip more">{whole(parsed.values.length - MOST_CHIPS)} more</span>}
        </div>
      )}
    </>
  );
}

function AxisFields({ form, set, complaint }: { form: SweepForm; set: (part: Partial<SweepForm>) => void; complaint: string | null }) {
  const scenario = useScenarioStore((state) => state.scenario);
  const variables = useMemo(() => variablesOf(scenario), [scenario]);
  const variable = variables.find(({ path }) => path === form.path);
  const parsed = axisValues(form.values);
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
  return (
    <section className="axis" aria-label="What varies">
      <header>
        <h3>{variable === undefined ? form.path : variable.label === WHICH ? variable.group : variable.label}</h3>
        <span>
          {unit}
          {parsed.ok ? counted(parsed.values.length, "value") : "no values"}
        </span>
      </header>
      <ParameterSelect variables={variables} path={form.path} onChange={(next) => set({ path: next.path, values: firstValues(next) })} />
      {options === null ? (
        <ValuesField form={form} complaint={complaint} onChange={(values) => set({ values })} />
      ) : (
        <OptionChips options={options} values={parsed.ok ? parsed.values : []} onChange={(values) => set({ values })} />
      )}
      {options !== null && complaint !== null && <div className="hint bad">{complaint}</div>}
    </section>
  );
}

function ReferenceField({
  metric,
  at,
  value,
  auto,
  onChange,
}: {
  metric: Metric;
  at: string;
  value: number | null;
  auto: number | null;
  onChange: (value: number | null) => void;
}) {
  // Shares are shown and typed in percent, as on the axis.
  const factor = metric.unit === "share" ? 100 : 1;
  const param = number(
    1,
    "A value of the reference: the corner up to which the hypervolume counts. Empty: a little beyond the worst setting.",
    {
      label: at,
      min: metric.wantsMore ? 0 : 1e-6,
      max: metric.wantsMore ? 99.99 : 1e9,
      step: metric.unit === "s" ? 0.05 : 1,
      unit: axisUnit(metric),
    },
  );
  const none = auto === null ? "automatic" : metric.wantsMore ? inUnit(metric, auto) : `${inUnit(metric, auto)}, automatic`;
  return (
    <NumberField
      label={param.label}
      param={param}
      value={value === null ? null : Number((value * factor).toPrecision(12))}
      none={none}
      onChange={(next) => onChange(next === null ? null : Number((next / factor).toPrecision(12)))}
      onEnd={() => undefined}
    />
  );
}

/** One square per run: done, running, failed, to come. A large sweep has one for several. */
function Squares() {
  useExperimentStore((state) => state.revision);
  const phase = useExperimentStore((state) => state.phase);
  const { plan, runs, failed } = experimentData;
  if (plan === null) return null;
  const total = plan.runs.length;
  const each = Math.ceil(total / 360);
  const ended = runs.length + failed.length;
  const running = phase === "running" ? Math.min(poolSize(), total - ended) : 0;
  return (
    <div className="squares" aria-hidden="true">
      {Array.from({ length: Math.ceil(total / each) }, (_, i) => {
        const at = i * each;
        const state = at < runs.length ? "done" : at < ended ? "failed" : at < ended + running ? "running" : "";
        return <i key={i} className={state} />;
      })}
    </div>
  );
}

function Progress({ form, complaint }: { form: SweepForm; complaint: string | null }) {
  const phase = useExperimentStore((state) => state.phase);
  const ended = useExperimentStore((state) => state.ended);
  const error = useExperimentStore((state) => state.error);
  useExperimentStore((state) => state.revision);
  const [trouble, setTrouble] = useState<string | null>(null);
  const { plan, failed } = experimentData;
  const total = plan?.runs.length ?? 0;
  const run = (): void => {
    const outcome = planOf(useScenarioStore.getState().scenario, form);
    setTrouble(outcome.ok ? null : outcome.error);
    if (outcome.ok) void startSweep(outcome.plan);
  };
  const first = failed[0];
  return (
    <section className="progress" aria-label="Progress">
      {/* Spoken at its beginning and end, not run by run. */}
      <p className="visually-hidden" role="status">
        {phase === "running"
          ? `The sweep runs, ${counted(total, "run")}.`
          : phase === "finished"
            ? "The sweep is done."
            : phase === "cancelled"
              ? "The sweep is cancelled."
              : ""}
      </p>
      {plan !== null && (
        <>
          <div className="line">
            <b>{phase === "running" || phase === "cancelled" ? `${whole(ended)} of ${counted(total, "run")}` : counted(total, "run")}</b>
            <span>
              {phase === "running" ? `${counted(poolSize(), "worker")}` : phase === "cancelled" ? "cancelled, the rest is kept" : "done"}
            </span>
          </div>
          <Squares />
        </>
      )}
      {first !== undefined && (
        <p className="hint bad">
          {counted(failed.length, "run")} could not run. {first.error}
        </p>
      )}
      {(trouble ?? error) !== null && (
        <p className="hint bad" role="alert">
          {trouble ?? error}
        </p>
      )}
      <div className="buttons">
        {phase === "running" ? (
          <button type="button" className="button" onClick={cancelSweep}>
            Cancel, keep results
          </button>
        ) : (
          <button type="button" className="button ink" disabled={complaint !== null} onClick={run}>
            <Icon name="play" />
            {plan === null ? "Run the sweep" : "Run again"}
          </button>
        )}
      </div>
    </section>
  );
}

export function SweepRail() {
  const scenario = useScenarioStore((state) => state.scenario);
  const revision = useExperimentStore((state) => state.revision);
  const { form, set } = useForm();
  const complaint = useMemo(() => complaintOf(scenario, form), [scenario, form]);
  const parsed = axisValues(form.values);
  const objectives = objectivesOf(form);
  const [mx, my] = [metricById(objectives.x), metricById(objectives.y)];
  // By their units, where these tell them apart.
  const [ux, uy] = [axisUnit(mx), axisUnit(my)];
  const references = ux === uy ? (["Ref. across", "Ref. up"] as const) : ([`Reference ${ux}`, `Reference ${uy}`] as const);
  const auto = useMemo(() => {
    const { plan, runs } = experimentData;
    return plan === null || runs.length === 0
      ? null
      : findingsOf(runs, plan.settings.length, { ...objectives, reference: [null, null] }).reference;
  }, [objectives.x, objectives.y, revision]);
  return (
    <aside className="sweep-rail" aria-label="Sweep">
      <header className="sweep-head">
        <h2>Sweep</h2>
        <span title={scenario.name}>on “{scenario.name}”</span>
      </header>
      <AxisFields form={form} set={set} complaint={complaint} />
      <section className="axis" aria-label="Runs">
        <header>
          <h3>Runs</h3>
          <span>
            {parsed.ok ? counted(parsed.values.length, "setting") : "no settings"} × {counted(form.seeds, "seed")}
          </span>
        </header>
        <NumberField
          label="Seeds"
          param={seeds}
          value={form.seeds}
          onChange={(value) => set({ seeds: value ?? 1 })}
          onEnd={() => undefined}
        />
      </section>
      <section className="axis" aria-label="Objectives">
        <header>
          <h3>Objectives</h3>
          <span>{mx.wantsMore || my.wantsMore ? "2" : "2, both lower"}</span>
        </header>
        <ChoiceField
          label="Across"
          param={quantity("Across")}
          value={objectives.x}
          onChange={(x) => set({ x, reference: [null, form.reference[1]] })}
          onEnd={() => undefined}
        />
        <ChoiceField
          label="Up"
          param={quantity("Up")}
          value={objectives.y}
          onChange={(y) => set({ y, reference: [form.reference[0], null] })}
          onEnd={() => undefined}
        />
        <ReferenceField
          metric={mx}
          at={references[0]}
          value={form.reference[0]}
          auto={auto?.[0] ?? null}
          onChange={(value) => set({ reference: [value, form.reference[1]] })}
        />
        <ReferenceField
          metric={my}
          at={references[1]}
          value={form.reference[1]}
          auto={auto?.[1] ?? null}
          onChange={(value) => set({ reference: [form.reference[0], value] })}
        />
      </section>
      <Progress form={form} complaint={complaint} />
    </aside>
  );
}
