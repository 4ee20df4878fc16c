// A rate given as a table of (time, rate): steps or straight lines between the rows, Poisson or evenly spaced within.
import { drawExponential } from "../../engine/kernel/math.ts";
import { choice, flag, number, table } from "../../engine/params.ts";
import { advanceClock, clockStart, meanRate } from "./rate-clock.ts";
import type { RatePieces } from "./rate-clock.ts";
import { defineArrivals } from "./types.ts";

/** Pieces from rows of (seconds, rate), sorted by time. The first rate also holds before its time; the last one holds on, or until `period`. */
function piecesOf(rows: readonly (readonly number[])[], ramp: boolean, period: number, rateScale: number): RatePieces {
  const sorted = rows.map((row) => ({ at: row[0] ?? 0, rate: (row[1] ?? 0) * rateScale })).sort((a, b) => a.at - b.at);
  const first = sorted[0] ?? { at: 0, rate: 0 };
  if (first.at > 0) sorted.unshift({ at: 0, rate: first.rate });
  const end = period > 0 ? period : Infinity;
  const kept = sorted.filter((row, i) => row.at < end && (sorted[i + 1]?.at ?? Infinity) > row.at);
  const next = (i: number): number => kept[i + 1]?.rate ?? kept[i]!.rate;
  return {
    start: Float64Array.from(kept, (row) => row.at),
    from: Float64Array.from(kept, (row) => row.rate),
    to: Float64Array.from(kept, (row, i) => (ramp ? next(i) : row.rate)),
    end,
  };
}

export const piecewiseRate = defineArrivals({
  id: "piecewise",
  label: "Rate over time",
  help: "A table of times and rates: a launch, a daily curve, a spike. The last rate holds on, unless the table repeats.",
  params: {
    rates: table(
      [
        [0, 2],
        [60, 8],
        [120, 3],
      ],
      [
        { id: "time", label: "From", unit: "s", min: 0, max: 1e9 },
        { id: "rate", label: "Rate", unit: "req/s", min: 0, max: 100000 },
      ],
      "From each time on, this rate.",
    ),
    ramp: flag(false, "Change in straight lines between the rows instead of steps."),
    repeatSeconds: number(0, "Start the table again after this long; 0 = never.", { min: 0, max: 1e9, unit: "s", label: "Repeat after" }),
    spacing: choice("poisson", { poisson: "Poisson", even: "evenly spaced" }, "How arrivals lie within the rate."),
  },
  create: ({ rates, ramp, repeatSeconds, spacing }, { random, rateScale }) => {
    const pieces = piecesOf(rates, ramp, repeatSeconds, rateScale);
    const state = { clock: clockStart(), at: 0 };
    const next = (): void => {
      if (state.at !== Infinity) state.at = advanceClock(state.clock, pieces, spacing === "even" ? 1 : drawExponential(random));
    };
    next();
    return { state, meanRate: meanRate(pieces), nextAt: () => state.at, advance: next };
  },
  withRate: (values, rate) => {
    const mean = meanRate(piecesOf(values.rates, values.ramp, values.repeatSeconds, 1));
    return mean > 0 ? { ...values, rates: values.rates.map((row) => [row[0] ?? 0, ((row[1] ?? 0) * rate) / mean]) } : values;
  },
});
