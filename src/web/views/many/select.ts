// Settings of several parameters at once: the effect of each parameter, lines across all of them, a map of two.
import { spreadAt } from "../../../analysis/findings.ts";
import { metrics, type Metric } from "../../../analysis/metrics.ts";
import { effectOf, type Effect } from "../../../analysis/sensitivity.ts";
import type { TableData } from "../../ui/chart/table-data.ts";
import { fixed, integer, percent } from "../../ui/format.ts";
import { inUnit } from "../sweep/units.ts";
import type { NamedAxis } from "../sweep/labels.ts";
import type { ShownExperiment } from "../sweep/use-experiment.ts";

/** Means of a quantity by setting. */
export const meansOf = ({ runsOf }: ShownExperiment, metric: Metric): (number | null)[] =>
  runsOf.map((own, setting) => (own.length === 0 ? null : (spreadAt(own, setting, metric.id)?.mean ?? null)));

const valuesAt = ({ plan }: ShownExperiment, axis: number): string[] => plan.settings.map(({ values }) => values[axis] ?? "");

export interface AxisEffect {
  readonly axis: NamedAxis;
  readonly all: Effect;
  /** One line for each front; empty where this axis tells them apart, or there is one front. */
  readonly groups: readonly { readonly label: string; readonly color: string; readonly text: string; readonly effect: Effect }[];
}

/** How `metric` follows each parameter, over the values of the others. */
export function selectEffects(experiment: ShownExperiment, metric: Metric): AxisEffect[] {
  const ys = meansOf(experiment, metric);
  return experiment.axes.map((axis, i) => {
    const values = valuesAt(experiment, i);
    const splits = experiment.groups.some(({ settings }) => new Set(settings.map((setting) => values[setting])).size > 1);
    return {
      axis,
      all: effectOf(values, ys),
      groups: splits
        ? experiment.groups.map(({ label, color, text, settings }) => ({
            label,
            color,
            text,
            effect: effectOf(
              settings.map((setting) => values[setting]!),
              settings.map((setting) => ys[setting]!),
            ),
          }))
        : [],
    };
  });
}

export interface Sensitivity {
  readonly axes: readonly NamedAxis[];
  readonly metrics: readonly Metric[];
  /** By axis, by metric. */
  readonly shares: readonly (readonly (number | null)[])[];
}

/** Quantities that vary, and how much of each a parameter explains. */
export function selectSensitivity(experiment: ShownExperiment): Sensitivity {
  const shown = metrics.flatMap((metric) => {
    const ys = meansOf(experiment, metric);
    const own = experiment.axes.map((_, i) => effectOf(valuesAt(experiment, i), ys).share);
    return own.some((share) => share !== null) ? [{ metric, own }] : [];
  });
  return {
    axes: experiment.axes,
    metrics: shown.map(({ metric }) => metric),
    shares: experiment.axes.map((_, i) => shown.map(({ own }) => own[i] ?? null)),
  };
}

export function sensitivityTable({ axes, metrics: shown, shares }: Sensitivity): TableData {
  return {
    title: "Sensitivity",
    length: axes.length,
    columns: [
      { label: "Parameter", raw: (row) => axes[row]!.name, show: (row) => axes[row]!.name },
      ...shown.map(({ label }, m) => ({
        label,
        unit: "% of variance",
        raw: (row: number) => (shares[row]?.[m] === null ? null : 100 * shares[row]![m]!),
        show: (row: number) => percent(shares[row]?.[m], 0),
      })),
    ],
  };
}

