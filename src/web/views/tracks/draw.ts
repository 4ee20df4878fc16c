// Draws the tracks on one canvas: grid, areas, ghost, subject, SLO line, baseline. Texts that do not move with the cursor come from trackTexts.
import type { FigureText } from "../../ui/chart/figure.ts";
import type { Raster, Surface } from "../../ui/chart/paint.ts";
import { pixel } from "../../ui/chart/palette.ts";
import { areaPath, fillArea, hatchPath, rule, SLO_DASH, strokeLine, type Points } from "../../ui/chart/strokes.ts";
import { clock, integer } from "../../ui/format.ts";
import type { PlacedTrack, TrackLayout } from "./layout.ts";
import { HeatCode, type Column, type DecisionMark, type HeatModel, type Mark } from "./model.ts";
import { timeTicks } from "./ticks.ts";

/** First and last entry of a column that can be seen, with one more on each side. */
function visible(column: Column, layout: TrackLayout): readonly [number, number] {
  const from = Math.max(0, Math.floor((layout.domain[0] - column.t0) / column.dt) - 1);
  const to = Math.min(column.length, Math.ceil((layout.domain[1] - column.t0) / column.dt) + 2);
  return [from, Math.max(from, to)];
}

function pointsOf(column: Column, layout: TrackLayout, y: (value: number) => number, tail: boolean): Points {
  const [from, to] = visible(column, layout);
  const extra = tail && to > from ? 1 : 0;
  const length = to - from + extra;
  const x = new Float64Array(length);
  const ys = new Float64Array(length);
  for (let i = from; i < to; i++) {
    x[i - from] = layout.x(column.t0 + i * column.dt);
    ys[i - from] = y(column.values[i] as number);
  }
  if (extra) {
    // A staircase holds its last value to the end of its step.
    x[length - 1] = layout.x(column.t0 + (to - 0.02) * column.dt);
    ys[length - 1] = ys[length - 2] as number;
  }
  return { x, y: ys, length };
}

/** Smallest and largest y; Infinity and -Infinity where there is none. */
function extent(...lines: readonly Points[]): readonly [number, number] {
  let [from, to] = [Infinity, -Infinity];
  for (const { y, length } of lines)
    for (let i = 0; i < length; i++) {
      const value = y[i] as number;
      if (value < from) from = value;
      if (value > to) to = value;
    }
  return [from, to];
}

function drawMark(surface: Surface, mark: Mark, placed: PlacedTrack, layout: TrackLayout): void {
  const { paint, color } = surface;
  if (mark.kind === "line") {
    const points = pointsOf(mark.column, layout, placed.y, mark.step === true);
    strokeLine(
      paint,
      points,
      { color: color(mark.color), width: mark.width, ...(mark.dash ? { dash: mark.dash } : {}) },
      mark.step ? "step" : "line",
    );
    return;
  }
  if (mark.kind === "area") {
    const high = pointsOf(mark.column, layout, placed.y, mark.step === true);
    const base = mark.base
      ? pointsOf({ ...mark.column, values: mark.base }, layout, placed.y, mark.step === true).y
      : new Float64Array(high.length).fill(placed.plotTop + placed.plotHeight);
    if (mark.hatch) {
      areaPath(paint, high.x, base, high.y, high.length, "step");
      hatchPath(paint, { x: layout.left, y: placed.plotTop, width: layout.plot, height: placed.plotHeight }, color(mark.color), 4, 2);
    } else fillArea(paint, high.x, base, high.y, high.length, color(mark.color), mark.alpha ?? 1, mark.step ? "step" : "line");
    return;
  }
  const [p50, p90, p99] = [mark.p50, mark.p90, mark.p99].map((column) => pointsOf(column, layout, placed.y, false)) as [
    Points,
    Points,
    Points,
  ];
  const split = placed.track.limit ? placed.y(placed.track.limit.value) : placed.plotTop - 4;
  // Most runs are on one side of the limit: nothing is drawn twice that a clip would hide.
  const lines = [
    { points: p90, width: 0.9, reach: extent(p90) },
    { points: p50, width: 1.4, reach: extent(p50) },
  ];
  const [highest, lowest] = extent(p50, p90, p99);
  const side = (top: number, bottom: number, above: boolean): void => {
    if (bottom <= top || highest > bottom + 1 || lowest < top - 1) return;
    paint.save();
    paint.beginPath();
    paint.rect(layout.left, top, layout.plot, bottom - top);
    paint.clip();
    const ink = color(above ? "slo-miss" : "blue");
    fillArea(paint, p50.x, p50.y, p90.y, p50.length, above ? ink : color("band-1"), above ? 0.5 : 1);
    fillArea(paint, p90.x, p90.y, p99.y, p90.length, above ? ink : color("band-2"), above ? 0.26 : 1);
    for (const { points, width, reach } of lines)
      if (reach[0] <= bottom + 1 && reach[1] >= top - 1) strokeLine(paint, points, { color: ink, width });
    paint.restore();
  };
  side(split, placed.plotTop + placed.plotHeight + 1, false);
  side(placed.plotTop - 4, split, true);
}

