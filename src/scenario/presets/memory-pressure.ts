// A KV cache that is too small: answers grow until no block is left, and requests are thrown out and computed again.
import { preset } from "./preset.ts";

export const memoryPressure = preset(
  "memory-pressure",
  "The KV cache is full: every preemption throws away work that is computed again. Raise the memory share from 0.85 to 0.95 and nearly all are in time.",
  {
    name: "Out of KV blocks",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "poisson", params: { rate: 1.25 } },
        lengths: { id: "lognormal", params: { promptMean: 600, promptCv: 0.6, outputMean: 900, outputCv: 0.5 } },
      },
      maxSeconds: 900,
    },
    sloClasses: [{ name: "standard", ttft: 5, tpot: 0.1 }],
    pools: [{ name: "small", gpu: "l4", replicas: 4, kv: { memoryUtilisation: 0.85 } }],
  },
);
