// Draws fleets over time: for each setting replicas, and below it cost per hour.
import type { FleetSteps } from "../../../analysis/experiment.ts";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import type { Surface } from "../../ui/chart/paint.ts";
import { fillArea, rule, strokeLine } from "../../ui/chart/strokes.ts";
import { clock, integer, money } from "../../ui/format.ts";
import { timeTicks } from "../tracks/ticks.ts";
import type { StepsModel } from "./select.ts";

const ROW = { replicas: 44, gap: 6, cost: 24, between: 14 } as const;
const PITCH = ROW.replicas + ROW.gap + ROW.cost + ROW.between;
const AXIS = 20;
const TOP = 6;
/** Other seeds beside the first. */
const BESIDE = 0.28;

export interface StepsLayout {
  readonly left: number;
  readonly right: number;
  readonly head: number;
  readonly height: number;
}

/** Titles stand left of the rows, above them where there is no room. */
export function stepsLayout(model: StepsModel, width: number): StepsLayout {
  const narrow = width < 600;
  const head = narrow ? 16 : 0;
  return { left: narrow ? 30 : 136, right: width - (narrow ? 4 : 132), head, height: TOP + model.rows.length * (PITCH + head) + AXIS };
}

export const xOfTime = ({ left, right }: StepsLayout, end: number, time: number): number => left + ((right - left) * time) / end;

const topOf = ({ head }: StepsLayout, row: number): number => TOP + row * (PITCH + head) + head;

function drawSteps(surface: Surface, model: StepsModel, layout: StepsLayout): void {
  const { paint, color } = surface;
  const { left, right } = layout;
  const ticks = timeTicks(0, model.end, right - left);
  const stairs = (fleet: FleetSteps, values: ArrayLike<number>, base: number, height: number, most: number) => {
    const length = fleet.at.length + 1;
    const x = new Float64Array(length);
    const y = new Float64Array(length);
    for (let i = 0; i < length; i++) {
      const last = Math.min(i, length - 2);
      x[i] = xOfTime(layout, model.end, i < length - 1 ? fleet.at[i]! : fleet.end);
      y[i] = base - (height * (values[last] ?? 0)) / most;
    }
    return { x, y, length };
  };
  model.rows.forEach(({ fleets }, row) => {
    const top = topOf(layout, row);
    const base = top + ROW.replicas;
    const costBase = base + ROW.gap + ROW.cost;
    for (const tick of ticks) {
      const x = Math.round(xOfTime(layout, model.end, tick)) + 0.5;
      rule(paint, x, top, x, costBase, color("grid"));
    }
    rule(paint, left, Math.round(top) + 0.5, right, Math.round(top) + 0.5, color("grid"));
    rule(paint, left, base + 0.5, right, base + 0.5, color("line-strong"));
    rule(paint, left, costBase + 0.5, right, costBase + 0.5, color("line-strong"));
    for (const fleet of fleets.slice(1))
      strokeLine(
        paint,
        stairs(fleet, fleet.serving, base, ROW.replicas, model.mostReplicas),
        { color: color("blue"), width: 1, alpha: BESIDE },
        "step",
      );
    const [first] = fleets;
    if (first === undefined) return;
    strokeLine(paint, stairs(first, first.serving, base, ROW.replicas, model.mostReplicas), { color: color("blue"), width: 1.6 }, "step");
    const cost = stairs(first, first.costPerHour, costBase, ROW.cost, model.mostCost);
    fillArea(paint, cost.x, new Float64Array(cost.length).fill(costBase), cost.y, cost.length, color("inset"), 1, "step");
    strokeLine(paint, cost, { color: color("ink-3"), width: 1.2 }, "step");
  });
}

export function stepsFigure(model: StepsModel, width: number): Figure {
  const layout = stepsLayout(model, width);
  const { left, right, head, height } = layout;
  const narrow = head > 0;
  const texts: FigureText[] = [];
  model.rows.forEach((row, i) => {
    const top = topOf(layout, i);
    const base = top + ROW.replicas;
    const costBase = base + ROW.gap + ROW.cost;
    const name: FigureText = { x: 0, y: narrow ? top - 6 : top + 11, text: row.label, color: "ink", size: 11, weight: 550 };
    texts.push(narrow ? { ...name, text: `${row.label}: ${row.replicas}, ${row.cost}` } : name);
    if (!narrow) {
      texts.push({ x: 0, y: top + 25, text: row.onFront ? "replicas, on the front" : "replicas, dominated" });
      texts.push({ x: 0, y: costBase - 4, text: "cost, $/h" });
      texts.push({ x: right + 8, y: top + 11, text: row.replicas, color: "blue-text", weight: 500 });
      texts.push({ x: right + 8, y: costBase - ROW.cost + 9, text: row.cost, color: "ink-2", weight: 500 });
    }
    texts.push({ x: left - 5, y: top + 6, text: integer(model.mostReplicas), anchor: "end" });
    texts.push({ x: left - 5, y: base + 1, text: "0", anchor: "end" });
    texts.push({ x: left - 5, y: costBase - ROW.cost + 9, text: money(model.mostCost, 0), anchor: "end" });
  });
  for (const tick of timeTicks(0, model.end, right - left))
    texts.push({ x: xOfTime(layout, model.end, tick), y: height - 6, text: clock(tick), anchor: tick === 0 ? "start" : "middle" });
  return { width, height, draw: (surface) => drawSteps(surface, model, layout), texts };
}
