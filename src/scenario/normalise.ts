// One writing for one meaning: parameters that equal their default are left out, so that the same run has the same hash and the shortest link.
import type { ParamValue } from "../engine/params.ts";
import { BASE_KV_PLAN, BASE_ORDERING } from "./base.ts";
import { equal } from "./equal.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { kvPlans, latencies } from "./registries.ts";
import { admission } from "../policies/admission/index.ts";
import { batching } from "../policies/batching/index.ts";
import { ordering } from "../policies/ordering/index.ts";
import { routing } from "../policies/routing/index.ts";
import { arrivals, lengths } from "../workload/synth/index.ts";
import type { Described } from "./registries.ts";
import type { Choice, Pool, Scenario, TrafficSource } from "./types.ts";

function choice(list: readonly Described[], { id, params }: Choice): Choice {
  const known = list.find((entry) => entry.id === id)?.params ?? {};
  const kept: Record<string, ParamValue> = {};
  for (const [key, value] of Object.entries(params ?? {}))
    if (value !== undefined && !equal(value, known[key]?.default)) kept[key] = Object.is(value, -0) ? 0 : value;
  return Object.keys(kept).length === 0 ? { id } : { id, params: kept };
}

function source(given: TrafficSource): TrafficSource {
  if (given.kind === "synthetic")
    return { kind: "synthetic", arrivals: choice(arrivals, given.arrivals), lengths: choice(lengths, given.lengths) };
  if (given.kind === "preset" && given.arrivals !== undefined)
    return { kind: "preset", id: given.id, arrivals: choice(arrivals, given.arrivals) };
  return given;
}

/** What is as it always was is left out, so that scenarios from before there was a choice keep their hash. */
function kv({ plan, prefixCaching, ...rest }: Pool["kv"]): Pool["kv"] {
  const chosen = plan === undefined ? BASE_KV_PLAN : choice(kvPlans, plan);
  return {
    ...rest,
    ...(prefixCaching === true ? { prefixCaching } : {}),
    ...(equal(chosen, BASE_KV_PLAN) ? {} : { plan: chosen }),
  };
}

function pool({ ordering: order, ...given }: Pool): Pool {
  const chosen = order === undefined ? BASE_ORDERING : choice(ordering, order);
  return {
    ...given,
    batching: choice(batching, given.batching),
    ...(equal(chosen, BASE_ORDERING) ? {} : { ordering: chosen }),
    latency: choice(latencies, given.latency),
    autoscaling: choice(autoscaling, given.autoscaling),
    kv: kv(given.kv),
  };
}

export function normalise(scenario: Scenario): Scenario {
  return {
    ...scenario,
    traffic: { ...scenario.traffic, source: source(scenario.traffic.source) },
    pools: scenario.pools.map(pool),
    routing: choice(routing, scenario.routing),
    admission: choice(admission, scenario.admission),
  };
}
