// goodput run --draws: the scenario once more with each of several draws of its fitted models, one after another.
import { drawsReport } from "../analysis/draw-intervals.ts";
import { isMetricId, metricById, type Unit } from "../analysis/metrics.ts";
import type { Summary } from "../engine/metrics/results.ts";
import { runsOnFit, withDraw, type DrawsReport } from "../scenario/draws.ts";
import { createRun, type RunOptions } from "../scenario/run.ts";
import type { Scenario } from "../scenario/types.ts";
import { dollars, duration, percent, whole } from "./format.ts";
import { InputError } from "./input-error.ts";
import { columns } from "./print.ts";
import { progressLine } from "./progress.ts";

const LEAST_DRAWS = 2;
const MOST_DRAWS = 400;
const SLICE_EVENTS = 50_000;

/** How many draws are asked for; 0 for none. */
export function drawCount(scenario: Scenario, given: string | undefined): number {
  if (given === undefined) return 0;
  const count = Number(given);
  if (!Number.isInteger(count) || count < LEAST_DRAWS || count > MOST_DRAWS)
    throw new InputError(`--draws ${given}: Give a whole number from ${LEAST_DRAWS} to ${MOST_DRAWS}.`);
  if (!runsOnFit(scenario))
    throw new InputError(`--draws ${given}: No pool of the scenario runs on a fitted model. Give one with --profile model.json.`);
  return count;
}

export async function runDraws(scenario: Scenario, options: RunOptions, count: number): Promise<DrawsReport> {
  const progress = progressLine();
  const summaries: Summary[] = [];
  try {
    for (let draw = 1; draw <= count; draw++) {
      const run = createRun(withDraw(scenario, draw), options);
      while (!run.runUntil(Infinity, SLICE_EVENTS)) {
        progress.text(`draw ${whole(draw)} of ${whole(count)}: ${whole(run.endedCount)} requests`);
        // Lets an interrupt in.
        await new Promise((resolve) => setImmediate(resolve));
      }
      summaries.push(run.results().summary);
    }
  } finally {
    progress.clear();
  }
  return drawsReport(summaries);
}

function shown(unit: Unit, value: number): string {
  if (unit === "s") return duration(value);
  if (unit === "share") return percent(value);
  return unit.startsWith("$") ? dollars(value) : `${value.toPrecision(3)} ${unit}`;
}

/** A table of the intervals. */
export function drawsTable({ count, intervals }: DrawsReport): string {
  const rows = Object.entries(intervals).flatMap(([id, { low, median, high }]) => {
    if (!isMetricId(id)) return [];
    const { label, unit } = metricById(id);
    return [[`  ${label}`, shown(unit, low), shown(unit, median), shown(unit, high)]];
  });
  return columns([[`${whole(count)} draws of the fitted model`, "2.5 %", "median", "97.5 %"], ...rows], [1, 2, 3]);
}