/** Load as pixels, one per replica and sample, and marks where rows are tall enough to hold them. */
function drawHeat(surface: Surface, heat: HeatModel, placed: PlacedTrack, layout: TrackLayout, ramp: Uint32Array): void {
  const { paint, color } = surface;
  const rowHeight = placed.plotHeight / Math.max(1, heat.rows.length);
  const marks = rowHeight >= 4;
  const from = Math.max(0, Math.floor(layout.domain[0] / heat.dt));
  const to = Math.min(heat.length, Math.ceil(layout.domain[1] / heat.dt) + 1);
  const columns = to - from;
  if (columns < 1 || heat.rows.length === 0) return;
  const special = {
    waiting: pixel(color("waiting")),
    starting: pixel(color("starting")),
    failed: pixel(color("ink-3")),
    draining: pixel(color("draining")),
  };
  // Two pixels per row leave a hairline of paper between tall rows.
  const pixels = new Uint32Array(columns * heat.rows.length);
  for (let row = 0; row < heat.rows.length; row++) {
    const source = row * heat.length + from;
    const target = row * columns;
    for (let i = 0; i < columns; i++) {
      const code = heat.code[source + i];
      if (code === HeatCode.none) continue;
      if (!marks) {
        if (code === HeatCode.waiting) pixels[target + i] = special.waiting;
        else if (code === HeatCode.starting) pixels[target + i] = special.starting;
        else if (code === HeatCode.failed) pixels[target + i] = special.failed;
        else if (code === HeatCode.draining) pixels[target + i] = special.draining;
        if (code !== HeatCode.load) continue;
      } else if (code === HeatCode.starting || code === HeatCode.failed) continue;
      pixels[target + i] = ramp[Math.min(255, Math.round(((heat.load[source + i] as number) / heat.top) * 255))] as number;
    }
  }
  const x0 = layout.x(from * heat.dt);
  const x1 = layout.x(to * heat.dt);
  paint.save();
  paint.beginPath();
  paint.rect(layout.left, placed.plotTop, layout.plot, placed.plotHeight);
  paint.clip();
  const raster: Raster = { columns, rows: heat.rows.length, pixels };
  surface.image(raster, x0, placed.plotTop, x1 - x0, placed.plotHeight);
  if (marks) {
    paint.fillStyle = color("paper");
    for (let row = 1; row <= heat.rows.length; row++) paint.fillRect(layout.left, placed.plotTop + row * rowHeight - 0.8, layout.plot, 0.8);
    for (const [code, token, height] of [
      [HeatCode.waiting, "waiting", 1.4],
      [HeatCode.draining, "draining", 1.4],
      [HeatCode.starting, "starting", 2],
      [HeatCode.failed, "failed", 1],
    ] as const) {
      paint.fillStyle = color(token);
      for (let row = 0; row < heat.rows.length; row++) {
        const offset = row * heat.length;
        const middle = code === HeatCode.starting || code === HeatCode.failed;
        const y = placed.plotTop + row * rowHeight + (middle ? rowHeight / 2 - height / 2 : rowHeight - 2.2);
        for (let i = from; i < to; i++) {
          if (heat.code[offset + i] !== code) continue;
          const start = i;
          while (i < to && heat.code[offset + i] === code) i++;
          paint.fillRect(layout.x(start * heat.dt), y, layout.x(i * heat.dt) - layout.x(start * heat.dt), height);
        }
      }
    }
  }
  paint.restore();
  for (const pool of heat.pools) {
    const top = placed.plotTop + pool.from * rowHeight;
    const bottom = placed.plotTop + pool.to * rowHeight - 1;
    paint.beginPath();
    paint.moveTo(layout.left - 1.5, top);
    paint.lineTo(layout.left - 3.5, top);
    paint.lineTo(layout.left - 3.5, bottom);
    paint.lineTo(layout.left - 1.5, bottom);
    paint.strokeStyle = color("line-strong");
    paint.lineWidth = 1;
    paint.stroke();
  }
  drawHeatKey(surface, placed, layout, ramp);
}

