// Comparison: the present scenario against others on the same traffic, replication by replication.
import { useId, useMemo, useState } from "react";
import { isMetricId, metrics, type MetricId } from "../../../analysis/metrics.ts";
import { seedsFrom } from "../../../analysis/plan.ts";
import type { Comparison, ComparisonProgress, ComparisonResult, Settling } from "../../../analysis/types.ts";
import { choice, integer } from "../../../engine/params.ts";
import { presets } from "../../../scenario/presets/index.ts";
import { questionControl } from "../../rpc/question-control.ts";
import { experimentData, useExperimentStore } from "../../state/experiment-store.ts";
import { questionStore } from "../../state/question.ts";
import { useScenarioStore } from "../../state/scenario-store.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { ChoiceField, NumberField } from "../../ui/fields.tsx";
import { counted, percent } from "../../ui/format.ts";
import { Icon } from "../../ui/icons.tsx";
import { Select } from "../../ui/select.tsx";
import { Ask } from "../questions/ask.tsx";
import { ToggleChips } from "../questions/toggle-chips.tsx";
import { setForm, useForms } from "../questions/use-forms.ts";
import { useExperiment } from "../sweep/use-experiment.ts";
import { variablesOf, WHICH } from "../sweep/parameters.ts";
import { named, type Known } from "./scenarios.ts";
import { differencesTable, selectDifferences, windowText, type DifferenceCell } from "./select.ts";
import "./comparison.css";

const useComparison = questionStore<Comparison, ComparisonProgress, ComparisonResult>();
const comparison = questionControl(useComparison, async () => {
  const { compareScenarios } = await import("../../../analysis/comparison.ts");
  return (input, run, asked) => compareScenarios(run, input, asked);
});

const CONFIDENCE = 0.95;
const POWER = 0.9;
const MOST_OTHERS = 6;
/** Settings of the front that are offered. */
const MOST_SETTINGS = 12;

const seedsParam = integer(
  10,
  "Replications. Each runs every scenario with the same draws, so that differences are of the scenarios and not of luck.",
  {
    label: "Seeds",
    min: 2,
    max: 100,
  },
);
const differenceParam = choice(
  "0.05",
  { "0.02": "2 %", "0.05": "5 %", "0.1": "10 %" },
  "The relative difference that matters to you: the replications that would find it are recommended.",
  "That matters",
);

function useKnown(): Known {
  const scenario = useScenarioStore((state) => state.scenario);
  const pinned = useScenarioStore((state) => state.baseline);
  useExperimentStore((state) => state.phase);
  return { scenario, pinned, plan: experimentData.plan };
}

const add = (others: readonly string[], id: string): void =>
  setForm("comparison", { others: [...new Set([...others, id])].slice(0, MOST_OTHERS) });

/** "with ... = ...": a change of the present scenario. */
function AddChange({ others, known }: { others: readonly string[]; known: Known }) {
  const variables = useMemo(() => variablesOf(known.scenario), [known.scenario]);
  const [path, setPath] = useState("pools[0].replicas");
  const [value, setValue] = useState("");
  const variable = variables.find((entry) => entry.path === path) ?? variables[0];
  const id = useId();
  const options = variable?.param.kind === "choice" ? variable.param.options : null;
  const chosen =
    options === null
      ? value
      : options.some((option) => option.id === value)
        ? value
        : (options.find((option) => option.id !== variable?.value)?.id ?? "");
  const assignment = `set:${path}=${chosen}`;
  const outcome = chosen.trim() === "" ? null : named(assignment, known);
  return (
    <form
      className="add-change"
      onSubmit={(event) => {
        event.preventDefault();
        if (outcome?.ok === true) {
          add(others, assignment);
          setValue("");
        }
      }}
    >
      <div className="field wide">
        <label className="label" htmlFor={id}>
          Change
        </label>
        <Select id={id} value={path} onChange={(event) => (setPath(event.target.value), setValue(""))}>
          {variables.map(({ path: at, group, label }) => (
            <option key={at} value={at}>
              {label === WHICH ? group : `${group}: ${label}`}
            </option>
          ))}
        </Select>
      </div>
      <div className="field wide">
        <label className="label" htmlFor={`${id}v`}>
          to
        </label>
        {options === null ? (
          <div className={`box text${outcome?.ok === false ? " invalid" : ""}`}>
            <input
              id={`${id}v`}
              autoComplete="off"
              value={value}
              placeholder={String(variable?.value ?? "")}
              onChange={(event) => setValue(event.target.value)}
            />
          </div>
        ) : (
          <Select id={`${id}v`} value={chosen} onChange={(event) => setValue(event.target.value)}>
            {options.map((option) => (
              <option key={option.id} value={option.id}>
                {option.label}
              </option>
            ))}
          </Select>
        )}
      </div>
      {outcome?.ok === false && <p className="hint bad">{outcome.error}</p>}
      <button type="submit" className="button" disabled={outcome?.ok !== true || others.length >= MOST_OTHERS}>
        Add this change
      </button>
    </form>
  );
}

