// Draws the fleet: cells with bars, squares and a sparkline; or strips, one column per replica.
import { median } from "d3-array";
import { ReplicaState } from "../../../engine/contracts.ts";
import type { FigureText } from "../../ui/chart/figure.ts";
import type { Surface } from "../../ui/chart/paint.ts";
import { fillArea, hatchRect, outline, rule } from "../../ui/chart/strokes.ts";
import { clock, integer, NONE, percent } from "../../ui/format.ts";
import type { CellLayout, PlacedCell, StripLayout } from "./layout.ts";
import { cellNote, type FleetCell, type FleetMoment, type Spark } from "./select.ts";

const BAR = 10;
const NUMBER = 22;
const SQUARES = 20;

/** Tops of the rows inside a cell. */
const ROWS = { kv: 24, batch: 42, waiting: 60, spark: 80 } as const;
const COMPACT = { kv: 21, batch: 34, waiting: 48 } as const;

function frame(surface: Surface, { cell, x, y, width, height }: PlacedCell, selected: boolean): void {
  const { paint, color } = surface;
  outline(paint, x + 0.5, y + 0.5, width - 1, height - 1, 3);
  if (selected) {
    paint.fillStyle = color("raised");
    paint.fill();
  }
  const starting = cell.state === ReplicaState.starting;
  paint.strokeStyle = color(selected ? "ink" : cell.state === ReplicaState.draining ? "draining" : starting ? "starting" : "line");
  paint.lineWidth = selected ? 1.6 : 1;
  paint.setLineDash(starting ? [3, 2.5] : []);
  paint.stroke();
  paint.setLineDash([]);
}

function squares(surface: Surface, waiting: number, x: number, y: number, width: number): void {
  const step = width / 10;
  surface.paint.fillStyle = surface.color("waiting");
  for (let k = 0; k < Math.min(SQUARES, waiting); k++)
    surface.paint.fillRect(x + (k % 10) * step, y + (k >= 10 ? 5.5 : 0), Math.max(1, step - 1), 4.5);
}

function bars(surface: Surface, cell: FleetCell, x: number, width: number, kvTop: number, batchTop: number): void {
  const { paint, color } = surface;
  paint.fillStyle = color("inset");
  paint.fillRect(x, kvTop, width, BAR);
  paint.fillRect(x, batchTop, width, BAR);
  paint.fillStyle = color("ink-3");
  paint.fillRect(x, kvTop, width * cell.kv, BAR);
  const unit = width / Math.max(1, cell.cap);
  const decode = Math.min(width, unit * cell.decoding);
  const prefill = Math.min(width - decode, unit * cell.prefilling);
  paint.fillStyle = color("decode");
  paint.fillRect(x, batchTop, decode, BAR);
  if (prefill > 0) {
    paint.fillStyle = color("prefill");
    const gap = decode > 0 ? Math.min(1, prefill / 2) : 0;
    paint.fillRect(x + decode + gap, batchTop, prefill - gap, BAR);
  }
}

function spark(surface: Surface, data: Spark, cap: number, x: number, y: number, width: number, height: number): void {
  const count = data.running.length;
  let most = cap * 1.25;
  for (const value of data.total) if (value > most) most = value;
  const xs = new Float64Array(count);
  const base = new Float64Array(count).fill(y + height);
  const run = new Float64Array(count);
  const all = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    xs[i] = x + (i / (count - 1)) * width;
    run[i] = y + height - ((data.running[i] as number) / most) * height;
    all[i] = y + height - ((data.total[i] as number) / most) * height;
  }
  fillArea(surface.paint, xs, base, all, count, surface.color("waiting"));
  fillArea(surface.paint, xs, base, run, count, surface.color("decode"));
}

function full(surface: Surface, placed: PlacedCell, data: Spark): void {
  const { paint, color } = surface;
  const { cell, x, y, width, height } = placed;
  if (cell.state === ReplicaState.failed) {
    paint.globalAlpha = 0.55;
    rule(paint, x + 6, y + 24, x + width - 6, y + height - 20, color("failed"), 1.2);
    rule(paint, x + width - 6, y + 24, x + 6, y + height - 20, color("failed"), 1.2);
    paint.globalAlpha = 1;
    return;
  }
  if (cell.state === ReplicaState.starting) {
    paint.fillStyle = color("inset");
    paint.fillRect(x + 6, y + 46, width - 12, 4);
    paint.fillStyle = color("starting");
    paint.fillRect(x + 6, y + 46, (width - 12) * cell.done, 4);
    return;
  }
  const bar = width - 12 - NUMBER;
  bars(surface, cell, x + 6, bar, y + ROWS.kv, y + ROWS.batch);
  squares(surface, cell.waiting, x + 6, y + ROWS.waiting, bar);
  spark(surface, data, cell.cap, x + 6, y + ROWS.spark, width - 12, height - ROWS.spark - 5);
}

