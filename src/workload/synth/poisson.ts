// Poisson arrivals: many independent users, none of whom sends much.
import { drawExponential } from "../../engine/kernel/math.ts";
import { flag, number } from "../../engine/params.ts";
import { defineArrivals } from "./types.ts";

export const poisson = defineArrivals({
  id: "poisson",
  label: "Poisson",
  help: "Independent arrivals: exponential gaps with mean 1 / rate.",
  params: {
    rate: number(5, "Requests per second.", { min: 0.0001, max: 100000, unit: "req/s", scale: "log" }),
    truncateGaps: flag(false, "Cut gaps at three times the mean, as Vidur's generator does; the real rate is then 5 % higher."),
  },
  create: ({ rate, truncateGaps }, { random, rateScale }) => {
    const meanGap = 1 / (rate * rateScale);
    const longest = truncateGaps ? 3 : Infinity;
    const state = { at: Math.min(drawExponential(random), longest) * meanGap };
    return {
      state,
      // Mean of min(X, 3) for X exponential with mean 1 is 1 - e^-3.
      meanRate: truncateGaps ? 1 / (meanGap * (1 - 0.049787068367863944)) : 1 / meanGap,
      nextAt: () => state.at,
      advance: () => void (state.at += Math.min(drawExponential(random), longest) * meanGap),
    };
  },
  withRate: (values, rate) => ({ ...values, rate }),
});
