// A scenario as only what differs from base.ts: the content of links and of saved files. parseScenario is its inverse.
import { baseFault, basePool, baseSloClass, baseTenant, defaultScenario } from "./base.ts";
import { equal } from "./equal.ts";
import { normalise } from "./normalise.ts";
import type { RawScenario } from "./upgrade.ts";
import type { Scenario } from "./types.ts";

type Plain = Readonly<Record<string, unknown>>;

/** The fields of `value` that `base` does not have with the same value. */
function changed(value: object, base: object): Record<string, unknown> {
  const known = base as Plain;
  return Object.fromEntries(Object.entries(value).filter(([key, entry]) => !(key in known && equal(entry, known[key]))));
}

export function compact(given: Scenario): RawScenario {
  const scenario = normalise(given);
  const out: Record<string, unknown> = { version: scenario.version, ...changed(scenario, defaultScenario) };
  if ("traffic" in out) out["traffic"] = changed(scenario.traffic, defaultScenario.traffic);
  if ("network" in out) out["network"] = changed(scenario.network, defaultScenario.network);
  if ("tenants" in out) out["tenants"] = scenario.tenants.map((entry) => changed(entry, baseTenant));
  if ("sloClasses" in out) out["sloClasses"] = scenario.sloClasses.map((entry) => changed(entry, baseSloClass));
  if ("faults" in out) out["faults"] = scenario.faults.map((entry) => changed(entry, baseFault));
  if ("pools" in out)
    out["pools"] = scenario.pools.map((entry) => {
      const pool = changed(entry, basePool);
      if ("kv" in pool) pool["kv"] = changed(entry.kv, basePool.kv);
      return pool;
    });
  return out;
}
