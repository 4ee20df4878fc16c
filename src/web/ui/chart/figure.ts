// A drawn chart as data: what goes on the canvas, and the texts above it. The page and the exports render the same figure.
import { canvasSurface, type Surface } from "./paint.ts";
import type { Palette } from "./palette.ts";
import { SvgPaint, svgSurface } from "./svg-paint.ts";

export interface FigureText {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly anchor?: "start" | "middle" | "end";
  /** Token; ink-3 when absent. */
  readonly color?: string;
  readonly size?: number;
  readonly weight?: number;
  /** A stroke of the paper behind the letters, for text over marks. */
  readonly halo?: boolean;
}

export interface Figure {
  readonly width: number;
  readonly height: number;
  draw(surface: Surface): void;
  readonly texts: readonly FigureText[];
}

export const CHART_FONT = '"Inter Variable", Inter, system-ui, sans-serif';
export const TEXT_SIZE = 10.5;

const escapeText = (text: string): string => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Puts figures under one another (titles of their own are texts). */
export function stackFigures(figures: readonly Figure[], gap = 8): Figure {
  const tops: number[] = [];
  let height = 0;
  for (const figure of figures) {
    tops.push(height);
    height += figure.height + gap;
  }
  return {
    width: Math.max(0, ...figures.map((figure) => figure.width)),
    height: Math.max(0, height - gap),
    draw(surface) {
      figures.forEach((figure, i) => {
        surface.paint.save();
        surface.paint.translate(0, tops[i] ?? 0);
        figure.draw({ ...surface, image: surface.image });
        surface.paint.restore();
      });
    },
    texts: figures.flatMap((figure, i) => figure.texts.map((text) => ({ ...text, y: text.y + (tops[i] ?? 0) }))),
  };
}

const EDGE = 12;

export function figureSvg(figure: Figure, palette: Palette, title: string): string {
  const paint = new SvgPaint("clip");
  figure.draw(svgSurface(paint, palette.color));
  const width = Math.ceil(figure.width + 2 * EDGE);
  const height = Math.ceil(figure.height + 2 * EDGE);
  const texts = figure.texts.map((t) => {
    const halo = t.halo ? ` paint-order="stroke" stroke="${palette.color("paper")}" stroke-width="4" stroke-linejoin="round"` : "";
    return `<text x="${t.x.toFixed(1)}" y="${t.y.toFixed(1)}" text-anchor="${t.anchor ?? "start"}" fill="${palette.color(t.color ?? "ink-3")}" font-size="${t.size ?? TEXT_SIZE}" font-weight="${t.weight ?? 400}"${halo}>${escapeText(t.text)}</text>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family='${CHART_FONT}' style="font-variant-numeric:tabular-nums">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${width}" height="${height}" fill="${palette.color("paper")}"/>`,
    `<g transform="translate(${EDGE},${EDGE})">`,
    ...paint.parts,
    ...texts,
    "</g></svg>",
    "",
  ].join("\n");
}

/** Draws a figure with its texts on a context; `scale` is the device pixel ratio. */
export function renderFigure(context: CanvasRenderingContext2D, figure: Figure, palette: Palette): void {
  figure.draw(canvasSurface(context, palette.color));
  for (const t of figure.texts) {
    context.font = `${t.weight ?? 400} ${t.size ?? TEXT_SIZE}px ${CHART_FONT}`;
    context.textAlign = t.anchor === "middle" ? "center" : (t.anchor ?? "start");
    if (t.halo) {
      context.strokeStyle = palette.color("paper");
      context.lineWidth = 4;
      context.lineJoin = "round";
      context.strokeText(t.text, t.x, t.y);
    }
    context.fillStyle = palette.color(t.color ?? "ink-3");
    context.fillText(t.text, t.x, t.y);
  }
}

export async function figurePng(figure: Figure, palette: Palette, scale = 2): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil((figure.width + 2 * EDGE) * scale);
  canvas.height = Math.ceil((figure.height + 2 * EDGE) * scale);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser gave no 2D canvas, so the chart could not be drawn as PNG. Export SVG instead.");
  context.fillStyle = palette.color("paper");
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(scale, scale);
  context.translate(EDGE, EDGE);
  renderFigure(context, figure, palette);
  return new Promise((done, fail) =>
    canvas.toBlob(
      (blob) => (blob ? done(blob) : fail(new Error("The picture is too large for this browser. Export SVG instead."))),
      "image/png",
    ),
  );
}
