// Right column: forms compared, the coefficients of the one on the page with their intervals, errors by region, what was measured, and what to do with it.
import { useCallback, useMemo, useState } from "react";
import type { Form } from "../../../latency/fit/fit.ts";
import type { Errors } from "../../../latency/fit/types.ts";
import type { FitInput, FittedForm } from "../../../latency/fit/session-types.ts";
import { exportForm, keepForm, runOnForm } from "../../commands/model-actions.ts";
import { pickForm } from "../../rpc/fit-control.ts";
import { fitData, shownForm, useFitStore, type Intervals } from "../../state/fit-store.ts";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import type { TableData } from "../../ui/chart/table-data.ts";
import { counted, fixed, integer, percent, significant } from "../../ui/format.ts";
import { useInTurn } from "../in-turn.ts";
import { REGION_WORDS } from "../prediction/select.ts";
import { coefficientRows, formRows, HULL_HEADS, hullRows, workCurve, type CoefficientRow, type FormRow } from "./select.ts";
import { BatchPanel } from "./batch-panel.tsx";
import { WorkChart } from "./work-chart.tsx";
import "./fitted-model.css";

/** A form whose held-out error is above this is not to be trusted, percent. */
const POOR = 20;

const figure = (value: number): string => fixed(value, value < 10 ? 1 : 0);

function formsTable(rows: readonly FormRow[]): TableData {
  const column = (label: string, of: (row: FormRow) => number | undefined) => ({
    label,
    raw: (row: number) => of(rows[row]!) ?? null,
    show: (row: number) => significant(of(rows[row]!) ?? null, 4),
  });
  return {
    title: "Forms compared",
    length: rows.length,
    columns: [
      { label: "form", raw: (row) => rows[row]!.form, show: (row) => rows[row]!.form },
      column("terms", ({ terms }) => terms),
      column("mean error, %", ({ errors }) => errors?.mapePct),
      column("median error, %", ({ errors }) => errors?.medianPct),
      column("P95 error, %", ({ errors }) => errors?.p95Pct),
      column("worst error, %", ({ errors }) => errors?.maxPct),
      column("time ratio", ({ errors }) => errors?.timeRatio),
      column("R2", ({ errors }) => errors?.r2),
    ],
  };
}

