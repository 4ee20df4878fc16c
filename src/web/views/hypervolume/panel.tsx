// Right column: hypervolume, and the settings on the front.
import { useMemo, useState } from "react";
import { openSetting } from "../../commands/experiment-actions.ts";
import { lookAt, useExperimentStore } from "../../state/experiment-store.ts";
import { download, fileName } from "../../ui/chart/download.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { toCsv } from "../../ui/chart/table-data.ts";
import { counted, fixed } from "../../ui/format.ts";
import { useExperiment, type ShownExperiment } from "../sweep/use-experiment.ts";
import { frontRowsTable, selectFrontRows, selectHypervolume, type HypervolumeModel } from "./select.ts";
import "./hypervolume.css";

/** A line from 0 with the value as a dot; the range over seeds is a thicker stretch. */
function Areas({ model }: { readonly model: HypervolumeModel }) {
  const most = 1.08 * Math.max(...model.rows.map(({ value, range }) => Math.max(value, range?.[1] ?? 0)), 1e-9);
  const at = (value: number): string => `${(100 * value) / most}%`;
  return (
    <table className="areas">
      <tbody>
        {model.rows.map(({ label, value, range, kind, color }) => (
          <tr key={label}>
            <th scope="row">{label}</th>
            <td className="line" aria-hidden="true">
              <span className={kind} style={color === undefined ? undefined : { color: `var(--${color})` }}>
                <i className="stem" style={{ width: at(value) }} />
                {range !== null && <i className="range" style={{ left: at(range[0]), width: at(range[1] - range[0]) }} />}
                <i className="dot" style={{ left: at(value) }} />
              </span>
            </td>
            <td className="value">{fixed(value, 4)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Looks again once a second: many rows take long to lay out. */
function FrontTable() {
  const experiment = useExperiment(true);
  return experiment === null ? null : <FrontRows experiment={experiment} />;
}

/** Rows that are shown unasked: of a front of fifty settings that changes with every run the browser would lay out little else. */
const FIRST_ROWS = 16;

function FrontRows({ experiment }: { readonly experiment: ShownExperiment }) {
  const { axes, columns, rows } = useMemo(() => selectFrontRows(experiment), [experiment]);
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, FIRST_ROWS);
  const lookedAt = useExperimentStore((state) => state.lookedAt);
  return (
    <>
      <table className="front-table">
        <thead>
          <tr>
            {axes.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
            {columns.map(({ head }) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map(({ setting, label, values: [first = "", ...others], color, cells }) => (
            <tr
              key={setting}
              className={setting === lookedAt ? "on" : undefined}
              onPointerEnter={() => lookAt(setting)}
              onPointerLeave={() => lookAt(null)}
            >
              <th scope="row">
                <button
                  type="button"
                  title={`${label}: open in the workbench`}
                  aria-label={`Open ${label} in the workbench`}
                  onClick={() => openSetting(experiment.plan.settings[setting]!)}
                  onFocus={() => lookAt(setting)}
                  onBlur={() => lookAt(null)}
                >
                  {color !== null && <i className="swatch" style={{ background: `var(--${color})` }} />}
                  {first}
                </button>
              </th>
              {others.map((value, i) => (
                <td key={i} className="value">
                  {value}
                </td>
              ))}
              {cells.map(({ value, deviation }, i) => (
                <td key={columns[i]?.head}>
                  {value}
                  {deviation !== "" && <small>{deviation}</small>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > shown.length && (
        <button type="button" className="text-button" onClick={() => setAll(true)}>
          Show all {rows.length}
        </button>
      )}
    </>
  );
}

export function HypervolumePanel() {
  const experiment = useExperiment();
  const model = useMemo(() => (experiment === null ? null : selectHypervolume(experiment)), [experiment]);
  if (experiment === null || model === null)
    return (
      <aside className="panel hypervolume-panel" aria-label="Hypervolume">
        <SectionHead title="Hypervolume" phrase="share of the plane that the front dominates" />
      </aside>
    );
  const several = experiment.plan.experiment.seeds.length > 1;
  return (
    <aside className="panel hypervolume-panel" aria-label="Hypervolume">
      <SectionHead title="Hypervolume" phrase={model.to} />
      <Areas model={model} />
      {model.why !== null && <p className="remark">{model.why}</p>}
      {model.seeds !== null && <p className="remark">{model.seeds}</p>}
      {model.source !== null && <p className="remark">Published: {model.source}.</p>}
      <div className="front-head">
        <SectionHead
          title="On the front"
          phrase={`${counted(experiment.findings.front.length, "setting")} of ${experiment.plan.settings.length}${several ? ", ± over seeds" : ""}`}
        >
          <button
            type="button"
            className="tool"
            aria-label="On the front: export CSV"
            onClick={() =>
              download(fileName("settings on the front", "csv"), toCsv(frontRowsTable(selectFrontRows(experiment))), "text/csv")
            }
          >
            CSV
          </button>
        </SectionHead>
      </div>
      <div className="front-scroll">
        <FrontTable />
      </div>
    </aside>
  );
}