function compact(surface: Surface, placed: PlacedCell): void {
  const { paint, color } = surface;
  const { cell, x, y, width, height } = placed;
  if (cell.state === ReplicaState.failed) {
    paint.globalAlpha = 0.55;
    rule(paint, x + 6, y + 22, x + width - 6, y + height - 6, color("failed"), 1.2);
    rule(paint, x + width - 6, y + 22, x + 6, y + height - 6, color("failed"), 1.2);
    paint.globalAlpha = 1;
  } else if (cell.state === ReplicaState.starting) {
    paint.fillStyle = color("inset");
    paint.fillRect(x + 6, y + 34, width - 12, 4);
    paint.fillStyle = color("starting");
    paint.fillRect(x + 6, y + 34, (width - 12) * cell.done, 4);
  } else {
    const bar = width - 12 - NUMBER;
    bars(surface, cell, x + 6, bar, y + COMPACT.kv, y + COMPACT.batch);
    squares(surface, cell.waiting, x + 6, y + COMPACT.waiting, bar);
  }
}

function mini(surface: Surface, { cell, x, y, width, height }: PlacedCell): void {
  const { paint, color } = surface;
  const inner = height - 12;
  if (cell.state === ReplicaState.failed) {
    rule(paint, x + 5, y + 8, x + width - 5, y + height - 8, color("failed"));
    rule(paint, x + width - 5, y + 8, x + 5, y + height - 8, color("failed"));
  } else if (cell.state === ReplicaState.starting) {
    paint.fillStyle = color("starting");
    paint.fillRect(x + 3, y + height - 3 - inner * cell.done, 2, inner * cell.done);
  } else {
    const batch = Math.min(1, (cell.decoding + cell.prefilling) / Math.max(1, cell.cap)) * inner;
    paint.fillStyle = color("decode");
    paint.fillRect(x + 3, y + height - 3 - batch, width - 6, batch);
    paint.fillStyle = color("waiting");
    const step = (width - 6) / 4;
    for (let k = 0; k < Math.min(4, Math.ceil(cell.waiting / 5)); k++) paint.fillRect(x + 3 + k * step, y + 3, step - 1, 4);
  }
}

export function drawCells(surface: Surface, layout: CellLayout, sparkOf: (replica: number) => Spark, selected: number | null): void {
  const { paint, color } = surface;
  if (layout.style !== "mini")
    for (const bracket of layout.brackets) rule(paint, bracket.x1, bracket.y, bracket.x2, bracket.y, color("ink-3"));
  for (const placed of layout.cells) {
    const { cell, x, y, width, height } = placed;
    const on = cell.replica === selected;
    if (cell.state === ReplicaState.gone && !on) {
      rule(paint, x, y + height - 0.5, x + width, y + height - 0.5, color("line"));
      continue;
    }
    frame(surface, placed, on);
    if (cell.state === ReplicaState.gone) continue;
    if (cell.state === ReplicaState.draining || cell.state === ReplicaState.starting) {
      const token = cell.state === ReplicaState.draining ? "draining" : "starting";
      const head = layout.style === "mini" ? (cell.state === ReplicaState.draining ? height - 2 : 0) : 17;
      hatchRect(
        paint,
        x + 1,
        y + 1,
        width - 2,
        head,
        color(token),
        token === "draining" ? 5 : 6,
        token === "draining" ? 2 : 1.5,
        layout.style === "mini" ? 0.7 : 0.38,
      );
    }
    if (layout.style === "full") full(surface, placed, sparkOf(cell.replica));
    else if (layout.style === "compact") compact(surface, placed);
    else mini(surface, placed);
  }
}

