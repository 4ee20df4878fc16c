// Draws fleets that were tried: price across, share of requests that meet every SLO up.
import { scaleLinear, type ScaleLinear } from "d3-scale";
import type { FleetCandidate } from "../../../analysis/types.ts";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import { rule, SLO_DASH } from "../../ui/chart/strokes.ts";
import { drawSymbol } from "../../ui/chart/symbols.ts";
import { percent, trimmed } from "../../ui/format.ts";
import { VERDICTS, type FleetPoint } from "./select.ts";

export const PLOT = { left: 46, right: 16, top: 26, bottom: 38, height: 320 } as const;

export interface FleetScales {
  readonly x: ScaleLinear<number, number>;
  readonly y: ScaleLinear<number, number>;
}

export function fleetScales(points: readonly FleetPoint[], width: number): FleetScales {
  const most = Math.max(1, ...points.map(({ costPerHour }) => costPerHour));
  return {
    x: scaleLinear([0, most * 1.08], [PLOT.left, width - PLOT.right]),
    y: scaleLinear([0, 1], [PLOT.height - PLOT.bottom, PLOT.top]),
  };
}

export function fleetFigure(points: readonly FleetPoint[], share: number, best: FleetCandidate | null, width: number): Figure {
  const { x, y } = fleetScales(points, width);
  const [left, right, bottom] = [PLOT.left, width - PLOT.right, PLOT.height - PLOT.bottom];
  const found = points.find(({ candidate }) => candidate === best);
  const texts: FigureText[] = [
    { x: 0, y: 11, text: "Requests that meet every SLO, %", color: "ink-2" },
    { x: right, y: bottom + 33, text: "Cost, $ per hour", anchor: "end", color: "ink-2" },
    ...y.ticks(5).map((tick): FigureText => ({ x: left - 6, y: y(tick) + 3.5, text: trimmed(100 * tick), anchor: "end" })),
    ...x.ticks(7).map((tick): FigureText => ({ x: x(tick), y: bottom + 16, text: trimmed(tick), anchor: "middle" })),
    { x: right, y: y(share) - 5, text: `${percent(share, 0)} asked for`, anchor: "end", color: "ink", halo: true },
  ];
  if (found !== undefined) {
    const near = x(found.costPerHour) > right - 220;
    texts.push({
      x: x(found.costPerHour) + (near ? -12 : 12),
      y: Math.max(PLOT.top + 26, y(found.attainment) + 20),
      text: found.name,
      anchor: near ? "end" : "start",
      color: "ink",
      size: 11,
      weight: 600,
      halo: true,
    });
  }
  return {
    width,
    height: PLOT.height,
    draw: ({ paint, color }) => {
      for (const tick of y.ticks(5)) rule(paint, left, Math.round(y(tick)) + 0.5, right, Math.round(y(tick)) + 0.5, color("grid"));
      rule(paint, left, bottom + 0.5, right, bottom + 0.5, color("line-strong"));
      for (const tick of x.ticks(7))
        rule(paint, Math.round(x(tick)) + 0.5, bottom, Math.round(x(tick)) + 0.5, bottom + 4, color("line-strong"));
      rule(paint, left, y(share), right, y(share), color("ink"), 1, SLO_DASH);
      for (const { candidate, costPerHour, attainment } of points) {
        const { color: token, shape, full } = VERDICTS[candidate.verdict];
        const own = color(token);
        const at = { x: x(costPerHour), y: y(attainment) };
        if (candidate.low !== null && candidate.high !== null)
          rule(paint, at.x, y(Math.max(0, candidate.low)), at.x, y(Math.min(1, candidate.high)), own, 1.2);
        drawSymbol(paint, shape, at, 4.2, {
          fill: full ? own : color("paper"),
          stroke: full ? color("paper") : own,
          width: full ? 0.8 : 1.3,
        });
        if (candidate !== best) continue;
        paint.beginPath();
        paint.arc(at.x, at.y, 8, 0, 2 * Math.PI);
        paint.strokeStyle = color("ink");
        paint.lineWidth = 1.6;
        paint.stroke();
      }
    },
    texts,
  };
}

/** The fleet nearest to a place, within 24 pixels. */
export function fleetAt(points: readonly FleetPoint[], { x, y }: FleetScales, px: number, py: number): number | null {
  let best: number | null = null;
  let least = 24 * 24;
  points.forEach(({ costPerHour, attainment }, i) => {
    const distance = (x(costPerHour) - px) ** 2 + (y(attainment) - py) ** 2;
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}
