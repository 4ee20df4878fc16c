// Many parameters at once, under the front: one at a time, across all of them, a map of two, and which parameter moves which quantity.
import { useMemo, useRef, useState } from "react";
import { isMetricId, metricById, metrics, type Metric } from "../../../analysis/metrics.ts";
import { openSetting } from "../../commands/experiment-actions.ts";
import { lookAt, useExperimentStore } from "../../state/experiment-store.ts";
import { MarkChart } from "../../ui/chart/mark-chart.tsx";
import { usePalette, type Palette } from "../../ui/chart/palette.ts";
import { SectionHead, Views, type Exportable } from "../../ui/chart/section-head.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { counted } from "../../ui/format.ts";
import { Select } from "../../ui/select.tsx";
import { cardRows } from "../front/select.ts";
import { axisTitle, inUnit } from "../sweep/units.ts";
import { useExperiment, type ShownExperiment } from "../sweep/use-experiment.ts";
import { effectMarks, effectsFigure, effectsLayout } from "./draw-effects.ts";
import { cellBox, heatAt, heatFigure, heatLayout } from "./draw-heat.ts";
import { columnX, linePath, lineY, parallelAt, parallelFigure } from "./draw-parallel.ts";
import {
  effectsTable,
  heatTable,
  parallelTable,
  selectEffects,
  selectHeat,
  selectParallel,
  selectSensitivity,
  sensitivityTable,
} from "./select.ts";
import { SensitivityGrid } from "./sensitivity-grid.tsx";
import "./many.css";

type View = "effects" | "parallel" | "heat" | "sensitivity";

const VIEWS = [
  ["effects", "One at a time"],
  ["parallel", "Parallel"],
  ["heat", "Heat map"],
  ["sensitivity", "Sensitivity"],
] as const;

interface ViewProps {
  readonly experiment: ShownExperiment;
  readonly metric: Metric;
  readonly width: number;
  readonly palette: Palette;
}

function Effects({ experiment, metric, width, palette }: ViewProps) {
  const effects = useMemo(() => selectEffects(experiment, metric), [experiment, metric]);
  const figure = useMemo(() => effectsFigure(effects, metric, width), [effects, metric, width]);
  const marks = useMemo(() => effectMarks(effectsLayout(effects, width)), [effects, width]);
  return (
    <MarkChart
      label={`${metric.label} by parameter`}
      text={effects
        .map(
          ({ axis, all }) =>
            `${axis.name}: ${all.groups.map((group) => `${axis.nameOf(group.label)} ${inUnit(metric, group.mean)}`).join(", ")}.`,
        )
        .join(" ")}
      palette={palette}
      figure={figure}
      count={marks.length}
      at={(x, y) => {
        let best: number | null = null;
        let least = 40 * 40;
        marks.forEach((mark, i) => {
          const distance = (mark.x - x) ** 2 + ((mark.y - y) / 2) ** 2;
          if (distance < least) [best, least] = [i, distance];
        });
        return best;
      }}
      place={(i) => marks[i]!}
      highlight={(i) => <circle cx={marks[i]!.x} cy={marks[i]!.y} r={6} fill="none" stroke={palette.color("ink")} strokeWidth={1.5} />}
      tip={(i) => {
        const { panel, group } = marks[i]!;
        const { axis, all, groups } = effects[panel]!;
        const own = all.groups[group]!;
        return {
          name: `${axis.name} ${axis.nameOf(own.label)}`,
          state: `mean of ${counted(own.count, "setting")}`,
          rows: [
            [metric.label, inUnit(metric, own.mean)],
            ...groups.flatMap(({ label, effect }): [string, string][] => {
              const same = effect.groups.find((other) => other.label === own.label);
              return same === undefined ? [] : [[label, inUnit(metric, same.mean)]];
            }),
          ],
        };
      }}
    />
  );
}

function Parallel({ experiment, width, palette }: ViewProps) {
  const model = useMemo(() => selectParallel(experiment), [experiment]);
  const figure = useMemo(() => parallelFigure(model, width), [model, width]);
  const lookedAt = useExperimentStore((state) => state.lookedAt);
  const looked = model.lines.findIndex(({ setting }) => setting === lookedAt);
  return (
    <MarkChart
      label="Settings across parameters and quantities; Enter opens one in the workbench"
      text={model.text}
      palette={palette}
      figure={figure}
      count={model.lines.length}
      at={(x, y) => parallelAt(model, width, x, y)}
      looked={looked < 0 ? null : looked}
      onLook={(line) => lookAt(line === null ? null : (model.lines[line]?.setting ?? null))}
      onPick={(line) => openSetting(experiment.plan.settings[model.lines[line]!.setting]!)}
      place={(line) => {
        const middle = Math.floor((model.coordinates.length - 1) / 2);
        return { x: columnX(model, width, middle), y: lineY(model, middle, model.lines[line]!.setting) };
      }}
      highlight={(line) => (
        <path d={linePath(model, width, model.lines[line]!.setting)} fill="none" stroke={palette.color("ink")} strokeWidth={2} />
      )}
      tip={(line) => {
        const { setting, label, onFront } = model.lines[line]!;
        return { name: label, state: onFront ? "on the front" : "", rows: cardRows(experiment, setting) };
      }}
    />
  );
}

interface HeatProps extends ViewProps {
  readonly across: number;
  readonly up: number;
}

const heatOf = ({ experiment, metric, across, up }: HeatProps) => selectHeat(experiment, metric, across, up);