const keyWidth = (layout: TrackLayout): number => layout.right - (layout.phone ? 18 : 26);
const KEYS = [
  ["waiting", "some waiting", 2],
  ["starting", "starting", 2],
  ["failed", "failed", 1],
  ["draining", "draining", 2],
] as const;

/** Keys of what occurs, as many as fit under the ramp. */
function keysOf({ track, plotHeight }: PlacedTrack): readonly (typeof KEYS)[number][] {
  const seen = track.heat?.seen ?? 0;
  return KEYS.filter(([state]) => (seen >> HeatCode[state]) & 1).slice(0, Math.max(0, Math.floor((plotHeight - 20) / 13)));
}

/** Fleets whose rows are too thin for a key beside a profile: the profile takes the column. */
export const hasProfile = (heat: HeatModel): boolean => heat.rows.length > 64;

function drawHeatKey(surface: Surface, placed: PlacedTrack, layout: TrackLayout, ramp: Uint32Array): void {
  const heat = placed.track.heat;
  if (!heat || hasProfile(heat)) return;
  const x = layout.left + layout.plot + 8;
  const width = keyWidth(layout);
  const pixels = Uint32Array.from({ length: 64 }, (_, i) => ramp[Math.round((i / 63) * 255)] as number);
  surface.image({ columns: 64, rows: 1, pixels }, x, placed.plotTop + 2, width, 7);
  keysOf(placed).forEach(([token, , height], i) => {
    surface.paint.fillStyle = surface.color(token);
    surface.paint.fillRect(x, placed.plotTop + 32 + i * 13, 14, height);
  });
}

/** Half the width, and the height, of a decision's triangle. */
const MARK = { half: 3.2, height: 5.5 };
/** Marks of one kind that are closer than this are drawn as one: a fleet at its limit is asked for more at every look. */
const MARK_GAP = { ordered: 3, refused: 8 };

/** Decisions on the baseline: up and down; hollow where the limits left nothing of them. */
function drawDecisions(surface: Surface, decisions: readonly DecisionMark[], placed: PlacedTrack, layout: TrackLayout): void {
  const { paint, color } = surface;
  const base = placed.plotTop + placed.plotHeight;
  const last = new Map<string, number>();
  for (const { at, up, ordered } of decisions) {
    if (at < layout.domain[0] || at > layout.domain[1]) continue;
    const x = layout.x(at);
    const kind = `${up} ${ordered}`;
    if (x - (last.get(kind) ?? -Infinity) < (ordered ? MARK_GAP.ordered : MARK_GAP.refused)) continue;
    last.set(kind, x);
    paint.beginPath();
    paint.moveTo(x - MARK.half, up ? base : base - MARK.height);
    paint.lineTo(x + MARK.half, up ? base : base - MARK.height);
    paint.lineTo(x, up ? base - MARK.height : base);
    paint.closePath();
    // A rim of paper keeps neighbours and hatches apart.
    paint.strokeStyle = color(ordered ? "paper" : "ink-2");
    paint.lineWidth = 1;
    paint.fillStyle = color(ordered ? "ink" : "paper");
    if (ordered) paint.stroke();
    paint.fill();
    if (!ordered) paint.stroke();
  }
}

