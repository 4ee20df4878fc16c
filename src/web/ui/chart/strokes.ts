// Lines, areas, steps and hatches on a Paint, from columns of numbers. NaN breaks a line.
import { area, curveLinear, curveStepAfter, line } from "d3-shape";
import type { Paint } from "./paint.ts";

export interface Points {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly length: number;
}

export type Curve = "line" | "step";

export interface Pen {
  readonly color: string;
  readonly width: number;
  readonly dash?: readonly number[];
  readonly alpha?: number;
}

export const GHOST_DASH: readonly number[] = [3, 2];
export const SLO_DASH: readonly number[] = [6, 3];
/** Dashes of categories, in order: the second sign beside the colour. */
export const CATEGORY_DASHES: readonly (readonly number[])[] = [[], [5, 2], [2, 2], [8, 3]];

/**
 * At most about four points per pixel column: first, lowest, highest, last. No spike is lost.
 * Returns the input where that would save nothing.
 */
export function thin(points: Points): Points {
  const { length } = points;
  const first = points.x[0] ?? 0;
  const last = points.x[length - 1] ?? 0;
  const columns = Math.max(1, Math.ceil(last - first));
  if (length <= columns * 4) return points;
  const x: number[] = [];
  const y: number[] = [];
  const push = (i: number): void => {
    x.push(points.x[i] as number);
    y.push(points.y[i] as number);
  };
  for (let from = 0; from < length;) {
    const column = Math.floor(points.x[from] as number);
    let to = from + 1;
    let low = from;
    let high = from;
    let gap = Number.isNaN(points.y[from] as number);
    for (; to < length && Math.floor(points.x[to] as number) === column; to++) {
      const value = points.y[to] as number;
      if (Number.isNaN(value)) gap = true;
      if (value < (points.y[low] as number)) low = to;
      if (value > (points.y[high] as number)) high = to;
    }
    if (gap) for (let i = from; i < to; i++) push(i);
    else for (const i of new Set([from, Math.min(low, high), Math.max(low, high), to - 1])) push(i);
    from = to;
  }
  return { x, y, length: x.length };
}

/** Without the points inside a level stretch, which change nothing that is drawn: a join costs more than the rest of a segment. */
function level(points: Points): Points {
  const { x, y, length } = points;
  const inside = (i: number): boolean => y[i] === y[i - 1] && y[i] === y[i + 1];
  let kept = 0;
  for (let i = 0; i < length; i++) if (!inside(i)) kept++;
  if (kept === length) return points;
  const [xs, ys] = [new Float64Array(kept), new Float64Array(kept)];
  for (let i = 0, k = 0; i < length; i++) {
    if (inside(i)) continue;
    xs[k] = x[i] as number;
    ys[k++] = y[i] as number;
  }
  return { x: xs, y: ys, length: kept };
}

// d3-shape wants data; here they are columns, read by index.
const indices = (length: number): undefined[] => ({ length }) as unknown as undefined[];
const curves = { line: curveLinear, step: curveStepAfter };

/** The line, broken where a value is missing. A value alone between gaps shows as a dot one pixel long. */
function trace(paint: Paint, points: Points, curve: Curve): void {
  const { x, y } = points;
  const there = (i: number): boolean => Number.isFinite(y[i]);
  const alone = (i: number): boolean => !(i > 0 && there(i - 1)) && !(i + 1 < points.length && there(i + 1));
  line<undefined>()
    .defined((_, i) => there(i) && !alone(i))
    .x((_, i) => x[i] as number)
    .y((_, i) => y[i] as number)
    .curve(curves[curve])
    .context(paint as CanvasRenderingContext2D)(indices(points.length));
  for (let i = 0; i < points.length; i++) {
    if (!there(i) || !alone(i)) continue;
    paint.moveTo(x[i] as number, y[i] as number);
    paint.lineTo((x[i] as number) + 1, y[i] as number);
  }
}

