// The parameters of a scenario that a sweep may vary: policies with their parameters, and the scenario's own fields.
import { labelOf, type Param, type ParamValue } from "../../../engine/params.ts";
import { gpus, latencies, models, type Described } from "../../../scenario/registries.ts";
import { admission } from "../../../policies/admission/index.ts";
import { batching } from "../../../policies/batching/index.ts";
import { ordering } from "../../../policies/ordering/index.ts";
import { routing } from "../../../policies/routing/index.ts";
import { arrivals, lengths } from "../../../workload/synth/index.ts";
import { autoscaling } from "../../../policies/autoscaling/index.ts";
import { BASE_ORDERING } from "../../../scenario/base.ts";
import type { Choice, Scenario } from "../../../scenario/types.ts";
import { getIn } from "../../state/paths.ts";
import * as own from "../rail/descriptors.ts";
import type { RangeForm } from "./form-types.ts";

export interface Variable {
  /** As --vary takes it. */
  readonly path: string;
  readonly group: string;
  readonly label: string;
  readonly param: Param;
  readonly value: ParamValue | null;
}

/** Label of the choice of a policy itself, beside those of its parameters. */
export const WHICH = "Which one";

/** Rows of numbers are left to the command line; profiles are files, not values. */
const varies = (param: Param): boolean => param.kind !== "table" && param.kind !== "profile";

function ofScenario(scenario: Scenario): Variable[] {
  const found: Variable[] = [];
  const add = (group: string, path: string, param: Param, label = param.label): void => {
    const value = (getIn(scenario, path.replace(/\[(\d+)\]/g, ".$1")) ?? null) as ParamValue | null;
    if (varies(param)) found.push({ path, group, label, param, value });
  };
  const addChoice = (group: string, path: string, registry: readonly Described[], chosen: Choice): void => {
    const param = own.policyChoice(group, registry, chosen.id);
    found.push({ path, group, label: WHICH, param, value: chosen.id });
    for (const [key, entry] of Object.entries(registry.find(({ id }) => id === chosen.id)?.params ?? {}))
      if (varies(entry))
        found.push({
          path: `${path}.params.${key}`,
          group,
          label: labelOf(key, entry),
          param: entry,
          value: chosen.params?.[key] ?? entry.default,
        });
  };
  const several = scenario.pools.length > 1;
  scenario.pools.forEach((pool, i) => {
    const at = `pools[${i}]`;
    const of = (title: string): string => (several ? `${title}, ${pool.name}` : title);
    addChoice(of("Autoscaler"), `${at}.autoscaling`, autoscaling, pool.autoscaling);
    addChoice(of("Scheduler"), `${at}.batching`, batching, pool.batching);
    addChoice(of("Queue order"), `${at}.ordering`, ordering, pool.ordering ?? BASE_ORDERING);
    const fleet = of("Fleet");
    add(fleet, `${at}.replicas`, own.replicas);
    add(
      fleet,
      `${at}.gpu`,
      own.choiceOf(
        "GPU",
        "",
        gpus.map(({ id, name }) => ({ id, label: name })),
      ),
    );
    add(fleet, `${at}.tensorParallel`, own.tensorParallel);
    add(fleet, `${at}.pipelineParallel`, own.pipelineParallel);
    add(fleet, `${at}.pricePerGpuHour`, own.price);
    add(fleet, `${at}.startupSeconds`, own.startupSeconds);
    add(fleet, `${at}.loadGbytesPerS`, own.loadGbytesPerS);
    add(fleet, `${at}.scaleDownSeconds`, own.scaleDownSeconds);
    add(fleet, `${at}.minReplicas`, own.minReplicas);
    add(fleet, `${at}.maxReplicas`, own.maxReplicas);
    add(fleet, `${at}.gpusPerNode`, own.gpusPerNode);
    add(fleet, `${at}.paidFrom`, own.paidFrom);
    add(fleet, `${at}.kv.memoryUtilisation`, own.memoryUtilisation);
    add(fleet, `${at}.kv.blocks`, own.kvBlocks);
    addChoice(of("Latency model"), `${at}.latency`, latencies, pool.latency);
  });
  addChoice("Router", "routing", routing, scenario.routing);
  add("Router", "loadStaleness", own.loadStaleness);
  addChoice("Admission", "admission", admission, scenario.admission);
  const { source } = scenario.traffic;
  add("Traffic", "traffic.rateScale", own.rateScale);
  add("Traffic", "traffic.promptScale", own.promptScale);
  add("Traffic", "traffic.outputScale", own.outputScale);
  if (source.kind === "synthetic") {
    addChoice("Arrivals", "traffic.source.arrivals", arrivals, source.arrivals);
    addChoice("Lengths", "traffic.source.lengths", lengths, source.lengths);
  } else if (source.kind === "preset" && source.arrivals !== undefined)
    addChoice("Arrivals", "traffic.source.arrivals", arrivals, source.arrivals);
  add(
    "Model",
    "model",
    own.choiceOf(
      "Model",
      "",
      models.map(({ id, name }) => ({ id, label: name })),
    ),
  );
  return found;
}

export const variablesOf = ofScenario;

/** Factors about the present value. */
const FACTORS = [0.5, 0.75, 1, 1.5, 2];

/** Values to begin with: all options, or numbers about the present one. */
export function firstValues({ param, value }: Variable): string {
  if (param.kind === "choice")
    return param.options
      .slice(0, 6)
      .map(({ id }) => id)
      .join(",");
  if (param.kind === "flag") return "false,true";
  if (param.kind !== "number") return "";
  const now = typeof value === "number" ? value : param.default;
  if (param.integer === true && now <= 12) {
    // None is no fleet: 0 is proposed only where it stands now.
    const from = now === 0 ? 0 : Math.max(param.min, 1, now - 2);
    return `${from}..${Math.min(param.max, from + 4)}`;
  }
  const near = now === 0 ? [0, 1, 2, 5, 10].map((n) => n * (param.step ?? 1)) : FACTORS.map((factor) => factor * now);
  const fits = near.map((n) => Math.min(param.max, Math.max(param.min, param.integer === true ? Math.round(n) : Number(n.toPrecision(3)))));
  return [...new Set(fits)].join(",");
}

/** Whole numbers only. */
export const isWhole = (variable: Variable | undefined): boolean => variable?.param.kind === "number" && variable.param.integer === true;

/** A range to begin with, from half to twice the present value. */
export function firstRange({ param, value }: Variable, scale: RangeForm["scale"]): RangeForm | null {
  if (param.kind !== "number") return null;
  const now = typeof value === "number" && value > 0 ? value : param.default > 0 ? param.default : (param.step ?? 1);
  const whole = param.integer === true;
  const fit = (n: number): number => Math.min(param.max, Math.max(param.min, whole ? Math.round(n) : Number(n.toPrecision(3))));
  const from = scale === "log" && fit(now / 2) <= 0 ? now / 2 : fit(now / 2);
  return { from, to: Math.max(fit(now * 2), from + (whole ? 1 : (param.step ?? 1e-6))), count: 5, scale };
}
