// Traffic of a scenario -> the source of requests that the engine draws from.
import { randomStream } from "../engine/kernel/random.ts";
import { withDefaults } from "../engine/params.ts";
import type { Params, Values } from "../engine/params.ts";
import { byId } from "../engine/registry.ts";
import { sourceFromFacts } from "./presets/build.ts";
import type { ArrivalChoice } from "./presets/build.ts";
import type { WorkloadFacts } from "./presets/facts.ts";
import { openSource, openStreams, plainBodies } from "./source.ts";
import type { SourceOptions, WorkloadSource } from "./source.ts";
import { basicArrivals } from "./synth/arrivals.ts";
import { basicLengths } from "./synth/basic.ts";
import type { ArrivalDefinition, LengthDefinition } from "./synth/types.ts";
import { turnSource } from "./presets/turn-source.ts";
import { traceSource } from "./trace-source.ts";
import type { Trace } from "./types.ts";

interface Chosen {
  readonly id: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** The part of a scenario that describes its traffic (src/scenario/types.ts). */
export interface TrafficSpec {
  readonly source:
    | { readonly kind: "preset"; readonly id: string; readonly arrivals?: Chosen }
    | { readonly kind: "synthetic"; readonly arrivals: Chosen; readonly lengths: Chosen }
    | { readonly kind: "trace"; readonly file: string; readonly from: number; readonly to: number | null; readonly loop: boolean };
  readonly rateScale: number;
  readonly promptScale: number;
  readonly outputScale: number;
  readonly maxRequests: number | null;
  readonly maxSeconds: number | null;
}

export interface CreateOptions {
  readonly seed: number;
  readonly tenants: SourceOptions["tenants"];
  /** The trace that traffic.source names; needed for that kind only. */
  readonly trace?: Trace | null;
  /** The measured workloads that a scenario may name (presets/index.ts): handed in, because their tables are large and a worker loads them only when asked for. */
  readonly workloads: readonly WorkloadFacts[];
  /** The length laws that a scenario may name (synth/index.ts has all): handed in for the same reason; those without content where left out. */
  readonly lengths?: readonly LengthDefinition[];
  /** The arrival processes, likewise; the basic ones where left out. */
  readonly arrivals?: readonly ArrivalDefinition[];
}

/** Values are trusted: the scenario's schema has checked them. */
export function createSource(
  traffic: TrafficSpec,
  { seed, tenants, trace, workloads, lengths = basicLengths, arrivals = basicArrivals }: CreateOptions,
): WorkloadSource {
  const { source, rateScale, promptScale, outputScale, maxRequests, maxSeconds } = traffic;
  const choiceOf = (chosen: Chosen): ArrivalChoice => ({
    definition: byId("arrival process", arrivals, chosen.id),
    values: chosen.params ?? {},
  });
  const random = (name: string) => randomStream(seed, `traffic/${name}`);
  const options: SourceOptions = { random, tenants, rateScale, promptScale, outputScale, maxRequests, maxSeconds };
  if (source.kind === "preset") {
    return sourceFromFacts(byId("workload", workloads, source.id), source.arrivals ? choiceOf(source.arrivals) : null, options);
  }
  if (source.kind === "trace") {
    if (!trace) throw new Error(`The scenario needs the trace "${source.file}": open the file, or give it with --trace.`);
    return traceSource(trace, source, options);
  }
  const { stream, states } = openStreams(random);
  const { definition, values } = choiceOf(source.arrivals);
  const law = byId("length law", lengths, source.lengths.id);
  const full = (params: Params, given: Readonly<Record<string, unknown>>) => withDefaults(params, given) as Values<Params>;
  const starts = definition.create(full(definition.params, values), { random: stream("arrivals"), rateScale });
  const made = law.create(full(law.params, source.lengths.params ?? {}), { random: stream("lengths") });
  return made.turns === undefined
    ? openSource(starts, plainBodies(made), states, options, stream("tenants"))
    : turnSource(starts, made.turns, states, options, stream("tenants"));
}

/** Tenants of a run on a trace that has its own: named by the trace, with the class and weight of the scenario's tenant of that name, else of its first. */
export function tenantsOfTrace<T extends { readonly name: string }>(trace: Trace | null, tenants: readonly T[]): readonly T[] {
  if (!trace?.tenant) return tenants;
  return trace.tenantNames.map((name) => ({ ...(tenants.find((tenant) => tenant.name === name) ?? tenants[0]!), name }));
}
