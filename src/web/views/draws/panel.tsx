// How sure the results are, where a pool runs on a fitted model: the scenario with draws of it, the middle 95 % of each quantity.
import { useState } from "react";
import { metricById, isMetricId, type Metric } from "../../../analysis/metrics.ts";
import { cancelDraws, startDraws } from "../../rpc/draws-control.ts";
import { useDrawsStore } from "../../state/draws-store.ts";
import { runData, useRunStore } from "../../state/run-store.ts";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import type { TableData } from "../../ui/chart/table-data.ts";
import { counted, integer, money, percent, seconds } from "../../ui/format.ts";
import { Select } from "../../ui/select.tsx";
import { useRunData } from "../use-run-data.ts";
import "./draws.css";

const COUNTS = [10, 20, 50, 100] as const;

const shown = ({ unit }: Metric, value: number | null): string =>
  unit === "s" ? seconds(value) : unit === "share" ? percent(value) : money(value);

interface Row {
  readonly metric: Metric;
  readonly own: number | null;
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

function tableOf(rows: readonly Row[]): TableData {
  const column = (label: string, of: (row: Row) => number | null) => ({
    label,
    raw: (row: number) => of(rows[row]!),
    show: (row: number) => shown(rows[row]!.metric, of(rows[row]!)),
  });
  return {
    title: "How sure",
    length: rows.length,
    columns: [
      { label: "quantity", raw: (row) => rows[row]!.metric.id, show: (row) => rows[row]!.metric.label },
      column("this run", ({ own }) => own),
      column("2.5 %", ({ low }) => low),
      column("median", ({ median }) => median),
      column("97.5 %", ({ high }) => high),
    ],
  };
}

export function DrawsPanel() {
  const { phase, scenario, wanted, done, error, report } = useDrawsStore();
  const current = useRunStore((state) => state.current.scenario);
  const over = useRunStore((state) => state.current.phase === "finished");
  const palette = usePalette();
  useRunData(500);
  const [count, setCount] = useState<number>(20);
  const mine = scenario !== null && scenario === current;
  const summary = runData.picture?.summary;
  const rows = !mine
    ? []
    : Object.entries(report?.intervals ?? {}).flatMap(([id, interval]): Row[] => {
        if (!isMetricId(id)) return [];
        const metric = metricById(id);
        return [{ metric, own: over && summary !== undefined ? metric.of(summary) : null, ...interval }];
      });
  const running = mine && phase === "running";
  return (
    <section className="panel draws-panel" aria-label="How sure">
      <SectionHead
        title="How sure"
        phrase={
          rows.length === 0
            ? "the same traffic on other coefficients that the measurements also allow"
            : `95 % of ${running ? `${integer(done)} of ${counted(wanted, "draw")}` : counted(report?.count ?? 0, "draw")}, the same traffic`
        }
        {...(rows.length === 0 ? {} : { exports: { title: "How sure", palette, table: () => tableOf(rows) } })}
      />
      <div className="draws-controls">
        <label>
          Draws{" "}
          <Select value={count} onChange={(event) => setCount(Number(event.target.value))}>
            {COUNTS.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </Select>
        </label>
        {running ? (
          <button type="button" className="button" onClick={cancelDraws}>
            Cancel, keep {integer(done)}
          </button>
        ) : (
          <button
            type="button"
            className="button"
            disabled={current === null}
            onClick={() => current !== null && void startDraws(current, count)}
          >
            {rows.length === 0 ? "Run the draws" : "Run again"}
          </button>
        )}
        <span role="status">{running ? "The draws run beside the fleet." : mine && phase === "done" ? "The draws are done." : ""}</span>
      </div>
      {mine && error !== null && (
        <p className="bad" role="alert">
          {error}
        </p>
      )}
      {!mine && scenario !== null && <p className="quiet">The draws before were of another scenario.</p>}
      {rows.length > 0 && (
        <table className="number-table">
          <thead>
            <tr>
              <th scope="col">Quantity</th>
              <th scope="col">This run</th>
              <th scope="col">2.5 %</th>
              <th scope="col">Median</th>
              <th scope="col">97.5 %</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ metric, own, low, median, high }) => (
              <tr key={metric.id}>
                <th scope="row">{metric.label}</th>
                <td>{shown(metric, own)}</td>
                <td>{shown(metric, low)}</td>
                <td>{shown(metric, median)}</td>
                <td>{shown(metric, high)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
