// Draws distributions: cumulative curves with their SLO, and bars of batch sizes.
import { scaleLinear, scaleLog } from "d3-scale";
import type { Cdf } from "../../../engine/metrics/results.ts";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Surface } from "../../ui/chart/paint.ts";
import { GHOST_DASH, rule, SLO_DASH, strokeLine } from "../../ui/chart/strokes.ts";
import { integer, limit } from "../../ui/format.ts";
import { niceStep } from "../tracks/ticks.ts";
import type { BarModel, CdfModel } from "./select.ts";

export const PLOT = { left: 26, right: 10, top: 4, cdf: 70, bars: 48, axis: 19 } as const;

export interface Scales {
  readonly x: (value: number) => number;
  readonly invert: (x: number) => number;
  readonly y: (share: number) => number;
}

export function cdfScales(model: CdfModel, width: number): Scales {
  const range: [number, number] = [PLOT.left, width - PLOT.right];
  const x = (model.log ? scaleLog([...model.domain], range) : scaleLinear([...model.domain], range)).clamp(true);
  const y = scaleLinear([0, 1], [PLOT.top + PLOT.cdf, PLOT.top]);
  return { x, invert: (at) => x.invert(at), y };
}

/** The SLO first, then round values that leave it room. */
export function cdfTicks(model: CdfModel, x: (value: number) => number): number[] {
  const [low, high] = model.domain;
  const candidates: number[] = [];
  if (model.log) {
    for (const factors of [[1], [5], [2]])
      for (let power = -4; power <= 5; power++)
        for (const factor of factors) candidates.push(Number((factor * Math.pow(10, power)).toPrecision(2)));
  } else {
    const step = niceStep(high, 4);
    // Every second step first: where the SLO leaves no room, the rounder value stays.
    for (const from of [0, 1]) for (let k = from; k * step <= high; k += 2) candidates.push(k * step);
  }
  const kept: number[] = model.bound === null ? [] : [model.bound];
  for (const value of candidates) {
    if (value < low || value > high) continue;
    if (kept.every((other) => Math.abs(x(other) - x(value)) >= 46)) kept.push(value);
  }
  return kept.sort((a, b) => a - b);
}

function curve(surface: Surface, cdf: Cdf, scales: Scales, color: string, width: number, dash?: readonly number[]): void {
  const { length } = cdf.seconds;
  if (length === 0) return;
  const x = new Float64Array(length + 1);
  const y = new Float64Array(length + 1);
  x[0] = scales.x(cdf.seconds[0] as number);
  y[0] = scales.y(0);
  for (let i = 0; i < length; i++) {
    x[i + 1] = scales.x(cdf.seconds[i] as number);
    y[i + 1] = scales.y(cdf.share[i] as number);
  }
  strokeLine(surface.paint, { x, y, length: length + 1 }, { color, width, ...(dash ? { dash } : {}) });
}

export function drawCdf(surface: Surface, model: CdfModel, width: number): void {
  const { paint, color } = surface;
  const scales = cdfScales(model, width);
  const right = width - PLOT.right;
  const base = PLOT.top + PLOT.cdf;
  for (const share of [0.5, 0.9, 1])
    rule(paint, PLOT.left, Math.round(scales.y(share)) + 0.5, right, Math.round(scales.y(share)) + 0.5, color("grid"));
  if (model.bound !== null) {
    paint.fillStyle = color("slo-miss-wash");
    paint.globalAlpha = 0.45;
    paint.fillRect(scales.x(model.bound), PLOT.top, right - scales.x(model.bound), PLOT.cdf);
    paint.globalAlpha = 1;
  }
  if (model.ghost) curve(surface, model.ghost, scales, color("ghost"), 1.2, GHOST_DASH);
  curve(surface, model.cdf, scales, color("blue"), 1.6);
  if (model.bound !== null) {
    const x = scales.x(model.bound);
    rule(paint, x, PLOT.top, x, base, color("ink"), 1, SLO_DASH);
    const dot = (share: number, radius: number, fill: string, stroke?: string): void => {
      if (!Number.isFinite(share)) return;
      paint.beginPath();
      paint.arc(x, scales.y(share), radius, 0, 2 * Math.PI);
      paint.fillStyle = fill;
      paint.fill();
      if (stroke) {
        paint.strokeStyle = stroke;
        paint.lineWidth = 1;
        paint.stroke();
      }
    };
    dot(model.share, 2.8, color("blue"));
    dot(model.ghostShare, 2.3, color("paper"), color("ghost"));
  }
  rule(paint, PLOT.left, base + 0.5, right, base + 0.5, color("line-strong"));
  for (const tick of cdfTicks(model, scales.x))
    rule(paint, Math.round(scales.x(tick)) + 0.5, base, Math.round(scales.x(tick)) + 0.5, base + 4, color("line-strong"));
}

