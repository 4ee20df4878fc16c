// Evenly spaced arrivals: the smoothest traffic there is. The first request arrives at time 0.
import { number } from "../../engine/params.ts";
import { defineArrivals } from "./types.ts";

export const constant = defineArrivals({
  id: "constant",
  label: "Constant rate",
  help: "One request every 1 / rate seconds.",
  params: { rate: number(5, "Requests per second.", { min: 0.0001, max: 100000, unit: "req/s", scale: "log" }) },
  create: ({ rate }, { rateScale }) => {
    const state = { taken: 0 };
    const perSecond = rate * rateScale;
    return { state, meanRate: perSecond, nextAt: () => state.taken / perSecond, advance: () => void state.taken++ };
  },
  withRate: (values, rate) => ({ ...values, rate }),
});
