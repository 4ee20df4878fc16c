// Gamma renewal arrivals: the coefficient of variation (CV) of the gaps sets the burstiness; 1 is Poisson, 0 is constant.
import { drawGamma } from "../../engine/kernel/math.ts";
import { number } from "../../engine/params.ts";
import { defineArrivals } from "./types.ts";

export const gamma = defineArrivals({
  id: "gamma",
  label: "Gamma gaps",
  help: "Independent gaps with a gamma distribution: set the mean rate and how bursty it is (CV of the gaps; 1 is Poisson).",
  params: {
    rate: number(5, "Requests per second.", { min: 0.0001, max: 100000, unit: "req/s", scale: "log" }),
    cv: number(2, "Coefficient of variation of the gaps.", { min: 0.01, max: 50, label: "CV of gaps", scale: "log" }),
  },
  create: ({ rate, cv }, { random, rateScale }) => {
    const shape = 1 / (cv * cv);
    const scale = 1 / (rate * rateScale * shape);
    const state = { at: drawGamma(random, shape) * scale };
    return {
      state,
      meanRate: rate * rateScale,
      nextAt: () => state.at,
      advance: () => void (state.at += drawGamma(random, shape) * scale),
    };
  },
  withRate: (values, rate) => ({ ...values, rate }),
});
