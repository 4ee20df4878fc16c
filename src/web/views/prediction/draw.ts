// Draws measured against predicted on two equal log axes: band, line of equality, rows by region, rows that were set aside.
import { scaleLog, type ScaleLogarithmic } from "d3-scale";
import { REGIONS } from "../../../latency/fit/types.ts";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Paint, Surface } from "../../ui/chart/paint.ts";
import { rule } from "../../ui/chart/strokes.ts";
import { fieldText } from "../../ui/slider-scale.ts";
import { REGION_WORDS, type Outline, type PredictionModel } from "./select.ts";

export const MARGIN = { left: 52, right: 14, top: 14, bottom: 38 } as const;
/** Region by region: its colour, and the sign beside it. */
const COLORS = ["blue", "orange", "green"] as const;
const SIZE = 1.7;

export interface PredictionScales {
  readonly x: ScaleLogarithmic<number, number>;
  readonly y: ScaleLogarithmic<number, number>;
}

export function predictionScales({ domain }: PredictionModel, width: number, height: number): PredictionScales {
  return {
    x: scaleLog([...domain], [MARGIN.left, width - MARGIN.right]),
    y: scaleLog([...domain], [height - MARGIN.bottom, MARGIN.top]),
  };
}

/** Round values, few enough to be read. */
export function logTicks([low, high]: readonly [number, number], most: number): number[] {
  const steps = [[1], [1, 3], [1, 2, 5], [1, 1.5, 2, 3, 5, 7]];
  const of = (mantissas: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++)
      for (const m of mantissas) {
        const tick = Number((m * 10 ** power).toPrecision(3));
        if (tick >= low && tick <= high) ticks.push(tick);
      }
    return ticks;
  };
  return steps.map(of).findLast((ticks) => ticks.length <= most) ?? of([1]);
}

function sign(paint: Paint, region: number, px: number, py: number): void {
  if (region === 0) {
    paint.moveTo(px + SIZE, py);
    paint.arc(px, py, SIZE, 0, 2 * Math.PI);
  } else if (region === 1) {
    paint.moveTo(px, py - SIZE - 0.6);
    paint.lineTo(px + SIZE + 0.4, py + SIZE);
    paint.lineTo(px - SIZE - 0.4, py + SIZE);
    paint.closePath();
  } else paint.rect(px - SIZE, py - SIZE, 2 * SIZE, 2 * SIZE);
}

function draw({ paint, color }: Surface, model: PredictionModel, outlines: readonly Outline[], { x, y }: PredictionScales): void {
  const [left = 0, right = 0] = x.range();
  const [bottom = 0, top = 0] = y.range();
  const [low, high] = model.domain;
  for (const tick of logTicks(model.domain, 8))
    rule(paint, left, Math.round(y(tick)) + 0.5, right, Math.round(y(tick)) + 0.5, color("grid"));
  paint.save();
  paint.beginPath();
  paint.rect(left, top, right - left, bottom - top);
  paint.clip();
  paint.beginPath();
  paint.moveTo(x(low), y(low * model.band[0]));
  paint.lineTo(x(high), y(high * model.band[0]));
  paint.lineTo(x(high), y(high * model.band[1]));
  paint.lineTo(x(low), y(low * model.band[1]));
  paint.closePath();
  paint.fillStyle = color("inset");
  paint.fill();
  REGIONS.forEach((_, region) => {
    paint.beginPath();
    model.rows.forEach((_row, i) => {
      if (model.region[i] === region && model.aside[i] === 0) sign(paint, region, x(model.x[i]!), y(model.y[i]!));
    });
    paint.fillStyle = color(COLORS[region]!);
    paint.globalAlpha = 0.6;
    paint.fill();
    paint.globalAlpha = 1;
  });
  for (const hull of outlines) {
    paint.beginPath();
    hull.x.forEach((corner, i) => {
      if (i === 0) paint.moveTo(x(corner), y(hull.y[i]!));
      else paint.lineTo(x(corner), y(hull.y[i]!));
    });
    paint.closePath();
    paint.strokeStyle = color(COLORS[REGIONS.indexOf(hull.region)]!);
    paint.lineWidth = 1;
    paint.setLineDash([4, 3]);
    paint.stroke();
    paint.setLineDash([]);
  }
  // Hollow: the fit left them out.
  paint.beginPath();
  model.rows.forEach((_row, i) => {
    if (model.aside[i] === 0) return;
    const [px, py] = [x(model.x[i]!), y(model.y[i]!)];
    paint.moveTo(px + 3, py);
    paint.arc(px, py, 3, 0, 2 * Math.PI);
  });
  paint.strokeStyle = color("ink");
  paint.lineWidth = 1;
  paint.stroke();
  paint.restore();
  rule(paint, x(low), y(low), x(high), y(high), color("ink"), 1.2);
  rule(paint, left, bottom + 0.5, right, bottom + 0.5, color("line-strong"));
  for (const tick of logTicks(model.domain, 9))
    rule(paint, Math.round(x(tick)) + 0.5, bottom, Math.round(x(tick)) + 0.5, bottom + 4, color("line-strong"));
}

export function predictionFigure(model: PredictionModel, outlines: readonly Outline[], width: number, height: number): Figure {
  const scales = predictionScales(model, width, height);
  const { x, y } = scales;
  const [left = 0, right = 0] = x.range();
  const [bottom = 0, top = 0] = y.range();
  const across = width < 480 ? 6 : 9;
  const inside = (at: number): number => Math.max(top + 10, Math.min(bottom - 6, at));
  const texts: FigureText[] = [
    ...logTicks(model.domain, 8).map((tick): FigureText => ({ x: left - 6, y: y(tick) + 3.5, text: fieldText(tick), anchor: "end" })),
    ...logTicks(model.domain, across).map((tick): FigureText => ({ x: x(tick), y: bottom + 16, text: fieldText(tick), anchor: "middle" })),
    { x: 0, y: 9, text: "Measured, ms per batch", color: "ink-2" },
    { x: right, y: bottom + 33, text: "Predicted, ms per batch", anchor: "end", color: "ink-2" },
    { x: right - 4, y: top + 0.45 * (bottom - top), text: "line: measured = predicted", anchor: "end", color: "ink-2", halo: true },
    ...model.regions.map(({ region, x: px, y: py }, i): FigureText => {
      const above = i % 2 === 0;
      const wide = 5.6 * REGION_WORDS[region].length;
      return {
        x: above ? Math.max(left + wide + 6, x(px) - 26) : Math.min(right - wide, x(px) + 26),
        y: inside(y(py) + (above ? -22 : 30)),
        text: REGION_WORDS[region],
        anchor: above ? "end" : "start",
        color: `${COLORS[REGIONS.indexOf(region)]!}-text`,
        weight: 600,
        halo: true,
      };
    }),
  ];
  return { width, height, draw: (surface) => draw(surface, model, outlines, scales), texts };
}

/** The point nearest to a place, within 16 pixels; -1 for none. */
export function pointAt(model: PredictionModel, { x, y }: PredictionScales, px: number, py: number): number {
  let best = -1;
  let least = 16 * 16;
  for (let i = 0; i < model.rows.length; i++) {
    const distance = (x(model.x[i]!) - px) ** 2 + (y(model.y[i]!) - py) ** 2;
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}
