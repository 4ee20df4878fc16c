// Draws attainment against a rate or a scale: intervals, curve, the share asked for, where the two meet.
import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from "d3-scale";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import { rule, SLO_DASH, strokeLine } from "../../ui/chart/strokes.ts";
import { percent, significant } from "../../ui/format.ts";
import type { CurveModel } from "./select.ts";

export const CURVE = { left: 46, right: 16, top: 26, bottom: 38, height: 320 } as const;
/** Beyond this ratio between the ends the axis is one of ratios. */
const WIDE = 30;

export interface CurveScales {
  readonly x: ScaleContinuousNumeric<number, number>;
  readonly y: ScaleContinuousNumeric<number, number>;
}

export function curveScales({ points, share }: CurveModel, width: number): CurveScales {
  const xs = points.map(({ x }) => x);
  const [low, high] = xs.length === 0 ? [0, 1] : [Math.min(...xs), Math.max(...xs)];
  const range: [number, number] = [CURVE.left, width - CURVE.right];
  const least = Math.min(share, ...points.map((point) => point.low));
  const x =
    low > 0 && high / low > WIDE
      ? scaleLog([low / 1.15, high * 1.15], range)
      : scaleLinear([Math.max(0, low - 0.08 * (high - low || high)), high + 0.08 * (high - low || high)], range);
  return { x, y: scaleLinear([Math.max(0, Math.floor(10 * least - 0.5) / 10), 1], [CURVE.height - CURVE.bottom, CURVE.top]) };
}

export function curveFigure(model: CurveModel, width: number): Figure {
  const { points, share, answer, across } = model;
  const { x, y } = curveScales(model, width);
  const [left, right, bottom] = [CURVE.left, width - CURVE.right, CURVE.height - CURVE.bottom];
  const xTicks = "base" in x ? x.ticks(4).filter((tick) => /^[125]/.test(tick.toExponential())) : x.ticks(7);
  const texts: FigureText[] = [
    { x: 0, y: 11, text: "Requests that meet every SLO, %", color: "ink-2" },
    { x: right, y: bottom + 33, text: across, anchor: "end", color: "ink-2" },
    ...y.ticks(5).map((tick): FigureText => ({ x: left - 6, y: y(tick) + 3.5, text: significant(100 * tick), anchor: "end" })),
    ...xTicks.map((tick): FigureText => ({
      x: x(tick),
      y: bottom + 16,
      text: significant(tick)
        .replace(/(\.\d*?)0+$/, "$1")
        .replace(/\.$/, ""),
      anchor: "middle",
    })),
    { x: right, y: y(share) - 5, text: `${percent(share, share >= 0.995 ? 1 : 0)} asked for`, anchor: "end", color: "ink", halo: true },
  ];
  if (answer !== null) {
    const near = x(answer.at) > right - 120;
    texts.push({
      x: x(answer.at) + (near ? -9 : 9),
      y: y(share) + 17,
      text: answer.label,
      anchor: near ? "end" : "start",
      color: "ink",
      size: 11,
      weight: 600,
      halo: true,
    });
  }
  return {
    width,
    height: CURVE.height,
    draw: ({ paint, color }) => {
      if (answer !== null) {
        const from = Math.max(left, x(Math.max(answer.low, x.domain()[0] ?? 0)));
        const to = Math.min(right, answer.high === null ? right : x(answer.high));
        paint.fillStyle = color("inset");
        paint.fillRect(Math.min(from, to), CURVE.top, Math.max(2, Math.abs(to - from)), bottom - CURVE.top);
      }
      for (const tick of y.ticks(5)) rule(paint, left, Math.round(y(tick)) + 0.5, right, Math.round(y(tick)) + 0.5, color("grid"));
      rule(paint, left, bottom + 0.5, right, bottom + 0.5, color("line-strong"));
      for (const tick of xTicks)
        rule(paint, Math.round(x(tick)) + 0.5, bottom, Math.round(x(tick)) + 0.5, bottom + 4, color("line-strong"));
      rule(paint, left, y(share), right, y(share), color("ink"), 1, SLO_DASH);
      strokeLine(
        paint,
        { x: points.map((point) => x(point.x)), y: points.map((point) => y(point.attainment)), length: points.length },
        { color: color("blue"), width: 1.2, alpha: 0.6 },
      );
      for (const point of points) {
        const px = x(point.x);
        const own = color(point.attainment >= share ? "slo-ok" : "slo-miss");
        rule(paint, px, y(Math.max(point.low, y.domain()[0] ?? 0)), px, y(Math.min(1, point.high)), own, 1.2);
        paint.beginPath();
        // Met is full, missed is hollow: not by colour alone.
        paint.arc(px, y(point.attainment), 3.6, 0, 2 * Math.PI);
        paint.fillStyle = point.attainment >= share ? own : color("paper");
        paint.fill();
        paint.strokeStyle = own;
        paint.lineWidth = 1.4;
        paint.stroke();
      }
      if (answer !== null) rule(paint, x(answer.at), CURVE.top, x(answer.at), bottom, color("ink"), 1.4);
    },
    texts,
  };
}
