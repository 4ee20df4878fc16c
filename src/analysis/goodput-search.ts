// Goodput: the highest rate of requests at which a share of them meets every SLO. Every rate runs with the same seeds, so with the same draws, only closer
// together (common random numbers): attainment falls smoothly and bisection finds where it crosses the share. The interval is that of the rates which a t test
// of the replications does not rule out (test inversion): its ends are rates that were run.
import type { Scenario } from "../scenario/types.ts";
import { findCrossing } from "./crossing.ts";
import type { Crossing, Look } from "./crossing.ts";
import { attainmentInterval, meanOf, replicate, RunProblem } from "./replications.ts";
import type { Asked, GoodputProgress, GoodputResult, GoodputSearch, RatePoint, RunScenario, SloScaleResult } from "./types.ts";
import { digits, percentOf, plural } from "./words.ts";

/** Limits of Traffic.rateScale. */
const LEAST_SCALE = 0.001;
const MOST_SCALE = 1000;
/** Limits of the factor on SLOs. */
const LEAST_FACTOR = 1e-4;
const MOST_FACTOR = 1e4;

interface RateLook extends Look {
  readonly point: RatePoint;
}

async function ratePoint(run: RunScenario, { scenario, seeds, confidence, window }: GoodputSearch, rateScale: number): Promise<RatePoint> {
  const figures = await replicate(run, { ...scenario, traffic: { ...scenario.traffic, rateScale } }, seeds, { window });
  const rates = figures.map(({ offeredRate }) => offeredRate);
  if (rates.includes(null))
    throw new RunProblem("The traffic does not say at which rate it comes. Give it an arrival process with a rate, or a trace.");
  const bySeed = figures.map(({ metrics }) => metrics.slo ?? 0);
  const { mean, low, high } = attainmentInterval(bySeed, confidence);
  return {
    rateScale,
    rate: meanOf(rates as number[]),
    attainment: mean,
    low,
    high,
    bySeed,
    gpus: meanOf(figures.map(({ meanGpus }) => meanGpus)),
  };
}

const curveOf = (looks: Crossing<RateLook>["looks"]): RatePoint[] => looks.map(([, { point }]) => point);

/** A higher rate is met better than a lower one, beyond what both intervals explain. */
const rises = (curve: readonly RatePoint[]): boolean => curve.some(({ low }, i) => curve.slice(0, i).some(({ high }) => high < low));

function statementOf({ share, confidence, seeds }: GoodputSearch, { rate, perGpu, low, high }: Omit<GoodputResult, "statement">): string {
  const [part, sure] = [percentOf(share), percentOf(confidence)];
  const runs = plural(seeds.length, "replication");
  if (rate === 0)
    return high === null
      ? `No rate was found at which ${part} of the requests meet every SLO.`
      : `No rate was found at which ${part} of the requests meet every SLO: with ${sure} confidence (${runs}) the limit is below ${digits(high)} requests per second.`;
  const main = `${part} of the requests meet every SLO up to ${digits(rate)} requests per second, ${digits(perGpu)} per GPU`;
  return high === null
    ? `${main}, the highest rate that was tried.`
    : `${main}; with ${sure} confidence (${runs}) the limit lies between ${digits(low)} and ${digits(high)}.`;
}

/** A closed loop sends what is answered, whatever its scale. */
function needsRate({ traffic: { source } }: Scenario): void {
  if (source.kind !== "trace" && source.arrivals?.id === "closed-loop")
    throw new RunProblem("A closed loop has no rate of its own: it sends what is answered. Give an open arrival process or a trace.");
}

/** Without a limit there is nothing to search for, and no rate at which a search would end. */
function needsLimits({ sloClasses }: Scenario): void {
  if (sloClasses.every(({ ttft, tpot, e2e }) => ttft === null && tpot === null && e2e === null))
    throw new RunProblem("No SLO class has a limit, so every rate meets them. Give a class a limit on TTFT, TPOT or E2E.");
}

