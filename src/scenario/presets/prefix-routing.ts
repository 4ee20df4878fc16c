// Ray's prefix routing benchmark: 4 x L4, Qwen2.5-1.5B, 40 requests in flight, pieces of conversations (README and results of the benchmark, kept with
// ray-project/ray under _benchmarking_scripts).
import { preset } from "./preset.ts";

export const prefixRouting = preset(
  "prefix-routing",
  "About three prompts of each conversation come in random order: sent to whoever has the beginning, they find twice as many of their tokens cached. Try Ray's power of two, then more replicas.",
  {
    name: "Routing by prefix",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "closed-loop", params: { concurrency: 40, rateLimit: 100 } },
        lengths: { id: "conversation-pieces" },
      },
      maxRequests: 1000,
      maxSeconds: null,
    },
    sloClasses: [{ name: "standard", ttft: 0.3, tpot: 0.03 }],
    model: "qwen2.5-1.5b",
    pools: [
      {
        name: "l4",
        gpu: "l4",
        replicas: 4,
        batching: { id: "sarathi" },
        // The share of its peak that an L4 keeps up within 72 W: so that prompts take the 110 ms that the benchmark's engines measured under power of two.
        latency: { id: "roofline", params: { computeScale: 0.65 } },
        kv: { prefixCaching: true },
      },
    ],
    routing: { id: "ray-prefix-aware", params: { maxOngoing: 20, evict: false, charsPerToken: 3.05 } },
  },
);
