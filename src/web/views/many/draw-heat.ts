// Draws a quantity over two parameters as a map.
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { HeatModel } from "./select.ts";

const TOP = 18;
const BOTTOM = 34;
const LEFT = 96;
const ROW = { least: 20, most: 34 } as const;
/** Width of the key at the right. */
const KEY = 74;

export interface HeatLayout {
  readonly wide: number;
  readonly high: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
}

export function heatLayout({ columns, rows }: HeatModel, width: number): HeatLayout {
  const high = Math.max(ROW.least, Math.min(ROW.most, 220 / Math.max(1, rows.length)));
  const wide = Math.min(120, (width - LEFT - KEY) / Math.max(1, columns.length));
  return { wide, high, height: TOP + high * rows.length + BOTTOM, left: LEFT, top: TOP };
}

export const cellBox = (model: HeatModel, layout: HeatLayout, cell: number): { x: number; y: number } => {
  const { column, row } = model.cells[cell]!;
  // The first value stands at the bottom, as on any axis.
  return { x: layout.left + column * layout.wide, y: layout.top + (model.rows.length - 1 - row) * layout.high };
};

export function heatAt(model: HeatModel, width: number, px: number, py: number): number | null {
  const layout = heatLayout(model, width);
  const found = model.cells.findIndex((_, i) => {
    const { x, y } = cellBox(model, layout, i);
    return px >= x && px < x + layout.wide && py >= y && py < y + layout.high;
  });
  return found < 0 ? null : found;
}

/** `show` gives the text of a value; `ramp` 256 colours from low to high. */
export function heatFigure(model: HeatModel, width: number, ramp: Uint32Array, show: (value: number) => string): Figure {
  const layout = heatLayout(model, width);
  const { wide, high, height, left, top } = layout;
  const bottom = top + high * model.rows.length;
  const css = (share: number): string => {
    const pixel = ramp[Math.round(255 * share)] ?? 0;
    return `rgb(${pixel & 255},${(pixel >> 8) & 255},${(pixel >> 16) & 255})`;
  };
  const bright = (share: number): boolean => {
    const pixel = ramp[Math.round(255 * share)] ?? 0;
    return 0.299 * (pixel & 255) + 0.587 * ((pixel >> 8) & 255) + 0.114 * ((pixel >> 16) & 255) > 140;
  };
  const fits = wide > 44;
  const every = Math.ceil(34 / wide);
  const key = { x: left + wide * model.columns.length + 14, top, height: Math.min(120, Math.max(60, bottom - top)) };
  const texts: FigureText[] = [
    { x: 0, y: 10, text: model.up, color: "ink-2" },
    { x: left + wide * model.columns.length, y: bottom + 29, text: model.across, anchor: "end", color: "ink-2" },
    ...model.columns.flatMap((text, i): FigureText[] =>
      i % every === 0 ? [{ x: left + (i + 0.5) * wide, y: bottom + 14, text: clipped(text, wide * every), anchor: "middle" }] : [],
    ),
    ...model.rows.map((text, i): FigureText => ({
      x: left - 7,
      y: top + (model.rows.length - 0.5 - i) * high + 3.5,
      text: clipped(text, left - 8),
      anchor: "end",
    })),
    ...(fits
      ? model.cells.map((cell, i): FigureText => {
          const { x, y } = cellBox(model, layout, i);
          return {
            x: x + wide / 2,
            y: y + high / 2 + 3.5,
            text: show(cell.value),
            anchor: "middle",
            color: bright(cell.share) ? "#16181a" : "#fcfcfa",
          };
        })
      : []),
    { x: key.x + 13, y: key.top + 9, text: show(model.high) },
    { x: key.x + 13, y: key.top + key.height, text: show(model.low) },
  ];
  return {
    width,
    height,
    draw: ({ paint, color }) => {
      paint.fillStyle = color("inset");
      paint.fillRect(left, top, wide * model.columns.length, high * model.rows.length);
      model.cells.forEach(({ share }, i) => {
        const { x, y } = cellBox(model, layout, i);
        paint.fillStyle = css(share);
        paint.fillRect(x, y, wide - 1, high - 1);
      });
      const steps = 24;
      for (let i = 0; i < steps; i++) {
        paint.fillStyle = css(1 - i / (steps - 1));
        paint.fillRect(key.x, key.top + (i * key.height) / steps, 8, key.height / steps + 0.5);
      }
    },
    texts,
  };
}

const clipped = (text: string, room: number): string => {
  const letters = Math.floor(room / 5.6);
  return text.length > letters ? `${text.slice(0, Math.max(2, letters - 1))}…` : text;
};
