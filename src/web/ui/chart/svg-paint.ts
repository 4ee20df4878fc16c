// A surface that writes SVG elements: the same draw.ts code gives the exported figure.
import type { Paint, Raster, Surface } from "./paint.ts";

type Style = CanvasRenderingContext2D["fillStyle"];

interface State {
  fillStyle: Style;
  strokeStyle: Style;
  lineWidth: number;
  globalAlpha: number;
  dash: readonly number[];
  dx: number;
  dy: number;
  /** Groups opened for clips since the last save. */
  open: number;
}

const n = (value: number): string => String(Math.round(value * 100) / 100);

export class SvgPaint implements Paint {
  fillStyle: Style = "#000";
  strokeStyle: Style = "#000";
  lineWidth = 1;
  globalAlpha = 1;
  readonly parts: string[] = [];
  private dash: readonly number[] = [];
  private dx = 0;
  private dy = 0;
  private open = 0;
  private clips = 0;
  private path = "";
  private readonly stack: State[] = [];
  private readonly prefix: string;

  constructor(prefix = "clip") {
    this.prefix = prefix;
  }

  save(): void {
    const { fillStyle, strokeStyle, lineWidth, globalAlpha, dash, dx, dy, open } = this;
    this.stack.push({ fillStyle, strokeStyle, lineWidth, globalAlpha, dash, dx, dy, open });
    this.open = 0;
  }
  restore(): void {
    const state = this.stack.pop();
    if (!state) return;
    for (; this.open > 0; this.open--) this.parts.push("</g>");
    Object.assign(this, state);
  }
  translate(x: number, y: number): void {
    this.dx += x;
    this.dy += y;
  }
  beginPath(): void {
    this.path = "";
  }
  closePath(): void {
    this.path += "Z";
  }
  moveTo(x: number, y: number): void {
    this.path += `M${n(x + this.dx)} ${n(y + this.dy)}`;
  }
  lineTo(x: number, y: number): void {
    this.path += `L${n(x + this.dx)} ${n(y + this.dy)}`;
  }
  rect(x: number, y: number, w: number, h: number): void {
    this.path += `M${n(x + this.dx)} ${n(y + this.dy)}h${n(w)}v${n(h)}h${n(-w)}Z`;
  }
  /** Full circles only: all that the charts need. */
  arc(x: number, y: number, r: number): void {
    this.path += `M${n(x + this.dx - r)} ${n(y + this.dy)}a${n(r)} ${n(r)} 0 1 0 ${n(2 * r)} 0a${n(r)} ${n(r)} 0 1 0 ${n(-2 * r)} 0Z`;
  }
  clip(): void {
    const id = `${this.prefix}-${++this.clips}`;
    this.parts.push(`<clipPath id="${id}"><path d="${this.path}"/></clipPath><g clip-path="url(#${id})">`);
    this.open++;
  }
  fill(): void {
    if (this.path) this.parts.push(`<path d="${this.path}" fill="${String(this.fillStyle)}"${this.opacity()}/>`);
  }
  stroke(): void {
    if (this.path) this.parts.push(`<path d="${this.path}" fill="none"${this.pen()}/>`);
  }
  fillRect(x: number, y: number, w: number, h: number): void {
    this.parts.push(
      `<rect x="${n(x + this.dx)}" y="${n(y + this.dy)}" width="${n(w)}" height="${n(h)}" fill="${String(this.fillStyle)}"${this.opacity()}/>`,
    );
  }
  strokeRect(x: number, y: number, w: number, h: number): void {
    this.parts.push(`<rect x="${n(x + this.dx)}" y="${n(y + this.dy)}" width="${n(w)}" height="${n(h)}" fill="none"${this.pen()}/>`);
  }
  setLineDash(segments: Iterable<number>): void {
    this.dash = [...segments];
  }
  image(raster: Raster, x: number, y: number, width: number, height: number): void {
    const w = width / raster.columns;
    const h = height / raster.rows;
    for (let row = 0; row < raster.rows; row++) {
      for (let from = 0, column = 1; column <= raster.columns; column++) {
        const pixel = raster.pixels[row * raster.columns + from] ?? 0;
        if (column < raster.columns && raster.pixels[row * raster.columns + column] === pixel) continue;
        if (pixel >>> 24) {
          const hex = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255].map((v) => v.toString(16).padStart(2, "0")).join("");
          this.parts.push(
            `<rect x="${n(x + this.dx + from * w)}" y="${n(y + this.dy + row * h)}" width="${n((column - from) * w + 0.05)}" height="${n(h)}" fill="#${hex}"/>`,
          );
        }
        from = column;
      }
    }
  }
  private opacity(): string {
    return this.globalAlpha === 1 ? "" : ` opacity="${n(this.globalAlpha)}"`;
  }
  private pen(): string {
    return ` stroke="${String(this.strokeStyle)}" stroke-width="${n(this.lineWidth)}"${this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : ""}${this.opacity()}`;
  }
}

export function svgSurface(paint: SvgPaint, color: (token: string) => string): Surface {
  return { paint, color, image: (raster, x, y, w, h) => paint.image(raster, x, y, w, h) };
}
