// What goodput sweep is asked for: a sweep's file, or a scenario with flags; either way a SweepSpec.
import { existsSync, readFileSync } from "node:fs";
import { axisValues } from "../analysis/axis-values.ts";
import type { Axis, Objectives, Sampling } from "../analysis/experiment.ts";
import { isMetricId, lossOf, metricById, metrics } from "../analysis/metrics.ts";
import type { MetricId } from "../analysis/metrics.ts";
import { MOST_RUNS, MOST_SEEDS, seedsFrom } from "../analysis/plan.ts";
import { suggestedSweep } from "../analysis/suggested.ts";
import type { SweepFiles } from "../analysis/sweep-host.ts";
import { isSweepSpec, parseSweepSpec } from "../analysis/sweep-spec.ts";
import type { SweepSpec } from "../analysis/types.ts";
import type { PresetSweep } from "../scenario/presets/preset.ts";
import { hint } from "../scenario/suggest.ts";
import { InputError } from "./input-error.ts";
import { oneLine, scenarioArgument } from "./scenario-argument.ts";
import { withAssignments, withProfileFiles, withTraceFile } from "./scenario-flags.ts";

export interface SpecFlags {
  readonly vary: readonly string[];
  readonly seeds?: string;
  readonly sample?: string;
  readonly x?: string;
  readonly y?: string;
  readonly reference?: string;
  readonly trace?: string;
  readonly profile: readonly string[];
  readonly set: readonly string[];
}

/** "path=values"; a "=" may stand in the values. */
export function axisOf(given: string): Axis {
  const cut = given.indexOf("=");
  if (cut <= 0) throw new InputError(`--vary ${given}: This is not path=values. Give for example --vary pools[0].replicas=2,4,8.`);
  const outcome = axisValues(given.slice(cut + 1));
  if (!outcome.ok) throw new InputError(`--vary ${given}: ${outcome.error}`);
  return { path: given.slice(0, cut), values: outcome.values };
}

function axesOf({ vary }: SpecFlags, suggested: PresetSweep | null): Axis[] {
  if (vary.length > 0) return vary.map(axisOf);
  if (suggested === null) throw new InputError(`Nothing varies. Give --vary path=values, for example --vary pools[0].replicas=2,4,8.`);
  return [axisOf(`${suggested.path}=${suggested.values}`)];
}

/** A whole number of a flag, within limits. */
export function wholeOf(flag: string, given: string, what: string, least: number, most: number): number {
  const count = Number(given);
  if (given.trim() === "" || !Number.isInteger(count) || count < least || count > most)
    throw new InputError(`${flag} ${given}: This is not ${what}. Give a whole number from ${least} to ${most}.`);
  return count;
}

function seedCount({ vary, seeds }: SpecFlags, suggested: PresetSweep | null): number {
  if (seeds === undefined) return vary.length > 0 ? 1 : (suggested?.seeds ?? 1);
  return wholeOf("--seeds", seeds, "a number of seeds", 1, MOST_SEEDS);
}

/** "random:40" or "latin-hypercube:40". */
function samplingOf(given: string | undefined, seed: number): Sampling {
  if (given === undefined || given === "grid") return { kind: "grid" };
  const [kind = "", count = ""] = given.split(":");
  if (kind !== "random" && kind !== "latin-hypercube")
    throw new InputError(`--sample ${given}: Give grid, random:N or latin-hypercube:N, where N is the number of settings.`);
  return { kind, settings: wholeOf("--sample", count, "a number of settings", 1, MOST_RUNS), seed };
}

export function metricOf(flag: string, given: string | undefined, otherwise: string): MetricId {
  const id = given ?? otherwise;
  const known = metrics.map((metric) => metric.id);
  if (!isMetricId(id)) throw new InputError(`${flag} ${id}: There is no such quantity.${hint(id, known)} Give one of ${known.join(", ")}.`);
  return id;
}

function referenceOf(given: string, x: MetricId, y: MetricId): readonly [number, number] {
  const parts = given.split(",").map((part) => (part.trim() === "" ? NaN : Number(part)));
  const [rx = NaN, ry = NaN] = parts;
  const fits = (id: MetricId, value: number): boolean => {
    const metric = metricById(id);
    const loss = lossOf(metric, value);
    return Number.isFinite(value) && loss > 0 && Number.isFinite(loss) && (!metric.wantsMore || value >= 0);
  };
  if (parts.length !== 2 || !fits(x, rx) || !fits(y, ry))
    throw new InputError(
      `--reference ${given}: This is not a corner. Give a value of ${x} and one of ${y}, above 0 (a share: below 1), such as 50,0.5.`,
    );
  return [rx, ry];
}

function objectivesOf(
  flags: SpecFlags,
  suggested: { readonly x: string; readonly y: string; readonly reference: Objectives["reference"] } | null,
): Objectives {
  const x = metricOf("--x", flags.x, suggested?.x ?? "cost");
  const y = metricOf("--y", flags.y, suggested?.y ?? "e2e.p90");
  if (flags.reference !== undefined) return { x, y, reference: referenceOf(flags.reference, x, y) };
  return { x, y, reference: suggested !== null && suggested.x === x && suggested.y === y ? suggested.reference : [null, null] };
}

/** The sweep of a file; null where the argument is no such file. */
function specFile(given: string): SweepSpec | null {
  if (!existsSync(given)) return null;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(given, "utf8"));
  } catch {
    // What it is instead, and what is wrong with it, the scenario's reader says.
    return null;
  }
  if (!isSweepSpec(json)) return null;
  const outcome = parseSweepSpec(json);
  if (!outcome.ok) throw new InputError(oneLine(given, outcome.errors));
  return outcome.spec;
}

export interface SweepInput {
  readonly spec: SweepSpec;
  readonly files: SweepFiles;
  readonly published: PresetSweep | null;
  /** What a sentence about the axes begins with. */
  readonly where: string;
}

export async function sweepInput(given: string, flags: SpecFlags): Promise<SweepInput> {
  const spec = specFile(given);
  const argument = spec === null ? await scenarioArgument(given) : { scenario: spec.experiment.base, models: [] };
  const source = await withTraceFile(argument.scenario, flags.trace);
  const measured = await withProfileFiles(source.scenario, flags.profile, argument.models);
  const base = withAssignments(measured.scenario, { set: flags.set });
  const published = suggestedSweep(base);
  const files = { trace: source.trace, profiles: measured.profiles };
  if (spec !== null) {
    const { experiment } = spec;
    const axes = flags.vary.length > 0 ? flags.vary.map(axisOf) : experiment.axes;
    const seeds = flags.seeds === undefined ? experiment.seeds : seedsFrom(base, seedCount(flags, null));
    const sampling = flags.sample === undefined ? experiment.sampling : samplingOf(flags.sample, base.seed);
    return {
      spec: { ...spec, experiment: { base, axes, seeds, sampling }, objectives: objectivesOf(flags, spec.objectives) },
      files,
      published,
      where: flags.vary.length > 0 ? "--vary " : `${given}: `,
    };
  }
  const experiment = {
    base,
    axes: axesOf(flags, published),
    seeds: seedsFrom(base, seedCount(flags, published)),
    sampling: samplingOf(flags.sample, base.seed),
  };
  return {
    spec: { experiment, metrics: null, objectives: objectivesOf(flags, published), constraints: [], earlyStop: null },
    files,
    published,
    where: "--vary ",
  };
}