/** A vertical line of the parallel coordinates: a parameter or a quantity. */
export interface Coordinate {
  readonly label: string;
  /** Position of each setting from 0 (bottom) to 1; null where it has none. */
  readonly at: readonly (number | null)[];
  /** Ticks beside the line. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly text: (setting: number) => string;
}

const MOST_TICKS = 8;

function ofAxis(experiment: ShownExperiment, axis: NamedAxis, i: number): Coordinate {
  const values = valuesAt(experiment, i);
  const different = [...new Set(values)];
  const numeric = !axis.speaks && different.every((value) => Number.isFinite(Number(value)));
  const numbers = different.map(Number);
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  // Values of one order of magnitude stand as they are, others by rank.
  const even = !numeric || high === low;
  const place = (value: string): number =>
    even ? (different.length > 1 ? different.indexOf(value) / (different.length - 1) : 0.5) : (Number(value) - low) / (high - low);
  const every = Math.ceil(different.length / MOST_TICKS);
  const sorted = numeric ? [...different].sort((a, b) => Number(a) - Number(b)) : different;
  const ticks = sorted.filter((_, k) => k % every === 0 || k === sorted.length - 1);
  return {
    label: axis.unit === "" ? axis.name : `${axis.name}, ${axis.unit}`,
    at: values.map(place),
    ticks: ticks.map((value) => ({ at: place(value), text: axis.nameOf(value) })),
    text: (setting) => axis.nameOf(values[setting] ?? ""),
  };
}

function ofMetric(experiment: ShownExperiment, metric: Metric): Coordinate {
  const ys = meansOf(experiment, metric);
  const known = ys.filter((y) => y !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const place = (y: number): number => (high > low ? (y - low) / (high - low) : 0.5);
  return {
    // Lines stand close: the short name.
    label: metric.short.charAt(0).toUpperCase() + metric.short.slice(1),
    at: ys.map((y) => (y === null ? null : place(y))),
    ticks: high > low ? [0, 0.5, 1].map((at) => ({ at, text: inUnit(metric, low + at * (high - low)) })) : [],
    text: (setting) => (ys[setting] === null || ys[setting] === undefined ? "" : inUnit(metric, ys[setting])),
  };
}

export interface ParallelModel {
  readonly coordinates: readonly Coordinate[];
  /** Settings that have every quantity; those of the front last, so that they lie over the others. */
  readonly lines: readonly { readonly setting: number; readonly label: string; readonly onFront: boolean; readonly color: string }[];
  readonly text: string;
}

export function selectParallel(experiment: ShownExperiment): ParallelModel {
  const { axes, x, y, plan, findings, labels, groups, groupOf } = experiment;
  const extra = metrics.filter(({ id }) => id === "slo" && id !== x.id && id !== y.id);
  const coordinates = [
    ...axes.map((axis, i) => ofAxis(experiment, axis, i)),
    ...[x, y, ...extra].map((metric) => ofMetric(experiment, metric)),
  ];
  const onFront = new Set(findings.front);
  const lines = plan.settings
    .flatMap((_, setting) =>
      coordinates.every(({ at }) => at[setting] !== null)
        ? [
            {
              setting,
              label: labels[setting] ?? "",
              onFront: onFront.has(setting),
              color: groups[groupOf[setting] ?? -1]?.color ?? "blue",
            },
          ]
        : [],
    )
    .sort((a, b) => Number(a.onFront) - Number(b.onFront));
  return {
    coordinates,
    lines,
    text: `${integer(lines.length)} settings across ${coordinates.map(({ label }) => label).join(", ")}; ${integer(onFront.size)} of them on the front.`,
  };
}

export function parallelTable({ coordinates, lines }: ParallelModel): TableData {
  return {
    title: "Parallel coordinates",
    length: lines.length,
    columns: [
      ...coordinates.map(({ label, text }) => ({
        label,
        raw: (row: number) => text(lines[row]!.setting),
        show: (row: number) => text(lines[row]!.setting),
      })),
      {
        label: "On the front",
        raw: (row: number) => (lines[row]!.onFront ? "yes" : "no"),
        show: (row: number) => (lines[row]!.onFront ? "yes" : "no"),
      },
    ],
  };
}

export interface HeatCell {
  readonly column: number;
  readonly row: number;
  /** Mean over the settings of the cell. */
  readonly value: number;
  /** 0 lowest to 1 highest of the map. */
  readonly share: number;
  readonly settings: number;
}

export interface HeatModel {
  readonly across: string;
  readonly up: string;
  readonly columns: readonly string[];
  readonly rows: readonly string[];
  readonly metric: Metric;
  readonly cells: readonly HeatCell[];
  readonly low: number;
  readonly high: number;
  readonly text: string;
}