/** Whole scenarios: the pinned run, settings on the front of the sweep, presets. */
function AddOther({ others, known }: { others: readonly string[]; known: Known }) {
  const experiment = useExperiment(true);
  const id = useId();
  const front = (experiment?.findings.front ?? []).slice(0, MOST_SETTINGS);
  return (
    <div className="field wide">
      <label className="label" htmlFor={id}>
        Or add
      </label>
      <Select id={id} value="" disabled={others.length >= MOST_OTHERS} onChange={(event) => add(others, event.target.value)}>
        <option value="">a whole scenario</option>
        {known.pinned !== null && <option value="pinned">The pinned run</option>}
        {front.length > 0 && (
          <optgroup label="On the front of the sweep">
            {front.map((setting) => (
              <option key={setting} value={`setting:${setting}`}>
                {experiment?.labels[setting]}
              </option>
            ))}
          </optgroup>
        )}
        <optgroup label="Presets">
          {presets.map((preset) => (
            <option key={preset.id} value={`preset:${preset.id}`}>
              {preset.scenario.name}
            </option>
          ))}
        </optgroup>
      </Select>
    </div>
  );
}

/** The interval about 0, on the scale of its column. */
function Interval({ cell: { at, from, to, reading } }: { readonly cell: DifferenceCell }) {
  const x = (share: number): number => 4 + 112 * share;
  const color = reading === "better" ? "var(--green)" : reading === "worse" ? "var(--vermillion)" : "var(--ghost)";
  return (
    <svg width={120} height={18} aria-hidden="true">
      <path d="M60 2V16" stroke="var(--line-strong)" />
      <path d={`M${x(from)} 9H${x(to)}`} stroke={color} strokeWidth={1.6} />
      <circle cx={x(at)} cy={9} r={3.4} fill={reading === "none" ? "var(--paper)" : color} stroke={color} strokeWidth={1.2} />
    </svg>
  );
}

