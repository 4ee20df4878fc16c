// Many clients, each a gamma renewal process with its own share of the rate and its own burstiness, under one daily curve.
import { drawGamma } from "../../engine/kernel/math.ts";
import { quantileAt, quantileTable } from "../synth/quantiles.ts";
import { advanceClock, clockStart, stepPieces } from "../synth/rate-clock.ts";
import type { ArrivalContext, ArrivalProcess } from "../synth/types.ts";
import type { ClientMixtureFacts } from "./facts.ts";

/** Shares of all clients, largest first: the listed ones, and equal shares of the rest for those that are not listed. Sum 1. */
export function clientShares(facts: ClientMixtureFacts): number[] {
  const listed = facts.client_share_sorted.slice(0, facts.clients);
  const sum = listed.reduce((total, share) => total + share, 0);
  const others = facts.clients - listed.length;
  const rest = Math.max(0, 1 - sum);
  const total = others > 0 ? 1 : sum;
  return [...listed.map((share) => share / total), ...Array.from({ length: others }, () => rest / others)].filter((share) => share > 0);
}

export function clientArrivals(facts: ClientMixtureFacts, { random, rateScale }: ArrivalContext): ArrivalProcess {
  const shares = clientShares(facts);
  const cvRows = Object.entries(facts.gap_cv_rate_weighted)
    .map(([p, cv]) => [Number(p), cv] as const)
    .sort((a, b) => a[0] - b[0]);
  const cvs = quantileTable(
    cvRows.map((row) => row[0]),
    cvRows.map((row) => row[1]),
  );
  const rate = facts.total_rate_per_s.mean * rateScale;
  const n = shares.length;
  // The facts give the CVs weighted by rate but not whose they are: the largest clients get the smoothest gaps (the quantile at the middle
  // of the client's range of summed shares), which meets the weighted quantiles.
  const shape = new Float64Array(n);
  const unit = new Float64Array(n);
  let below = 0;
  shares.forEach((share, i) => {
    const cv = quantileAt(cvs, below + share / 2);
    shape[i] = 1 / (cv * cv);
    unit[i] = (cv * cv) / (share * rate);
    below += share;
  });
  const pieces = stepPieces(3600, facts.relative_rate_by_hour);
  /** Next arrival of each client on the clock of the daily curve, and that clock. Client `due` is the next one. */
  const state = { next: new Float64Array(n), due: 0, units: 0, clock: clockStart(), at: 0 };
  const choose = (): void => {
    const { next } = state;
    let best = 0;
    for (let i = 1; i < n; i++) if (next[i]! < next[best]!) best = i;
    state.due = best;
    state.at = advanceClock(state.clock, pieces, next[best]! - state.units);
    state.units = next[best]!;
  };
  // Stationary start: the wait for the first arrival is a uniform part of a length-biased gap, which for gamma gaps has shape + 1.
  for (let i = 0; i < n; i++) state.next[i] = random.uniform() * drawGamma(random, shape[i]! + 1) * unit[i]!;
  choose();
  return {
    state,
    meanRate: rate,
    nextAt: () => state.at,
    advance: () => {
      const { due } = state;
      state.next[due] = state.next[due]! + drawGamma(random, shape[due]!) * unit[due]!;
      choose();
    },
  };
}