export function strokeLine(paint: Paint, points: Points, pen: Pen, curve: Curve = "line"): void {
  paint.beginPath();
  trace(paint, level(curve === "line" ? thin(points) : points), curve);
  paint.strokeStyle = pen.color;
  paint.lineWidth = pen.width;
  paint.globalAlpha = pen.alpha ?? 1;
  paint.setLineDash(pen.dash ? [...pen.dash] : []);
  paint.stroke();
  paint.setLineDash([]);
  paint.globalAlpha = 1;
}

/** Area between two columns of y over the same x. The path is left open for fill or clip. */
export function areaPath(
  paint: Paint,
  x: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  length: number,
  curve: Curve = "line",
): void {
  paint.beginPath();
  area<undefined>()
    .defined((_, i) => Number.isFinite(low[i]) && Number.isFinite(high[i]))
    .x((_, i) => x[i] as number)
    .y0((_, i) => low[i] as number)
    .y1((_, i) => high[i] as number)
    .curve(curves[curve])
    .context(paint as CanvasRenderingContext2D)(indices(length));
}

export function fillArea(
  paint: Paint,
  x: ArrayLike<number>,
  low: ArrayLike<number>,
  high: ArrayLike<number>,
  length: number,
  color: string,
  alpha = 1,
  curve: Curve = "line",
): void {
  areaPath(paint, x, low, high, length, curve);
  paint.fillStyle = color;
  paint.globalAlpha = alpha;
  paint.fill();
  paint.globalAlpha = 1;
}

/** 45 degree hatch inside the current path, which it uses as a clip. */
export function hatchPath(
  paint: Paint,
  box: { x: number; y: number; width: number; height: number },
  color: string,
  period = 4,
  thick = 1.6,
  alpha = 1,
): void {
  paint.save();
  paint.clip();
  paint.beginPath();
  const step = period * Math.SQRT2;
  const start = Math.floor((box.x - box.height) / step) * step;
  for (let x = start; x < box.x + box.width; x += step) {
    paint.moveTo(x, box.y + box.height);
    paint.lineTo(x + box.height, box.y);
  }
  paint.strokeStyle = color;
  paint.lineWidth = thick;
  paint.globalAlpha = alpha;
  paint.stroke();
  paint.restore();
}

export function hatchRect(
  paint: Paint,
  x: number,
  y: number,
  width: number,
  height: number,
  color: string,
  period = 4,
  thick = 1.6,
  alpha = 1,
): void {
  if (width <= 0 || height <= 0) return;
  paint.beginPath();
  paint.rect(x, y, width, height);
  hatchPath(paint, { x, y, width, height }, color, period, thick, alpha);
}

export function rule(
  paint: Paint,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  color: string,
  width = 1,
  dash: readonly number[] = [],
): void {
  paint.beginPath();
  paint.moveTo(x1, y1);
  paint.lineTo(x2, y2);
  paint.strokeStyle = color;
  paint.lineWidth = width;
  paint.setLineDash([...dash]);
  paint.stroke();
  paint.setLineDash([]);
}

/** Rectangle outline, rounded by cut corners of `radius` drawn as quarter steps: small radii look the same. */
export function outline(paint: Paint, x: number, y: number, width: number, height: number, radius: number): void {
  const r = Math.min(radius, width / 2, height / 2);
  const k = r * 0.3;
  paint.beginPath();
  paint.moveTo(x + r, y);
  paint.lineTo(x + width - r, y);
  paint.lineTo(x + width - k, y + k);
  paint.lineTo(x + width, y + r);
  paint.lineTo(x + width, y + height - r);
  paint.lineTo(x + width - k, y + height - k);
  paint.lineTo(x + width - r, y + height);
  paint.lineTo(x + r, y + height);
  paint.lineTo(x + k, y + height - k);
  paint.lineTo(x, y + height - r);
  paint.lineTo(x, y + r);
  paint.lineTo(x + k, y + k);
  paint.closePath();
}
