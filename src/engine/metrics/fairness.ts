// How fairly tenants were served, in two accountings: by tokens as they come, and as the VTC artifact reckons from latencies.
import { backlogs, both, largestDrift } from "./backlog.ts";
import type { Stretches } from "./backlog.ts";
import type { RequestLog } from "./results.ts";
import { countUpTo, demandCurves, rateAbout, rowsOf, serviceCurves, valueAt } from "./service-curve.ts";
import type { Accounting, Curve, ServiceWeights } from "./service-curve.ts";
import { sortedBy } from "./sorted-rows.ts";

/** Tenants that are looked at in pairs: the largest ones. */
const MOST_PAIRED = 64;

export interface FairnessSeries {
  readonly at: Float64Array;
  /** By tenant: cost per second about each time; mean TTFT of requests whose first token falls in the window, NaN without; cost accumulated. */
  readonly serviceRate: readonly Float64Array[];
  readonly demandRate: readonly Float64Array[];
  readonly responseTime: readonly Float64Array[];
  readonly accumulated: readonly Float64Array[];
  /** Largest less smallest accumulated service, over weights. */
  readonly gap: Float64Array;
}

/** Of d(t) = sum over tenants of min(best service - own, |demand - service|), rates in windows. */
export interface Differences {
  readonly max: number;
  readonly mean: number;
  readonly variance: number;
}

export interface FairnessOptions {
  readonly tenants: number;
  /** By tenant. */
  readonly shares: readonly number[];
  readonly weights: ServiceWeights;
  readonly window: number;
}

const gapOf = (values: readonly number[], shares: readonly number[]): number => {
  const scaled = values.map((value, tenant) => value / shares[tenant]!);
  return Math.max(...scaled) - Math.min(...scaled);
};

/** The curve over a share. */
function perShare({ at, value, slope }: Curve, share: number): Curve {
  const size = at.length;
  const scaled = { at, value: new Float64Array(size), slope: new Float64Array(size) };
  for (let i = 0; i < size; i++) {
    scaled.value[i] = value[i]! / share;
    scaled.slope[i] = slope[i]! / share;
  }
  return scaled;
}

export class Fairness {
  readonly service: readonly Curve[];
  readonly demand: readonly Curve[];
  /** Seconds of the last arrival. */
  readonly lastArrival: number;
  private readonly log: RequestLog;
  private readonly options: FairnessOptions;
  private readonly other: Fairness | undefined;
  private waits: readonly Stretches[] | undefined;

  /** `other`: the same log with the same options in another accounting, so that what does not depend on it is not worked out again. */
  constructor(log: RequestLog, accounting: Accounting, options: FairnessOptions, other?: Fairness) {
    const { tenants, weights } = options;
    this.log = log;
    this.options = options;
    this.service = serviceCurves(log, tenants, weights, accounting);
    this.demand = other?.demand ?? demandCurves(log, tenants, weights);
    this.other = other;
    let last = 0;
    for (let row = 0; row < log.length; row++) last = Math.max(last, log.arrivedAt[row]!);
    this.lastArrival = last;
  }

  /** Largest less smallest accumulated service at a time, each over its tenant's weight. */
  gapAt(time: number): number {
    return gapOf(
      this.service.map((curve) => valueAt(curve, time)),
      this.options.shares,
    );
  }

  /** By tenant: when requests waited. */
  private stretches(): readonly Stretches[] {
    return (this.waits ??= this.other?.stretches() ?? backlogs(this.log, this.options.tenants));
  }

  /** The most by which a tenant gained on another (over their weights) while both had requests waiting. */
  largestDrift(): number {
    const { tenants, shares } = this.options;
    const waits = this.stretches();
    const counts = new Int32Array(tenants);
    for (let row = 0; row < this.log.length; row++) counts[this.log.tenant[row]!]!++;
    const looked = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]! || a - b).slice(0, MOST_PAIRED);
    const scaled = this.service.map((curve, tenant) => perShare(curve, shares[tenant]!));
    let worst = 0;
    for (const [i, f] of looked.entries())
      for (const g of looked.slice(i + 1)) worst = Math.max(worst, largestDrift(scaled[f]!, scaled[g]!, both(waits[f]!, waits[g]!)));
    return worst;
  }

  /** Jain's index of service over weight up to a time: 1 when all are served alike, 1 / n when one has everything; NaN before any service. */
  jainAt(time: number): number {
    const { shares, tenants } = this.options;
    let sum = 0;
    let squares = 0;
    this.service.forEach((curve, tenant) => {
      const own = valueAt(curve, time) / shares[tenant]!;
      sum += own;
      squares += own * own;
    });
    return (sum * sum) / (tenants * squares);
  }

  /** The artifact's table: at 19 times after a warm-up of half a window. */
  differences(): Differences {
    const { window } = this.options;
    const warmUp = window / 2;
    const step = (Math.ceil(this.lastArrival) - warmUp) / 20;
    const found = Array.from({ length: 19 }, (_, i) => {
      const time = warmUp + step * (i + 1);
      const served = this.service.map((curve) => rateAbout(curve, time, window));
      const best = Math.max(...served);
      return served.reduce(
        (sum, own, tenant) => sum + Math.min(best - own, Math.abs(rateAbout(this.demand[tenant]!, time, window) - own)),
        0,
      );
    });
    const mean = found.reduce((sum, d) => sum + d, 0) / found.length;
    const variance = found.reduce((sum, d) => sum + (d - mean) * (d - mean), 0) / found.length;
    return { max: Math.max(...found), mean, variance };
  }

  series(at: Float64Array): FairnessSeries {
    const { window, tenants } = this.options;
    const over = (curves: readonly Curve[], f: (curve: Curve, time: number) => number): Float64Array[] =>
      curves.map((curve) => at.map((time) => f(curve, time)));
    const rate = (curve: Curve, time: number): number => rateAbout(curve, time, window);
    return {
      at,
      serviceRate: over(this.service, rate),
      demandRate: over(this.demand, rate),
      responseTime: responseTimes(this.log, tenants, at, window),
      accumulated: over(this.service, valueAt),
      gap: at.map((time) => this.gapAt(time)),
    };
  }
}

function responseTimes(log: RequestLog, tenants: number, at: Float64Array, window: number): Float64Array[] {
  return rowsOf(log, tenants, (row) => !Number.isNaN(log.firstTokenAt[row]!)).map((rows) => {
    const own = sortedBy(rows, log.firstTokenAt);
    const times = Float64Array.from(own, (row) => log.firstTokenAt[row]!);
    const sums = new Float64Array(own.length + 1);
    own.forEach((row, i) => (sums[i + 1] = sums[i]! + log.firstTokenAt[row]! - log.arrivedAt[row]!));
    return at.map((time) => {
      const from = countUpTo(times, time - window / 2);
      const to = countUpTo(times, time + window / 2);
      return to > from ? (sums[to]! - sums[from]!) / (to - from) : NaN;
    });
  });
}
