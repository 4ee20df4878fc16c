// Draws residuals as small multiples: points as a raster, which costs the same for any number of rows, P10 to P90 as an area, the median as a line.
import { scaleLinear, scaleLog } from "d3-scale";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Raster, Surface } from "../../ui/chart/paint.ts";
import { pixel } from "../../ui/chart/palette.ts";
import { fillArea, rule, strokeLine } from "../../ui/chart/strokes.ts";
import { fieldText } from "../../ui/slider-scale.ts";
import { signed } from "../../ui/format.ts";
import { logTicks } from "../prediction/draw.ts";
import type { Residuals, ResidualsModel } from "./select.ts";

const HEIGHT = 168;
const MARGIN = { left: 36, right: 10, top: 18, bottom: 34 } as const;
const GAP = 14;

interface Tile {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const columnsOf = (width: number): number => (width < 480 ? 1 : width < 640 ? 2 : 3);

/** Of one of the charts that stand side by side. */
export const tileWidth = (width: number): number => Math.floor((width - GAP * (columnsOf(width) - 1)) / columnsOf(width));

const residualsHeight = ({ charts }: ResidualsModel, width: number): number => Math.ceil(charts.length / columnsOf(width)) * HEIGHT;

function tileOf(width: number, i: number): Tile {
  const columns = columnsOf(width);
  const wide = (width - GAP * (columns - 1)) / columns;
  const left = (i % columns) * (wide + GAP);
  const top = Math.floor(i / columns) * HEIGHT;
  return {
    left: Math.round(left + MARGIN.left),
    right: Math.round(left + wide - MARGIN.right),
    top: top + MARGIN.top,
    bottom: top + HEIGHT - MARGIN.bottom,
  };
}

const scalesOf = ({ log, domain }: Residuals, reach: number, { left, right, top, bottom }: Tile) => ({
  x: log ? scaleLog([...domain], [left, right]) : scaleLinear([...domain], [left, right]),
  y: scaleLinear([-reach, reach], [bottom, top]).clamp(true),
});

/** Two pixels a point; more points in one place are darker. */
function rasterOf(chart: Residuals, tile: Tile, reach: number, ink: number): Raster {
  const { x, y } = scalesOf(chart, reach, tile);
  const columns = tile.right - tile.left + 1;
  const rows = tile.bottom - tile.top + 1;
  const counts = new Uint16Array(columns * rows);
  chart.x.forEach((value, i) => {
    const px = Math.round(x(value) - tile.left);
    const py = Math.min(rows - 1, Math.max(0, Math.round(y(chart.y[i]!) - tile.top)));
    const at = py * columns + px;
    counts[at]!++;
    if (px + 1 < columns) counts[at + 1]!++;
  });
  const pixels = Uint32Array.from(counts, (count) => (count === 0 ? 0 : ((Math.min(230, 70 + 50 * count) << 24) | (ink & 0xffffff)) >>> 0));
  return { columns, rows, pixels };
}

function drawTile(surface: Surface, chart: Residuals, tile: Tile, reach: number): void {
  const { paint, color } = surface;
  const { x, y } = scalesOf(chart, reach, tile);
  for (const tick of [-reach, -reach / 2, reach / 2, reach])
    rule(paint, tile.left, Math.round(y(tick)) + 0.5, tile.right, Math.round(y(tick)) + 0.5, color("grid"));
  const xs = chart.steps.map((step) => x(step.x));
  const line = (key: "low" | "median" | "high"): number[] => chart.steps.map((step) => y(step[key]));
  surface.image(
    rasterOf(chart, tile, reach, pixel(color("ink-3"))),
    tile.left,
    tile.top,
    tile.right - tile.left + 1,
    tile.bottom - tile.top + 1,
  );
  paint.beginPath();
  for (const bar of chart.bars) {
    const at = Math.round(x(bar.x)) + 0.5;
    paint.moveTo(at, y(bar.low));
    paint.lineTo(at, y(bar.high));
  }
  paint.strokeStyle = color("ink-2");
  paint.lineWidth = 1;
  paint.stroke();
  fillArea(paint, xs, line("low"), line("high"), xs.length, color("blue"), 0.25);
  rule(paint, tile.left, Math.round(y(0)) + 0.5, tile.right, Math.round(y(0)) + 0.5, color("ink-3"));
  strokeLine(paint, { x: xs, y: line("median"), length: xs.length }, { color: color("blue"), width: 1.6 });
  rule(paint, tile.left, tile.bottom + 0.5, tile.right, tile.bottom + 0.5, color("line-strong"));
}

const compact = (value: number): string =>
  value >= 1e6
    ? `${fieldText(Number((value / 1e6).toPrecision(3)))}M`
    : value >= 1e4
      ? `${fieldText(Number((value / 1e3).toPrecision(3)))}k`
      : fieldText(value);

export function residualsFigure(model: ResidualsModel, width: number): Figure {
  const { charts, reach } = model;
  const texts = charts.flatMap((chart, i): FigureText[] => {
    const tile = tileOf(width, i);
    const { x, y } = scalesOf(chart, reach, tile);
    const ticks = chart.log ? logTicks(chart.domain, 4) : x.ticks(4);
    return [
      ...[-reach, 0, reach].map((tick): FigureText => ({
        x: tile.left - 5,
        y: y(tick) + 3.5,
        text: signed(tick, fieldText),
        anchor: "end",
      })),
      ...ticks.map((tick): FigureText => ({ x: x(tick), y: tile.bottom + 14, text: compact(tick), anchor: "middle" })),
      { x: tile.left - MARGIN.left, y: tile.top - 8, text: "off, %", color: "ink-2" },
      { x: (tile.left + tile.right) / 2, y: tile.bottom + 28, text: chart.feature.label, anchor: "middle", color: "ink-2" },
    ];
  });
  return {
    width,
    height: residualsHeight(model, width),
    draw: (surface) => charts.forEach((chart, i) => drawTile(surface, chart, tileOf(width, i), reach)),
    texts,
  };
}
