// What draw.ts files draw on: the part of a 2D context that a canvas, an SVG export and a test recorder all offer.

export type Paint = Pick<
  CanvasRenderingContext2D,
  | "save"
  | "restore"
  | "beginPath"
  | "closePath"
  | "moveTo"
  | "lineTo"
  | "rect"
  | "arc"
  | "clip"
  | "fill"
  | "stroke"
  | "fillRect"
  | "strokeRect"
  | "setLineDash"
  | "translate"
  | "fillStyle"
  | "strokeStyle"
  | "lineWidth"
  | "globalAlpha"
>;

/** A picture of `columns` x `rows` pixels, 0xAABBGGRR as ImageData has them on little-endian machines; 0 is transparent. */
export interface Raster {
  readonly columns: number;
  readonly rows: number;
  readonly pixels: Uint32Array;
}

export interface Surface {
  readonly paint: Paint;
  /** Resolves a token of tokens.css to a colour. */
  color(token: string): string;
  /** Draws a raster without smoothing into the rectangle. */
  image(raster: Raster, x: number, y: number, width: number, height: number): void;
}

const scratch = new WeakMap<CanvasRenderingContext2D, HTMLCanvasElement>();

/** A canvas as a surface. The scratch canvas for rasters is kept per context. */
export function canvasSurface(context: CanvasRenderingContext2D, color: (token: string) => string): Surface {
  return {
    paint: context,
    color,
    image(raster, x, y, width, height) {
      if (raster.columns < 1 || raster.rows < 1) return;
      let canvas = scratch.get(context);
      if (!canvas) scratch.set(context, (canvas = document.createElement("canvas")));
      if (canvas.width !== raster.columns) canvas.width = raster.columns;
      if (canvas.height !== raster.rows) canvas.height = raster.rows;
      const bytes = new Uint8ClampedArray(raster.pixels.buffer as ArrayBuffer, raster.pixels.byteOffset, raster.columns * raster.rows * 4);
      canvas.getContext("2d")?.putImageData(new ImageData(bytes, raster.columns, raster.rows), 0, 0);
      context.imageSmoothingEnabled = false;
      context.drawImage(canvas, 0, 0, raster.columns, raster.rows, x, y, width, height);
    },
  };
}
