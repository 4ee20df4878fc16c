// A card's figure as a thumbnail: lines, steps and bars are ours, open circles are published.
import { scaleLinear, type ScaleLinear } from "d3-scale";
import type { CardChart, CardSeries } from "../../../gallery/card.ts";
import { TEXT_SIZE, type Figure, type FigureText } from "../../ui/chart/figure.ts";
import { placeLabels } from "../../ui/chart/labels.ts";
import type { Surface } from "../../ui/chart/paint.ts";
import { rule, strokeLine } from "../../ui/chart/strokes.ts";
import { drawSymbol } from "../../ui/chart/symbols.ts";
import { trimmed } from "../../ui/format.ts";

const HEIGHT = 124;
const MARGIN = { left: 34, top: 22, bottom: 20 } as const;
/** Room for names at the right edge, where there are several lines. */
const NAMES = 84;
/** Pixels per letter at 10.5 px. */
const LETTER = 5.6;
/** Subject first. */
const COLORS = ["blue", "vermillion", "green", "purple"] as const;
const CIRCLE = 3;
const MOST_DOTS = 24;

interface Scales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

const all = ({ series }: CardChart) => series.flatMap(({ ours, published }) => [...ours, ...published]);

/** Bars and counts begin at zero; lines may not, their ticks say so. */
function scalesOf(chart: CardChart, width: number): Scales {
  const points = all(chart);
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const low = Math.min(...ys);
  const high = Math.max(...ys);
  const fromZero = chart.series.some(({ kind }) => kind !== "line") || low < 0.4 * high;
  const right = width - (chart.series.length > 1 ? NAMES : 12);
  const x = chart.categories
    ? scaleLinear([-0.5, chart.categories.length - 0.5], [MARGIN.left, right])
    : scaleLinear([Math.min(...xs), Math.max(...xs)], [MARGIN.left, right]);
  // A run ends where it ends; settings stand between round numbers.
  if (chart.series.some(({ kind }) => kind === "line")) x.nice(4);
  return { x, y: scaleLinear([fromZero ? Math.min(0, low) : low, high], [HEIGHT - MARGIN.bottom, MARGIN.top]).nice(3) };
}

function drawSeries({ paint, color }: Surface, { kind, ours, published }: CardSeries, { x, y }: Scales, token: string): void {
  const [bottom = 0] = y.range();
  const column = (points: CardSeries["ours"]) => ({
    x: points.map(([at]) => x(at)),
    y: points.map(([, value]) => y(value)),
    length: points.length,
  });
  if (kind === "bars") {
    const wide = Math.min(34, 0.6 * (x(1) - x(0)));
    paint.fillStyle = color(token);
    for (const [at, value] of ours) paint.fillRect(x(at) - wide / 2, y(value), wide, bottom - y(value));
  } else strokeLine(paint, column(ours), { color: color(token), width: 1.6 }, kind);
  // Few points are settings that were run; many are a curve over time.
  if (kind === "line" && ours.length <= MOST_DOTS)
    for (const [at, value] of ours)
      drawSymbol(paint, "circle", { x: x(at), y: y(value) }, 2.4, { fill: color(token), stroke: color("paper"), width: 0.8 });
  for (const [at, value] of published)
    drawSymbol(paint, "circle", { x: x(at), y: y(value) }, CIRCLE, { fill: color("paper"), stroke: color("ink"), width: 1.2 });
}

function draw(surface: Surface, chart: CardChart, scales: Scales): void {
  const { paint, color } = surface;
  const [left = 0, right = 0] = scales.x.range();
  const [bottom = 0] = scales.y.range();
  for (const tick of scales.y.ticks(3)) {
    const at = Math.round(scales.y(tick)) + 0.5;
    rule(paint, left, at, right, at, color("grid"));
  }
  rule(paint, left, bottom + 0.5, right, bottom + 0.5, color("line-strong"));
  chart.series.forEach((series, i) => drawSeries(surface, series, scales, COLORS[i % COLORS.length]!));
}

/** A name under its bar, in as many letters as there is room for. */
const cut = (text: string, room: number): string => {
  const letters = Math.floor(room / LETTER);
  return text.length <= letters ? text : `${text.slice(0, Math.max(1, letters - 1))}\u2026`;
};

export function cardFigure(chart: CardChart, width: number): Figure {
  const scales = scalesOf(chart, width);
  const { x, y } = scales;
  const [left = 0, right = 0] = x.range();
  const [bottom = 0, top = 0] = y.range();
  const texts: FigureText[] = [
    { x: 0, y: 10, text: chart.y, color: "ink-2" },
    ...y.ticks(3).map((tick): FigureText => ({ x: left - 6, y: y(tick) + 3.5, text: trimmed(tick), anchor: "end" })),
  ];
  if (chart.categories) {
    const room = x(1) - x(0);
    chart.categories.forEach((name, i) => texts.push({ x: x(i), y: bottom + 15, text: cut(name, room), anchor: "middle" }));
  } else {
    const end = right - chart.x.length * LETTER - 8;
    for (const tick of x.ticks(3)) if (x(tick) < end) texts.push({ x: x(tick), y: bottom + 15, text: trimmed(tick), anchor: "middle" });
    texts.push({ x: right, y: bottom + 15, text: chart.x, anchor: "end", color: "ink-2" });
  }
  if (chart.series.length > 1)
    for (const { at, label, color } of placeLabels(
      chart.series.map(({ name, ours }, i) => ({
        y: y(ours.at(-1)?.[1] ?? 0) + 3.5,
        label: cut(name, NAMES - 8),
        color: `${COLORS[i % COLORS.length]!}-text`,
      })),
      top + 4,
      bottom,
    ))
      texts.push({ x: right + 7, y: at, text: label, color, size: TEXT_SIZE, weight: 500 });
  return { width, height: HEIGHT, draw: (surface) => draw(surface, chart, scales), texts };
}
