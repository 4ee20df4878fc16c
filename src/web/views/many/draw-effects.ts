// Draws how a quantity follows each parameter: small multiples on one scale.
import { scaleLinear, type ScaleLinear } from "d3-scale";
import type { Metric } from "../../../analysis/metrics.ts";
import type { Effect } from "../../../analysis/sensitivity.ts";
import type { Figure, FigureText } from "../../ui/chart/figure.ts";
import { fillArea, rule, strokeLine } from "../../ui/chart/strokes.ts";
import { tickText } from "../sweep/units.ts";
import type { AxisEffect } from "./select.ts";

const TOP = 22;
const BOTTOM = 34;
const LEFT = 46;
const GAP = 22;
/** Two-sided 95 % of a normal. */
const Z95 = 1.96;
const MOST_ACROSS = 4;
const PLOT = 132;

export interface EffectsLayout {
  readonly y: ScaleLinear<number, number>;
  readonly panels: readonly { readonly left: number; readonly right: number; readonly top: number; readonly effect: AxisEffect }[];
  readonly height: number;
}

const everyGroup = ({ all, groups }: AxisEffect): Effect[] => [all, ...groups.map(({ effect }) => effect)];

export function effectsLayout(effects: readonly AxisEffect[], width: number): EffectsLayout {
  const across = Math.max(1, Math.min(MOST_ACROSS, effects.length, Math.floor((width - LEFT) / 170)));
  const wide = (width - LEFT - (across - 1) * GAP) / across;
  const values = effects.flatMap((effect) => everyGroup(effect).flatMap(({ groups }) => groups.map(({ mean }) => mean)));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const pad = 0.06 * (high - low || Math.abs(high) || 1);
  const rows = Math.ceil(effects.length / across);
  const pitch = TOP + PLOT + BOTTOM;
  return {
    y: scaleLinear([low >= 0 ? Math.max(0, low - pad) : low - pad, high + pad], [PLOT, 0]),
    panels: effects.map((effect, i) => {
      const left = LEFT + (i % across) * (wide + GAP);
      return { left, right: left + wide, top: TOP + Math.floor(i / across) * pitch, effect };
    }),
    height: rows * pitch,
  };
}

/** Where a group of values stands across a panel: numbers at their size, words side by side. */
function across({ all }: AxisEffect, left: number, right: number): (at: number) => number {
  const at = all.groups.map((group) => group.at);
  const [low, high] = [Math.min(...at), Math.max(...at)];
  return (value) => (high > low ? left + 6 + ((value - low) / (high - low)) * (right - left - 12) : (left + right) / 2);
}

export interface EffectMark {
  readonly panel: number;
  readonly group: number;
  readonly x: number;
  readonly y: number;
}

/** The marks of all settings together, panel by panel. */
export function effectMarks({ y, panels }: EffectsLayout): EffectMark[] {
  return panels.flatMap(({ left, right, top, effect }, panel) => {
    const x = across(effect, left, right);
    return effect.all.groups.map((group, i) => ({ panel, group: i, x: x(group.at), y: top + y(group.mean) }));
  });
}

export function effectsFigure(effects: readonly AxisEffect[], metric: Metric, width: number): Figure {
  const layout = effectsLayout(effects, width);
  const { y, panels, height } = layout;
  const ticks = y.ticks(4);
  const texts: FigureText[] = [];
  panels.forEach(({ left, right, top, effect }, i) => {
    const x = across(effect, left, right);
    const { axis, all } = effect;
    const share = all.share === null ? "" : `, ${Math.round(100 * all.share)}\u00a0% of variance`;
    texts.push({ x: left, y: top - 9, text: axis.name, color: "ink", size: 11, weight: 550 });
    texts.push({ x: left + axis.name.length * 6.3 + 4, y: top - 9, text: share.slice(2) });
    if (i === 0 || left === panels[0]?.left)
      for (const tick of ticks) texts.push({ x: left - 6, y: top + y(tick) + 3.5, text: tickText(metric, tick), anchor: "end" });
    const count = all.groups.length;
    // The last name ends at its mark, the one before it stands around its own: together they take one and a half.
    const room = count > 2 ? (right - left) / (1.5 * (count - 1)) - 4 : (right - left) / count;
    all.groups.forEach((group, k) => {
      const name = axis.nameOf(group.label);
      const every = Math.ceil((7 + 5.6 * Math.max(...all.groups.map(({ label }) => axis.nameOf(label).length))) / room);
      if (axis.speaks ? room > 5.4 * Math.min(name.length, 9) || all.groups.length <= 3 : k % every === 0)
        texts.push({
          x: x(group.at),
          y: top + PLOT + 14,
          text: axis.speaks && name.length * 5.4 > room ? `${name.slice(0, Math.max(3, Math.floor(room / 5.4) - 1))}.` : name,
          anchor: k === 0 && all.groups.length > 1 ? "start" : k === all.groups.length - 1 && k > 0 ? "end" : "middle",
        });
    });
    texts.push({
      x: right,
      y: top + PLOT + 27,
      text: axis.unit === "" ? axis.name.toLowerCase() : `${axis.name.toLowerCase()}, ${axis.unit}`,
      anchor: "end",
      color: "ink-2",
    });
  });
  return {
    width,
    height,
    draw: ({ paint, color }) => {
      for (const { left, right, top, effect } of panels) {
        const x = across(effect, left, right);
        for (const tick of ticks) rule(paint, left, Math.round(top + y(tick)) + 0.5, right, Math.round(top + y(tick)) + 0.5, color("grid"));
        rule(paint, left, top + PLOT + 0.5, right, top + PLOT + 0.5, color("line-strong"));
        const columns = ({ groups }: Effect) => ({
          x: groups.map((group) => x(group.at)),
          y: groups.map((group) => top + y(group.mean)),
          length: groups.length,
        });
        for (const group of effect.groups) strokeLine(paint, columns(group.effect), { color: color(group.color), width: 1.2 });
        const all = columns(effect.all);
        const band = effect.all.groups.map(({ error }) => Z95 * (error ?? 0));
        const at = (i: number, by: number): number => top + Math.max(0, Math.min(PLOT, y(effect.all.groups[i]!.mean + by)));
        if (effect.groups.length === 0)
          fillArea(
            paint,
            all.x,
            band.map((half, i) => at(i, -half)),
            band.map((half, i) => at(i, half)),
            all.length,
            color("inset"),
          );
        strokeLine(paint, all, { color: color("ink"), width: 1.6 });
        all.x.forEach((px, i) => {
          paint.beginPath();
          paint.arc(px, all.y[i]!, 2.6, 0, 2 * Math.PI);
          paint.fillStyle = color("ink");
          paint.fill();
        });
      }
    },
    texts,
  };
}
