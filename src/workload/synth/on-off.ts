// On-off arrivals: a rate that alternates between two levels, with fixed or random period lengths (an interrupted Poisson process when the low rate is 0).
import { drawExponential } from "../../engine/kernel/math.ts";
import { choice, number } from "../../engine/params.ts";
import { defineArrivals } from "./types.ts";

export const onOff = defineArrivals({
  id: "on-off",
  label: "On and off",
  help: "Poisson arrivals at one rate for a while, then at another (0 = silence), over and over. Starts with the on period.",
  params: {
    rate: number(10, "Requests per second while on.", { min: 0.0001, max: 100000, unit: "req/s", scale: "log", label: "On rate" }),
    offRate: number(0, "Requests per second while off.", { min: 0, max: 100000, unit: "req/s" }),
    onSeconds: number(60, "Length of an on period.", { min: 0.001, max: 1e6, unit: "s" }),
    offSeconds: number(60, "Length of an off period.", { min: 0.001, max: 1e6, unit: "s" }),
    periods: choice("fixed", { fixed: "always this long", exponential: "exponential with this mean" }, "How period lengths vary."),
  },
  create: ({ rate, offRate, onSeconds, offSeconds, periods }, { random, rateScale }) => {
    const high = rate * rateScale;
    const low = offRate * rateScale;
    const length = (mean: number): number => (periods === "fixed" ? mean : mean * drawExponential(random));
    const state = { at: 0, on: true, until: length(onSeconds) };
    const next = (): void => {
      // The exponential has no memory, so what is left of a draw at the end of a period carries over in units of expected arrivals.
      let left = drawExponential(random);
      for (;;) {
        const now = state.on ? high : low;
        const area = now * (state.until - state.at);
        if (area >= left && area > 0) {
          state.at += left / now;
          return;
        }
        left -= area;
        state.at = state.until;
        state.on = !state.on;
        state.until += length(state.on ? onSeconds : offSeconds);
      }
    };
    next();
    return {
      state,
      meanRate: (high * onSeconds + low * offSeconds) / (onSeconds + offSeconds),
      nextAt: () => state.at,
      advance: next,
    };
  },
  withRate: (values, rate) => {
    const { onSeconds, offSeconds } = values;
    const mean = (values.rate * onSeconds + values.offRate * offSeconds) / (onSeconds + offSeconds);
    return { ...values, rate: (values.rate * rate) / mean, offRate: (values.offRate * rate) / mean };
  },
});
