// The runs of one set: predicted against measured; pointer and keyboard look at runs, a click or Enter opens the scenario of one.
import { useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from "react";
import { scenarioOf, type ValidationRun, type ValidationSet } from "../../../analysis/validation.ts";
import { openScenario } from "../../commands/open-scenario.ts";
import { FigureView } from "../../ui/chart/figure-view.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead, Views } from "../../ui/chart/section-head.tsx";
import { Tooltip } from "../../ui/chart/tooltip.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { counted, percent, seconds, signed } from "../../ui/format.ts";
import { pointAt, scatterFigure, scatterScales } from "./draw.ts";
import { JUDGED, has, pointsOf, runsTable, setText, type Judged } from "./select.ts";

const HEIGHT = 380;

const errorText = (error: number | undefined): string => (error === undefined ? "" : signed(error, (x) => percent(x, 0)));

function open(run: ValidationRun): void {
  const scenario = scenarioOf(run);
  if (scenario !== null) openScenario(scenario);
}

function RunList({ set }: { readonly set: ValidationSet }) {
  const columns = JUDGED.filter((of) => has(set, of));
  return (
    <table className="number-table run-list">
      <caption className="visually-hidden">The runs that are furthest off</caption>
      <thead>
        <tr>
          <th scope="col">Furthest off</th>
          {columns.map((of) => (
            <th key={of} scope="col">
              {of}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {set.shown.slice(0, set.worst).map((run) => (
          <tr key={run.name}>
            <th scope="row">
              {run.setup === undefined ? (
                run.name
              ) : (
                <button type="button" className="link" title={`${run.name}: open its scenario in the workbench`} onClick={() => open(run)}>
                  {run.name}
                </button>
              )}
            </th>
            {columns.map((of) => (
              <td key={of}>{errorText(run.errors[of])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The quantity that is wanted, or the first that the set has. */
const nearest = (set: ValidationSet, wanted: Judged): Judged => (has(set, wanted) ? wanted : (JUDGED.find((of) => has(set, of)) ?? "E2E"));

export function ScatterPanel({ set, sets }: { readonly set: ValidationSet; readonly sets: readonly ValidationSet[] }) {
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [wanted, setWanted] = useState<Judged>("TPOT");
  const [at, setAt] = useState(-1);
  const quantity = nearest(set, wanted);
  const model = useMemo(
    () => ({
      quantity,
      points: pointsOf(set, quantity),
      others: sets.filter((other) => other !== set && other.kind === set.kind).flatMap((other) => pointsOf(other, quantity)),
    }),
    [set, sets, quantity],
  );
  const scales = useMemo(() => scatterScales(model, width, HEIGHT), [model, width]);
  const figure = useMemo(() => scatterFigure(model, width, HEIGHT), [model, width]);
  const offered = JUDGED.filter((of) => has(set, of));
  const point = model.points[at];
  const text = setText(set, quantity);
  const last = model.points.length - 1;
  const key = (event: KeyboardEvent): void => {
    const next = {
      ArrowRight: Math.min(last, at + 1),
      ArrowUp: Math.min(last, at + 1),
      ArrowLeft: Math.max(0, at - 1),
      ArrowDown: Math.max(0, at - 1),
      Home: 0,
      End: last,
    }[event.key];
    if (next !== undefined) setAt(next);
    else if (event.key === "Enter" && point !== undefined) open(point.run);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const under = (event: MouseEvent): number => {
    const bounds = event.currentTarget.getBoundingClientRect();
    return pointAt(model, scales, event.clientX - bounds.left, event.clientY - bounds.top) ?? -1;
  };
  const rows =
    point === undefined
      ? []
      : ([
          ["Measured", seconds(point.measured)],
          ["Predicted", seconds(point.predicted)],
          ["Off by", errorText(point.error)],
        ] as const);
  const title = `${set.about}: ${quantity}`;
  return (
    <section className="panel scatter-panel" aria-label="Runs of the set">
      <SectionHead
        title={set.about}
        phrase={`${counted(set.runs, "run")}${set.shown.length < set.runs ? `, ${set.shown.length} shown` : ""}; grey: other sets of the class; hollow: furthest off`}
        exports={{ title, palette, figure: () => scatterFigure(model, Math.max(640, width), HEIGHT), table: () => runsTable(set) }}
      >
        <Views label="Quantity" options={offered.map((of) => [of, of] as const)} value={quantity} onChange={setWanted} />
      </SectionHead>
      <p className="visually-hidden">{text}</p>
      <div ref={box} className="scatter-plot">
        {width > 0 && (
          <>
            <FigureView figure={figure} palette={palette}>
              {point !== undefined && (
                <circle
                  cx={scales.x(point.measured)}
                  cy={scales.y(point.predicted)}
                  r={7}
                  fill="none"
                  stroke={palette.color("ink")}
                  strokeWidth={1.5}
                />
              )}
            </FigureView>
            <div
              className="chart-focus"
              role="slider"
              tabIndex={0}
              aria-label="Runs, by the measured time; Enter opens one in the workbench"
              aria-valuemin={0}
              aria-valuemax={Math.max(0, last)}
              aria-valuenow={Math.max(0, at)}
              aria-valuetext={point === undefined ? text : `${point.run.name}: ${rows.map((row) => row.join(" ")).join(", ")}`}
              onKeyDown={key}
              onPointerMove={(event) => setAt(under(event))}
              onPointerLeave={() => setAt(-1)}
              onBlur={() => setAt(-1)}
              onClick={(event) => {
                const found = model.points[under(event)];
                if (found !== undefined) open(found.run);
              }}
            />
            {point !== undefined && (
              <Tooltip
                name={point.run.name}
                rows={rows}
                {...(point.run.setup === undefined ? {} : { tail: "Click: its scenario in the workbench" })}
                x={scales.x(point.measured)}
                y={scales.y(point.predicted)}
                boundsWidth={width}
              />
            )}
          </>
        )}
      </div>
      <RunList set={set} />
      {set.why !== null && <p className="remark">{set.why}</p>}
      {set.fitted !== null && <p className="remark">Fitted: {set.fitted}.</p>}
      {set.cause !== null && <p className="remark">Targets of this set were stated after the figures were known: {set.cause}.</p>}
    </section>
  );
}
