// What the runs of an experiment say: statistics over seeds, the front, and how much of the plane it dominates.
import type { Constraint, DoneRun, Objectives } from "./experiment.ts";
import { dominatedArea, formulaHypervolume } from "./hypervolume.ts";
import type { Tradeoff } from "./hypervolume.ts";
import { lossOf, metricById } from "./metrics.ts";
import type { Metric, MetricId } from "./metrics.ts";
import { dominators } from "./pareto.ts";

/** A quantity over seeds. */
export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Standard deviation over seeds (n - 1); null with one. */
  readonly sd: number | null;
  readonly min: number;
  readonly max: number;
}

export interface Area {
  readonly formula: number;
  readonly area: number;
}

export interface Place {
  readonly x: Spread;
  readonly y: Spread;
  /** Keeps every constraint; one that does not is on no front and beats nobody. */
  readonly allowed: boolean;
  readonly onFront: boolean;
  /** A setting that is nowhere worse and somewhere better, or -1. */
  readonly dominatedBy: number;
}

export interface Findings {
  /** By setting; null where it has no runs yet, or nobody has the quantity. */
  readonly places: readonly (Place | null)[];
  /** Settings of the front, by x. */
  readonly front: readonly number[];
  readonly reference: readonly [x: number, y: number];
  /** Of the means over seeds; null while nothing is placed. */
  readonly hypervolume: Area | null;
  /** Of every seed that all placed settings have run with. */
  readonly bySeed: readonly (Area & { readonly seed: number })[];
}

export function spreadOf(values: readonly number[]): Spread {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0);
  return { count, mean, sd: count > 1 ? Math.sqrt(squares / (count - 1)) : null, min: Math.min(...values), max: Math.max(...values) };
}

/** The quantity of a setting over its runs, in the order of their seeds; null where a run lacks it. */
export const spreadAt = (runs: readonly DoneRun[], setting: number, metric: MetricId): Spread | null =>
  spreadIn(
    runs.filter((run) => run.setting === setting),
    metric,
  );

function spreadIn(runs: readonly DoneRun[], metric: MetricId): Spread | null {
  const own = [...runs].sort((a, b) => a.seed - b.seed);
  const values = own.flatMap(({ figures }) => figures.metrics[metric] ?? []);
  return own.length === 0 || values.length < own.length ? null : spreadOf(values);
}

/** The next number of two digits below nine tenths of the least rate above 0. */
function roomBelow(values: readonly number[]): number {
  const worst = Math.min(...values.filter((value) => value > 0));
  if (!Number.isFinite(worst)) return 1;
  const power = Number(`1e${Number((worst * 0.9).toExponential().split("e")[1]) - 1}`);
  return Number((Math.floor((worst * 0.9) / power + 1e-9) * power).toPrecision(3));
}

/** The next number of two digits above a tenth more than the largest loss: the reference when nobody names one. */
function roomAbove(metric: Metric, values: readonly number[]): number {
  if (metric.wantsMore && metric.unit !== "share") return roomBelow(values);
  const worst = Math.max(...values.map((value) => lossOf(metric, value)), 0);
  if (worst === 0) return metric.wantsMore ? 0 : 1;
  const power = Number(`1e${Number((worst * 1.1).toExponential().split("e")[1]) - 1}`);
  const up = Number((Math.ceil((worst * 1.1) / power - 1e-9) * power).toPrecision(3));
  return metric.wantsMore ? Number((1 - Math.min(1, up)).toPrecision(12)) : up;
}

/** The area under the reference; a reference at which nothing may be lost has none. */
function areaOf(points: readonly Tradeoff[], reference: Tradeoff): Area {
  if (!(reference.cost > 0 && reference.latency > 0)) return { formula: 0, area: 0 };
  return { formula: formulaHypervolume(points, reference), area: dominatedArea(points, reference) };
}

/** Of the means over seeds; a quantity that nobody has keeps no limit. */
const keeps = (own: readonly DoneRun[], { metric, atMost = Infinity, atLeast = -Infinity }: Constraint): boolean => {
  const spread = spreadIn(own, metric);
  return spread !== null && spread.mean <= atMost && spread.mean >= atLeast;
};

export function findingsOf(
  runs: readonly DoneRun[],
  settings: number,
  objectives: Objectives,
  constraints: readonly Constraint[] = [],
): Findings {
  const [mx, my] = [metricById(objectives.x), metricById(objectives.y)];
  const runsOf: DoneRun[][] = Array.from({ length: settings }, () => []);
  for (const run of runs) runsOf[run.setting]!.push(run);
  const spreads = runsOf.map((own, setting) => {
    const [x, y] = [spreadIn(own, mx.id), spreadIn(own, my.id)];
    return x === null || y === null ? null : { setting, x, y };
  });
  const placed = spreads.filter((entry) => entry !== null);
  const allowed = placed.filter(({ setting }) => constraints.every((constraint) => keeps(runsOf[setting]!, constraint)));
  const pointOf = (x: number, y: number): Tradeoff => ({ cost: lossOf(mx, x), latency: lossOf(my, y) });
  const by = dominators(allowed, ({ x, y }) => [lossOf(mx, x.mean), lossOf(my, y.mean)]);
  const places: (Place | null)[] = spreads.map(() => null);
  for (const { setting, x, y } of placed) places[setting] = { x, y, allowed: false, onFront: false, dominatedBy: -1 };
  allowed.forEach(({ setting, x, y }, i) => {
    places[setting] = { x, y, allowed: true, onFront: by[i] === -1, dominatedBy: by[i] === -1 ? -1 : allowed[by[i]!]!.setting };
  });
  const reference: readonly [number, number] = [
    objectives.reference[0] ??
      roomAbove(
        mx,
        placed.map(({ x }) => x.mean),
      ),
    objectives.reference[1] ??
      roomAbove(
        my,
        placed.map(({ y }) => y.mean),
      ),
  ];
  const corner = pointOf(...reference);
  const seeds = [...new Set(runs.map((run) => run.seed))].sort((a, b) => a - b);
  const bySeed = seeds.flatMap((seed) => {
    const points = allowed.flatMap(({ setting }) => {
      const metrics = runsOf[setting]!.find((run) => run.seed === seed)?.figures.metrics;
      return metrics === undefined ? [] : [pointOf(metrics[mx.id]!, metrics[my.id]!)];
    });
    return points.length > 0 && points.length === allowed.length ? [{ seed, ...areaOf(points, corner) }] : [];
  });
  return {
    places,
    front: allowed
      .filter((_, i) => by[i] === -1)
      .sort((a, b) => a.x.mean - b.x.mean)
      .map(({ setting }) => setting),
    reference,
    hypervolume:
      placed.length === 0
        ? null
        : areaOf(
            allowed.map(({ x, y }) => pointOf(x.mean, y.mean)),
            corner,
          ),
    bySeed,
  };
}
