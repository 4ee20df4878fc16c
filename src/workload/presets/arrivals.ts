// Arrival processes from the facts of a workload.
import { drawExponential, drawGamma } from "../../engine/kernel/math.ts";
import { quantileTable } from "../synth/quantiles.ts";
import { advanceClock, clockStart, meanRate, stepPieces } from "../synth/rate-clock.ts";
import type { ArrivalContext, ArrivalProcess } from "../synth/types.ts";
import { burstArrivals } from "./arrivals-bursts.ts";
import { clientArrivals } from "./arrivals-clients.ts";
import { tickArrivals } from "./arrivals-ticks.ts";
import type { ArrivalFacts, PiecewiseGammaFacts } from "./facts.ts";

/** Gamma gaps in unit-rate time, mapped to seconds through the measured rate. The measured span repeats, so that traffic has no end. */
function piecewiseGamma(facts: PiecewiseGammaFacts, { random, rateScale }: ArrivalContext): ArrivalProcess {
  const relative = facts.relative_rate ?? facts.relative_rate_by_hour_of_day ?? [1];
  const pieces = stepPieces(
    facts.bucket_s,
    relative.map((rate) => rate * facts.mean_rate_per_s * rateScale),
  );
  const { shape } = facts.gamma;
  const state = { clock: clockStart(), at: 0 };
  const next = (): void => void (state.at = advanceClock(state.clock, pieces, drawGamma(random, shape) / shape));
  next();
  return { state, meanRate: meanRate(pieces), nextAt: () => state.at, advance: next };
}

function exponentialGaps(rate: number, { random, rateScale }: ArrivalContext): ArrivalProcess {
  const gap = 1 / (rate * rateScale);
  const state = { at: drawExponential(random) * gap };
  return { state, meanRate: 1 / gap, nextAt: () => state.at, advance: () => void (state.at += drawExponential(random) * gap) };
}

/** Requests per second over the long run; of conversations when the facts count those. */
export function rateOf(facts: ArrivalFacts): number {
  if (facts.model === "session-poisson") return facts.sessions_per_hour / 3600;
  return facts.model === "client-mixture" ? facts.total_rate_per_s.mean : facts.mean_rate_per_s;
}

export function arrivalsFromFacts(facts: ArrivalFacts, context: ArrivalContext): ArrivalProcess {
  switch (facts.model) {
    case "piecewise-gamma-renewal":
      return piecewiseGamma(facts, context);
    case "on-off-bursts":
      return burstArrivals(facts, context);
    case "tick-batches":
      return tickArrivals(facts, quantileTable(facts.count_per_tick.p, facts.count_per_tick.n), context);
    case "client-mixture":
      return clientArrivals(facts, context);
    case "poisson":
    case "session-poisson":
      return exponentialGaps(rateOf(facts), context);
    default:
      throw new Error(
        `Unknown arrival model "${(facts as { model: string }).model}". Known: piecewise-gamma-renewal, on-off-bursts, tick-batches, poisson, session-poisson, client-mixture.`,
      );
  }
}