/** Row labels once at the left, pool brackets, and the words and numbers of the cells. */
export function cellTexts(layout: CellLayout): FigureText[] {
  const texts: FigureText[] = [];
  const { style } = layout;
  if (style === "full") {
    const first = layout.cells[0];
    const caps = [...new Set(layout.cells.map(({ cell }) => cell.cap))];
    const labels: [string, number][] = [
      ["KV cache, %", ROWS.kv + 8],
      [caps.length === 1 ? `Batch of ${caps[0]}` : "Batch", ROWS.batch + 8],
      ["Waiting", ROWS.waiting + 8],
      ["Last 2 min", ROWS.spark + 14],
    ];
    if (first) for (const [text, dy] of labels) texts.push({ x: 0, y: first.y + dy, text, size: 11, color: "ink-2" });
  } else if (style === "compact") {
    const first = layout.cells[0];
    if (first)
      for (const [text, dy] of [
        ["KV, %", COMPACT.kv + 9],
        ["Batch", COMPACT.batch + 9],
        ["Waiting", COMPACT.waiting + 9],
      ] as const)
        texts.push({ x: 0, y: first.y + dy, text, size: 11, color: "ink-2" });
  }
  if (style !== "mini") {
    for (const bracket of layout.brackets) {
      if (!bracket.first) continue;
      texts.push({ x: bracket.x1, y: bracket.y - 5.5, text: bracket.group.name, size: 11, weight: 600, color: "ink" });
      const room = bracket.x2 - bracket.x1 - bracket.group.name.length * 6.6 - 8;
      // The price is left to the tooltip where a pool is narrower than its note.
      const note = bracket.group.note.length * 5.6 < room ? bracket.group.note : (bracket.group.note.split(",")[0] ?? "");
      if (note.length * 5.6 < room + 6)
        texts.push({ x: bracket.x1 + bracket.group.name.length * 6.6 + 8, y: bracket.y - 5.5, text: note, size: 11 });
    }
  }
  for (const { cell, x, y, width, height } of layout.cells) {
    if (cell.name === "") continue;
    if (style === "mini") {
      texts.push({
        x: x + width / 2,
        y: y + height + 12,
        text: cell.name,
        anchor: "middle",
        size: 10,
        color: cell.state === ReplicaState.gone ? "ink-3" : "ink-2",
      });
      continue;
    }
    texts.push({
      x: x + 6,
      y: y + 13.5,
      text: cell.name,
      size: 11.5,
      weight: 600,
      color: cell.state === ReplicaState.gone ? "ink-3" : "ink",
    });
    if (cell.state === ReplicaState.gone) continue;
    const note = cellNote(cell);
    if (note)
      texts.push({
        x: x + width - 5,
        y: y + 13.5,
        text: note,
        anchor: "end",
        weight: 500,
        color: "ink",
        halo: cell.state !== ReplicaState.failed,
      });
    if (cell.state === ReplicaState.failed) {
      if (style === "full" && Number.isFinite(cell.since))
        texts.push({ x: x + width / 2, y: y + height - 6, text: `since ${clock(cell.since)}`, anchor: "middle", color: "ink-2" });
      continue;
    }
    if (cell.state === ReplicaState.starting) {
      if (style === "full") {
        texts.push({ x: x + 6, y: y + 65, text: "loading" }, { x: x + 6, y: y + 78, text: "weights" });
      }
      continue;
    }
    const rows = style === "full" ? ROWS : COMPACT;
    const number = (dy: number, text: string, color = "ink"): void => {
      texts.push({ x: x + width - 5, y: y + dy + 9, text, anchor: "end", size: 11, color });
    };
    number(rows.kv, String(Math.round(cell.kv * 100)));
    number(rows.batch, String(cell.decoding + cell.prefilling));
    number(rows.waiting, cell.waiting > 0 ? integer(cell.waiting) : NONE, cell.waiting > 0 ? "ink" : "ink-3");
  }
  return texts;
}

// Strips -------------------------------------------------------------------------------------------------------------

const STRIP = { state: [24, 9], kv: [38, 26], batch: [69, 26], waiting: [100, 30] } as const;
export const STRIP_HEIGHT = 164;

const css = (value: number): string => {
  const hex = (v: number): string => (v & 255).toString(16).padStart(2, "0");
  return `#${hex(value)}${hex(value >> 8)}${hex(value >> 16)}`;
};

export function drawStrip(surface: Surface, layout: StripLayout, moment: FleetMoment, ramp: Uint32Array, marked: number | null): void {
  const { paint, color } = surface;
  for (const pool of layout.pools) rule(paint, pool.x1, 17.5, pool.x2, 17.5, color("ink-3"));
  const most = Math.max(20, ...moment.cells.map((cell) => cell.waiting));
  const shade = (share: number): string => css(ramp[Math.round(255 * Math.max(0, Math.min(1, share)))] ?? 0);
  const width = layout.columnWidth + (layout.columnWidth < 6 ? 0.15 : -1);
  moment.cells.forEach((cell, i) => {
    const x = layout.x[i] as number;
    const rect = (y: number, height: number, fill: string): void => {
      paint.fillStyle = fill;
      paint.fillRect(x, y, width, height);
    };
    const [sy, sh] = STRIP.state;
    if (cell.state === ReplicaState.gone) return;
    if (cell.state === ReplicaState.ready) rect(sy + 3, 3, color("line"));
    else
      rect(sy, sh, color(cell.state === ReplicaState.failed ? "failed" : cell.state === ReplicaState.starting ? "starting" : "draining"));
    for (const [[y, height], share] of [
      [STRIP.kv, cell.kv],
      [STRIP.batch, (cell.decoding + cell.prefilling) / Math.max(1, cell.cap)],
    ] as const) {
      if (cell.state === ReplicaState.starting) rect(y + height - 1, 1, color("line"));
      else if (cell.state === ReplicaState.failed) rect(y + height / 2 - 0.5, 1, color("failed"));
      else rect(y, height, shade(share));
    }
    const [wy, wh] = STRIP.waiting;
    const bar = cell.waiting > 0 ? Math.max(1.5, (cell.waiting / most) * wh) : 0.8;
    if (cell.state === ReplicaState.failed) rect(wy + wh / 2 - 0.5, 1, color("failed"));
    else rect(wy + wh - bar, bar, color(cell.waiting > 0 ? "waiting" : "line"));
    if (cell.state === ReplicaState.draining) hatchRect(paint, x, sy, width, sh, color("paper"), 3, 1.2);
  });
  const at = moment.cells.findIndex((cell) => cell.replica === marked);
  if (at >= 0) {
    const x = layout.x[at] as number;
    paint.strokeStyle = color("ink");
    paint.lineWidth = 1.3;
    paint.strokeRect(x - 1, 36.5, width + 2, 95);
    rule(paint, x + width / 2, 21, x + width / 2, 36.5, color("ink"));
  }
  const [, keys] = stripKeys(layout, moment);
  for (const key of keys) {
    paint.fillStyle = color(key.token);
    paint.fillRect(key.x, 141, 9, 9);
  }
}

