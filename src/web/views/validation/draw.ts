// Predicted against measured on logarithmic axes of the same range, with the line of no error and those of a tenth.
import { scaleLog, type ScaleLogarithmic } from "d3-scale";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Paint, Surface } from "../../ui/chart/paint.ts";
import { GHOST_DASH, rule } from "../../ui/chart/strokes.ts";
import { significant } from "../../ui/format.ts";
import type { Judged, Point } from "./select.ts";

export const MARGIN = { left: 58, right: 16, top: 26, bottom: 40 } as const;
const RADIUS = 3.4;
const TENTH = 0.1;

export interface ScatterModel {
  readonly quantity: Judged;
  readonly points: readonly Point[];
  /** Of the other sets of the class. */
  readonly others: readonly Point[];
}

export interface ScatterScales {
  readonly x: ScaleLogarithmic<number, number>;
  readonly y: ScaleLogarithmic<number, number>;
}

const TITLES: Readonly<Record<Judged, string>> = { TTFT: "time to first token", TPOT: "time per output token", E2E: "end-to-end latency" };

export function scatterScales({ points, others }: ScatterModel, width: number, height: number): ScatterScales {
  const values = [...points, ...others].flatMap(({ measured, predicted }) => [measured, predicted]);
  const domain = values.length === 0 ? [0.1, 1] : [Math.min(...values) / 1.25, Math.max(...values) * 1.25];
  return {
    x: scaleLog(domain, [MARGIN.left, width - MARGIN.right]),
    y: scaleLog(domain, [height - MARGIN.bottom, MARGIN.top]),
  };
}

/** 1, 2, 5, 10, ... within the range; every decade alone where there are many. */
export function ticksOf(scale: ScaleLogarithmic<number, number>): readonly number[] {
  const [low = 1, high = 1] = scale.domain();
  const all: number[] = [];
  for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++)
    for (const step of [1, 2, 5]) {
      const value = Number(`${step}e${decade}`);
      if (value >= low && value <= high) all.push(value);
    }
  return all.length > 9 ? all.filter((value) => /^(0\.0*1|10*)$/.test(String(value))) : all;
}

function circle(paint: Paint, x: number, y: number): void {
  paint.beginPath();
  paint.arc(x, y, RADIUS, 0, 2 * Math.PI);
}

function drawScatter({ paint, color }: Surface, model: ScatterModel, { x, y }: ScatterScales): void {
  const [left = 0, right = 0] = x.range();
  const [bottom = 0] = y.range();
  for (const tick of ticksOf(y)) rule(paint, left, Math.round(y(tick)) + 0.5, right, Math.round(y(tick)) + 0.5, color("grid"));
  for (const tick of ticksOf(x))
    rule(paint, Math.round(x(tick)) + 0.5, bottom, Math.round(x(tick)) + 0.5, bottom + 4, color("line-strong"));
  rule(paint, left, bottom + 0.5, right, bottom + 0.5, color("line-strong"));
  const [low = 1, high = 1] = x.domain();
  const diagonal = (factor: number, ink: string, dash: readonly number[]): void => {
    const from = Math.max(low, low / factor);
    const to = Math.min(high, high / factor);
    rule(paint, x(from), y(from * factor), x(to), y(to * factor), ink, 1, [...dash]);
  };
  diagonal(1 + TENTH, color("ghost"), GHOST_DASH);
  diagonal(1 - TENTH, color("ghost"), GHOST_DASH);
  diagonal(1, color("ink"), []);
  for (const { measured, predicted } of model.others) {
    circle(paint, x(measured), y(predicted));
    paint.strokeStyle = color("ghost");
    paint.lineWidth = 1;
    paint.stroke();
  }
  for (const { measured, predicted, worst } of model.points) {
    circle(paint, x(measured), y(predicted));
    if (worst) {
      paint.fillStyle = color("paper");
      paint.fill();
      paint.strokeStyle = color("vermillion");
      paint.lineWidth = 1.6;
      paint.stroke();
    } else {
      paint.fillStyle = color("blue");
      paint.fill();
    }
  }
}

/** One unit for all ticks. */
const unitOf = (scale: ScaleLogarithmic<number, number>): readonly [unit: string, factor: number] =>
  (scale.domain()[1] ?? 1) < 1 ? ["ms", 1000] : ["s", 1];

export function scatterFigure(model: ScatterModel, width: number, height: number): Figure {
  const scales = scatterScales(model, width, height);
  const { x, y } = scales;
  const [left = 0, right = 0] = x.range();
  const [bottom = 0, top = 0] = y.range();
  const [unit, factor] = unitOf(x);
  const tick = (value: number): string => significant(value * factor, 1);
  const title = TITLES[model.quantity];
  const texts: FigureText[] = [
    ...ticksOf(y).map((value): FigureText => ({ x: left - 6, y: y(value) + 3.5, text: tick(value), anchor: "end" })),
    ...ticksOf(x).map((value): FigureText => ({ x: x(value), y: bottom + 16, text: tick(value), anchor: "middle" })),
    { x: 0, y: 11, text: `Predicted ${title}, ${unit}`, color: "ink-2" },
    { x: right, y: bottom + 33, text: `Measured ${title}, ${unit}`, anchor: "end", color: "ink-2" },
    { x: right - 4, y: top + 12, text: "no error, dashed: a tenth off", anchor: "end", color: "ink-3", halo: true },
  ];
  return { width, height, draw: (surface) => drawScatter(surface, model, scales), texts };
}

/** Index of the nearest point within reach. */
export function pointAt({ points }: ScatterModel, { x, y }: ScatterScales, px: number, py: number): number | null {
  let best: number | null = null;
  let least = 20 * 20;
  points.forEach(({ measured, predicted }, i) => {
    const distance = (x(measured) - px) ** 2 + (y(predicted) - py) ** 2;
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}
