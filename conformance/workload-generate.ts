// Requests from a file of measured facts, as the product generates them.
import { randomStream } from "../src/engine/kernel/random.ts";
import { sourceFromFacts } from "../src/workload/presets/build.ts";
import type { WorkloadFacts } from "../src/workload/presets/facts.ts";
import { pregenerate } from "../src/workload/pregenerate.ts";
import type { Trace } from "../src/workload/types.ts";

/** The source's own measured statistics, beside the facts. */
export interface Goodness {
  readonly goodness?: {
    readonly arrivals?: {
      readonly fano?: { readonly real: readonly number[]; readonly generated?: readonly number[]; readonly windows_s: readonly number[] };
      readonly cv?: { readonly real: number };
    };
  };
}
export type FactsFile = WorkloadFacts & Goodness;

const SEED = 20260101;

export function generate(facts: WorkloadFacts, requests: number): Trace {
  const source = sourceFromFacts(facts, null, {
    random: (name) => randomStream(SEED, name),
    tenants: [{ share: 1, sloClass: 0 }],
    rateScale: 1,
    promptScale: 1,
    outputScale: 1,
    maxRequests: requests,
    maxSeconds: null,
  });
  return pregenerate(source, requests);
}