export function cdfTexts(model: CdfModel, width: number): FigureText[] {
  const scales = cdfScales(model, width);
  const base = PLOT.top + PLOT.cdf;
  const texts: FigureText[] = [0, 0.5, 0.9].map((share) => ({
    x: PLOT.left - 6,
    y: scales.y(share) + 3.5,
    text: integer(share * 100),
    anchor: "end",
  }));
  for (const tick of cdfTicks(model, scales.x)) {
    const text = model.log ? limit(tick) : tick === 0 ? "0\u00a0ms" : limit(tick);
    texts.push({ x: Math.min(scales.x(tick), width - 14), y: base + 15, text, anchor: "middle" });
  }
  if (model.bound !== null && model.within) {
    const x = scales.x(model.bound);
    // In a narrow chart the share alone: the limit stands under the axis.
    const narrow = width < 200;
    const flip = x + (narrow ? 48 : 128) > width;
    const low = Math.min(model.share, Number.isFinite(model.ghostShare) ? model.ghostShare : 1) < 0.6 && !flip;
    const words = (text: string): string => (narrow ? text.replace(/ within .*| [a-z ]+$/, "") : text);
    const place = (dy: number): { x: number; y: number; anchor: "start" | "end"; halo: boolean } => ({
      x: flip ? x - 6 : x + 6,
      // Under the curves, or above them where they cross the limit low.
      y: PLOT.top + (low ? 11 : PLOT.cdf * 0.56) + dy,
      anchor: flip ? "end" : "start",
      halo: flip || low,
    });
    texts.push({ ...place(0), text: words(model.within), color: "blue-text", weight: 600 });
    if (model.ghostWithin) texts.push({ ...place(13), text: words(model.ghostWithin) });
  }
  return texts;
}

export function cdfFigure(model: CdfModel, width: number): Figure {
  return {
    width,
    height: PLOT.top + PLOT.cdf + PLOT.axis,
    draw: (surface) => drawCdf(surface, model, width),
    texts: cdfTexts(model, width),
  };
}

function barScales(model: BarModel, width: number): { x: (size: number) => number; y: (share: number) => number; top: number } {
  let top = 0.01;
  for (const list of [model.shares, model.ghost]) if (list) for (const share of list) if (share > top) top = share;
  return {
    x: scaleLinear([0, model.end], [PLOT.left, width - PLOT.right]),
    y: scaleLinear([0, top * 1.05], [PLOT.top + PLOT.bars, PLOT.top]),
    top,
  };
}

export function barsFigure(model: BarModel, width: number): Figure {
  const { x, y, top } = barScales(model, width);
  const base = PLOT.top + PLOT.bars;
  const right = width - PLOT.right;
  const step = niceStep(top * 100, 1);
  const yTicks = [0, step, 2 * step].filter((tick) => tick <= top * 105);
  const size = niceStep(model.end, 4, true);
  const ticks: number[] = [];
  for (let k = 0; k * size <= model.end; k++) ticks.push(k * size);
  return {
    width,
    height: base + PLOT.axis,
    draw({ paint, color }) {
      for (const tick of yTicks)
        rule(paint, PLOT.left, Math.round(y(tick / 100)) + 0.5, right, Math.round(y(tick / 100)) + 0.5, color("grid"));
      paint.fillStyle = color("decode");
      paint.globalAlpha = 0.8;
      model.shares.forEach((share, i) =>
        paint.fillRect(x(i * model.width) + 0.5, y(share), x((i + 1) * model.width) - x(i * model.width) - 1, base - y(share)),
      );
      paint.globalAlpha = 1;
      if (model.ghost) {
        const length = model.ghost.length + 1;
        const xs = Float64Array.from({ length }, (_, i) => x(i * model.width));
        const ys = Float64Array.from({ length }, (_, i) => y(model.ghost?.[Math.min(i, length - 2)] ?? 0));
        strokeLine(paint, { x: xs, y: ys, length }, { color: color("ghost"), width: 1.2, dash: GHOST_DASH }, "step");
      }
      rule(paint, PLOT.left, base + 0.5, right, base + 0.5, color("line-strong"));
      for (const tick of ticks) rule(paint, Math.round(x(tick)) + 0.5, base, Math.round(x(tick)) + 0.5, base + 4, color("line-strong"));
    },
    texts: [
      ...yTicks.map((tick): FigureText => ({ x: PLOT.left - 6, y: y(tick / 100) + 3.5, text: integer(tick), anchor: "end" })),
      ...ticks.map((tick): FigureText => ({ x: x(tick), y: base + 15, text: integer(tick), anchor: "middle" })),
    ],
  };
}

/** Bar under a pixel, or -1. */
export function barAt(model: BarModel, width: number, x: number): number {
  const share = (x - PLOT.left) / (width - PLOT.left - PLOT.right);
  return share < 0 || share >= 1 ? -1 : Math.floor(share * model.shares.length);
}