/** The decision whose mark is under the pointer; null where none is. */
export function decisionAt(layout: TrackLayout, x: number, y: number, reach = 6): DecisionMark | null {
  const placed = layout.tracks.find(
    (one) => one.track.decisions && !one.folded && y >= one.plotTop - 2 && y <= one.plotTop + one.plotHeight + 8,
  );
  let best: DecisionMark | null = null;
  let distance = reach;
  for (const mark of placed?.track.decisions ?? []) {
    // Of marks at the same place the one that changed something.
    const away = Math.abs(layout.x(mark.at) - x) + (mark.ordered ? 0 : 0.5);
    if (away <= distance) [best, distance] = [mark, away];
  }
  return best;
}

export function drawTracks(surface: Surface, layout: TrackLayout, ramp: Uint32Array): void {
  const { paint, color } = surface;
  const ticks = timeTicks(layout.domain[0], layout.domain[1], layout.plot, layout.phone ? 70 : 84);
  for (const placed of layout.tracks) {
    if (placed.folded) continue;
    const { track, plotTop, plotHeight } = placed;
    const right = layout.left + layout.plot;
    if (!track.heat) {
      for (const t of ticks)
        if (t > layout.domain[0])
          rule(paint, Math.round(layout.x(t)) + 0.5, plotTop, Math.round(layout.x(t)) + 0.5, plotTop + plotHeight, color("grid"));
      for (const tick of track.ticks)
        rule(paint, layout.left, Math.round(placed.y(tick.value)) + 0.5, right, Math.round(placed.y(tick.value)) + 0.5, color("grid"));
    }
    paint.save();
    paint.beginPath();
    paint.rect(layout.left - 0.5, plotTop - 4, layout.plot + 1, plotHeight + 6);
    paint.clip();
    for (const mark of track.marks) drawMark(surface, mark, placed, layout);
    if (track.notes)
      for (const note of track.notes)
        rule(paint, layout.x(note.at), plotTop + plotHeight, layout.x(note.at), plotTop + plotHeight - 4, color("ink"));
    paint.restore();
    if (track.heat) drawHeat(surface, track.heat, placed, layout, ramp);
    if (track.limit) {
      const y = Math.round(placed.y(track.limit.value)) + 0.5;
      rule(paint, layout.left, y, right, y, color("ink"), 1, SLO_DASH);
    }
    paint.globalAlpha = 0.6;
    rule(paint, layout.left, plotTop + plotHeight + 0.5, right, plotTop + plotHeight + 0.5, color("line-strong"));
    paint.globalAlpha = 1;
    if (track.decisions) drawDecisions(surface, track.decisions, placed, layout);
  }
}

export interface TextOptions {
  /** Titles as texts: for exports; the page has them as buttons. */
  readonly titles: boolean;
  /** Time of the live edge, whose label displaces ticks; null = none. */
  readonly live: number | null;
}

