// Profiles that a scenario names. Apart from the code that opens them, which is loaded only where there is one.
import type { ProfileRef } from "../engine/params.ts";
import type { Choice, Scenario } from "./types.ts";

const OPERATOR_TABLE = "operator-table";

/** The profile of a choice; null when it names none. */
function profileOf({ params = {} }: Choice): ProfileRef | null {
  for (const value of Object.values(params)) if (typeof value === "object" && value !== null && "hash" in value) return value as ProfileRef;
  return null;
}

/** Each profile once, in the order of the pools. */
export function profilesOf({ pools }: Scenario): readonly ProfileRef[] {
  const refs = pools.flatMap((pool) => profileOf(pool.latency) ?? []);
  return refs.filter(({ hash }, i) => refs.findIndex((ref) => ref.hash === hash) === i);
}

/** The scenario with a profile for one pool, or for every pool: what --profile and dropping its files do. A pool that has operator tables keeps its other parameters. */
export function withProfile(scenario: Scenario, ref: ProfileRef, only?: number): Scenario {
  return {
    ...scenario,
    pools: scenario.pools.map((pool, i) => {
      if (only !== undefined && only !== i) return pool;
      const before = pool.latency.id === OPERATOR_TABLE ? pool.latency.params : {};
      return { ...pool, latency: { id: OPERATOR_TABLE, params: { ...before, profile: { hash: ref.hash, file: ref.file } } } };
    }),
  };
}