/** Where each scenario is steady, on the arrivals of a run; what counts is framed. */
function SettlingStrip({
  labels,
  settling,
  window,
}: {
  labels: readonly string[];
  settling: readonly Settling[];
  window: readonly [number, number];
}) {
  return (
    <table className="settling">
      <tbody>
        {settling.map(({ from, to }, i) => (
          <tr key={i}>
            <th scope="row">{labels[i]}</th>
            <td>
              <span className="strip" aria-hidden="true">
                <i style={{ left: `${100 * from}%`, right: `${100 * (1 - to)}%` }} />
                <b style={{ left: `${100 * window[0]}%`, right: `${100 * (1 - window[1])}%` }} />
              </span>
            </td>
            <td>
              steady from {percent(from, 0)} to {percent(to, 0)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Result({ asked, result }: { readonly asked: Comparison; readonly result: ComparisonResult }) {
  const palette = usePalette();
  const model = useMemo(() => selectDifferences(result), [result]);
  const labels = asked.scenarios.map(({ label }) => label);
  return (
    <>
      <section className="panel" aria-label="Differences">
        <SectionHead
          title="Differences"
          phrase={`paired by seed against ${result.baseline}; ${counted(asked.seeds.length, "replication")}; all ${result.tests} intervals hold together with 95 % confidence`}
          exports={{ title: "Comparison", palette, table: () => differencesTable(result) }}
        />
        <div className="table-scroll" tabIndex={0} role="region" aria-label="Differences, table">
          <table className="answer-table">
            <thead>
              <tr>
                <th scope="col">Scenario</th>
                {model.columns.map(({ metric, ends }) => [
                  <th key={metric.id} scope="col">
                    {metric.short}
                  </th>,
                  <th key={`${metric.id} scale`} scope="col" className="ends">
                    <span>{ends[0]}</span>
                    <span>0</span>
                    <span>{ends[1]}</span>
                  </th>,
                ])}
                <th scope="col" className="left">
                  Reading
                </th>
              </tr>
            </thead>
            <tbody>
              {model.rows.map(({ label, cells, reading }) => (
                <tr key={label}>
                  <th scope="row">{label}</th>
                  {cells.map((cell) => [
                    <td key={cell.metric.id} title={cell.sentence}>
                      <span className={cell.reading}>{cell.value}</span> <small>{cell.interval}</small>
                    </td>,
                    <td key={`${cell.metric.id} scale`}>
                      <Interval cell={cell} />
                    </td>,
                  ])}
                  <td className="left">{reading}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
      <section className="panel" aria-label="In words">
        <SectionHead title="In words" />
        <ul className="notes">
          {result.others.flatMap(({ label, differences }) =>
            differences.map(({ metric, sentence, recommended, claim }) => (
              <li key={`${label} ${metric}`}>
                <b>{label}.</b> {sentence}
                {claim === "none" && recommended !== null && recommended > asked.seeds.length
                  ? ` To find ${percent(asked.difference, 0)}, take ${counted(recommended, "seed")}.`
                  : ""}
              </li>
            )),
          )}
          {result.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </section>
      <section className="panel" aria-label="Warm-up">
        <SectionHead title="Warm-up and end" phrase={windowText(result)} />
        {result.settling !== null && <SettlingStrip labels={labels} settling={result.settling} window={result.window} />}
      </section>
    </>
  );
}

export function ComparisonPanel() {
  const { comparison: form } = useForms();
  const known = useKnown();
  const state = useComparison();
  const others = form.others.map((id) => ({ id, outcome: named(id, known) }));
  const wrong = others.find(({ outcome }) => !outcome.ok);
  const { progress, asked, result } = state;
  const ask = (): void => {
    const compared = others.flatMap(({ outcome }) => (outcome.ok ? [outcome.compared] : []));
    void comparison.start(
      {
        scenarios: [{ label: known.scenario.name, scenario: known.scenario }, ...compared],
        seeds: seedsFrom(known.scenario, form.seeds),
        metrics: form.metrics,
        confidence: CONFIDENCE,
        difference: form.difference,
        power: POWER,
        window: "settled",
      },
      known.scenario,
    );
  };
  const complaint =
    wrong !== undefined && !wrong.outcome.ok ? wrong.outcome.error : others.length === 0 ? "Add a scenario to compare with." : null;
  return (
    <div className="question-grid">
      <aside className="question-rail" aria-label="Comparison">
        <section className="axis" aria-label="Scenarios">
          <header>
            <h2>Comparison</h2>
            <span title={known.scenario.name}>with “{known.scenario.name}”</span>
          </header>
          <ol className="others">
            {others.map(({ id, outcome }) => (
              <li key={id}>
                <span className={outcome.ok ? undefined : "late"}>{outcome.ok ? outcome.compared.label : id}</span>
                <button
                  type="button"
                  className="remove"
                  aria-label={`Take ${outcome.ok ? outcome.compared.label : id} away`}
                  onClick={() => setForm("comparison", { others: form.others.filter((other) => other !== id) })}
                >
                  <Icon name="cross" size={10} />
                </button>
              </li>
            ))}
          </ol>
          <AddChange others={form.others} known={known} />
          <AddOther others={form.others} known={known} />
        </section>
        <section className="axis" aria-label="Quantities">
          <header>
            <h3>Quantities</h3>
            <span>{counted(form.metrics.length, "quantity", "quantities")}</span>
          </header>
          <ToggleChips<MetricId>
            label="Quantities"
            options={metrics
              .filter(({ id }) => isMetricId(id))
              .map(({ id, short, unit }) => ({ id, label: unit === "$" ? "total cost" : unit.startsWith("$") ? unit : short }))}
            values={form.metrics}
            atLeastOne
            onChange={(next) => setForm("comparison", { metrics: next })}
          />
          <NumberField
            label="Seeds"
            param={seedsParam}
            value={form.seeds}
            onChange={(seeds) => setForm("comparison", { seeds: seeds ?? 10 })}
            onEnd={() => undefined}
          />
          <ChoiceField
            label="That matters"
            param={differenceParam}
            value={String(form.difference)}
            onChange={(difference) => setForm("comparison", { difference: Number(difference) })}
            onEnd={() => undefined}
          />
        </section>
        <Ask
          state={state}
          verb="Compare"
          progress={
            result !== null
              ? counted(result.runs, "run")
              : progress === null
                ? "begins"
                : `${progress.phase === "settling" ? "pilot runs" : "replications"}: ${progress.done} of ${progress.total}`
          }
          share={progress === null ? null : progress.done / Math.max(1, progress.total)}
          complaint={complaint}
          onAsk={ask}
          onStop={comparison.stop}
        />
      </aside>
      <div className="question-main">
        {result === null || asked === null ? (
          <section className="panel" aria-label="Differences">
            <SectionHead title="Differences" phrase="paired by seed, on the same traffic" />
            <p className="answer">
              Every replication runs all scenarios with the same requests. A difference is claimed only where its interval leaves 0 out.
            </p>
          </section>
        ) : (
          <Result asked={asked} result={result} />
        )}
      </div>
    </div>
  );
}
