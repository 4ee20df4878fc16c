// Two halves of one fleet, one scheduler each, the same traffic: who stalls the decodes?
import { preset } from "./preset.ts";

export const prefillStalls = preset(
  "prefill-stalls",
  "Same GPUs, same traffic: prefill-first stalls every answer while a long prompt is computed, chunked prefill does not. Compare time per output token by pool.",
  {
    name: "Prefill first against chunks",
    traffic: {
      source: {
        kind: "synthetic",
        arrivals: { id: "poisson", params: { rate: 6 } },
        lengths: { id: "lognormal", params: { promptMean: 3000, promptCv: 1.5, outputMean: 250, outputCv: 0.6 } },
      },
      maxSeconds: 900,
    },
    sloClasses: [{ name: "standard", ttft: 3, tpot: 0.05 }],
    pools: [
      { name: "first", gpu: "h100-sxm", replicas: 2, batching: { id: "vllm", params: { maxTokens: 16384 } } },
      { name: "chunked", gpu: "h100-sxm", replicas: 2, batching: { id: "sarathi", params: { chunk: 512 } } },
    ],
    routing: { id: "round-robin" },
  },
);
