// Draws one request's clock: a bar per phase, the due time, the lateness, and its replica's batch and queue below.
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Surface } from "../../ui/chart/paint.ts";
import { fillArea, rule, SLO_DASH } from "../../ui/chart/strokes.ts";
import { integer, limit, trimmed } from "../../ui/format.ts";
import { niceStep } from "../tracks/ticks.ts";
import type { Context, WhyModel } from "./select.ts";

export interface WhyLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly plot: number;
  readonly x: (seconds: number) => number;
  readonly rowTop: (index: number) => number;
  readonly lateTop: number;
  readonly batchTop: number;
  readonly queueTop: number;
  readonly bottom: number;
}

const ROW = 22;
const BAR = 13;
const AREA = 44;
const TOP = 16;

const COLORS = { router: "ghost", waiting: "waiting", prefill: "prefill", decode: "decode" } as const;

export function layoutWhy(model: WhyModel, width: number): WhyLayout {
  const left = 96;
  const plot = Math.max(80, width - left - 8);
  const rows = TOP + 8 + model.phases.length * ROW;
  const lateTop = rows - 2;
  const batchTop = rows + 18;
  const queueTop = batchTop + AREA + 14;
  const bottom = model.context ? queueTop + AREA : rows + 12;
  return {
    width,
    height: bottom + 20,
    left,
    plot,
    x: (s) => left + (s / model.end) * plot,
    rowTop: (i) => TOP + 8 + i * ROW,
    lateTop,
    batchTop,
    queueTop,
    bottom,
  };
}

function ticksOf(model: WhyModel): number[] {
  const step = niceStep(model.end, 5);
  const ticks: number[] = [];
  for (let k = 0; k * step <= model.end; k++) ticks.push(k * step);
  return ticks;
}

function area(
  surface: Surface,
  context: Context,
  column: Float64Array,
  top: number,
  most: number,
  layout: WhyLayout,
  model: WhyModel,
  color: string,
): void {
  const xs: number[] = [];
  const ys: number[] = [];
  const push = (t: number, value: number): void => {
    xs.push(layout.x(Math.max(0, Math.min(model.end, t))));
    ys.push(top + AREA - Math.min(1, value / most) * AREA);
  };
  for (let i = 0; i < context.at.length; i++) {
    const t = context.at[i] as number;
    const next = context.at[i + 1] ?? t;
    if (t > model.end || (next < 0 && i + 1 < context.at.length)) continue;
    push(t, column[i] as number);
  }
  if (xs.length > 0) push(model.end, column[Math.min(column.length, context.at.length) - 1] as number);
  surface.paint.save();
  surface.paint.beginPath();
  surface.paint.rect(layout.left, top - 1, layout.plot, AREA + 1);
  surface.paint.clip();
  fillArea(surface.paint, xs, new Float64Array(xs.length).fill(top + AREA), ys, xs.length, color, 1, "step");
  surface.paint.restore();
}

const mostOf = (column: Float64Array, least: number): number => column.reduce((most, value) => (value > most ? value : most), least);

export function drawWhy(surface: Surface, model: WhyModel, layout: WhyLayout): void {
  const { paint, color } = surface;
  const { context } = model;
  for (const tick of ticksOf(model))
    rule(paint, Math.round(layout.x(tick)) + 0.5, TOP, Math.round(layout.x(tick)) + 0.5, layout.bottom, color("grid"));
  model.phases.forEach((phase, i) => {
    paint.fillStyle = color(COLORS[phase.id]);
    for (const [from, to] of phase.pieces)
      paint.fillRect(layout.x(from), layout.rowTop(i), Math.max(1.5, layout.x(to) - layout.x(from)), BAR);
  });
  for (const at of model.preempted) rule(paint, layout.x(at), layout.rowTop(0), layout.x(at), layout.lateTop - 4, color("ink"), 1, [1, 2]);
  if (context) {
    const mostRunning = Math.max(context.cap, mostOf(context.running, 1)) * 1.04;
    area(surface, context, context.running, layout.batchTop, mostRunning, layout, model, color("decode"));
    if (context.cap > 0) {
      const y = layout.batchTop + AREA - (context.cap / mostRunning) * AREA;
      rule(paint, layout.left, y, layout.left + layout.plot, y, color("ink-3"), 1, [2, 2]);
    }
    area(surface, context, context.waiting, layout.queueTop, mostOf(context.waiting, 5) * 1.1, layout, model, color("waiting"));
    paint.globalAlpha = 0.6;
    for (const top of [layout.batchTop, layout.queueTop])
      rule(paint, layout.left, top + AREA + 0.5, layout.left + layout.plot, top + AREA + 0.5, color("line-strong"));
    paint.globalAlpha = 1;
  }
  if (model.due) {
    const x = layout.x(model.due.at);
    rule(paint, x, TOP - 4, x, layout.lateTop, color("ink"), 1, SLO_DASH);
    if (model.due.until > model.due.at) {
      paint.fillStyle = color("slo-miss");
      paint.fillRect(x, layout.lateTop, Math.max(1.5, layout.x(model.due.until) - x), 4);
    }
  }
}

