// Draws a front: area up to the reference, published points, staircase, settings.
import { scaleLinear, scaleLog, type ScaleContinuousNumeric } from "d3-scale";
import { lossOf, type Metric } from "../../../analysis/metrics.ts";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Paint, Surface } from "../../ui/chart/paint.ts";
import { GHOST_DASH, rule } from "../../ui/chart/strokes.ts";
import { drawSymbol } from "../../ui/chart/symbols.ts";
import { fixed } from "../../ui/format.ts";
import { axisTitle, inUnit, tickText } from "../sweep/units.ts";
import type { FrontModel, FrontPoint } from "./select.ts";

export const MARGIN = { left: 46, right: 14, top: 24, bottom: 38 } as const;
/** Radii of marks: dominated, on the front, published. */
const R = { hollow: 4, full: 4.6, published: 4 } as const;
/** Marks up to which dominated ones are labelled, too. */
const MOST_LABELS = 16;
/** Pixels per letter at 10.5 px. */
const LETTER = 5.6;

export interface FrontScales {
  readonly x: ScaleContinuousNumeric<number, number>;
  readonly y: ScaleContinuousNumeric<number, number>;
}

export function frontScales(model: FrontModel, width: number, height: number, log = false): FrontScales {
  const [low, high] = model.domainY;
  const range = [height - MARGIN.bottom, MARGIN.top];
  const least = Math.min(high / 2, ...model.points.flatMap(({ y }) => (y.mean > 0 ? [y.mean] : [])));
  return {
    x: scaleLinear([...model.domainX], [MARGIN.left, width - MARGIN.right]),
    y: log && least > 0 ? scaleLog([Math.max(low, 0.8 * least), high], range) : scaleLinear([low, high], range),
  };
}

/** Ticks of a logarithmic axis are many: those at 1, 2 and 5 are kept. */
const ticksOf = (scale: ScaleContinuousNumeric<number, number>): number[] =>
  "base" in scale ? scale.ticks(5).filter((tick) => /^[125](\.0*)?e/.test(tick.toExponential(1))) : scale.ticks(5);

/** Where a setting is drawn: far ones at the edge. */
export function placeOf(
  { x, y }: FrontScales,
  point: { readonly x: number; readonly y: number },
): { readonly px: number; readonly py: number; readonly beyond: boolean } {
  const [left = 0, right = 0] = x.range();
  const [bottom = 0, top = 0] = y.range();
  const px = x(point.x);
  const py = y(point.y);
  const beyond = px < left - 1 || px > right + 1 || py < top - 1 || py > bottom + 1;
  return { px: Math.max(left + 5, Math.min(right - 5, px)), py: Math.max(top + 5, Math.min(bottom - 5, py)), beyond };
}

/** Corners of the staircase, from the reference's height down and along to its x; only what lies inside the reference. */
function corners(
  model: FrontModel,
  points: readonly { readonly x: number; readonly y: number }[],
): { readonly x: number; readonly y: number }[] {
  const { x: mx, y: my, reference } = model;
  const worse = (metric: Metric, a: number, b: number): boolean => lossOf(metric, a) > lossOf(metric, b);
  const inside = points
    .filter((point) => !worse(mx, point.x, reference[0]) && !worse(my, point.y, reference[1]))
    .sort((a, b) => lossOf(mx, a.x) - lossOf(mx, b.x));
  const path: { x: number; y: number }[] = [];
  let level = reference[1];
  for (const point of inside) {
    path.push({ x: point.x, y: level }, { x: point.x, y: point.y });
    level = point.y;
  }
  if (inside.length > 0) path.push({ x: reference[0], y: level });
  return path;
}

function trace(paint: Paint, { x, y }: FrontScales, path: readonly { readonly x: number; readonly y: number }[]): void {
  paint.beginPath();
  path.forEach((corner, i) => (i === 0 ? paint.moveTo(x(corner.x), y(corner.y)) : paint.lineTo(x(corner.x), y(corner.y))));
}

