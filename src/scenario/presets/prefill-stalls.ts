// Whole prompts ahead of all decodes: who pays for a long prompt? Everybody who is reading an answer.
import { preset } from "./preset.ts";

export const prefillStalls = preset(
  "prefill-stalls",
  "A long prompt stops every answer on its replica: see the gaps between tokens (p99). Switch the scheduler to chunked prefill and they shrink to a fifth.",
  {
    name: "Prefill first against chunks",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "poisson", params: { rate: 14 } },
        lengths: { id: "lognormal", params: { promptMean: 3000, promptCv: 1.5, outputMean: 250, outputCv: 0.6 } },
      },
      maxSeconds: 900,
    },
    sloClasses: [{ name: "standard", ttft: 3, tpot: 0.05 }],
    pools: [{ name: "main", replicas: 2, batching: { id: "vllm", params: { maxTokens: 16384 } } }],
  },
);
