// Marks of categories: the second sign beside the colour.
import type { Paint } from "./paint.ts";

export type MarkShape = "circle" | "square" | "triangle" | "diamond";

/** Outlines of equal area about a centre; `radius` is that of the circle. */
export function symbolPath(paint: Paint, symbol: MarkShape, x: number, y: number, radius: number): void {
  paint.beginPath();
  if (symbol === "circle") paint.arc(x, y, radius, 0, 2 * Math.PI);
  else if (symbol === "square") paint.rect(x - 0.89 * radius, y - 0.89 * radius, 1.78 * radius, 1.78 * radius);
  else {
    const corners =
      symbol === "triangle"
        ? [
            [0, -1.35],
            [1.2, 0.8],
            [-1.2, 0.8],
          ]
        : [
            [0, -1.35],
            [1.15, 0],
            [0, 1.35],
            [-1.15, 0],
          ];
    corners.forEach(([dx = 0, dy = 0], i) =>
      i === 0 ? paint.moveTo(x + dx * radius, y + dy * radius) : paint.lineTo(x + dx * radius, y + dy * radius),
    );
    paint.closePath();
  }
}

/** Filled with `fill`, outlined with `stroke`. */
export function drawSymbol(
  paint: Paint,
  symbol: MarkShape,
  at: { readonly x: number; readonly y: number },
  radius: number,
  pen: { readonly fill: string; readonly stroke: string; readonly width: number },
): void {
  symbolPath(paint, symbol, at.x, at.y, radius);
  paint.fillStyle = pen.fill;
  paint.fill();
  paint.strokeStyle = pen.stroke;
  paint.lineWidth = pen.width;
  paint.stroke();
}