function drawFront(surface: Surface, model: FrontModel, scales: FrontScales): void {
  const { paint, color } = surface;
  const { x, y } = scales;
  const [left = 0, right = 0] = x.range();
  const [bottom = 0] = y.range();
  for (const tick of ticksOf(y)) rule(paint, left, Math.round(y(tick)) + 0.5, right, Math.round(y(tick)) + 0.5, color("grid"));
  const front = corners(
    model,
    model.front.map((i) => ({ x: model.points[i]!.x.mean, y: model.points[i]!.y.mean })),
  );
  const [rx, ry] = [x(model.reference[0]), y(model.reference[1])];
  if (front.length > 0) {
    trace(paint, scales, front);
    paint.lineTo(rx, ry);
    paint.closePath();
    paint.fillStyle = color("inset");
    paint.globalAlpha = 0.75;
    paint.fill();
    paint.globalAlpha = 1;
  }
  rule(paint, rx, bottom, rx, ry, color("ink-3"), 1, [2, 3]);
  rule(paint, rx, ry, left, ry, color("ink-3"), 1, [2, 3]);
  rule(paint, left, bottom + 0.5, right, bottom + 0.5, color("line-strong"));
  for (const tick of x.ticks(6))
    rule(paint, Math.round(x(tick)) + 0.5, bottom, Math.round(x(tick)) + 0.5, bottom + 4, color("line-strong"));
  for (const group of model.groups) {
    const own = corners(
      model,
      group.front.map((i) => ({ x: model.points[i]!.x.mean, y: model.points[i]!.y.mean })),
    );
    if (own.length === 0) continue;
    trace(paint, scales, own);
    paint.strokeStyle = color(group.color);
    paint.lineWidth = 1;
    paint.globalAlpha = 0.7;
    paint.stroke();
    paint.globalAlpha = 1;
  }
  const published = corners(model, model.published);
  if (published.length > 0) {
    trace(paint, scales, published);
    paint.setLineDash([...GHOST_DASH]);
    paint.strokeStyle = color("ghost");
    paint.lineWidth = 1.2;
    paint.stroke();
    paint.setLineDash([]);
  }
  if (front.length > 0) {
    trace(paint, scales, front);
    paint.strokeStyle = color("ink");
    paint.lineWidth = 1.5;
    paint.stroke();
  }
  rule(paint, rx - 4, ry - 4, rx + 4, ry + 4, color("ink"), 1.4);
  rule(paint, rx - 4, ry + 4, rx + 4, ry - 4, color("ink"), 1.4);
  for (const dot of model.published)
    drawSymbol(paint, "circle", { x: x(dot.x), y: y(dot.y) }, R.published, { fill: color("paper"), stroke: color("ink-2"), width: 1.2 });
  // Marks of the front lie over the others, those that count over those that do not.
  for (const layer of [0, 1, 2])
    for (const point of model.points) {
      if ((point.onFront ? 2 : point.allowed ? 1 : 0) !== layer) continue;
      const group = model.groups[point.group];
      const own = point.allowed ? color(group?.color ?? "blue") : color("ghost");
      const { px, py, beyond } = placeOf(scales, { x: point.x.mean, y: point.y.mean });
      if (beyond) {
        // A square at the edge: the setting lies further out.
        paint.strokeStyle = own;
        paint.lineWidth = 1.2;
        paint.strokeRect(px - 3.5, py - 3.5, 7, 7);
        continue;
      }
      drawSymbol(paint, group?.symbol ?? "circle", { x: px, y: py }, sizeOf(model, point), {
        fill: point.onFront ? own : color("paper"),
        stroke: point.onFront ? color("paper") : own,
        width: point.onFront ? 0.8 : 1.2,
      });
    }
  const knee = model.points[model.knee];
  if (knee !== undefined) {
    const { px, py } = placeOf(scales, { x: knee.x.mean, y: knee.y.mean });
    paint.beginPath();
    paint.arc(px, py, 8, 0, 2 * Math.PI);
    paint.strokeStyle = color("ink");
    paint.lineWidth = 1;
    paint.stroke();
  }
}

