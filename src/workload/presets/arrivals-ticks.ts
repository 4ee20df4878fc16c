// A number of requests at every tick of a coarse clock, spread evenly at random inside the tick.
import { exp, ln } from "../../engine/kernel/math.ts";
import { quantileAt } from "../synth/quantiles.ts";
import type { QuantileTable } from "../synth/quantiles.ts";
import type { ArrivalContext, ArrivalProcess } from "../synth/types.ts";
import type { TickFacts } from "./facts.ts";

export function tickArrivals(facts: TickFacts, counts: QuantileTable, { random, rateScale }: ArrivalContext): ArrivalProcess {
  const width = facts.tick_s;
  const state = { at: 0, tick: -1, left: 0 };
  const next = (): void => {
    while (state.left === 0) {
      state.tick++;
      state.at = state.tick * width;
      // Random rounding keeps the mean at scales where a tick holds less than one request; at scale 1 it is the plain rounding of the facts.
      const count = quantileAt(counts, random.uniform()) * rateScale;
      state.left = Math.floor(count + (rateScale === 1 ? 0.5 : random.uniform()));
    }
    // Smallest of the `left` uniform times that remain in the tick: its distance from `at` is 1 - (1 - u)^(1 / left) of what is left of the tick.
    const rest = (state.tick + 1) * width - state.at;
    state.at += rest * (1 - exp(ln(1 - random.uniform()) / state.left));
    state.left--;
  };
  next();
  return { state, meanRate: facts.mean_rate_per_s * rateScale, nextAt: () => state.at, advance: next };
}
