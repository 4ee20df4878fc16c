// Where cells, brackets and strips of the fleet stand. Pure geometry.
import type { FleetCell, FleetGroup } from "./select.ts";

export type CellStyle = "full" | "compact" | "mini";

export interface PlacedCell {
  readonly cell: FleetCell;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Bracket {
  readonly group: FleetGroup;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
  /** First line of the pool: carries name and price. */
  readonly first: boolean;
}

export interface CellLayout {
  readonly style: CellStyle;
  readonly width: number;
  readonly height: number;
  readonly cells: readonly PlacedCell[];
  readonly brackets: readonly Bracket[];
  /** Left edge of the first cell: the row labels stand before it. */
  readonly gutter: number;
}

const GAP = 6;
const POOL_GAP = 14;
const BRACKET = 23;
export const CELL_HEIGHT: Readonly<Record<CellStyle, number>> = { full: 106, compact: 64, mini: 52 };
const MIN_WIDTH: Readonly<Record<CellStyle, number>> = { full: 62, compact: 62, mini: 22 };
const MAX_WIDTH: Readonly<Record<CellStyle, number>> = { full: 132, compact: 96, mini: 44 };

/** Most cells in one line, and most in rows; beyond, strips. */
export const ONE_LINE = 16;
export const IN_ROWS = 64;

export function layoutCells(groups: readonly FleetGroup[], width: number, phone: boolean): CellLayout {
  const shown = groups.filter((group) => group.cells.length > 0);
  const count = shown.reduce((sum, group) => sum + group.cells.length, 0);
  const gutter = phone ? 0 : 70;
  const gap = phone ? 3 : GAP;
  const poolGap = phone ? 8 : POOL_GAP;
  const room = width - gutter;
  const oneLine = (room - (shown.length - 1) * poolGap - (count - 1) * gap) / Math.max(1, count);
  const style: CellStyle = phone ? "mini" : count <= ONE_LINE && oneLine >= MIN_WIDTH.full ? "full" : "compact";
  const single = oneLine >= MIN_WIDTH[style];
  const perLine = single ? count : Math.max(1, Math.floor((room + gap) / (MIN_WIDTH[style] + gap)));
  const cellWidth = single ? Math.min(MAX_WIDTH[style], oneLine) : (room - (perLine - 1) * gap) / perLine;
  const height = CELL_HEIGHT[style];
  const top = phone ? 2 : BRACKET;
  const line = height + (phone ? 18 : 8);
  const cells: PlacedCell[] = [];
  const brackets: Bracket[] = [];
  let x = gutter;
  let y = top;
  shown.forEach((group, index) => {
    if (index > 0) {
      if (single) x += poolGap;
      else {
        x = gutter;
        y += line + (phone ? 4 : BRACKET - 4);
      }
    }
    let start = x;
    let first = true;
    group.cells.forEach((cell, k) => {
      if (!single && k > 0 && k % perLine === 0) {
        brackets.push({ group, x1: start, x2: x - gap, y: y - 5.5, first });
        first = false;
        x = gutter;
        start = x;
        y += line;
      }
      cells.push({ cell, x, y, width: cellWidth, height });
      x += cellWidth + gap;
    });
    brackets.push({ group, x1: start, x2: x - gap, y: y - 5.5, first });
  });
  return { style, width, height: y + height + (phone ? 16 : 1), cells, brackets, gutter };
}

export interface StripLayout {
  readonly width: number;
  readonly left: number;
  readonly plot: number;
  readonly columnWidth: number;
  /** Left edge of each column, in the order of the cells. */
  readonly x: Float64Array;
  readonly pools: readonly { readonly group: FleetGroup; readonly x1: number; readonly x2: number }[];
}

export function layoutStrip(groups: readonly FleetGroup[], width: number, phone: boolean): StripLayout {
  const shown = groups.filter((group) => group.cells.length > 0);
  const count = shown.reduce((sum, group) => sum + group.cells.length, 0);
  const left = phone ? 56 : 112;
  const right = phone ? 0 : 150;
  const poolGap = phone ? 6 : 12;
  const plot = width - left - right;
  const columnWidth = Math.min(24, (plot - (shown.length - 1) * poolGap) / Math.max(1, count));
  const x = new Float64Array(count);
  const pools: { group: FleetGroup; x1: number; x2: number }[] = [];
  let at = left;
  let i = 0;
  for (const group of shown) {
    const x1 = at;
    for (let k = 0; k < group.cells.length; k++, i++) {
      x[i] = at;
      at += columnWidth;
    }
    pools.push({ group, x1, x2: at });
    at += poolGap;
  }
  return { width, left, plot, columnWidth, x, pools };
}

/** Column under a pixel, or -1. */
export function columnAt(layout: StripLayout, x: number): number {
  for (let i = 0; i < layout.x.length; i++) {
    const left = layout.x[i] as number;
    if (x >= left && x < left + layout.columnWidth) return i;
  }
  return -1;
}

/** Neighbour of a cell in a grid for an arrow key: by position, so that it works over lines of any length. */
export function neighbour(cells: readonly PlacedCell[], from: number, key: string): number {
  const here = cells[from];
  if (!here) return cells.length ? 0 : -1;
  if (key === "ArrowRight") return Math.min(cells.length - 1, from + 1);
  if (key === "ArrowLeft") return Math.max(0, from - 1);
  if (key === "Home") return 0;
  if (key === "End") return cells.length - 1;
  const down = key === "ArrowDown";
  let best = from;
  let distance = Infinity;
  cells.forEach((other, i) => {
    const dy = other.y - here.y;
    if (down ? dy <= 0 : dy >= 0) return;
    const d = Math.abs(dy) * 10 + Math.abs(other.x - here.x);
    if (d < distance) [distance, best] = [d, i];
  });
  return best;
}
