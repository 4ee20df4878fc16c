// Two bands over one time axis: shares of prompt tokens found and expected, and requests on each replica with their spread against the threshold.
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Surface } from "../../ui/chart/paint.ts";
import { CATEGORY_COLORS, CATEGORY_TEXT } from "../../ui/chart/palette.ts";
import { CATEGORY_DASHES, GHOST_DASH, SLO_DASH, rule, strokeLine } from "../../ui/chart/strokes.ts";
import { clock, integer, percent } from "../../ui/format.ts";
import { ticksFromZero, timeTicks } from "../tracks/ticks.ts";
import { MOST_LINES, type PrefixModel } from "./select.ts";

export interface PrefixLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly plot: number;
  readonly x: (seconds: number) => number;
  readonly hitTop: number;
  readonly queueTop: number;
  /** Baseline of the replicas' names. */
  readonly keyY: number;
  readonly titleY: number;
  readonly band: number;
  readonly bottom: number;
}

const BAND = 92;
const QUEUE_TITLE = "Requests on each replica, and longest minus shortest";
const LINE = 15;
/** Pixels of a text of 11 px, about. */
const widthOf = (text: string): number => 6 * text.length;
const keyed = ({ replicas }: PrefixModel) => replicas.slice(0, MOST_LINES);
const keyStep = (name: string): number => 7 * name.length + 8;

export function layoutPrefix(model: PrefixModel, width: number): PrefixLayout {
  const left = 44;
  const plot = Math.max(80, width - left - 84);
  const hitTop = 22;
  const key = keyed(model).reduce((sum, { name }) => sum + keyStep(name), 0);
  const apart = widthOf(QUEUE_TITLE) + key > left + plot;
  const queueTop = hitTop + BAND + 30 + (apart ? LINE : 0);
  const titleY = queueTop - 9 - (apart ? LINE : 0);
  const bottom = queueTop + BAND;
  return {
    width,
    height: bottom + 20,
    left,
    plot,
    x: (s) => left + (s / model.end) * plot,
    hitTop,
    queueTop,
    keyY: queueTop - 9,
    titleY,
    band: BAND,
    bottom,
  };
}

const topOf = ({ mostQueue, threshold }: PrefixModel): number =>
  Math.max(mostQueue, Number.isNaN(threshold) ? 0 : Math.min(threshold, 3 * mostQueue)) * 1.05;

export function drawPrefix({ paint, color }: Surface, model: PrefixModel, layout: PrefixLayout): void {
  const { left, plot, x, hitTop, queueTop, band, bottom } = layout;
  for (const tick of timeTicks(0, model.end, plot))
    rule(paint, Math.round(x(tick)) + 0.5, hitTop, Math.round(x(tick)) + 0.5, bottom, color("grid"));
  for (const top of [hitTop, queueTop]) rule(paint, left, top + band + 0.5, left + plot, top + band + 0.5, color("line-strong"));
  const middles = Float64Array.from(model.found, (_, i) => x((i + 0.5) * model.bucket));
  const share = (values: Float64Array) => ({ x: middles, y: values.map((value) => hitTop + band * (1 - value)), length: values.length });
  if (model.predicts) strokeLine(paint, share(model.expected), { color: color("ink-2"), width: 1.25, dash: GHOST_DASH });
  strokeLine(paint, share(model.found), { color: color("green"), width: 1.75 });
  const most = topOf(model);
  const xs = model.at.map(x);
  const queue = (values: Float64Array) => ({
    x: xs,
    y: values.map((value) => queueTop + band * (1 - value / most)),
    length: values.length,
  });
  model.queues.slice(0, MOST_LINES).forEach((column, i) => {
    const pen = {
      color: color(CATEGORY_COLORS[i % CATEGORY_COLORS.length]!),
      width: 1.25,
      dash: CATEGORY_DASHES[i % CATEGORY_DASHES.length]!,
    };
    strokeLine(paint, queue(column), pen, "step");
  });
  strokeLine(paint, queue(model.spread), { color: color("ink"), width: 1.75 }, "step");
  if (model.threshold <= most) {
    const y = queueTop + band * (1 - model.threshold / most);
    rule(paint, left, y, left + plot, y, color("ink"), 1, SLO_DASH);
  }
}

function texts(model: PrefixModel, layout: PrefixLayout): FigureText[] {
  const { left, plot, x, hitTop, queueTop, keyY, titleY, band, bottom } = layout;
  const right = left + plot;
  const most = topOf(model);
  const out: FigureText[] = [
    { x: 0, y: hitTop - 9, text: "Prompt tokens cached, %", size: 11, color: "ink-2" },
    { x: 0, y: titleY, text: QUEUE_TITLE, size: 11, color: "ink-2" },
  ];
  for (const tick of timeTicks(0, model.end, plot)) out.push({ x: x(tick), y: bottom + 15, text: clock(tick), anchor: "middle" });
  for (const tick of [0, 0.5, 1]) out.push({ x: left - 6, y: hitTop + band * (1 - tick) + 4, text: integer(100 * tick), anchor: "end" });
  for (const tick of ticksFromZero(most, band, true))
    out.push({ x: left - 6, y: queueTop + band * (1 - tick / most) + 4, text: integer(tick), anchor: "end" });
  // The key: names in the colours of their lines, from the right.
  let end = right;
  for (const [i, { name }] of [...keyed(model).entries()].reverse()) {
    out.push({ x: end, y: keyY, text: name, anchor: "end", color: CATEGORY_TEXT[i % CATEGORY_TEXT.length]!, weight: 550 });
    end -= keyStep(name);
  }
  const label = (y: number, text: string, color: FigureText["color"]): number =>
    out.push({ x: right + 6, y, text, color: color!, weight: 550 });
  label(hitTop + band * (1 - (model.foundShare || 0)) + 4, `found ${percent(model.foundShare, 0)}`, "green-text");
  if (model.predicts) {
    const apart = Math.abs(model.foundShare - model.expectedShare) * band;
    const by = apart >= 13 ? 0 : model.expectedShare >= model.foundShare ? -(13 - apart) : 13 - apart;
    label(hitTop + band * (1 - model.expectedShare) + 4 + by, `expected ${percent(model.expectedShare, 0)}`, "ink-2");
  }
  if (model.threshold <= most)
    label(queueTop + band * (1 - model.threshold / most) + 4, `by load above ${integer(model.threshold)}`, "ink");
  return out;
}

export function prefixFigure(model: PrefixModel, width: number): Figure {
  const layout = layoutPrefix(model, width);
  return { width, height: layout.height, draw: (surface) => drawPrefix(surface, model, layout), texts: texts(model, layout) };
}
