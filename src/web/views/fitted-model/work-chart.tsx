// What the model means at work: time against decodes in one batch (or against the tokens of one prompt), dashed where nothing was measured.
import { scaleLinear } from "d3-scale";
import { useMemo, useRef } from "react";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import { HoverChart } from "../../ui/chart/hover-chart.tsx";
import { usePalette } from "../../ui/chart/palette.ts";
import { fillArea, rule, strokeLine } from "../../ui/chart/strokes.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { useWidth } from "../../ui/chart/use-size.ts";
import { fixed, integer, withUnit } from "../../ui/format.ts";
import { fieldText } from "../../ui/slider-scale.ts";
import type { WorkCurve } from "./select.ts";

const HEIGHT = 168;
const MARGIN = { left: 34, right: 12, top: 18, bottom: 34 } as const;
const ms = (value: number): string => withUnit(fixed(value, 2), "ms");

const scalesOf = ({ x, ms: times, high }: WorkCurve, width: number) => ({
  x: scaleLinear([0, x.at(-1)!], [MARGIN.left, width - MARGIN.right]),
  y: scaleLinear([0, 1.05 * Math.max(times.at(-1)!, high?.at(-1) ?? 0)], [HEIGHT - MARGIN.bottom, MARGIN.top]),
});

const axisOf = ({ of }: WorkCurve): string => (of === "decodes" ? "Requests decoding together" : "Tokens of a prompt");

function workFigure(curve: WorkCurve, width: number): Figure {
  const { x, y } = scalesOf(curve, width);
  const [left = 0, right = 0] = x.range();
  const [bottom = 0] = y.range();
  const xs = Array.from(curve.x, (value) => x(value));
  const ys = (values: Float64Array): number[] => Array.from(values, (value) => y(value));
  const measured = curve.x.findLastIndex((value) => value <= curve.measuredTo) + 1;
  const edge = x(curve.measuredTo);
  const texts: FigureText[] = [
    ...y.ticks(4).map((tick): FigureText => ({ x: left - 5, y: y(tick) + 3.5, text: fieldText(tick), anchor: "end" })),
    ...x.ticks(5).map((tick): FigureText => ({ x: x(tick), y: bottom + 15, text: integer(tick), anchor: "middle" })),
    { x: 0, y: 9, text: "Time of the batch, ms", color: "ink-2" },
    { x: right, y: bottom + 30, text: axisOf(curve), anchor: "end", color: "ink-2" },
    { x: edge + 5, y: bottom - 6, text: "not measured", color: "ink-3", halo: true },
  ];
  return {
    width,
    height: HEIGHT,
    texts,
    draw: ({ paint, color }) => {
      for (const tick of y.ticks(4)) rule(paint, left, Math.round(y(tick)) + 0.5, right, Math.round(y(tick)) + 0.5, color("grid"));
      if (curve.low !== null && curve.high !== null) fillArea(paint, xs, ys(curve.low), ys(curve.high), xs.length, color("blue"), 0.25);
      const line = ys(curve.ms);
      strokeLine(paint, { x: xs.slice(0, measured), y: line.slice(0, measured), length: measured }, { color: color("blue"), width: 1.6 });
      const from = Math.max(0, measured - 1);
      strokeLine(
        paint,
        { x: xs.slice(from), y: line.slice(from), length: xs.length - from },
        { color: color("blue"), width: 1.6, dash: [2, 3] },
      );
      rule(paint, edge, MARGIN.top, edge, bottom, color("ink-3"), 1, [2, 3]);
      rule(paint, left, bottom + 0.5, right, bottom + 0.5, color("line-strong"));
    },
  };
}

function workTable(curve: WorkCurve): TableData {
  const column = (label: string, values: Float64Array) => ({
    label,
    unit: "ms",
    raw: (row: number) => values[row]!,
    show: (row: number) => fixed(values[row]!, 3),
  });
  return {
    title: "What it means at work",
    length: curve.x.length,
    columns: [
      { label: axisOf(curve), raw: (row) => curve.x[row]!, show: (row) => integer(curve.x[row]!) },
      column("time", curve.ms),
      ...(curve.low === null || curve.high === null ? [] : [column("2.5 %", curve.low), column("97.5 %", curve.high)]),
    ],
  };
}

export function WorkChart({ curve }: { readonly curve: WorkCurve }) {
  const palette = usePalette();
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const figure = useMemo(() => (width > 0 ? workFigure(curve, width) : null), [curve, width]);
  const { x } = scalesOf(curve, Math.max(1, width));
  return (
    <div ref={box}>
      {figure !== null && (
        <HoverChart
          title="What it means at work"
          phrase={curve.of === "decodes" ? `context ${integer(curve.context)} each` : "one prompt, nothing cached"}
          text={curve.text}
          palette={palette}
          figure={figure}
          table={() => workTable(curve)}
          steps={curve.x.length}
          stepAt={(px) => Math.round(((x.invert(px) - 0) / curve.x.at(-1)!) * (curve.x.length - 1))}
          xOf={(step) => x(curve.x[step]!)}
          tip={(step) => ({
            name: `${integer(curve.x[step]!)} ${curve.of === "decodes" ? "decodes" : "tokens"}`,
            ...(curve.x[step]! > curve.measuredTo ? { state: "not measured" } : {}),
            rows: [
              ["Time", ms(curve.ms[step]!)],
              ...(curve.low === null || curve.high === null
                ? []
                : ([["95 %", `${fixed(curve.low[step]!, 2)} to ${ms(curve.high[step]!)}`]] as const)),
            ],
          })}
          plot={{ left: MARGIN.left, right: MARGIN.right, top: MARGIN.top, height: HEIGHT - MARGIN.top - MARGIN.bottom }}
        />
      )}
    </div>
  );
}
