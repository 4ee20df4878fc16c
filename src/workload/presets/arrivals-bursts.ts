// Bursts between silences: each burst has a duration and a rate of its own, and a rate that wanders inside it.
import { drawNormal, exp } from "../../engine/kernel/math.ts";
import { quantileAt, quantileMean, quantileTable } from "../synth/quantiles.ts";
import type { ArrivalContext, ArrivalProcess } from "../synth/types.ts";
import type { OnOffFacts } from "./facts.ts";

export function burstArrivals(facts: OnOffFacts, { random, rateScale }: ArrivalContext): ArrivalProcess {
  const durations = quantileTable(facts.p, facts.on_duration_s);
  const silences = quantileTable(facts.p, facts.off_gap_s);
  const rates = quantileTable(facts.p, facts.on_rate_per_s);
  const gaps = quantileTable(facts.unit_gap.p, facts.unit_gap.x);
  const { step_s, sigma, tau_s } = facts.subburst;
  const keep = exp(-step_s / tau_s);
  const fresh = Math.sqrt(1 - keep * keep);
  const factor = facts.rate_correction * rateScale;
  // at: time of the next arrival. Inside a burst: its end, its rate, the step of the wandering rate, the normal variate that wanders.
  const state = { at: 0, end: 0, rate: 0, stepEnd: 0, z: 0, stepRate: 0 };

  const step = (): void => {
    const draw = drawNormal(random);
    state.z = state.rate === 0 ? draw : keep * state.z + fresh * draw;
    state.stepEnd += step_s;
  };
  const startBurst = (at: number): void => {
    const u = random.uniform();
    // A share of the bursts has the same rank in rate and duration, the rest is independent: the rank correlation is that share.
    const own = random.uniform();
    const v = random.uniform() < facts.rank_correlation_duration_rate ? u : own;
    state.at = at;
    state.end = at + quantileAt(durations, u);
    state.rate = 0;
    state.stepEnd = at;
    step();
    state.rate = quantileAt(rates, v) * factor;
    state.stepRate = state.rate * exp(sigma * state.z - (sigma * sigma) / 2);
  };
  const next = (): void => {
    let left = quantileAt(gaps, random.uniform());
    for (;;) {
      const area = state.stepRate * (state.stepEnd - state.at);
      if (area >= left) {
        state.at += left / state.stepRate;
        if (state.at <= state.end) return;
        break;
      }
      left -= area;
      state.at = state.stepEnd;
      if (state.at >= state.end) break;
      step();
      state.stepRate = state.rate * exp(sigma * state.z - (sigma * sigma) / 2);
    }
    startBurst(state.end + quantileAt(silences, random.uniform()));
  };
  startBurst(0);
  const mean =
    facts.mean_rate_per_s > 0 ? facts.mean_rate_per_s : burstMean(quantileMean(durations), quantileMean(silences), quantileMean(rates));
  return { state, meanRate: mean * rateScale, nextAt: () => state.at, advance: next };
}

const burstMean = (on: number, off: number, rate: number): number => (rate * on) / (on + off);
