// The front of an experiment: pointer and keyboard look at settings, a click or Enter opens one in the workbench.
import { useMemo, useRef, useState, type KeyboardEvent } from "react";
import { exportRunsCsv, exportSweepJson, openSetting } from "../../commands/experiment-actions.ts";
import { lookAt, useExperimentStore } from "../../state/experiment-store.ts";
import { FigureView } from "../../ui/chart/figure-view.tsx";
import { usePalette, type Palette } from "../../ui/chart/palette.ts";
import { SectionHead, Views } from "../../ui/chart/section-head.tsx";
import { Tooltip } from "../../ui/chart/tooltip.tsx";
import { PHONE_WIDTH, useWidth } from "../../ui/chart/use-size.ts";
import { counted } from "../../ui/format.ts";
import { useExperiment, type ShownExperiment } from "../sweep/use-experiment.ts";
import { frontFigure, frontScales, placeOf, settingAt, type FrontScales } from "./draw.ts";
import { cardRows, frontTable, selectFront, type FrontModel, type FrontPoint } from "./select.ts";
import "./front.css";

const clear = (): void => lookAt(null);

/** The card stands up and away from its mark, where settings are dominated and few; below it where there is no room. */
const CARD_HEIGHT = 170;
const CARD_LIFT = 118;
const CARD_DROP = 62;

/** The setting looked at: a ring, its seeds, and bars of one standard deviation. */
function LookedAt({ point, scales, palette }: { point: FrontPoint; scales: FrontScales; palette: Palette }) {
  const { px, py, beyond } = placeOf(scales, { x: point.x.mean, y: point.y.mean });
  const ink = palette.color("ink");
  const bar = (axis: "x" | "y"): [number, number] => [
    scales[axis](point[axis].mean - (point[axis].sd ?? 0)),
    scales[axis](point[axis].mean + (point[axis].sd ?? 0)),
  ];
  const [x0, x1] = bar("x");
  const [y0, y1] = bar("y");
  return (
    <>
      {!beyond && point.seeds.length > 1 && (
        <>
          {point.seeds.map((seed, i) => {
            const at = placeOf(scales, seed);
            return at.beyond ? null : <circle key={i} cx={at.px} cy={at.py} r={1.8} fill={palette.color("ink-3")} />;
          })}
          <path d={`M${x0} ${py}H${x1}M${px} ${y0}V${y1}`} stroke={ink} strokeWidth={1.4} />
        </>
      )}
      <circle cx={px} cy={py} r={8} fill="none" stroke={ink} strokeWidth={1.5} />
    </>
  );
}

interface ChartProps {
  readonly experiment: ShownExperiment;
  readonly model: FrontModel;
  readonly width: number;
  readonly palette: Palette;
  readonly log: boolean;
}