/** Hundreds of marks are smaller ones. */
function sizeOf({ points }: FrontModel, { onFront, allowed }: FrontPoint): number {
  const full = onFront ? R.full : allowed ? R.hollow : 3;
  return points.length > 200 && !onFront ? 0.7 * full : full;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const meets = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Labels beside marks, as many as stand free: those of the front first. Five places are tried for each. */
function markLabels(model: FrontModel, scales: FrontScales, width: number): FigureText[] {
  const marks = model.points.map((point) => ({ point, ...placeOf(scales, { x: point.x.mean, y: point.y.mean }) }));
  const around = (px: number, py: number, r: number): Box => ({ left: px - r, right: px + r, top: py - r, bottom: py + r });
  const taken: Box[] = [
    ...marks.map(({ px, py }) => around(px, py, 5)),
    ...model.published.map((dot) => around(scales.x(dot.x), scales.y(dot.y), 5)),
  ];
  const texts: FigureText[] = [];
  const put = (px: number, py: number, text: string, color: string, weight: number): void => {
    const wide = text.length * LETTER;
    for (const [dx, dy, anchor] of [
      [9, -5, "start"],
      [9, 12, "start"],
      [7, 21, "start"],
      [-9, 13, "end"],
      [-9, -6, "end"],
    ] as const) {
      const left = anchor === "start" ? px + dx : px + dx - wide;
      const box = { left, right: left + wide, top: py + dy - 9, bottom: py + dy + 2 };
      if (box.left < MARGIN.left || box.right > width - 2 || taken.some((other) => meets(box, other))) continue;
      taken.push(box);
      texts.push({ x: px + dx, y: py + dy, text, anchor, color, weight, halo: true });
      return;
    }
  };
  const knee = model.points[model.knee];
  // Groups by name, at the dearest setting of their front; then the settings themselves, where there are few.
  for (const group of model.groups) {
    const at = model.points[group.front.at(-1) ?? -1];
    if (at === undefined) continue;
    const { px, py } = placeOf(scales, { x: at.x.mean, y: at.y.mean });
    put(px, py, group.label, group.text, 600);
  }
  const many = marks.length > MOST_LABELS;
  if (knee !== undefined && (many || model.groups.length > 0)) {
    const { px, py } = placeOf(scales, { x: knee.x.mean, y: knee.y.mean });
    put(px, py, "knee", "ink", 500);
  }
  // Where there are many, those of the front alone; with groups none.
  for (const full of model.groups.length > 0 ? [] : many ? [true] : [true, false])
    for (const { point, px, py, beyond } of marks) {
      if (point.onFront !== full) continue;
      const where = beyond ? `${point.label}: ${beyondText(model, point)}` : point === knee ? `${point.label}, knee` : point.label;
      put(px, py, where, full ? "blue-text" : "ink-3", full ? 600 : 400);
    }
  const last = model.published.at(-1);
  if (last !== undefined) put(scales.x(last.x), scales.y(last.y), "published", "ink-2", 400);
  return texts;
}

const beyondText = ({ x, y }: FrontModel, point: FrontPoint): string => `${inUnit(x, point.x.mean)}, ${inUnit(y, point.y.mean)}`;

export function frontFigure(model: FrontModel, width: number, height: number, log = false): Figure {
  const scales = frontScales(model, width, height, log);
  const { x, y } = scales;
  const [bottom = 0, top = 0] = y.range();
  const [left = 0, right = 0] = x.range();
  const [rx, ry] = [x(model.reference[0]), y(model.reference[1])];
  // A reference at the lower edge has its words below the line.
  const refBelow = ry < top + 12 ? 14 : -7;
  const texts: FigureText[] = [
    ...ticksOf(y).map((tick): FigureText => ({ x: left - 6, y: y(tick) + 3.5, text: tickText(model.y, tick), anchor: "end" })),
    ...x.ticks(6).map((tick): FigureText => ({ x: x(tick), y: bottom + 16, text: tickText(model.x, tick), anchor: "middle" })),
    { x: 0, y: 11, text: axisTitle(model.y), color: "ink-2" },
    { x: right, y: bottom + 33, text: axisTitle(model.x), anchor: "end", color: "ink-2" },
    {
      x: rx - 8,
      y: ry + refBelow,
      text: `reference ${inUnit(model.x, model.reference[0])}, ${inUnit(model.y, model.reference[1])}`,
      anchor: "end",
      color: "ink-2",
      halo: true,
    },
    ...markLabels(model, scales, width),
  ];
  if (model.area !== null && model.area > 0) {
    const best = model.points[model.front.at(-1) ?? -1];
    const from = best === undefined ? left : x(best.x.mean);
    texts.push({
      x: (Math.max(left, from) + rx) / 2,
      y: ry + 0.28 * (y(best?.y.mean ?? model.reference[1]) - ry),
      text: `hypervolume ${fixed(model.area, 4)}`,
      anchor: "middle",
      color: "ink-2",
      size: 11,
    });
  }
  return { width, height, draw: (surface) => drawFront(surface, model, scales), texts };
}

/** The setting nearest to a place, within 24 pixels. */
export function settingAt(model: FrontModel, scales: FrontScales, px: number, py: number): number | null {
  let best: number | null = null;
  let least = 24 * 24;
  for (const point of model.points) {
    const at = placeOf(scales, { x: point.x.mean, y: point.y.mean });
    const distance = (at.px - px) ** 2 + (at.py - py) ** 2;
    if (distance < least) [best, least] = [point.setting, distance];
  }
  return best;
}