function stripKeys(layout: StripLayout, moment: FleetMoment): readonly [FigureText[], { x: number; token: string }[]] {
  const texts: FigureText[] = [];
  const marks: { x: number; token: string }[] = [];
  let x = layout.left;
  for (const [word, token] of [
    ["ready", "line"],
    ["starting", "starting"],
    ["draining", "draining"],
    ["failed", "failed"],
  ] as const) {
    const text = `${word} ${moment.counts[word]}`;
    marks.push({ x, token });
    texts.push({ x: x + 14, y: 149.5, text, size: 11, color: "ink-2" });
    x += 30 + text.length * 6;
  }
  return [texts, marks];
}

export function stripTexts(layout: StripLayout, moment: FleetMoment): FigureText[] {
  const texts: FigureText[] = [...stripKeys(layout, moment)[0]];
  const phone = layout.left < 100;
  for (const pool of layout.pools) {
    const room = pool.x2 - pool.x1;
    texts.push({ x: pool.x1, y: 12, text: pool.group.name, size: 11, weight: 600, color: "ink" });
    const note = pool.group.note.split(",")[0] ?? "";
    const offset = pool.group.name.length * 6.6 + 8;
    if (offset + note.length * 6 < room) texts.push({ x: pool.x1 + offset, y: 12, text: note, size: 11 });
  }
  const rows: [string, string, number][] = [
    ["State", "", STRIP.state[0] + 8],
    ["KV cache", "% of blocks", STRIP.kv[0] + 12],
    ["Batch", "% of cap", STRIP.batch[0] + 12],
    ["Waiting", "requests", STRIP.waiting[0] + 12],
  ];
  for (const [title, unit, y] of rows) {
    texts.push({ x: 0, y, text: title, size: 11, weight: 550, color: "ink" });
    if (unit && !phone) texts.push({ x: 0, y: y + 12, text: unit });
  }
  if (phone) return texts;
  const ready = moment.cells.filter((cell) => cell.state === ReplicaState.ready);
  const batch = (cell: FleetCell): number => cell.decoding + cell.prefilling;
  const cap = ready[0]?.cap ?? 0;
  const waiting = moment.cells.reduce((sum, cell) => sum + cell.waiting, 0);
  const queues = moment.cells.map((cell) => cell.waiting).sort((a, b) => b - a);
  const top = Math.max(1, Math.ceil(queues.length / 64));
  const topShare = waiting > 0 ? queues.slice(0, top).reduce((a, b) => a + b, 0) / waiting : NaN;
  const facts: [number, string, string][] = [
    [32, "ready", `${moment.counts.ready} of ${moment.cells.length}`],
    [48, "median KV", percent(median(ready.map((cell) => cell.kv)), 0)],
    [
      61,
      "busiest",
      percent(
        ready.reduce((most, cell) => Math.max(most, cell.kv), 0),
        0,
      ),
    ],
    [79, "median batch", `${integer(median(ready.map(batch)))} of ${integer(cap)}`],
    [92, "at the cap", integer(ready.filter((cell) => batch(cell) >= cell.cap).length)],
    [114, "waiting", integer(waiting)],
    [127, top === 1 ? "on the longest" : `on the longest ${top}`, percent(topShare, 0)],
  ];
  const x = layout.left + layout.plot + 12;
  for (const [y, name, value] of facts) {
    texts.push({ x, y, text: name, size: 11, color: "ink-2" });
    texts.push({ x: layout.width, y, text: value, anchor: "end", size: 11, weight: 550, color: "ink" });
  }
  return texts;
}