function Chart({ experiment, model, width, palette, log }: ChartProps) {
  const narrow = width < PHONE_WIDTH - 100;
  const height = narrow ? 340 : 460;
  const lookedAt = useExperimentStore((state) => state.lookedAt);
  const figure = useMemo(() => frontFigure(model, width, height, log), [model, width, height, log]);
  const scales = useMemo(() => frontScales(model, width, height, log), [model, width, height, log]);
  /** A finger looks first: its second tap on the same setting opens. */
  const touched = useRef<number | null>(null);
  const byX = useMemo(() => [...model.points].sort((a, b) => a.x.mean - b.x.mean), [model]);
  const at = byX.findIndex((point) => point.setting === lookedAt);
  const point = byX[at];
  const open = (setting: number): void => {
    const found = experiment.plan.settings[setting];
    if (found !== undefined) openSetting(found);
  };
  const key = (event: KeyboardEvent): void => {
    const last = byX.length - 1;
    const next = {
      ArrowRight: Math.min(last, at + 1),
      ArrowUp: Math.min(last, at + 1),
      ArrowLeft: Math.max(0, at - 1),
      ArrowDown: Math.max(0, at - 1),
      Home: 0,
      End: last,
    }[event.key];
    if (next !== undefined) lookAt(byX[next]?.setting ?? null);
    else if (event.key === "Enter" && point !== undefined) open(point.setting);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const under = (event: React.MouseEvent): number | null => {
    const box = event.currentTarget.getBoundingClientRect();
    return settingAt(model, scales, event.clientX - box.left, event.clientY - box.top);
  };
  const card = point === undefined ? null : { name: point.label, rows: cardRows(experiment, point.setting) };
  const place = point === undefined ? null : placeOf(scales, { x: point.x.mean, y: point.y.mean });
  return (
    <div className="front-plot">
      <FigureView figure={figure} palette={palette}>
        {point !== undefined && <LookedAt point={point} scales={scales} palette={palette} />}
      </FigureView>
      <div
        className={`chart-focus${lookedAt === null ? "" : " on-mark"}`}
        role="slider"
        tabIndex={0}
        aria-label="Settings, by the first quantity; Enter opens one in the workbench"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, byX.length - 1)}
        aria-valuenow={Math.max(0, at)}
        aria-valuetext={card === null ? model.text : `${card.name}: ${card.rows.map((row) => row.join(" ")).join(", ")}`}
        onKeyDown={key}
        onPointerMove={(event) => {
          if (event.pointerType === "mouse") lookAt(under(event));
        }}
        onPointerLeave={(event) => {
          if (event.pointerType === "mouse") clear();
        }}
        onBlur={clear}
        onClick={(event) => {
          const setting = under(event);
          const byFinger = (event.nativeEvent as PointerEvent).pointerType === "touch";
          if (setting !== null && (!byFinger || touched.current === setting)) open(setting);
          touched.current = setting;
          lookAt(setting);
        }}
      />
      {card !== null && place !== null && (
        <Tooltip
          name={card.name}
          state={stateOf(experiment, point)}
          rows={card.rows}
          x={place.px}
          y={place.py > CARD_HEIGHT ? place.py - CARD_LIFT : place.py + CARD_DROP}
          clearX={14}
          boundsWidth={width}
        />
      )}
    </div>
  );
}

export function FrontPanel() {
  const experiment = useExperiment();
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [log, setLog] = useState(false);
  const model = useMemo(() => (experiment === null ? null : selectFront(experiment)), [experiment]);
  const several = (experiment?.plan.experiment.seeds.length ?? 1) > 1;
  const phrase =
    experiment === null
      ? "runs many settings, and shows what each costs against what it gives"
      : several
        ? `means of ${counted(experiment.plan.experiment.seeds.length, "seed")}`
        : "one run per setting";
  const title = experiment === null ? "Cost against latency" : `${experiment.x.label} against ${lower(experiment.y.label)}`;
  const ready = experiment !== null && model !== null && model.points.length > 0;
  return (
    <section className="panel front-panel" aria-label="Front">
      <SectionHead
        title={title}
        phrase={phrase}
        {...(ready
          ? {
              exports: {
                title,
                palette,
                figure: () => frontFigure(model, Math.max(640, width), 460, log),
                table: () => frontTable(experiment),
              },
            }
          : {})}
      >
        {ready && (
          <>
            <Views
              label="Scale"
              options={[
                ["linear", "Linear"],
                ["log", "Log"],
              ]}
              value={log ? "log" : "linear"}
              onChange={(scale) => setLog(scale === "log")}
            />
            <button type="button" className="tool" aria-label="All runs: export CSV" onClick={() => exportRunsCsv(experiment.results)}>
              Runs as CSV
            </button>
            <button type="button" className="tool" aria-label="All runs: export JSON" onClick={() => exportSweepJson(experiment.results)}>
              JSON
            </button>
          </>
        )}
      </SectionHead>
      {experiment?.stale === true && (
        <p className="empty">These runs are of the scenario before its last changes. Run again to sweep it as it is now.</p>
      )}
      <p className="visually-hidden">{model?.text ?? ""}</p>
      <div ref={box}>
        {ready ? (
          width > 0 && <Chart experiment={experiment} model={model} width={width} palette={palette} log={log} />
        ) : (
          <p className="empty">
            {experiment === null ? "Nothing has run yet. Choose what varies at the left, then press Run." : "The first run is on its way."}
          </p>
        )}
      </div>
    </section>
  );
}

function stateOf({ labels }: ShownExperiment, point: FrontPoint | undefined): string {
  if (point?.onFront === true) return "on the front";
  return point?.allowed === false ? "misses a constraint" : `dominated by ${labels[point?.dominatedBy ?? -1] ?? ""}`;
}

/** "P90 end-to-end latency" keeps its P. */
const lower = (label: string): string => (/^P\d/.test(label) ? label : label.charAt(0).toLowerCase() + label.slice(1));