function Heat(props: HeatProps) {
  const { experiment, metric, width, palette, across, up } = props;
  const model = useMemo(() => heatOf(props), [experiment, metric, across, up]);
  const figure = useMemo(() => heatFigure(model, width, palette.ramp, (value) => inUnit(metric, value)), [model, width, palette, metric]);
  const layout = heatLayout(model, width);
  return (
    <MarkChart
      label={model.text}
      text={model.text}
      palette={palette}
      figure={figure}
      count={model.cells.length}
      at={(x, y) => heatAt(model, width, x, y)}
      place={(cell) => ({ x: cellBox(model, layout, cell).x + layout.wide, y: cellBox(model, layout, cell).y + layout.high / 2 })}
      highlight={(cell) => {
        const { x, y } = cellBox(model, layout, cell);
        return (
          <rect
            x={x - 0.5}
            y={y - 0.5}
            width={layout.wide}
            height={layout.high}
            fill="none"
            stroke={palette.color("ink")}
            strokeWidth={1.6}
          />
        );
      }}
      tip={(cell) => {
        const { column, row, value, settings } = model.cells[cell]!;
        return {
          name: inUnit(metric, value),
          state: `mean of ${counted(settings, "setting")}`,
          rows: [
            [model.across, model.columns[column] ?? ""],
            [model.up, model.rows[row] ?? ""],
          ],
        };
      }}
    />
  );
}

function InlineSelect({
  label,
  value,
  options,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly (readonly [string, string])[];
  onChange: (value: string) => void;
}) {
  return (
    <label className="inline-select">
      {label}
      <Select value={value} onChange={(event) => onChange(event.target.value)}>
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </Select>
    </label>
  );
}

function exportsOf(view: View, props: HeatProps): Exportable {
  const { experiment, metric, palette } = props;
  const width = Math.max(640, props.width);
  if (view === "parallel") {
    const model = selectParallel(experiment);
    return { title: "Parallel coordinates", palette, figure: () => parallelFigure(model, width), table: () => parallelTable(model) };
  }
  if (view === "heat")
    return {
      title: "Heat map",
      palette,
      figure: () => heatFigure(heatOf(props), width, palette.ramp, (value) => inUnit(metric, value)),
      table: () => heatTable(heatOf(props)),
    };
  if (view === "sensitivity") return { title: "Sensitivity", palette, table: () => sensitivityTable(selectSensitivity(experiment)) };
  const effects = selectEffects(experiment, metric);
  return {
    title: "One parameter at a time",
    palette,
    figure: () => effectsFigure(effects, metric, width),
    table: () => effectsTable(effects, metric),
  };
}

export function ManyPanel() {
  const experiment = useExperiment(true);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [view, setView] = useState<View>("effects");
  const [chosen, setChosen] = useState<string | null>(null);
  const [pair, setPair] = useState<readonly [number, number]>([0, 1]);
  const ready = experiment !== null && experiment.results.runs.length > 1 && experiment.plan.settings.length > 1;
  const metric = chosen !== null && isMetricId(chosen) ? metricById(chosen) : (experiment?.y ?? metricById("e2e.p90"));
  const last = (experiment?.axes.length ?? 1) - 1;
  const several = last > 0;
  const shown = !several && (view === "heat" || view === "parallel") ? "effects" : view;
  const [across, up] = pair[0] <= last && pair[1] <= last ? pair : ([0, Math.min(1, last)] as const);
  const axes = (experiment?.axes ?? []).map(({ name }, i) => [String(i), name] as const);
  return (
    <section className="panel many-panel" aria-label="Parameters" hidden={!ready}>
      {ready && (
        <SectionHead
          title={
            { effects: "One parameter at a time", parallel: "All parameters", heat: "Two parameters", sensitivity: "Sensitivity" }[shown]
          }
          phrase={
            {
              effects: `${axisTitle(metric)}, mean over the other parameters; the band is the 95 % interval`,
              parallel: "a line per setting, those of the front in colour",
              heat: `${axisTitle(metric)}, mean over the other parameters`,
              sensitivity: "share of the variance over the settings that a parameter explains by itself",
            }[shown]
          }
          exports={exportsOf(shown, { experiment, metric, width, palette, across, up })}
        >
          <Views
            label="View"
            options={several ? VIEWS : VIEWS.filter(([id]) => id === "effects" || id === "sensitivity")}
            value={shown}
            onChange={setView}
          />
        </SectionHead>
      )}
      {ready && shown !== "sensitivity" && shown !== "parallel" && (
        <div className="many-choices">
          <InlineSelect
            label="Quantity"
            value={metric.id}
            options={metrics.map(({ id, label }) => [id, label] as const)}
            onChange={setChosen}
          />
          {shown === "heat" && (
            <>
              <InlineSelect label="across" value={String(across)} options={axes} onChange={(value) => setPair([Number(value), up])} />
              <InlineSelect label="up" value={String(up)} options={axes} onChange={(value) => setPair([across, Number(value)])} />
            </>
          )}
        </div>
      )}
      <div ref={box}>
        {ready && width > 0 && (
          <>
            {shown === "effects" && <Effects experiment={experiment} metric={metric} width={width} palette={palette} />}
            {shown === "parallel" && <Parallel experiment={experiment} metric={metric} width={width} palette={palette} />}
            {shown === "heat" && <Heat experiment={experiment} metric={metric} width={width} palette={palette} across={across} up={up} />}
            {shown === "sensitivity" && <SensitivityGrid model={selectSensitivity(experiment)} />}
          </>
        )}
      </div>
    </section>
  );
}
