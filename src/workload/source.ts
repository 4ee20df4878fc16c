// Sources of requests: what they have in common, and the open source (arrivals that do not wait for answers, or a closed loop of single requests).
import type { ArrivalRow, RequestSource } from "../engine/contracts.ts";
import type { Random } from "../engine/kernel/random.ts";
import { wholeTokens } from "./synth/types.ts";
import type { ArrivalProcess, LengthLaw } from "./synth/types.ts";

export interface SourceOptions {
  /** Named streams of the run's seed. Arrivals, lengths and tenants draw from streams of their own: changing one never changes the others. */
  readonly random: (name: string) => Random;
  /** Tenants by index; shares need not sum to 1. */
  readonly tenants: readonly { readonly share: number; readonly sloClass: number }[];
  readonly rateScale: number;
  readonly promptScale: number;
  readonly outputScale: number;
  /** null = no limit. */
  readonly maxRequests: number | null;
  readonly maxSeconds: number | null;
}

export interface WorkloadSource extends RequestSource {
  /** All that the source remembers, its random streams included, as plain data. */
  readonly state: object;
  /** Tokens per entry of prefixIds; 0 when the workload shares no prefixes. */
  readonly prefixBlockTokens: number;
  /**
   * Hashes of prompt blocks. The row filled by take() owns [prefixStart, prefixStart + prefixCount), in prompt order; the last one may be a
   * partly filled block. Valid until the next take(): copy what must be kept. Read it anew each time, it may be replaced.
   */
  readonly prefixIds: Int32Array;
}

/** What a request holds, beside its time and tenant. Reads into.arrivedAt. */
export interface RequestBodies {
  readonly state?: object;
  readonly prefixBlockTokens: number;
  readonly prefixIds: Int32Array;
  fill(into: ArrivalRow): void;
}

export const NO_IDS = new Int32Array(0);

/** Streams by name, and their states to keep with the source's own. */
export function openStreams(random: (name: string) => Random): { stream: (name: string) => Random; states: Record<string, Uint32Array> } {
  const states: Record<string, Uint32Array> = {};
  const stream = (name: string): Random => {
    const made = random(name);
    states[name] = made.state;
    return made;
  };
  return { stream, states };
}

/** Draws tenants by share. */
export function tenantPicker(tenants: SourceOptions["tenants"], random: Random): () => number {
  const total = tenants.reduce((sum, tenant) => sum + tenant.share, 0);
  if (tenants.length < 2 || total <= 0) return () => 0;
  let below = 0;
  const upTo = Float64Array.from(tenants, (tenant) => (below += tenant.share) / total);
  return () => {
    const u = random.uniform();
    let low = 0;
    let high = upTo.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (u < upTo[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** Scales the lengths of a row; an output of 0 (failed at its origin) stays 0. Prefix blocks beyond the new end of the prompt go. */
export function scaleLengths(row: ArrivalRow, promptScale: number, outputScale: number, blockTokens: number): void {
  if (promptScale !== 1) {
    row.promptTokens = wholeTokens(row.promptTokens * promptScale);
    if (row.prefixCount > 0) row.prefixCount = Math.min(row.prefixCount, Math.ceil(row.promptTokens / blockTokens));
  }
  if (outputScale !== 1 && row.outputTokens > 0) row.outputTokens = wholeTokens(row.outputTokens * outputScale);
}

/** Requests and seconds to expect from a mean rate and the limits. */
export function expectations(meanRate: number, { maxRequests, maxSeconds }: SourceOptions): { expected: number; duration: number } {
  const byTime = maxSeconds === null ? Infinity : Math.round(meanRate * maxSeconds);
  const byCount = maxRequests ?? Infinity;
  const expected = Number.isNaN(byTime) ? byCount : Math.min(byTime, byCount);
  const span = byCount === Infinity ? Infinity : byCount / meanRate;
  const duration = Math.min(Number.isNaN(span) ? Infinity : span, maxSeconds ?? Infinity);
  return { expected: expected === Infinity ? NaN : expected, duration: duration === Infinity ? NaN : duration };
}

/** Bodies whose lengths, and perhaps content, follow a law. */
export function plainBodies(law: LengthLaw): RequestBodies {
  const { content } = law;
  return {
    ...(law.state ? { state: law.state } : {}),
    prefixBlockTokens: content?.blockTokens ?? 0,
    get prefixIds() {
      return content?.ids ?? NO_IDS;
    },
    fill: (into) => {
      law.fill(into);
      into.session = -1;
      into.prefixStart = 0;
      into.prefixCount = content?.count ?? 0;
    },
  };
}

/** Where the requests end, whose each one is, and the SLO class of each tenant. */
export function limitsOf({ maxRequests, maxSeconds, tenants }: SourceOptions, tenantRandom: Random) {
  return {
    maxRequests: maxRequests ?? Infinity,
    maxSeconds: maxSeconds ?? Infinity,
    pickTenant: tenantPicker(tenants, tenantRandom),
    classes: Int32Array.from(tenants, (tenant) => tenant.sloClass),
  };
}

/** Arrivals and bodies put together. `states` are those of the streams that both draw from. */
export function openSource(
  arrivals: ArrivalProcess,
  bodies: RequestBodies,
  states: Record<string, Uint32Array>,
  options: SourceOptions,
  tenantRandom: Random,
): WorkloadSource {
  const { promptScale, outputScale } = options;
  const { maxRequests, maxSeconds, pickTenant, classes } = limitsOf(options, tenantRandom);
  const state = { taken: 0, streams: states, arrivals: arrivals.state ?? {}, bodies: bodies.state ?? {} };
  const source: WorkloadSource = {
    state,
    ...expectations(arrivals.meanRate, options),
    prefixBlockTokens: bodies.prefixBlockTokens,
    get prefixIds() {
      return bodies.prefixIds;
    },
    nextAt: () => {
      if (state.taken >= maxRequests) return Infinity;
      const at = arrivals.nextAt();
      return at < maxSeconds ? at : Infinity;
    },
    take: (into) => {
      into.arrivedAt = arrivals.nextAt();
      const tenant = arrivals.tenant === undefined ? pickTenant() : Math.min(arrivals.tenant(), classes.length - 1);
      into.tenant = tenant;
      into.sloClass = classes[tenant] ?? 0;
      arrivals.advance();
      state.taken++;
      bodies.fill(into);
      scaleLengths(into, promptScale, outputScale, bodies.prefixBlockTokens);
    },
  };
  const { finished } = arrivals;
  return finished === undefined
    ? source
    : {
        ...source,
        finished: (_id, now) => finished(now),
        get prefixIds() {
          return bodies.prefixIds;
        },
      };
}