export function trackTexts(layout: TrackLayout, options: TextOptions): FigureText[] {
  const texts: FigureText[] = [];
  const ticks = timeTicks(layout.domain[0], layout.domain[1], layout.plot, layout.phone ? 70 : 84);
  const decimals = ticks.length > 1 && (ticks[1] as number) - (ticks[0] as number) < 1 ? 1 : 0;
  for (const t of ticks) {
    if (options.live !== null && Math.abs(layout.x(t) - layout.x(options.live)) < 32) continue;
    texts.push({ x: layout.x(t), y: 10, text: clock(t, decimals), anchor: "middle" });
  }
  for (const placed of layout.tracks) {
    const { track, plotHeight } = placed;
    if (options.titles)
      texts.push({ x: 0, y: placed.top + (layout.phone ? 12 : 13), text: track.title, size: 11, weight: 550, color: "ink" });
    if (placed.folded) continue;
    if (layout.phone) {
      // The page has the unit beside the title's button, where its width is known.
      if (options.titles) texts.push({ x: track.title.length * 6.1 + 8, y: placed.top + 12, text: track.unit.join(" ") });
    } else
      track.unit
        .slice(0, Math.max(1, Math.floor((plotHeight - 8) / 12)))
        .forEach((text, i) => texts.push({ x: 0, y: placed.top + 26 + i * 12, text }));
    for (const tick of track.ticks)
      texts.push({ x: layout.left - 6, y: Math.round(placed.y(tick.value)) + 3.5, text: tick.text, anchor: "end" });
    if (track.limit)
      texts.push({
        x: layout.left + layout.plot - 2,
        y: Math.round(placed.y(track.limit.value)) - 3.5,
        text: track.limit.text,
        anchor: "end",
        color: "ink",
        weight: 550,
        halo: true,
      });
    if (track.heat) texts.push(...heatTexts(track.heat, placed, layout));
    if (track.notes && !layout.phone) texts.push(...noteTexts(placed, layout));
  }
  return texts;
}

function heatTexts(heat: HeatModel, placed: PlacedTrack, layout: TrackLayout): FigureText[] {
  const texts: FigureText[] = [];
  const rowHeight = placed.plotHeight / Math.max(1, heat.rows.length);
  let last = -Infinity;
  for (const pool of heat.pools) {
    const y = Math.round(placed.plotTop + ((pool.from + pool.to) / 2) * rowHeight) + 3.5;
    if (y - last < 11) continue;
    last = y;
    // Beside the title and unit there is room for about eight letters.
    const letters = layout.phone ? 5 : 8;
    const text = pool.name.length > letters ? `${pool.name.slice(0, letters - 1)}\u2026` : pool.name;
    texts.push({ x: layout.left - 7, y, text, anchor: "end" });
  }
  if (hasProfile(heat)) return texts;
  const x = layout.left + layout.plot + 8;
  texts.push(
    { x, y: placed.plotTop + 20, text: "0" },
    { x: x + keyWidth(layout), y: placed.plotTop + 20, text: integer(heat.top), anchor: "end" },
  );
  keysOf(placed).forEach(([, word, height], i) =>
    texts.push({ x: x + 20, y: placed.plotTop + 34.5 + i * 13 + height / 2, text: layout.phone ? word.replace("some ", "") : word }),
  );
  return texts;
}

const NOTE_LINE = 12;

/** Event texts: neighbours share a block of up to two lines; what does not fit is counted. */
function noteTexts(placed: PlacedTrack, layout: TrackLayout): FigureText[] {
  const texts: FigureText[] = [];
  const seen = (placed.track.notes ?? []).filter((note) => note.at >= layout.domain[0] && note.at <= layout.domain[1]);
  for (let i = 0; i < seen.length;) {
    const first = seen[i] as (typeof seen)[number];
    let end = i + 1;
    while (end < seen.length && layout.x((seen[end] as typeof first).at) - layout.x((seen[end - 1] as typeof first).at) < 104) end++;
    const block = seen.slice(i, end);
    const lines = block.length <= 2 ? block.map((note) => note.text) : [first.text, `and ${block.length - 1} more`];
    const right = layout.x((block[block.length - 1] as typeof first).at);
    const flip = right + 112 > layout.left + layout.plot;
    const bottom = placed.plotTop + placed.plotHeight - 4;
    lines.forEach((text, k) =>
      texts.push({
        x: flip ? layout.x(first.at) - 8 : right + 8,
        y: bottom - (lines.length - 1 - k) * NOTE_LINE,
        text,
        anchor: flip ? "end" : "start",
        color: "ink-2",
        halo: true,
      }),
    );
    i = end;
  }
  return texts;
}