function Forms({ shown }: { readonly shown: Form }) {
  const palette = usePalette();
  const phase = useFitStore((state) => state.phase);
  const chosen = useFitStore((state) => state.chosen);
  const rows = formRows(fitData.forms, fitData.nested, phase === "fitting");
  return (
    <section className="panel" aria-label="Forms compared">
      <SectionHead
        title="Forms compared"
        phrase="error of held-out batches, %"
        exports={{ title: "Forms compared", palette, table: () => formsTable(rows) }}
      />
      <table className="number-table forms-table">
        <thead>
          <tr>
            <th scope="col">Form</th>
            <th scope="col">Terms</th>
            <th scope="col">Mean</th>
            <th scope="col">P95</th>
            <th scope="col">Worst</th>
            <th scope="col">Time ratio</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ form, terms, errors, wide }) => (
            <tr key={form} className={form === shown ? "on" : undefined}>
              <th scope="row">
                <button type="button" aria-pressed={form === shown} title={`Show ${form}`} onClick={() => void pickForm(form)}>
                  {form}
                </button>
                {form === chosen && <span className="quiet"> best</span>}
                {form === "roofline" && <span className="quiet"> experimental</span>}
                {wide && <span className="quiet"> wide tails</span>}
              </th>
              <td>{terms}</td>
              {errors === null ? (
                <td colSpan={4} className="quiet">
                  being checked
                </td>
              ) : (
                <>
                  <td>{figure(errors.mapePct)}</td>
                  <td>{figure(errors.p95Pct)}</td>
                  <td>{figure(errors.maxPct)}</td>
                  <td>{fixed(errors.timeRatio, 3)}</td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The interval about the value, on one scale for all terms; what is beyond ends at the edge. */
const REACH = 0.3;
const across = (share: number): number => 50 + 50 * Math.max(-1, Math.min(1, share / REACH));

function Whisker({ row: { relative, notNeeded } }: { readonly row: CoefficientRow }) {
  if (relative === null) return null;
  const [low, high] = [across(relative[0]), across(relative[1])];
  return (
    <span className={notNeeded ? "whisker hollow" : "whisker"}>
      <i className="span" style={{ left: `${low}%`, width: `${high - low}%` }} />
      <i className="dot" />
    </span>
  );
}

function coefficientsTable(rows: readonly CoefficientRow[], { coefficients }: FittedForm, intervals: Intervals | undefined): TableData {
  const ci = (row: number, end: 0 | 1): number | null => intervals?.bootstrap.ci95[row]?.[end] ?? null;
  const seconds = (label: string, of: (row: number) => number | null) => ({
    label,
    unit: "s",
    raw: of,
    show: (row: number) => of(row)?.toExponential(3) ?? "",
  });
  return {
    title: "Coefficients",
    length: rows.length,
    columns: [
      { label: "term", raw: (row) => rows[row]!.term, show: (row) => rows[row]!.term },
      { label: "what", raw: (row) => rows[row]!.words, show: (row) => rows[row]!.words },
      seconds("value", (row) => coefficients[row]!),
      seconds("2.5 %", (row) => ci(row, 0)),
      seconds("97.5 %", (row) => ci(row, 1)),
    ],
  };
}

function Coefficients({ fitted, intervals }: { readonly fitted: FittedForm; readonly intervals: Intervals | undefined }) {
  const palette = usePalette();
  const wanted = useFitStore((state) => state.form.replicates);
  const rows = useMemo(() => coefficientRows(fitted, intervals), [fitted, intervals]);
  const done = intervals?.bootstrap.replicates ?? 0;
  const total = intervals?.total ?? wanted;
  const phrase =
    total === 0
      ? "without intervals"
      : done === 0
        ? "intervals to come"
        : done < total
          ? `95 % of ${integer(done)} of ${integer(total)} resamples`
          : `95 % of ${counted(total, "resample")} by ${intervals?.bootstrap.unit === "composition" ? "kind of batch" : "row"}`;
  return (
    <section className="panel" aria-label="Coefficients">
      <SectionHead
        title="Coefficients"
        phrase={phrase}
        exports={{ title: "Coefficients", palette, table: () => coefficientsTable(rows, fitted, intervals) }}
      />
      <table className="number-table coefficients">
        <thead>
          <tr>
            <th scope="col">Term</th>
            <th scope="col">Time</th>
            <th scope="col">95 %</th>
            <th scope="col">
              <span className="scale" aria-hidden="true">
                <i>{"\u2212"}30</i>
                <i>0</i>
                <i>+30 %</i>
              </span>
              <span className="visually-hidden">Interval about the value</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.words} title={row.term}>
              <th scope="row">
                {row.words}
                {row.notNeeded && <span className="quiet"> not needed</span>}
              </th>
              <td>{row.value}</td>
              <td>{row.interval}</td>
              <td aria-hidden="true">
                <Whisker row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Regions({ fitted }: { readonly fitted: FittedForm }) {
  const palette = usePalette();
  const rows = fitted.byRegion;
  const table = (): TableData => ({
    title: "Error by region",
    length: rows.length,
    columns: [
      { label: "region", raw: (row) => rows[row]!.region, show: (row) => rows[row]!.region },
      { label: "new tokens from", raw: (row) => rows[row]!.tokens[0], show: (row) => integer(rows[row]!.tokens[0]) },
      { label: "to", raw: (row) => rows[row]!.tokens[1], show: (row) => integer(rows[row]!.tokens[1]) },
      ...(["rows", "mapePct", "p95Pct", "maxPct", "timeRatio"] as const).map((key) => ({
        label: { rows: "rows", mapePct: "mean error, %", p95Pct: "P95, %", maxPct: "worst, %", timeRatio: "time ratio" }[key],
        raw: (row: number) => rows[row]!.errors[key],
        show: (row: number) => significant(rows[row]!.errors[key], 4),
      })),
    ],
  });
  return (
    <section className="panel" aria-label="Error by region">
      <SectionHead title="Error by region" phrase="and thirds by new tokens, %" exports={{ title: "Error by region", palette, table }} />
      <table className="number-table regions">
        <thead>
          <tr>
            <th scope="col">Region</th>
            <th scope="col">New tokens</th>
            <th scope="col">Rows</th>
            <th scope="col">Mean</th>
            <th scope="col">P95</th>
            <th scope="col">Worst</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ region, third, tokens, errors }) => (
            <tr key={`${region} ${third}`}>
              <th scope="row">{REGION_WORDS[region]}</th>
              <td>
                {integer(tokens[0])} to {integer(tokens[1])}
              </td>
              <td>{integer(errors.rows)}</td>
              <td>{figure(errors.mapePct)}</td>
              <td>{figure(errors.p95Pct)}</td>
              <td>{figure(errors.maxPct)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Hull({ input }: { readonly input: FitInput }) {
  const rows = useMemo(() => hullRows(input), [input]);
  return (
    <section className="panel" aria-label="What was measured">
      <SectionHead title="What was measured" phrase="beyond it, times are extrapolated" />
      <table className="number-table">
        <thead>
          <tr>
            <th scope="col">Region</th>
            <th scope="col">Rows</th>
            {HULL_HEADS.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ region, rows: count, cells }) => (
            <tr key={region}>
              <th scope="row">{REGION_WORDS[region]}</th>
              <td>{integer(count)}</td>
              {cells.map((cell, i) => (
                <td key={HULL_HEADS[i]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Of held-out batches; of `selected` with the terms chosen again in each fold, as soon as that is known. */
const shownErrors = ({ form, cv }: FittedForm): Errors => (form === "selected" ? (fitData.nested ?? cv) : cv);

/** What a person should know before relying on the model. */
function findings(input: FitInput, fitted: FittedForm): string[] {
  const found: string[] = [...new Set([...input.warnings, ...fitData.warnings])];
  if (fitted.setAside.length > 0)
    found.push(
      `${counted(fitted.setAside.length, "row")} far from the fit ${fitted.setAside.length === 1 ? "was" : "were"} set aside, with ${percent(fitted.stallShare)} of all time above it.`,
    );
  if (fitted.slips.length > 0) found.push(`${counted(fitted.slips.length, "row")} a thousand times off, as if in another unit of time.`);
  const forms = [...fitData.forms.values()].map((one) => ({ form: one.form, off: shownErrors(one).mapePct }));
  const best = forms.reduce((a, b) => (b.off < a.off ? b : a));
  if (best.off > POOR) found.push(`Every form misses the data by more than ${POOR} % (best: ${best.form} ${figure(best.off)} %).`);
  return found;
}

/** `off`: mean error of held-out batches, percent. A model that is far off is used by those who say that they know. */
function Actions({ form, off }: { readonly form: Form; readonly off: number }) {
  const note = useFitStore((state) => state.note);
  const [known, setKnown] = useState(false);
  const poor = off > POOR;
  const shut = poor && !known;
  return (
    <div className="model-actions">
      <label>
        <span>Note</span>
        <input
          className="note"
          value={note}
          maxLength={200}
          placeholder="GPU, model, engine"
          onChange={(event) => useFitStore.setState({ note: event.target.value })}
        />
      </label>
      {poor && (
        <div className="poor" role="group" aria-label="A model that is far off">
          <p>
            {form} is {figure(off)} % off on average, more than {POOR} %: what a fleet does on it is not to be relied on.
          </p>
          <label>
            <input type="checkbox" checked={known} onChange={(event) => setKnown(event.target.checked)} />
            <span>Use it all the same</span>
          </label>
        </div>
      )}
      <div className="buttons">
        <button type="button" className="button ink" disabled={shut} onClick={() => void runOnForm(form)}>
          Use in the workbench
        </button>
        <button type="button" className="button" disabled={shut} onClick={() => void keepForm(form)}>
          Keep
        </button>
        <button type="button" className="button" disabled={shut} onClick={() => void exportForm(form)}>
          Export JSON
        </button>
      </div>
    </div>
  );
}

export function FittedModelPanel() {
  useFitStore((state) => state.revision);
  const fitted = useFitStore(shownForm);
  const { input } = fitData;
  const intervals = fitted === null ? undefined : fitData.intervals.get(fitted.form);
  const curve = useInTurn(
    useCallback(() => (input === null || fitted === null ? null : workCurve(input, fitted, intervals)), [input, fitted, intervals]),
  );
  if (input === null || fitted === null)
    return (
      <aside className="fitted-model" aria-label="Fitted model">
        <p className="empty">Forms, coefficients and errors stand here as soon as the first form is fitted.</p>
      </aside>
    );
  const notes = findings(input, fitted);
  return (
    <aside className="fitted-model" aria-label="Fitted model">
      <Actions key={`${input.hash} ${fitted.form}`} form={fitted.form} off={shownErrors(fitted).mapePct} />
      <Forms shown={fitted.form} />
      <Coefficients fitted={fitted} intervals={intervals} />
      {curve !== null && <WorkChart curve={curve} />}
      {curve !== null && <BatchPanel input={input} fitted={fitted} intervals={intervals} />}
      {notes.length > 0 && (
        <section aria-label="Worth a look">
          <SectionHead title="Worth a look" />
          {notes.map((sentence) => (
            <p key={sentence} className="finding">
              {sentence}
            </p>
          ))}
        </section>
      )}
      <Regions fitted={fitted} />
      <Hull input={input} />
    </aside>
  );
}
