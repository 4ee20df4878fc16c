// The settings of an experiment as points, and the part of the plane worth showing.
import { spreadAt, type Spread } from "../../../analysis/findings.ts";
import { lossOf, metricById, type Metric, type MetricId } from "../../../analysis/metrics.ts";
import type { TableColumn, TableData } from "../../ui/chart/table-data.ts";
import { counted, fixed, listed } from "../../ui/format.ts";
import { axisUnit, deviationOf, inUnit } from "../sweep/units.ts";
import type { ShownExperiment, ShownGroup } from "../sweep/use-experiment.ts";

export interface FrontPoint {
  readonly setting: number;
  readonly label: string;
  readonly x: Spread;
  readonly y: Spread;
  readonly onFront: boolean;
  readonly dominatedBy: number;
  /** False: misses a constraint, and counts for no front. */
  readonly allowed: boolean;
  /** Position in FrontModel.groups, or -1. */
  readonly group: number;
  /** Each seed by itself. */
  readonly seeds: readonly { readonly x: number; readonly y: number }[];
}

export interface FrontModel {
  readonly x: Metric;
  readonly y: Metric;
  readonly points: readonly FrontPoint[];
  /** Positions in `points` of the front, by x. */
  readonly front: readonly number[];
  /** Position in `points` of the knee, or -1. */
  readonly knee: number;
  /** Fronts of their own, positions in `points` by x; empty where there is one. */
  readonly groups: readonly (Pick<ShownGroup, "label" | "color" | "text" | "symbol"> & { readonly front: readonly number[] })[];
  readonly reference: readonly [x: number, y: number];
  readonly area: number | null;
  readonly published: readonly { readonly label: string; readonly x: number; readonly y: number }[];
  readonly domainX: readonly [number, number];
  readonly domainY: readonly [number, number];
  readonly text: string;
}

/** Settings of the front that the text names. */
const MOST_NAMES = 12;

/** Beyond this many times the reference a dominated setting is shown at the edge: it would press the others together. */
const FAR = 1.5;

/** From the best value to a little beyond the reference, the front and what is near. */
function domainOf(metric: Metric, values: readonly number[], front: readonly number[], reference: number): [number, number] {
  const loss = (value: number): number => lossOf(metric, value);
  const corner = loss(reference);
  const kept = values.filter((value) => loss(value) <= FAR * corner);
  const losses = [...kept, ...front].map(loss);
  const low = Math.min(...losses, corner);
  const high = Math.max(...losses, corner);
  const pad = 0.07 * (high - low || high || 1);
  const from = Math.max(0, low - pad);
  const to = metric.wantsMore ? Math.min(1, high + pad) : high + pad;
  return metric.wantsMore ? [1 - to, 1 - from] : [from, to];
}

export function selectFront(experiment: ShownExperiment): FrontModel {
  const { plan, runsOf, findings, x, y, published, labels, groupOf, knee } = experiment;
  const points = plan.settings.flatMap((_, setting): FrontPoint[] => {
    const place = findings.places[setting] ?? null;
    if (place === null) return [];
    const seeds = runsOf[setting]!.map(({ figures }) => ({ x: figures.metrics[x.id]!, y: figures.metrics[y.id]! }));
    return [{ setting, label: labels[setting] ?? "", ...place, group: groupOf[setting] ?? -1, seeds }];
  });
  const at = new Map(points.map(({ setting }, i) => [setting, i]));
  const front = findings.front.map((setting) => at.get(setting)!);
  const groups = experiment.groups.map(({ label, color, text: words, symbol, findings: own }) => ({
    label,
    color,
    text: words,
    symbol,
    front: own.front.map((setting) => at.get(setting)!),
  }));
  const dots = published?.published.points ?? [];
  const onFront = front.map((i) => points[i]!);
  const domain = (metric: Metric, at: "x" | "y"): [number, number] =>
    domainOf(
      metric,
      [...points.map((point) => point[at].mean), ...dots.map((dot) => dot[at])],
      onFront.map((point) => point[at].mean),
      findings.reference[at === "x" ? 0 : 1],
    );
  const area = findings.hypervolume?.area ?? null;
  const named = onFront.length > MOST_NAMES ? onFront.filter((_, i) => i % Math.ceil(onFront.length / MOST_NAMES) === 0) : onFront;
  const names = named.map((point) => `${point.label} (${inUnit(x, point.x.mean)}, ${inUnit(y, point.y.mean)})`);
  const text =
    points.length === 0
      ? "No setting has a finished run yet."
      : `${counted(points.length, "setting")} of ${plan.settings.length}; on the front of ${x.label} against ${y.label}: ${listed(names)}.${area === null ? "" : ` Hypervolume ${fixed(area, 4)}.`}`;
  return {
    x,
    y,
    points,
    front,
    knee: knee === null ? -1 : (at.get(knee) ?? -1),
    groups,
    reference: findings.reference,
    area,
    published: dots,
    domainX: domain(x, "x"),
    domainY: domain(y, "y"),
    text,
  };
}

/** What the card of a setting says, whatever the axes are. */
const CARD: readonly MetricId[] = ["cost", "e2e.p50", "e2e.p90", "e2e.p99", "slo"];

export function cardRows({ runsOf, x, y }: ShownExperiment, setting: number): readonly (readonly [string, string])[] {
  const own = runsOf[setting]!;
  const rows = [...new Set([x.id, y.id, ...CARD])].flatMap((id): [string, string][] => {
    const metric = metricById(id);
    const spread = spreadAt(own, setting, id);
    return spread === null ? [] : [[metric.label, `${inUnit(metric, spread.mean)} ${deviationOf(metric, spread)}`.trimEnd()]];
  });
  const mean = own.reduce((sum, { figures }) => sum + figures.meanReplicas, 0) / own.length;
  const most = Math.max(...own.map(({ figures }) => figures.maxReplicas));
  return [...rows, ["Replicas, mean", `${fixed(mean, 1)}, most ${most}`]];
}

/** All settings with the quantities of both axes and the usual ones. */
export function frontTable({ plan, runsOf, findings, x, y, labels }: ShownExperiment): TableData {
  const column = (id: MetricId): TableColumn[] => {
    const metric = metricById(id);
    const at = (row: number): Spread | null => spreadAt(runsOf[row]!, row, id);
    const unit = axisUnit(metric);
    const scale = metric.unit === "share" ? 100 : 1;
    const decimals = metric.unit === "s" ? 4 : 2;
    return [
      {
        label: metric.label,
        unit,
        raw: (row) => scaled(at(row)?.mean, scale),
        show: (row) => fixed(scaled(at(row)?.mean, scale), decimals),
      },
      {
        label: `${metric.label}, deviation`,
        unit,
        raw: (row) => scaled(at(row)?.sd, scale),
        show: (row) => fixed(scaled(at(row)?.sd, scale), decimals),
      },
    ];
  };
  return {
    title: "Settings of the sweep",
    length: plan.settings.length,
    columns: [
      { label: "Setting", raw: (row) => labels[row] ?? "", show: (row) => labels[row] ?? "" },
      {
        label: "On the front",
        raw: (row) => (findings.places[row]?.onFront === true ? "yes" : "no"),
        show: (row) => (findings.places[row]?.onFront === true ? "yes" : "no"),
      },
      ...[...new Set([x.id, y.id, ...CARD])].flatMap(column),
    ],
  };
}

const scaled = (value: number | null | undefined, factor: number): number | null =>
  value === null || value === undefined ? null : value * factor;
