// Arbitrary valid scenarios for property tests, made from the same descriptors as the schema.
import fc from "fast-check";
import type { Param, Params, ParamValue } from "../engine/params.ts";
import { defaultScenario } from "./base.ts";
import { autoscaling } from "../policies/autoscaling/index.ts";
import { gpus, kvPlans, latencies, models } from "./registries.ts";
import { admission } from "../policies/admission/index.ts";
import { batching } from "../policies/batching/index.ts";
import { ordering } from "../policies/ordering/index.ts";
import { routing } from "../policies/routing/index.ts";
import { arrivals, lengths } from "../workload/synth/index.ts";
import { workloads } from "../workload/presets/index.ts";
import type { Described } from "./registries.ts";
import type { Choice, Fault, Pool, Scenario, SloClass, Tenant, TrafficSource } from "./types.ts";

/** Prefix caching only where the pool can have it. */
function cacheable(pool: Pool): Pool {
  const able = batching.find(({ id }) => id === pool.batching.id)?.sharesPrefixes === true && pool.role !== "decode";
  return able ? pool : { ...pool, kv: { ...pool.kv, prefixCaching: false } };
}

const from = <T>(list: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...list);
const real = (min: number, max: number): fc.Arbitrary<number> =>
  fc.double({ min, max, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const orNull = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { nil: null });
const name = fc.string({ minLength: 1, maxLength: 12 });
const hash = fc.array(from([..."0123456789abcdef"]), { minLength: 64, maxLength: 64 }).map((digits) => digits.join(""));

function value(param: Param): fc.Arbitrary<ParamValue> {
  switch (param.kind) {
    case "number":
      return param.integer === true ? fc.integer({ min: param.min, max: Math.min(param.max, 2 ** 31 - 1) }) : real(param.min, param.max);
    case "flag":
      return fc.boolean();
    case "choice":
      return from(param.options.map((option) => option.id));
    case "table":
      return fc.array(fc.tuple(...param.columns.map((column) => real(column.min, column.max))), { minLength: 1, maxLength: 5 });
    case "profile":
      return orNull(fc.record({ hash, file: name }));
  }
}

const values = (params: Params): fc.Arbitrary<Record<string, ParamValue>> =>
  fc
    .record(Object.fromEntries(Object.entries(params).map(([key, param]) => [key, value(param)])), { requiredKeys: [] })
    .map((record) => record as Record<string, ParamValue>);

const choice = (list: readonly Described[]): fc.Arbitrary<Choice> =>
  from(list).chain((entry) => fc.record({ id: fc.constant(entry.id), params: values(entry.params) }, { requiredKeys: ["id"] }));

const names = (count: number): fc.Arbitrary<string[]> => fc.uniqueArray(name, { minLength: 1, maxLength: count });

const source: fc.Arbitrary<TrafficSource> = fc.oneof(
  fc.record(
    { kind: fc.constant("preset" as const), id: from(workloads.map((entry) => entry.id)), arrivals: choice(arrivals) },
    { requiredKeys: ["kind", "id"] },
  ),
  fc.record({ kind: fc.constant("synthetic" as const), arrivals: choice(arrivals), lengths: choice(lengths) }),
  fc.record({ kind: fc.constant("trace" as const), hash, file: name, from: real(0, 100), to: orNull(real(101, 1e6)), loop: fc.boolean() }),
);

const limit = orNull(real(0.001, 1000));

export const anyScenario: fc.Arbitrary<Scenario> = fc.tuple(names(4), names(3), names(3)).chain(([pools, tenants, classes]) =>
  fc.record({
    version: fc.constant(defaultScenario.version),
    name: fc.string({ minLength: 1, maxLength: 40 }),
    seed: fc.maxSafeNat(),
    traffic: fc.record({
      source,
      rateScale: real(0.001, 1000),
      promptScale: real(0.001, 1000),
      outputScale: real(0.001, 1000),
      maxRequests: orNull(fc.integer({ min: 1, max: 1e8 })),
      maxSeconds: real(0.001, 1e6),
    }),
    tenants: fc.tuple(
      ...tenants.map((tenant): fc.Arbitrary<Tenant> =>
        fc.record({ name: fc.constant(tenant), share: real(0.001, 10), sloClass: from(classes), weight: real(0.001, 10) }),
      ),
    ),
    sloClasses: fc.tuple(
      ...classes.map((entry): fc.Arbitrary<SloClass> => fc.record({ name: fc.constant(entry), ttft: limit, tpot: limit, e2e: limit })),
    ),
    model: from(models.map((entry) => entry.id)),
    pools: fc.tuple(
      ...pools.map((pool, i): fc.Arbitrary<Pool> =>
        fc
          .record({
            name: fc.constant(pool),
            ordering: choice(ordering),
            role: i === 0 ? fc.constant("mixed" as const) : from(["mixed", "prefill", "decode"] as const),
            gpu: from(gpus.map((entry) => entry.id)),
            replicas: fc.integer({ min: 1, max: 300 }),
            tensorParallel: fc.constant(1),
            pipelineParallel: fc.integer({ min: 1, max: 4 }),
            pricePerGpuHour: real(0, 100),
            gpusPerNode: orNull(fc.integer({ min: 1, max: 16 })),
            paidFrom: from(["order", "ready"] as const),
            batching: choice(batching),
            latency: choice(latencies),
            autoscaling: choice(autoscaling),
            startupSeconds: real(0, 1000),
            loadGbytesPerS: orNull(real(0.001, 100)),
            scaleDownSeconds: real(0, 1000),
            minReplicas: fc.integer({ min: 1, max: 20 }),
            maxReplicas: fc.integer({ min: 20, max: 300 }),
            kv: fc.record(
              {
                blockSize: fc.integer({ min: 1, max: 256 }),
                memoryUtilisation: real(0.05, 1),
                blocks: orNull(fc.integer({ min: 1, max: 1e6 })),
                plan: choice(kvPlans),
                prefixCaching: fc.boolean(),
              },
              { requiredKeys: ["blockSize", "memoryUtilisation", "blocks"] },
            ),
          })
          .map(cacheable),
      ),
    ),
    routing: choice(routing),
    loadStaleness: real(0, 100),
    admission: choice(admission),
    faults: fc.array(
      fc.record({
        at: real(0, 1e6),
        kind: from(["crash", "reclaim"] as const),
        pool: from(pools),
        replica: fc.constant(1),
        replaceAfter: orNull(real(0, 1e4)),
      }) as fc.Arbitrary<Fault>,
      { maxLength: 4 },
    ),
    network: fc.record({ gbytesPerS: real(0.001, 1e5), latencyS: real(0, 100) }),
  }),
);