/** Means of a quantity over two parameters; drawn values stand in groups. */
export function selectHeat(experiment: ShownExperiment, metric: Metric, across: number, up: number): HeatModel {
  const ys = meansOf(experiment, metric);
  const [a, b] = [experiment.axes[across]!, experiment.axes[up]!];
  const bins = (i: number): { readonly of: readonly number[]; readonly labels: readonly string[] } => {
    const values = valuesAt(experiment, i);
    const { groups } = effectOf(
      values,
      values.map(() => 0),
    );
    const axis = experiment.axes[i]!;
    const of = values.map((value) => {
      const exact = groups.findIndex(({ label }) => label === value);
      if (exact >= 0) return exact;
      return groups.reduce(
        (best, group, k) => (Math.abs(group.at - Number(value)) < Math.abs(groups[best]!.at - Number(value)) ? k : best),
        0,
      );
    });
    return { of, labels: groups.map(({ label }) => axis.nameOf(label)) };
  };
  const [columns, rows] = [bins(across), bins(up)];
  const sums = new Map<number, { sum: number; count: number }>();
  ys.forEach((y, setting) => {
    if (y === null) return;
    const key = rows.of[setting]! * columns.labels.length + columns.of[setting]!;
    const cell = sums.get(key) ?? { sum: 0, count: 0 };
    sums.set(key, { sum: cell.sum + y, count: cell.count + 1 });
  });
  const means = [...sums].map(([key, { sum, count }]) => ({ key, value: sum / count, settings: count }));
  const [low, high] = [Math.min(...means.map(({ value }) => value)), Math.max(...means.map(({ value }) => value))];
  const title = (axis: NamedAxis): string => (axis.unit === "" ? axis.name : `${axis.name}, ${axis.unit}`);
  return {
    across: title(a),
    up: title(b),
    columns: columns.labels,
    rows: rows.labels,
    metric,
    cells: means.map(({ key, value, settings }) => ({
      column: key % columns.labels.length,
      row: Math.floor(key / columns.labels.length),
      value,
      share: high > low ? (value - low) / (high - low) : 0.5,
      settings,
    })),
    low,
    high,
    text: `${metric.label} over ${a.name} and ${b.name}: from ${inUnit(metric, low)} to ${inUnit(metric, high)}.`,
  };
}

export function heatTable(model: HeatModel): TableData {
  const { cells, columns, rows, metric } = model;
  return {
    title: `${metric.label} over ${model.across} and ${model.up}`,
    length: cells.length,
    columns: [
      { label: model.across, raw: (row) => columns[cells[row]!.column]!, show: (row) => columns[cells[row]!.column]! },
      { label: model.up, raw: (row) => rows[cells[row]!.row]!, show: (row) => rows[cells[row]!.row]! },
      { label: metric.label, raw: (row) => cells[row]!.value, show: (row) => inUnit(metric, cells[row]!.value) },
      { label: "Settings", raw: (row) => cells[row]!.settings, show: (row) => integer(cells[row]!.settings) },
    ],
  };
}

export function effectsTable(effects: readonly AxisEffect[], metric: Metric): TableData {
  const rows = effects.flatMap(({ axis, all, groups }) =>
    [{ label: "all", effect: all }, ...groups].flatMap(({ label, effect }) => effect.groups.map((group) => ({ axis, label, group }))),
  );
  return {
    title: "One parameter at a time",
    length: rows.length,
    columns: [
      { label: "Parameter", raw: (row) => rows[row]!.axis.name, show: (row) => rows[row]!.axis.name },
      { label: "Settings of", raw: (row) => rows[row]!.label, show: (row) => rows[row]!.label },
      { label: "Value", raw: (row) => rows[row]!.group.label, show: (row) => rows[row]!.axis.nameOf(rows[row]!.group.label) },
      { label: metric.label, raw: (row) => rows[row]!.group.mean, show: (row) => inUnit(metric, rows[row]!.group.mean) },
      { label: "Standard error", raw: (row) => rows[row]!.group.error, show: (row) => fixed(rows[row]!.group.error, 3) },
      { label: "Settings", raw: (row) => rows[row]!.group.count, show: (row) => integer(rows[row]!.group.count) },
    ],
  };
}
