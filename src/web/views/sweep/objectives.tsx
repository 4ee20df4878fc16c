// What settings are compared by: two quantities, their reference, constraints, and the axis by which fronts are told apart.
import { useMemo } from "react";
import type { Constraint } from "../../../analysis/experiment.ts";
import { findingsOf } from "../../../analysis/findings.ts";
import { isMetricId, metricById, metrics, type Metric } from "../../../analysis/metrics.ts";
import { choice, number } from "../../../engine/params.ts";
import { experimentData, useExperimentStore } from "../../state/experiment-store.ts";
import { ChoiceField, NumberField } from "../../ui/fields.tsx";
import { Icon } from "../../ui/icons.tsx";
import { objectivesOf } from "./form.ts";
import type { SweepForm } from "./form-types.ts";
import { groupsOf, splittable } from "./groups.ts";
import { namedAxes } from "./labels.ts";
import { axisUnit, inUnit } from "./units.ts";

const quantities = Object.fromEntries(metrics.map(({ id, label }) => [id, label]));
const quantity = (label: string, help = "One axis of the front."): ReturnType<typeof choice> => choice("cost", quantities, help, label);
/** Shares are shown and typed in percent, as on the axis. */
const factorOf = (metric: Metric): number => (metric.unit === "share" ? 100 : 1);
const typed = (metric: Metric, value: number): number => Number((value * factorOf(metric)).toPrecision(12));
const meant = (metric: Metric, value: number): number => Number((value / factorOf(metric)).toPrecision(12));

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
  const share = metric.unit === "share";
  const param = number(
    1,
    "A value of the reference: the corner up to which the hypervolume counts. Empty: a little beyond the worst setting.",
    {
      label: at,
      min: share ? 0 : 1e-6,
      max: share ? 99.99 : 1e9,
      step: metric.unit === "s" ? 0.05 : 1,
      unit: axisUnit(metric),
    },
  );
  const none = auto === null ? "automatic" : share ? inUnit(metric, auto) : `${inUnit(metric, auto)}, automatic`;
  return (
    <NumberField
      label={param.label}
      param={param}
      value={value === null ? null : typed(metric, value)}
      none={none}
      onChange={(next) => onChange(next === null ? null : meant(metric, next))}
      onEnd={() => undefined}
    />
  );
}

/** A quantity and its limit: at least where it is to be large, else at most. */
function ConstraintField({
  constraint,
  onChange,
  onRemove,
}: {
  constraint: Constraint;
  onChange: (constraint: Constraint) => void;
  onRemove: () => void;
}) {
  const metric = metricById(constraint.metric);
  const limit = constraint.atMost ?? constraint.atLeast ?? 0;
  const of = (id: Constraint["metric"], value: number): Constraint =>
    metricById(id).wantsMore ? { metric: id, atLeast: value } : { metric: id, atMost: value };
  const word = metric.wantsMore ? "At least" : "At most";
  return (
    <div className="constraint" role="group" aria-label={`Constraint: ${metric.label}`}>
      <ChoiceField
        label="Keep"
        param={quantity("Keep", "Settings that miss the limit, in the mean over their seeds, do not count for the front.")}
        value={constraint.metric}
        onChange={(id) => {
          if (isMetricId(id)) onChange(of(id, usualLimit(metricById(id))));
        }}
        onEnd={() => undefined}
      />
      <div className="with-remove">
        <NumberField
          label={word}
          param={number(1, "The limit, in the unit of the quantity.", {
            label: word,
            min: 0,
            max: metric.unit === "share" ? 100 : 1e9,
            step: metric.unit === "s" ? 0.05 : 1,
            unit: axisUnit(metric),
          })}
          value={typed(metric, limit)}
          onChange={(value) => value !== null && onChange(of(constraint.metric, meant(metric, value)))}
          onEnd={() => undefined}
        />
        <button type="button" className="remove" aria-label={`Remove the constraint on ${metric.label}`} onClick={onRemove}>
          <Icon name="cross" size={10} />
        </button>
      </div>
    </div>
  );
}

const usualLimit = (metric: Metric): number => (metric.unit === "share" ? 0.9 : metric.unit === "s" ? 2 : metric.unit === "$/h" ? 50 : 1);
const MOST_CONSTRAINTS = 4;

/** Which axis has a front for each of its values. */
function SplitField({ form, set }: { form: SweepForm; set: (part: Partial<SweepForm>) => void }) {
  useExperimentStore((state) => state.phase);
  const { plan } = experimentData;
  if (plan === null) return null;
  const can = splittable(plan);
  if (can.length === 0) return null;
  const named = namedAxes(plan.experiment.base, plan.experiment.axes).filter(({ path }) => can.includes(path));
  const { by } = groupsOf(plan, form.split);
  const options = { "": "one front", ...Object.fromEntries(named.map(({ path, name }) => [path, name])) };
  return (
    <ChoiceField
      label="A front per"
      param={choice("", options, "A front for each value of this parameter, beside the front of all settings.", "A front per")}
      value={by ?? ""}
      onChange={(path) => set({ split: path === "" ? null : path })}
      onEnd={() => undefined}
    />
  );
}

export function ObjectiveFields({ form, set }: { form: SweepForm; set: (part: Partial<SweepForm>) => void }) {
  const slowRevision = useExperimentStore((state) => state.slowRevision);
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
  }, [objectives.x, objectives.y, slowRevision]);
  const { constraints } = form;
  const put = (i: number, next: readonly Constraint[]): void => set({ constraints: constraints.toSpliced(i, 1, ...next) });
  return (
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
      <SplitField form={form} set={set} />
      {constraints.map((constraint, i) => (
        <ConstraintField key={i} constraint={constraint} onChange={(next) => put(i, [next])} onRemove={() => put(i, [])} />
      ))}
      {constraints.length < MOST_CONSTRAINTS && (
        <button
          type="button"
          className="add"
          onClick={() => set({ constraints: [...constraints, { metric: "slo", atLeast: usualLimit(metricById("slo")) }] })}
        >
          <Icon name="plus" size={12} /> Add a constraint
        </button>
      )}
    </section>
  );
}
