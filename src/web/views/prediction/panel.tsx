// Measured against predicted: pointer and keyboard look at a row, and see what its time is made of.
import { useCallback, useMemo, useRef, type KeyboardEvent } from "react";
import { fitData, shownForm, useFitStore } from "../../state/fit-store.ts";
import { FigureView } from "../../ui/chart/figure-view.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { SectionHead } from "../../ui/chart/section-head.tsx";
import { Tooltip, type TipContent } from "../../ui/chart/tooltip.tsx";
import { useWidth } from "../../ui/chart/use-size.ts";
import { fixed, integer, withUnit } from "../../ui/format.ts";
import { regionOf } from "../../../latency/fit/measurements.ts";
import type { FitInput, FittedForm } from "../../../latency/fit/session-types.ts";
import type { OutOfBag } from "../../../latency/fit/types.ts";
import { useInTurn } from "../in-turn.ts";
import { pointAt, predictionFigure, predictionScales } from "./draw.ts";
import {
  contributions,
  outlinesOf,
  predictedWithout,
  predictionTable,
  ratioText,
  REGION_WORDS,
  selectPrediction,
  type Outline,
  type PredictionModel,
} from "./select.ts";
import "./prediction.css";

const MOST_TERMS = 6;
const NO_OUTLINES: readonly Outline[] = [];
const ms = (value: number): string => withUnit(fixed(value, 2), "ms");

function withoutRow({ data }: FitInput, outOfBag: OutOfBag | undefined, row: number): TipContent["rows"] {
  if (outOfBag === undefined || !(outOfBag.count[row]! > 1)) return [];
  const [low, high] = predictedWithout(data, outOfBag, row);
  return [["Without it", `${fixed(1000 * low, 2)} to ${ms(1000 * high)}`]];
}

function tipOf(input: FitInput, fitted: FittedForm, outOfBag: OutOfBag | undefined, row: number): TipContent {
  const { data } = input;
  const { t, P, N, D, C, K } = data;
  const parts = contributions(fitted, data, row);
  return {
    name: `Line ${data.line[row]!}`,
    state: REGION_WORDS[regionOf(data, row)],
    rows: [
      ["Measured", ms(1000 * t[row]!)],
      ["Predicted", `${ms(1000 * fitted.predicted[row]!)}, ${ratioText(t[row]!, fitted.predicted[row]!)}`],
      ...withoutRow(input, outOfBag, row),
      ...(P[row]! > 0 ? ([["Prompt tokens", `${integer(P[row]!)} of ${integer(N[row]!)}, after ${integer(K[row]!)}`]] as const) : []),
      ...(D[row]! > 0 ? ([["Decodes", `${integer(D[row]!)}, context ${integer(C[row]!)}`]] as const) : []),
      ...parts.slice(0, MOST_TERMS).map(({ term, ms: part }) => [term === "1" ? "every iteration" : `by ${term}`, ms(part)] as const),
    ],
    ...(parts.length > MOST_TERMS ? { tail: `and ${parts.length - MOST_TERMS} smaller terms` } : {}),
  };
}

interface ChartProps {
  readonly input: FitInput;
  readonly fitted: FittedForm;
  readonly model: PredictionModel;
  readonly outlines: readonly Outline[];
  readonly width: number;
}

function Chart({ input, fitted, model, outlines, width }: ChartProps) {
  const palette = usePalette();
  const height = width < 480 ? 320 : 420;
  const lookedAt = useFitStore((state) => state.lookedAt);
  const figure = useMemo(() => predictionFigure(model, outlines, width, height), [model, outlines, width, height]);
  const scales = useMemo(() => predictionScales(model, width, height), [model, width, height]);
  /** Points by predicted time: what the arrow keys step through. */
  const order = useMemo(() => Array.from(model.x.keys()).sort((a, b) => model.x[a]! - model.x[b]!), [model]);
  const look = (row: number | null): void => useFitStore.setState({ lookedAt: row });
  const at = lookedAt === null ? -1 : model.rows.indexOf(lookedAt);
  const place = at < 0 ? -1 : order.indexOf(at);
  const tip = at < 0 ? null : tipOf(input, fitted, fitData.outOfBag.get(fitted.form), model.rows[at]!);
  const key = (event: KeyboardEvent): void => {
    const by = event.shiftKey ? 50 : 1;
    const last = order.length - 1;
    const next = {
      ArrowRight: Math.min(last, place + by),
      ArrowUp: Math.min(last, place + by),
      ArrowLeft: Math.max(0, place - by),
      ArrowDown: Math.max(0, place - by),
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined) return;
    look(model.rows[order[next]!]!);
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="prediction-plot">
      <FigureView figure={figure} palette={palette}>
        {at >= 0 && (
          <circle
            cx={scales.x(model.x[at]!)}
            cy={scales.y(model.y[at]!)}
            r={5}
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
        aria-label="Batches, by predicted time"
        aria-valuemin={0}
        aria-valuemax={Math.max(0, order.length - 1)}
        aria-valuenow={Math.max(0, place)}
        aria-valuetext={tip === null ? model.text : `${tip.name}: ${tip.rows.map((row) => row.join(" ")).join(", ")}`}
        onKeyDown={key}
        onPointerMove={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const found = pointAt(model, scales, event.clientX - box.left, event.clientY - box.top);
          look(found < 0 ? null : model.rows[found]!);
        }}
        onPointerLeave={() => look(null)}
        onBlur={() => look(null)}
      />
      {tip !== null && <Tooltip {...tip} x={scales.x(model.x[at]!)} y={scales.y(model.y[at]!)} boundsWidth={width} />}
    </div>
  );
}

function useOutlines(points: PredictionModel | null): readonly Outline[] {
  const found = useInTurn(useCallback(() => (points === null ? null : outlinesOf(points)), [points]));
  return found ?? NO_OUTLINES;
}

export function PredictionPanel() {
  useFitStore((state) => state.revision);
  const fitted = useFitStore(shownForm);
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const { input } = fitData;
  const model = useInTurn(
    useCallback(
      () => (input === null || fitted === null ? null : { input, fitted, points: selectPrediction(input, fitted) }),
      [input, fitted],
    ),
  );
  const outlines = useOutlines(model === null ? null : model.points);
  const title = "Measured against predicted";
  const drawn = model?.points.rows.length ?? 0;
  const some = model !== null && drawn < model.points.total ? `; ${integer(drawn)} of ${integer(model.points.total)} drawn` : "";
  return (
    <section className="panel prediction-panel" aria-label={title}>
      <SectionHead
        title={title}
        phrase={
          model === null
            ? "one point per batch, when a form is fitted"
            : `form ${model.fitted.form}; grey: nine of ten held-out batches; hollow: set aside; dashed: what was measured${some}`
        }
        {...(model === null
          ? {}
          : {
              exports: {
                title,
                palette,
                figure: () => predictionFigure(model.points, outlines, Math.max(640, width), 480),
                table: () => predictionTable(model.input, model.fitted, fitData.outOfBag.get(model.fitted.form)),
              },
            })}
      />
      <p className="visually-hidden">{model?.points.text ?? ""}</p>
      <div ref={box}>
        {model === null ? (
          <p className="empty">The first form is on its way.</p>
        ) : (
          width > 0 && <Chart input={model.input} fitted={model.fitted} model={model.points} outlines={outlines} width={width} />
        )}
      </div>
    </section>
  );
}
