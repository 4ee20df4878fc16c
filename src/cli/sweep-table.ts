// A sweep as a table for a terminal: one row per setting, the front marked, its hypervolume below.
import type { ExperimentResults } from "../analysis/experiment-files.ts";
import { findingsOfResults, publishedArea, publishedOn } from "../analysis/experiment-files.ts";
import { spreadAt, spreadOf } from "../analysis/findings.ts";
import type { Area, Spread } from "../analysis/findings.ts";
import { metricById, metrics } from "../analysis/metrics.ts";
import type { Metric, MetricId } from "../analysis/metrics.ts";
import { nameOf } from "../analysis/plan.ts";
import { dollars, duration, figure, percent, whole } from "./format.ts";
import { columns } from "./print.ts";

/** Shown whatever the axes are. */
const USUAL: readonly MetricId[] = ["cost", "e2e.p50", "e2e.p90", "e2e.p99", "slo"];

function shown({ unit }: Metric, value: number): string {
  if (unit === "s") return duration(value);
  if (unit === "share") return percent(value);
  if (unit === "req/s" || unit === "req/s per GPU") return `${figure(value)} ${unit}`;
  return unit === "$" ? dollars(value) : `${dollars(value)}${unit.slice(1)}`;
}

/** The deviation in the unit of the mean beside it. */
function deviation(metric: Metric, { mean, sd }: Spread): string {
  if (sd === null) return "";
  if (metric.unit === "s") return ` ± ${Math.abs(mean) < 1 ? figure(sd * 1000, 2) : figure(sd, 2)}`;
  if (metric.unit.startsWith("req/s")) return ` ± ${figure(sd, 2)}`;
  return ` ± ${metric.unit === "share" ? (100 * sd).toFixed(1) : sd.toFixed(2)}`;
}

const share = (value: number): string => value.toFixed(4);
/** The formula's value is the area where no setting dominates another: then one number says both. */
const both = ({ formula, area }: Area): string =>
  share(formula) === share(area) ? share(area) : `${share(formula)} by the formula, dominated area ${share(area)}`;

export function sweepTable(results: ExperimentResults): string {
  const { plan, runs, objectives } = results;
  const { axes, base, seeds } = plan.experiment;
  const findings = findingsOfResults(results);
  const { reference, hypervolume, bySeed } = findings;
  const [mx, my] = [metricById(objectives.x), metricById(objectives.y)];
  const shownMetrics = metrics.filter(({ id }) => id === objectives.x || id === objectives.y || (results.shown ?? USUAL).includes(id));
  const rows = plan.settings.map(({ values }, setting) => {
    const own = runs.filter((run) => run.setting === setting);
    const mean = own.reduce((sum, { figures }) => sum + figures.meanReplicas, 0) / own.length;
    return [
      findings.places[setting]?.onFront === true ? "*" : "",
      ...values,
      ...shownMetrics.map((metric) => {
        const spread = spreadAt(runs, setting, metric.id);
        return spread === null ? "-" : `${shown(metric, spread.mean)}${deviation(metric, spread)}`;
      }),
      figure(own.length === 0 ? null : mean),
      own.length === 0 ? "-" : whole(Math.max(...own.map(({ figures }) => figures.maxReplicas))),
    ];
  });
  const head = ["", ...axes.map(nameOf), ...shownMetrics.map(({ short }) => short), "replicas", "most"];
  const right = head.map((_, i) => i).slice(1);
  const several = seeds.length > 1;
  const notes = [
    `* on the front of ${mx.label.toLowerCase()} against ${my.label.charAt(0)}${my.label.slice(1)}.${several ? " ± is the standard deviation over seeds." : ""}`,
  ];
  if (hypervolume !== null) {
    notes.push(`Hypervolume to ${shown(mx, reference[0])}, ${shown(my, reference[1])}: ${both(hypervolume)}`);
    if (several && bySeed.length > 1) {
      const spread = spreadOf(bySeed.map(({ area }) => area));
      notes.push(`  by seed ${share(spread.mean)} ± ${share(spread.sd ?? 0)}, from ${share(spread.min)} to ${share(spread.max)}`);
    }
    if (share(hypervolume.formula) !== share(hypervolume.area))
      notes.push(
        "  The formula counts every setting up to the next one's cost, so a dominated setting takes area away from the one that dominates it.",
      );
  }
  const published = publishedOn(results.published, objectives);
  if (published !== null) notes.push(`  published ${both(publishedArea(published, reference))}: ${published.published.source}`);
  return [
    columns([
      ["Scenario", base.name],
      ["Runs", `${plan.settings.length} settings x ${seeds.length} ${several ? "seeds" : "seed"}`],
    ]),
    columns([head, ...rows], right),
    notes.join("\n"),
  ].join("\n\n");
}