export function whyTexts(model: WhyModel, layout: WhyLayout): FigureText[] {
  const texts: FigureText[] = [];
  const right = layout.left + layout.plot;
  const ticks = ticksOf(model);
  for (const tick of ticks)
    texts.push({
      x: layout.x(tick),
      y: layout.bottom + 15,
      text: model.end < 1 ? limit(tick).replace(/^0.*/, "0") : `${trimmed(tick)}\u00a0s`,
      anchor: "middle",
    });
  model.phases.forEach((phase, i) => {
    const y = layout.rowTop(i) + 10;
    texts.push({ x: 0, y, text: phase.label, size: 11, color: "ink-2" });
    const last = phase.pieces[phase.pieces.length - 1];
    const end = layout.x(last ? last[1] : 0) + 5;
    const length = phase.text.length * 5.8;
    const longest = phase.pieces.reduce((most, [from, to]) => Math.max(most, layout.x(to) - layout.x(from)), 0);
    if (end + length <= right + 6) texts.push({ x: end, y, text: phase.text, color: "ink", weight: 550, halo: true });
    else if (longest > length + 8 && last)
      texts.push({
        x: layout.x(last[1]) - 5,
        y,
        text: phase.text,
        anchor: "end",
        color: phase.id === "waiting" ? "#16181a" : phase.id === "router" ? "ink" : "paper",
        weight: 550,
      });
    else
      texts.push({ x: layout.x(phase.pieces[0]?.[0] ?? 0) - 5, y, text: phase.text, anchor: "end", color: "ink", weight: 550, halo: true });
  });
  if (model.due) {
    const x = layout.x(model.due.at);
    const flip = x + 90 > right;
    texts.push({ x: flip ? x - 4 : x + 4, y: TOP - 3, text: model.due.label, anchor: flip ? "end" : "start", color: "ink", weight: 550 });
    if (model.due.until > model.due.at) {
      const end = layout.x(model.due.until) + 5;
      const over = end + model.due.text.length * 6 > right + 6;
      texts.push({
        x: over ? x - 5 : end,
        y: layout.lateTop + 6,
        text: model.due.text,
        anchor: over ? "end" : "start",
        color: "vermillion-text",
        weight: 600,
        halo: true,
      });
    }
  }
  if (model.context) {
    texts.push(
      { x: 0, y: layout.batchTop + 14, text: `Batch on ${model.replica}`, size: 11, color: "ink-2" },
      { x: 0, y: layout.batchTop + 27, text: "requests" },
    );
    texts.push(
      { x: 0, y: layout.queueTop + 14, text: `Waiting on ${model.replica}`, size: 11, color: "ink-2" },
      { x: 0, y: layout.queueTop + 27, text: "requests" },
    );
    if (model.context.cap > 0) texts.push({ x: right, y: layout.batchTop - 2, text: `cap ${integer(model.context.cap)}`, anchor: "end" });
    texts.push({ x: layout.left - 6, y: layout.queueTop + 8, text: integer(mostOf(model.context.waiting, 5)), anchor: "end" });
  }
  return texts;
}

export function whyFigure(model: WhyModel, width: number): Figure {
  const layout = layoutWhy(model, width);
  return { width, height: layout.height, draw: (surface) => drawWhy(surface, model, layout), texts: whyTexts(model, layout) };
}
