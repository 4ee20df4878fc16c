// Draws settings as lines across parameters and quantities.
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Paint } from "../../ui/chart/paint.ts";
import { rule } from "../../ui/chart/strokes.ts";
import type { ParallelModel } from "./select.ts";

const TOP = 28;
const BOTTOM = 12;
const SIDE = { left: 14, right: 74 } as const;
export const PARALLEL_HEIGHT = 250;

export const columnX = ({ coordinates }: ParallelModel, width: number, i: number): number =>
  SIDE.left + (i * (width - SIDE.left - SIDE.right)) / Math.max(1, coordinates.length - 1);

const placeY = (at: number): number => PARALLEL_HEIGHT - BOTTOM - at * (PARALLEL_HEIGHT - TOP - BOTTOM);

export const lineY = ({ coordinates }: ParallelModel, column: number, setting: number): number =>
  placeY(coordinates[column]?.at[setting] ?? 0);

/** SVG path of a line, for the one looked at. */
export const linePath = (model: ParallelModel, width: number, setting: number): string =>
  model.coordinates.map((_, i) => `${i === 0 ? "M" : "L"}${columnX(model, width, i)} ${lineY(model, i, setting)}`).join("");

function stroke(paint: Paint, model: ParallelModel, width: number, setting: number): void {
  paint.beginPath();
  model.coordinates.forEach((_, i) =>
    i === 0
      ? paint.moveTo(columnX(model, width, i), lineY(model, i, setting))
      : paint.lineTo(columnX(model, width, i), lineY(model, i, setting)),
  );
  paint.stroke();
}

export function parallelFigure(model: ParallelModel, width: number): Figure {
  const { coordinates, lines } = model;
  const last = coordinates.length - 1;
  const room = (width - SIDE.left - SIDE.right) / Math.max(1, last);
  const texts = coordinates.flatMap(({ label, ticks }, i): FigureText[] => {
    const x = columnX(model, width, i);
    const letters = Math.floor((i === last ? SIDE.right + SIDE.left : room - 8) / 5.7);
    return [
      {
        x,
        y: 11,
        text: label.length > letters ? `${label.slice(0, Math.max(4, letters - 1))}…` : label,
        anchor: i === 0 ? "start" : i === last ? "middle" : "start",
        color: "ink-2",
        weight: 550,
      },
      ...ticks.map(({ at, text }): FigureText => ({ x: x + 5, y: placeY(at) + 3.5, text, color: "ink-2", halo: true })),
    ];
  });
  return {
    width,
    height: PARALLEL_HEIGHT,
    draw: ({ paint, color }) => {
      for (const { setting, onFront, color: own } of lines) {
        paint.strokeStyle = color(onFront ? own : "ghost");
        paint.lineWidth = onFront ? 1.6 : 1;
        paint.globalAlpha = onFront ? 0.9 : lines.length > 200 ? 0.12 : 0.3;
        stroke(paint, model, width, setting);
      }
      paint.globalAlpha = 1;
      coordinates.forEach((_, i) => {
        const x = Math.round(columnX(model, width, i)) + 0.5;
        rule(paint, x, TOP, x, PARALLEL_HEIGHT - BOTTOM, color("line-strong"));
      });
    },
    texts,
  };
}

/** The line nearest to a place, within 16 pixels of height; of equal ones the one of the front. */
export function parallelAt(model: ParallelModel, width: number, px: number, py: number): number | null {
  const step = (width - SIDE.left - SIDE.right) / Math.max(1, model.coordinates.length - 1);
  const column = Math.max(0, Math.min(model.coordinates.length - 2, Math.floor((px - SIDE.left) / step)));
  const share = Math.max(0, Math.min(1, (px - columnX(model, width, column)) / step));
  let best: number | null = null;
  let least = 16;
  model.lines.forEach(({ setting }, i) => {
    const y = lineY(model, column, setting) * (1 - share) + lineY(model, column + 1, setting) * share;
    if (Math.abs(y - py) <= least) [best, least] = [i, Math.abs(y - py)];
  });
  return best;
}
