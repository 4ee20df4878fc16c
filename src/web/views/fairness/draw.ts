// Four bands over one time axis: service per second, response time, accumulated service, and the gap between the most and the least served.
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Surface } from "../../ui/chart/paint.ts";
import { CATEGORY_COLORS, CATEGORY_TEXT } from "../../ui/chart/palette.ts";
import { CATEGORY_DASHES, GHOST_DASH, SLO_DASH, rule, strokeLine } from "../../ui/chart/strokes.ts";
import { clock, significant } from "../../ui/format.ts";
import { ticksFromZero, timeTicks } from "../tracks/ticks.ts";
import type { FairnessCurves } from "../../../analysis/fairness-curves.ts";

interface Band {
  readonly title: string;
  readonly top: number;
  readonly most: number;
}

export interface FairnessLayout {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly plot: number;
  readonly x: (seconds: number) => number;
  readonly bands: readonly Band[];
  readonly band: number;
  readonly top: number;
  readonly bottom: number;
  /** The key stands in lines of its own, above the first band. */
  readonly key: readonly { readonly x: number; readonly y: number; readonly tenant: number }[];
}

const BAND = 74;
const APART = 28;
const LINE = 15;

const highest = (columns: readonly Float64Array[]): number => {
  let most = 0;
  for (const column of columns) for (const value of column) if (value > most) most = value;
  return most > 0 ? most * 1.05 : 1;
};

/** The bound is drawn where it does not flatten everything else. */
const boundShown = ({ gap, artifactGap, report }: FairnessCurves): boolean => report.bound <= 6 * highest([gap, artifactGap]);

export function layoutFairness(model: FairnessCurves, width: number): FairnessLayout {
  const left = 52;
  const plot = Math.max(80, width - left - 92);
  const key: { x: number; y: number; tenant: number }[] = [];
  let at = 0;
  let line = 0;
  model.names.forEach((name, tenant) => {
    const step = 6.5 * name.length + 14;
    if (at + step > left + plot && at > 0) {
      at = 0;
      line++;
    }
    key.push({ x: at, y: 10 + line * LINE, tenant });
    at += step;
  });
  const top = 10 + (line + 1) * LINE + 18;
  const gaps = highest([model.gap, model.artifactGap]);
  const bands = [
    { title: "Service in 60 s windows, cost/s", most: highest(model.service) },
    { title: "Response time (TTFT) in 60 s windows, s", most: highest(model.response) },
    { title: "Accumulated service, cost", most: highest(model.accumulated) },
    { title: "Gap: most served less least served, cost", most: boundShown(model) ? Math.max(gaps, model.report.bound * 1.08) : gaps },
  ].map((band, i) => ({ ...band, top: top + i * (BAND + APART) }));
  const bottom = bands.at(-1)!.top + BAND;
  return { width, height: bottom + 20, left, plot, x: (s) => left + (s / model.end) * plot, bands, band: BAND, top, bottom, key };
}

export function drawFairness({ paint, color }: Surface, model: FairnessCurves, layout: FairnessLayout): void {
  const { left, plot, x, bands, band, top, bottom } = layout;
  for (const tick of timeTicks(0, model.end, plot))
    rule(paint, Math.round(x(tick)) + 0.5, top, Math.round(x(tick)) + 0.5, bottom, color("grid"));
  for (const { top: at } of bands) rule(paint, left, at + band + 0.5, left + plot, at + band + 0.5, color("line-strong"));
  const xs = model.at.map(x);
  const line = ({ top: at, most }: Band, values: Float64Array) => ({
    x: xs,
    y: values.map((value) => at + band * (1 - value / most)),
    length: values.length,
  });
  [model.service, model.response, model.accumulated].forEach((columns, i) =>
    columns.forEach((column, tenant) =>
      strokeLine(paint, line(bands[i]!, column), {
        color: color(CATEGORY_COLORS[tenant % CATEGORY_COLORS.length]!),
        width: 1.5,
        dash: CATEGORY_DASHES[tenant % CATEGORY_DASHES.length]!,
      }),
    ),
  );
  const last = bands[3]!;
  strokeLine(paint, line(last, model.artifactGap), { color: color("ink-2"), width: 1.25, dash: GHOST_DASH });
  strokeLine(paint, line(last, model.gap), { color: color("ink"), width: 1.75 });
  if (!boundShown(model)) return;
  const y = last.top + band * (1 - model.report.bound / last.most);
  rule(paint, left, y, left + plot, y, color("ink"), 1, SLO_DASH);
}

function texts(model: FairnessCurves, layout: FairnessLayout): FigureText[] {
  const { left, plot, x, bands, band, bottom, key } = layout;
  const right = left + plot;
  const out: FigureText[] = key.map(({ x: at, y, tenant }) => ({
    x: at,
    y,
    text: model.names[tenant]!,
    color: CATEGORY_TEXT[tenant % CATEGORY_TEXT.length]!,
    weight: 550,
  }));
  for (const tick of timeTicks(0, model.end, plot)) out.push({ x: x(tick), y: bottom + 15, text: clock(tick), anchor: "middle" });
  for (const { title, top, most } of bands) {
    out.push({ x: 0, y: top - 9, text: title, size: 11, color: "ink-2" });
    for (const tick of ticksFromZero(most, band))
      out.push({ x: left - 6, y: top + band * (1 - tick / most) + 4, text: shortNumber(tick), anchor: "end" });
  }
  const last = bands[3]!;
  const yOf = (value: number): number => last.top + band * (1 - value / last.most) + 4;
  const label = (y: number, text: string, color: string): number => out.push({ x: right + 6, y, text, color, weight: 550 });
  const lastOf = (values: Float64Array): number => values.findLast((value) => !Number.isNaN(value)) ?? 0;
  const own = yOf(lastOf(model.gap));
  const theirs = yOf(lastOf(model.artifactGap));
  const apart = Math.abs(own - theirs) >= 13 ? 0 : (13 - Math.abs(own - theirs)) / 2;
  label(own - (own <= theirs ? apart : -apart), "by tokens", "ink");
  label(theirs + (own <= theirs ? apart : -apart), "as artifact", "ink-2");
  if (boundShown(model)) label(yOf(model.report.bound), `2U = ${shortNumber(model.report.bound)}`, "ink");
  return out;
}

/** 40k instead of 40,000: room at an axis is short. */
function shortNumber(value: number): string {
  if (value >= 1e6) return `${significant(value / 1e6)}M`;
  return value >= 1e4 ? `${significant(value / 1e3)}k` : significant(value);
}

export function fairnessFigure(model: FairnessCurves, width: number): Figure {
  const layout = layoutFairness(model, width);
  return { width, height: layout.height, draw: (surface) => drawFairness(surface, model, layout), texts: texts(model, layout) };
}
