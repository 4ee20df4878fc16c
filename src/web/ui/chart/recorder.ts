// A surface that writes down what is drawn, for tests: colours by token, numbers rounded. Never part of the page.
import { SvgPaint } from "./svg-paint.ts";
import type { Surface } from "./paint.ts";

export function recordingSurface(): { readonly surface: Surface; text(): string } {
  const paint = new SvgPaint("clip");
  const surface: Surface = {
    paint,
    color: (token) => token,
    image(raster, x, y, width, height) {
      // Adler-like sum: tells two rasters apart without printing them.
      let sum = 1;
      for (const value of raster.pixels.subarray(0, raster.columns * raster.rows)) sum = (Math.imul(sum, 31) + value) >>> 0;
      paint.parts.push(
        `image ${raster.columns}x${raster.rows} sum ${sum} at ${x.toFixed(1)} ${y.toFixed(1)} ${width.toFixed(1)} ${height.toFixed(1)}`,
      );
    },
  };
  return { surface, text: () => paint.parts.join("\n") };
}
