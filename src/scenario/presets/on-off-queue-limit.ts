// Bursts that no fleet of this size can hold, and a door that closes when queues are long.
import { preset } from "./preset.ts";

export const onOffQueueLimit = preset(
  "on-off-queue-limit",
  "Bursts come faster than the fleet can serve: refusing some at the door keeps the rest in time. Set admission to none: goodput falls to less than half.",
  {
    name: "Bursts and a closed door",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "on-off", params: { rate: 60, offRate: 4, offSeconds: 120 } },
        lengths: { id: "lognormal", params: { promptMean: 1200, outputMean: 220, outputCv: 0.8 } },
      },
      maxSeconds: 1200,
    },
    sloClasses: [{ name: "standard", ttft: 2, tpot: 0.08 }],
    pools: [{ name: "main", gpu: "h100-sxm", replicas: 2 }],
    admission: { id: "queue-limit", params: { limit: 24 } },
  },
);
