// A typed scenario from only what differs from base.ts, for scenarios in code. What comes from outside goes through parseScenario instead.
import { baseFault, basePool, baseSloClass, baseTenant, defaultScenario } from "./base.ts";
import type { Fault, Pool, Scenario, SloClass, Tenant, Traffic } from "./types.ts";

type Named<T> = Partial<T> & { readonly name: string };

export interface ScenarioDraft extends Partial<
  Omit<Scenario, "version" | "traffic" | "tenants" | "sloClasses" | "pools" | "faults" | "network">
> {
  readonly traffic?: Partial<Traffic>;
  readonly tenants?: readonly Named<Tenant>[];
  readonly sloClasses?: readonly Named<SloClass>[];
  readonly pools?: readonly (Named<Omit<Pool, "kv">> & { readonly kv?: Partial<Pool["kv"]> })[];
  readonly faults?: readonly (Partial<Fault> & Pick<Fault, "at" | "pool">)[];
  readonly network?: Partial<Scenario["network"]>;
}

export function complete(draft: ScenarioDraft): Scenario {
  return {
    ...defaultScenario,
    ...draft,
    traffic: { ...defaultScenario.traffic, ...draft.traffic },
    tenants: draft.tenants?.map((entry) => ({ ...baseTenant, ...entry })) ?? defaultScenario.tenants,
    sloClasses: draft.sloClasses?.map((entry) => ({ ...baseSloClass, ...entry })) ?? defaultScenario.sloClasses,
    pools: draft.pools?.map((entry) => ({ ...basePool, ...entry, kv: { ...basePool.kv, ...entry.kv } })) ?? defaultScenario.pools,
    faults: draft.faults?.map((entry) => ({ ...baseFault, ...entry })) ?? defaultScenario.faults,
    network: { ...defaultScenario.network, ...draft.network },
  };
}
