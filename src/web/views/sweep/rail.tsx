// The left column: what varies, how often, what is compared; run, progress, cancel.
import { useEffect, useMemo } from "react";
import { choice, flag, integer } from "../../../engine/params.ts";
import { cores } from "../../rpc/cores.ts";
import { poolSize, setPoolSize } from "../../rpc/run-pool.ts";
import { restoreSweep } from "../../rpc/sweep-control.ts";
import { useExperimentStore } from "../../state/experiment-store.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { useViewStore } from "../../state/view-store.ts";
import { ChoiceField, FlagField, NumberField } from "../../ui/fields.tsx";
import { counted } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { AxisFields } from "./axis-fields.tsx";
import { complaintOf, formFor, settingsOf } from "./form.ts";
import { MOST_AXES, MOST_DRAWN, MOST_SEEDS, type AxisForm, type Design, type SweepForm } from "./form-types.ts";
import { ObjectiveFields } from "./objectives.tsx";
import { firstValues, variablesOf } from "./parameters.ts";
import { Progress } from "./progress.tsx";
import "./sweep.css";

const seeds = integer(1, "Every setting runs with each seed, from the scenario's own on: settings are compared on the same traffic.", {
  label: "Seeds",
  min: 1,
  max: MOST_SEEDS,
});
const drawn = integer(32, "Settings that are drawn. Each runs with every seed.", { label: "Settings", min: 2, max: MOST_DRAWN });
const design = choice(
  "grid",
  { grid: "Grid", random: "Random", "latin-hypercube": "Latin" },
  "Grid: every combination of values. Random: each parameter by itself. Latin hypercube: as random, with every part of every range once.",
  "Design",
);
const stop = flag(
  false,
  "From three seeds on, a setting that another one beats in both objectives with 95 % confidence gets no further seeds.",
  {
    label: "Stop early",
  },
);
const workers = integer(2, "Runs that go on at the same time. One per core is the fastest.", { label: "Workers", min: 1, max: 64 });

/** The form on the page, and how to change it. */
function useForm(): { readonly form: SweepForm; readonly set: (part: Partial<SweepForm>) => void } {
  const scenario = useScenarioStore((state) => state.scenario);
  const kept = useViewStore((state) => state.sweep);
  const form = useMemo(() => formFor(scenario, kept), [scenario, kept]);
  return { form, set: (part) => useViewStore.getState().setView({ sweep: { ...form, name: scenario.name, ...part } }) };
}

/** Another parameter: the first that people vary and that does not vary yet. */
function nextAxis(form: SweepForm): AxisForm | null {
  const free = variablesOf(useScenarioStore.getState().scenario).filter(({ path }) => !form.axes.some((axis) => axis.path === path));
  const usual = ["pools[0].replicas", "pools[0].batching", "pools[0].gpu", "routing"];
  const next = usual.flatMap((path) => free.find((variable) => variable.path === path) ?? [])[0] ?? free[0];
  return next === undefined ? null : { path: next.path, values: firstValues(next) };
}

function RunFields({ form, set }: { form: SweepForm; set: (part: Partial<SweepForm>) => void }) {
  const scenario = useScenarioStore((state) => state.scenario);
  const running = useExperimentStore((state) => state.phase === "running" || state.phase === "paused");
  // Redraws with the number of workers.
  useViewStore((state) => state.sweep);
  const settings = settingsOf(scenario, form);
  return (
    <section className="axis" aria-label="Runs">
      <header>
        <h3>Runs</h3>
        <span>
          {settings === null ? "no settings" : counted(settings, "setting")} × {counted(form.seeds, "seed")}
        </span>
      </header>
      {form.axes.length > 1 || form.design !== "grid" ? (
        <ChoiceField
          label="Design"
          param={design}
          value={form.design}
          onChange={(next) => set({ design: next as Design })}
          onEnd={() => undefined}
        />
      ) : null}
      {form.design !== "grid" && (
        <NumberField
          label="Settings"
          param={drawn}
          value={form.settings}
          onChange={(value) => set({ settings: value ?? 32 })}
          onEnd={() => undefined}
        />
      )}
      <NumberField
        label="Seeds"
        param={seeds}
        value={form.seeds}
        onChange={(value) => set({ seeds: value ?? 1 })}
        onEnd={() => undefined}
      />
      {form.seeds > 3 && (
        <FlagField
          label="Stop early"
          param={stop}
          value={form.stop === true}
          onChange={(value) => set({ stop: value })}
          onEnd={() => undefined}
        />
      )}
      {!running && (
        <NumberField
          label="Workers"
          param={{ ...workers, max: Math.max(8, 2 * cores()) }}
          value={poolSize()}
          onChange={(value) => {
            setPoolSize(value);
            set({});
          }}
          onEnd={() => undefined}
        />
      )}
    </section>
  );
}

export function SweepRail() {
  const scenario = useScenarioStore((state) => state.scenario);
  const { form, set } = useForm();
  const complaint = useMemo(() => complaintOf(scenario, form), [scenario, form]);
  useEffect(() => void restoreSweep(), []);
  const put = (at: number, next: readonly AxisForm[]): void => set({ axes: form.axes.toSpliced(at, 1, ...next), split: undefined });
  return (
    <aside className="sweep-rail" aria-label="Sweep">
      <header className="sweep-head">
        <h2>Sweep</h2>
        <span title={scenario.name}>on “{scenario.name}”</span>
      </header>
      {form.axes.map((_, at) => (
        <AxisFields
          key={at}
          form={form}
          at={at}
          onChange={(axis) => put(at, [axis])}
          onRemove={form.axes.length > 1 ? () => put(at, []) : null}
        />
      ))}
      {form.axes.length < MOST_AXES && (
        <button
          type="button"
          className="add row"
          onClick={() => {
            const axis = nextAxis(form);
            if (axis !== null) set({ axes: [...form.axes, axis] });
          }}
        >
          <Icon name="plus" size={12} /> Vary another parameter
        </button>
      )}
      <RunFields form={form} set={set} />
      <ObjectiveFields form={form} set={set} />
      <Progress form={form} complaint={complaint} />
    </aside>
  );
}
