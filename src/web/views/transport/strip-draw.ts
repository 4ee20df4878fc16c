// The run in miniature: arrivals in grey, late requests over them, what is to come in a paler grey, and the playhead.
import type { Series } from "../../../engine/metrics/results.ts";

export interface StripColors {
  readonly past: string;
  readonly future: string;
  /** Below 1 where the system's few colours have no paler grey. */
  readonly futureAlpha?: number;
  readonly late: string;
  readonly axis: string;
  readonly ink: string;
  readonly wash: string;
}

export interface StripScene {
  readonly series: Series | null;
  /** The run whose arrivals show what is to come. */
  readonly ahead: Series | null;
  /** Seconds: the playhead, the end of the axis, the cursor and the range. */
  readonly now: number;
  readonly end: number;
  readonly cursor: number | null;
  readonly range: readonly [number, number] | null;
}

/** Requests per second in columns of `pixels`, from buckets of any width. */
export function columns(series: Series, values: ArrayLike<number>, end: number, pixels: number, until: number): Float64Array {
  const out = new Float64Array(pixels);
  const perPixel = end / pixels;
  for (let p = 0; p < pixels; p++) {
    const from = p * perPixel;
    if (from >= until) break;
    const first = Math.floor(from / series.bucketSeconds);
    const last = Math.max(first + 1, Math.ceil((from + perPixel) / series.bucketSeconds));
    let sum = 0;
    let count = 0;
    for (let i = first; i < last && i < series.length; i++) {
      sum += values[i] ?? 0;
      count++;
    }
    out[p] = count === 0 ? 0 : sum / count / series.bucketSeconds;
  }
  return out;
}

type Context = Pick<CanvasRenderingContext2D, "clearRect" | "fillRect" | "beginPath" | "arc" | "fill" | "fillStyle" | "globalAlpha">;

/** Arrivals are averaged over this many pixels, so that single buckets do not look like noise. */
const SMOOTH = 3;

export function drawStrip(context: Context, width: number, height: number, scene: StripScene, colors: StripColors): void {
  context.clearRect(0, 0, width, height);
  const base = height - Math.min(6, height * 0.16) - 1;
  const top = height > 34 ? 7 : 5;
  const { series, ahead, end, now } = scene;
  const pixels = Math.max(1, Math.floor(width / SMOOTH));
  if (series !== null && end > 0) {
    const arrivals = columns(series, series.arrivals, end, pixels, now);
    const late = columns(series, series.late, end, pixels, now);
    const coming = ahead === null ? null : columns(ahead, ahead.arrivals, end, pixels, Infinity);
    let peak = 1e-9;
    for (let i = 0; i < pixels; i++) peak = Math.max(peak, arrivals[i]!, coming?.[i] ?? 0);
    const bar = (i: number, value: number): void => {
      const h = Math.min(1, value / peak) * (base - top);
      context.fillRect(i * SMOOTH, base - h, SMOOTH, h);
    };
    const split = Math.min(pixels, Math.ceil((now / end) * pixels));
    if (coming !== null) {
      context.fillStyle = colors.future;
      context.globalAlpha = colors.futureAlpha ?? 1;
      for (let i = split; i < pixels; i++) bar(i, coming[i]!);
    }
    context.fillStyle = colors.past;
    context.globalAlpha = 0.42;
    for (let i = 0; i < split; i++) bar(i, arrivals[i]!);
    context.globalAlpha = 1;
    context.fillStyle = colors.late;
    for (let i = 0; i < split; i++) bar(i, late[i]!);
  }
  context.fillStyle = colors.axis;
  context.fillRect(0, base, width, 1);
  if (end <= 0) return;
  const x = (time: number): number => (time / end) * width;
  if (scene.range !== null) {
    context.fillStyle = colors.wash;
    context.globalAlpha = 0.16;
    context.fillRect(x(scene.range[0]), 2, x(scene.range[1]) - x(scene.range[0]), base - 2);
    context.globalAlpha = 1;
    context.fillRect(Math.round(x(scene.range[0])), 2, 1, base - 2);
    context.fillRect(Math.round(x(scene.range[1])), 2, 1, base - 2);
  }
  context.fillStyle = colors.ink;
  if (scene.cursor !== null) context.fillRect(Math.round(x(scene.cursor)), 2, 1, base - 2);
  const head = Math.min(width - 4, Math.max(4, x(now)));
  context.fillRect(head - 1, 4, 2, base - 4);
  context.beginPath();
  context.arc(head, 5, 3.5, 0, 2 * Math.PI);
  context.fill();
}
