// Requests that differ by a factor of a hundred: counting them says little about the work they bring.
import { preset } from "./preset.ts";

export const skewedRouting = preset(
  "skewed-routing",
  "Few requests bring most of the work, so a router that deals them out in turn leaves some replicas behind. Try power of two, then least outstanding tokens.",
  {
    name: "A router under skew",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "gamma", params: { rate: 70 } },
        lengths: {
          id: "lognormal",
          params: { promptMean: 2000, promptCv: 3, outputMean: 250, outputCv: 2 },
        },
      },
      maxSeconds: 600,
    },
    sloClasses: [{ name: "standard", ttft: 0.8, tpot: 0.04 }],
    pools: [{ name: "main", gpu: "h100-sxm", replicas: 8 }],
    routing: { id: "round-robin" },
  },
);