/** Rejects with a RunProblem when the scenario cannot be run, has no rate or no SLO. */
export async function findGoodput(run: RunScenario, search: GoodputSearch, asked: Asked<GoodputProgress> = {}): Promise<GoodputResult> {
  const { seeds, share, tolerance, scenario } = search;
  needsLimits(scenario);
  needsRate(scenario);
  const { progress } = asked;
  const byScale = new Map<number, RatePoint>();
  const lookAt = async (rateScale: number): Promise<RateLook> => {
    const point = await ratePoint(run, search, rateScale);
    byScale.set(rateScale, point);
    return { mean: point.attainment, low: point.low, high: point.high, point };
  };
  const found = await findCrossing(
    lookAt,
    { start: scenario.traffic.rateScale, least: LEAST_SCALE, most: MOST_SCALE, level: share, tolerance },
    {
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
      progress: ({ looks, kept, missed }) =>
        progress?.({
          runs: looks.length * seeds.length,
          curve: curveOf(looks),
          bracket: kept === null || missed === null ? null : [byScale.get(kept)!.rate, byScale.get(missed)!.rate],
        }),
    },
  );
  const at = (scale: number | null): RatePoint | null => (scale === null ? null : byScale.get(scale)!);
  const best = at(found.kept);
  const curve = curveOf(found.looks);
  const rate = best?.rate ?? 0;
  const result = {
    rate,
    rateScale: best?.rateScale ?? 0,
    perGpu: best === null || best.gpus === 0 ? 0 : rate / best.gpus,
    low: at(found.surelyKept)?.rate ?? 0,
    high: at(found.surelyMissed)?.rate ?? null,
    curve,
    monotone: !rises(curve),
    runs: curve.length * seeds.length,
  };
  return { ...result, statement: statementOf(search, result) };
}

const scaled = (limit: number | null, factor: number): number | null => (limit === null ? null : limit * factor);

/** Every limit of every SLO class times a factor. */
export const withSloScale = (scenario: Scenario, factor: number): Scenario => ({
  ...scenario,
  sloClasses: scenario.sloClasses.map(({ name, ttft, tpot, e2e }) => ({
    name,
    ttft: scaled(ttft, factor),
    tpot: scaled(tpot, factor),
    e2e: scaled(e2e, factor),
  })),
});

/** The tightest SLOs at the rate that the scenario has: the least factor on all limits at which the share meets them. */
export async function findSloScale(
  run: RunScenario,
  search: GoodputSearch,
  asked: Asked<SloScaleResult["curve"]> = {},
): Promise<SloScaleResult> {
  const { scenario, seeds, share, confidence, tolerance, window } = search;
  needsLimits(scenario);
  // Attainment falls as limits tighten: x is how many times tighter they are.
  const curveOfLooks = (looks: Crossing<Look>["looks"]): SloScaleResult["curve"] =>
    looks.map(([x, { mean, low, high }]) => ({ factor: 1 / x, attainment: mean, low, high })).reverse();
  const found = await findCrossing(
    async (x) => {
      const figures = await replicate(run, withSloScale(scenario, 1 / x), seeds, { window });
      return attainmentInterval(
        figures.map(({ metrics }) => metrics.slo ?? 0),
        confidence,
      );
    },
    { start: 1, least: 1 / MOST_FACTOR, most: 1 / LEAST_FACTOR, level: share, tolerance },
    {
      ...(asked.signal === undefined ? {} : { signal: asked.signal }),
      progress: ({ looks }) => asked.progress?.(curveOfLooks(looks)),
    },
  );
  const factor = found.kept === null ? Infinity : 1 / found.kept;
  const low = found.surelyMissed === null ? 0 : 1 / found.surelyMissed;
  const high = found.surelyKept === null ? null : 1 / found.surelyKept;
  const main = `${percentOf(share)} of the requests meet every SLO with its limits times ${digits(factor)}`;
  return {
    factor,
    low,
    high,
    curve: curveOfLooks(found.looks),
    runs: found.looks.length * seeds.length,
    statement:
      found.kept === null
        ? `Even ${MOST_FACTOR} times wider limits are not met by ${percentOf(share)} of the requests: some are refused or fail.`
        : `${main}; with ${percentOf(confidence)} confidence (${plural(seeds.length, "replication")}) the tightest factor lies between ${digits(low)} and ${high === null ? "no limit" : digits(high)}.`,
  };
}
